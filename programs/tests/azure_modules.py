"""A container of Azure, and stand-ins for the packages of Azure, which are not installed where this is checked."""

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from common import azure, object_store

URL = "https://models.blob.core.windows.net"


def settings(access_key=None):
    return azure.ContainerSettings(URL, "mlflow", object_store.ARTIFACTS, access_key=access_key)


class AzureError(Exception):
    """As azure.core.exceptions has it, with what an answer says."""

    def __init__(self, message="", *, status=None, code=None, url=f"{URL}/mlflow"):
        super().__init__(message)
        self.status_code, self.error_code = status, code
        self.response = SimpleNamespace(request=SimpleNamespace(url=url)) if status else None


class HttpResponseError(AzureError):
    pass


class ResourceNotFoundError(HttpResponseError):
    pass


@pytest.fixture
def azure_modules(monkeypatch):
    """Has the programs import these."""
    exceptions: Any = ModuleType("azure.core.exceptions")
    for each in (AzureError, HttpResponseError, ResourceNotFoundError):
        setattr(exceptions, each.__name__, each)
    core: Any = ModuleType("azure.core")
    blob: Any = ModuleType("azure.storage.blob")
    core.exceptions = exceptions
    blob.BlobBlock = lambda name: name
    for name, module in {
        "azure": ModuleType("azure"),
        "azure.core": core,
        "azure.core.exceptions": exceptions,
        "azure.storage": ModuleType("azure.storage"),
        "azure.storage.blob": blob,
    }.items():
        monkeypatch.setitem(sys.modules, name, module)
