"""smoke_test: its model."""

import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from common.exit_codes import ExitCode
from common.process import Failure
from smoke_test import __main__ as program
from smoke_test.__main__ import doubler


def test_the_model_has_no_type_hints_which_mlflow_would_take_for_the_schema_of_its_input():
    model = doubler(SimpleNamespace(pyfunc=SimpleNamespace(PythonModel=object)))
    assert type(model).predict.__annotations__ == {}
    assert model.predict(None, [1, 2]) == [2, 4]


class Server:
    """MLflow with one model, whose files a test may change."""

    def __init__(self, folder, change):
        self.folder, self.change, self.loaded = folder, change, []
        self.pyfunc = SimpleNamespace(PythonModel=object, save_model=self.save, load_model=self.load)
        self.artifacts = SimpleNamespace(download_artifacts=self.download)

    def save(self, path, **_):
        (Path(path) / "code").mkdir(parents=True)
        (Path(path) / "MLmodel").write_text("flavors:")
        (Path(path) / "code" / "model.pkl").write_bytes(b"ours")

    def create_logged_model(self, *_, **__):
        return SimpleNamespace(model_id="m-1")

    def log_model_artifacts(self, _, path):
        shutil.copytree(path, self.folder)
        self.change(self.folder)

    def finalize_logged_model(self, *_):
        pass

    def set_registered_model_alias(self, *_):
        pass

    def register_model(self, *_):
        return SimpleNamespace(version="1")

    def download(self, _, dst_path):
        shutil.copytree(self.folder, dst_path, dirs_exist_ok=True)
        (Path(dst_path) / "registered_model_meta").write_text("model_name: x")
        return dst_path

    def load(self, path):
        self.loaded.append(path)
        return SimpleNamespace(predict=lambda values: [2 * each for each in values])


def use_models(folder, change):
    server = Server(folder / "stored", change)
    created: Any = SimpleNamespace(experiment="1", run="r", name="smoke", registered=False)
    try:
        program.use_models(program.Steps(), server, server, created)
    finally:
        assert created.registered
    return server


def test_a_model_that_is_as_it_was_uploaded_is_loaded(tmp_path):
    assert len(use_models(tmp_path, lambda _: None).loaded) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "code" / "model.pkl").write_bytes(b"theirs"),
        lambda folder: (folder / "MLmodel").write_text("loader_module: theirs"),
        lambda folder: (folder / "code" / "more.py").write_text("import os"),
        lambda folder: (folder / "MLmodel").unlink(),
    ],
)
def test_a_model_with_changed_files_is_not_loaded(tmp_path, monkeypatch, change):
    monkeypatch.setattr(Server, "load", lambda *_: pytest.fail("the model was loaded"))
    with pytest.raises(Failure, match="not those that were uploaded") as failure:
        use_models(tmp_path, change)
    assert failure.value.code == ExitCode.MODELS
