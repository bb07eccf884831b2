"""permissions.artifact_paths: MLflow's checks read a path as its handlers do."""

import re
import sys
import urllib.parse
from types import SimpleNamespace

import pytest

from permissions import artifact_paths
from tests.refusing import MlflowException, replace_error


@pytest.fixture(autouse=True)
def _mlflow(monkeypatch):
    def validate_path_is_safe(path):
        for _ in range(10):
            decoded = urllib.parse.unquote(path).removesuffix("#")
            if decoded == path:
                break
            path = decoded
        else:
            raise ValueError(path)
        if ".." in path.split("/") or path.startswith("/") or "#" in path:
            raise MlflowException(path)
        return path.removeprefix("file:")

    replace_error(monkeypatch)
    monkeypatch.setitem(sys.modules, "mlflow.utils.uri", SimpleNamespace(validate_path_is_safe=validate_path_is_safe))


def of_path(path, query=None):
    return path, query


def installed():
    auth = SimpleNamespace(
        _EXPERIMENT_ID_PATTERN=re.compile(r"^(?:workspaces/[^/]+/)?(\d+)/"),
        _extract_experiment_id_from_artifact_proxy_path=of_path,
    )
    artifact_paths.install(auth)
    return auth


@pytest.mark.parametrize(
    "path",
    [
        *("1/x", "1", "1/", "./1/x", "%31/x", "%2531/x", "%252e/1/x", ".//./1/x", "workspaces/a/1/x"),
        *("file:1/x", "file:file:1/x", "%31/x#/", "%31/x#", "%31/x%2523/"),
    ],
)
def test_the_experiment_is_that_of_the_file(path):
    found = installed()._EXPERIMENT_ID_PATTERN.match(path)
    assert found[1] == "1"


@pytest.mark.parametrize("path", ["", "x/1/y", ".", "x%2f1/y", "1x/y"])
def test_what_is_in_no_experiment_names_none(path):
    assert installed()._EXPERIMENT_ID_PATTERN.match(path) is None


@pytest.mark.parametrize("path", ["/x", "../1", "%2531/x#y", "%" + "25" * 20 + "31/x"])
def test_what_is_not_served_is_refused(path):
    with pytest.raises(MlflowException):
        installed()._EXPERIMENT_ID_PATTERN.match(path)


def test_what_is_within_an_experiment_is_that_of_the_file():
    assert installed()._EXPERIMENT_ID_PATTERN.sub("", "./1/./run/artifacts/x", count=1) == "run/artifacts/x/"


def test_a_path_that_has_no_query_is_read_alone():
    assert installed()._extract_experiment_id_from_artifact_proxy_path("%31/x", "7/x") == ("%31/x", None)


def test_releases_that_have_no_such_route_stay_as_they_are():
    auth = SimpleNamespace(_EXPERIMENT_ID_PATTERN=re.compile(""))
    artifact_paths.install(auth)
    assert list(vars(auth)) == ["_EXPERIMENT_ID_PATTERN"]
