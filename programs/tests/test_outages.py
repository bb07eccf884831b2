"""server.outages: what is said of people whose accounts a database cannot tell."""

import sys
from types import SimpleNamespace

import pytest

from server.outages import UnavailableError, WatchedAccounts, unavailable
from server.refusals import DATABASE_AWAY
from tests.proxying import Store, claims
from tests.test_signed_on_requests import guard, request


class StoreError(Exception):
    """As MlflowException."""


class Away(Store):
    def find(self, name):
        raise StoreError(name)


@pytest.fixture(autouse=True)
def mlflow(monkeypatch):
    monkeypatch.setitem(sys.modules, "mlflow.exceptions", SimpleNamespace(MlflowException=StoreError))


def test_errors_of_the_store_are_outages_and_no_others():
    with pytest.raises(UnavailableError), unavailable():
        raise StoreError
    with pytest.raises(KeyError), unavailable():
        raise KeyError


def test_a_person_is_told_to_come_back_and_is_not_refused_for_good():
    each = guard(WatchedAccounts(Away()))
    assert each.sign_on(request(claims=claims())) is DATABASE_AWAY
    each.people.accounts = WatchedAccounts(Store())
    assert each.sign_on(request(claims=claims())).is_signed_on
