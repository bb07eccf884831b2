"""permissions.locations: where a trace's data is."""

import sys
from types import SimpleNamespace

import pytest

from permissions.locations import of_its_own
from tests.granting import World


class ElsewhereError(Exception):
    pass


@pytest.mark.parametrize(
    ("location", "trace", "allowed"),
    [
        ("mlflow-artifacts:/1/traces/tr-1/artifacts", "tr-1", True),
        ("s3://bucket/1/traces/tr-1/artifacts", "tr-1", True),
        ("mlflow-artifacts:/2/traces/tr-2/artifacts", "tr-1", False),
        ("mlflow-artifacts:/2/traces/tr-2/artifacts#/tr-1/artifacts", "tr-1", False),
        ("mlflow-artifacts:/2/traces/tr-2/artifacts?/tr-1/artifacts", "tr-1", False),
        ("mlflow-artifacts:/2/traces/tr-2/artifacts;/tr-1/artifacts", "tr-1", False),
        ("mlflow-artifacts:/2/traces/tr-2/artifacts%23/tr-1/artifacts", "tr-1", False),
        ("mlflow-artifacts:/1/traces/../../2/traces/tr-2/artifacts", "../../2/traces/tr-2", False),
        ("mlflow-artifacts:/1/traces/../artifacts", "..", False),
    ],
)
def test_it_is_in_a_folder_of_its_own(monkeypatch, location, trace, allowed):
    monkeypatch.setitem(sys.modules, "flask", SimpleNamespace(has_request_context=lambda: True))
    world = World()
    monkeypatch.setattr(world, "elsewhere", ElsewhereError)
    find = of_its_own(world, lambda _: location)
    if allowed:
        assert find(SimpleNamespace(trace_id=trace)) == location
    else:
        with pytest.raises(ElsewhereError):
            find(SimpleNamespace(trace_id=trace))
