import contextlib
import gc
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from common.imports import few_collections, has_module, has_plugins, unavailable, without_its_own_code


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package `heavy` that fails when its own code runs, with one inside, and a module in that."""
    inner = tmp_path / "heavy" / "inner"
    inner.mkdir(parents=True)
    for folder in (inner.parent, inner):
        (folder / "__init__.py").write_text("raise AssertionError(__name__)\n")
    (inner / "light.py").write_text("VALUE = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == "heavy"]:
        del sys.modules[name]


@pytest.mark.usefixtures("package")
class TestWithoutItsOwnCode:
    def test_a_module_is_imported_without_the_code_of_its_packages(self) -> None:
        without_its_own_code("heavy")
        without_its_own_code("heavy.inner")
        light = importlib.import_module("heavy.inner.light")
        assert light.VALUE == 1
        assert sys.modules["heavy"].inner.light is light

    def test_a_package_that_was_imported_stays(self) -> None:
        before = sys.modules["json"]
        without_its_own_code("json")
        assert sys.modules["json"] is before

    def test_a_package_that_does_not_exist_is_named(self) -> None:
        without_its_own_code("heavy")
        with pytest.raises(ModuleNotFoundError) as raised:
            without_its_own_code("heavy.other")
        assert raised.value.name == "heavy.other"


def test_few_collections_ends_with_the_settings_of_before() -> None:
    before = gc.get_threshold()
    with few_collections():
        assert gc.get_threshold()[0] > before[0]
    assert gc.get_threshold() == before


def test_a_module_is_unavailable_meanwhile_and_can_be_imported_afterwards() -> None:
    sys.modules.pop("colorsys", None)
    with unavailable("colorsys"), pytest.raises(ModuleNotFoundError):
        importlib.import_module("colorsys")
    assert importlib.import_module("colorsys").rgb_to_hsv


def test_a_module_that_was_imported_before_stays() -> None:
    before = sys.modules["json"]
    sys.modules.pop("colorsys", None)
    with unavailable("json", "colorsys"):
        assert importlib.import_module("json") is before
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module("colorsys")
    assert sys.modules["json"] is before


@pytest.mark.parametrize(
    ("name", "group", "plugins"),
    [
        ("mlflow-elsewhere", "mlflow.artifact_repository", True),
        ("elsewhere", "mlflow.app", True),
        ("elsewhere", "console_scripts", False),
        ("mlflow", "mlflow.app", False),
        ("mlflow-skinny", "mlflow.deployments", False),
    ],
)
def test_plugins_of_the_image_may_import_all(
    name: str, group: str, plugins: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / f"{name.replace('-', '_')}-1.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (package / "entry_points.txt").write_text(f"[{group}]\nelsewhere = elsewhere:Thing\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    sys.modules.pop("colorsys", None)
    assert has_plugins() == plugins
    with unavailable("colorsys"), contextlib.nullcontext() if plugins else pytest.raises(ModuleNotFoundError):
        assert importlib.import_module("colorsys").rgb_to_hsv


@pytest.mark.usefixtures("package")
def test_a_module_of_a_package_is_found_without_importing_it() -> None:
    with pytest.raises(AssertionError):
        has_module("heavy.inner", "light")
    assert has_module("heavy", "inner")
    assert not has_module("heavy", "outer")
    assert not has_module("nowhere", "inner")
    assert not has_module("colorsys", "inner")
