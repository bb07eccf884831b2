"""MLflow's error, in its place."""

import sys
from types import SimpleNamespace


class MlflowException(Exception):  # noqa: N818
    invalid_parameter_value = classmethod(lambda cls, message: cls(message))


def replace_error(monkeypatch):
    monkeypatch.setitem(sys.modules, "mlflow.exceptions", SimpleNamespace(MlflowException=MlflowException))
