"""permissions.scorers: who registers a version of a scorer of others does not manage it."""

from types import SimpleNamespace

import pytest

from permissions import scorers


@pytest.mark.parametrize(
    ("content", "granted"), [({"version": 1}, 1), ({}, 1), ({"version": 2}, 0), ({"version": "3"}, 0)]
)
def test_the_first_version_is_granted(content, granted):
    grants: list[SimpleNamespace] = []

    def other(_):
        raise AssertionError

    auth = SimpleNamespace(set_can_manage_scorer_permission=grants.append)
    auth.AFTER_REQUEST_HANDLERS = {("/register", "POST"): auth.set_can_manage_scorer_permission, ("/x", "GET"): other}
    auth.set_can_manage_scorer_permission = auth.AFTER_REQUEST_HANDLERS["/register", "POST"]
    scorers.install(auth)
    auth.AFTER_REQUEST_HANDLERS["/register", "POST"](SimpleNamespace(json=content))
    assert len(grants) == granted
    assert auth.AFTER_REQUEST_HANDLERS["/x", "GET"] is other


def test_releases_without_scorers_stay_as_they_are():
    auth = SimpleNamespace(AFTER_REQUEST_HANDLERS={})
    scorers.install(auth)
    assert auth.AFTER_REQUEST_HANDLERS == {}
