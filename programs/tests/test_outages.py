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

    def __init__(self, error_code="BAD_REQUEST"):
        super().__init__()
        self.error_code = error_code


class PoolError(Exception):
    """As TimeoutError of SQLAlchemy."""


class GoneError(Exception):
    """As InterfaceError of SQLAlchemy."""


class Away(Store):
    def find(self, _):
        raise StoreError("TEMPORARILY_UNAVAILABLE")


@pytest.fixture(autouse=True)
def packages(monkeypatch):
    monkeypatch.setitem(sys.modules, "mlflow.exceptions", SimpleNamespace(MlflowException=StoreError))
    errors = SimpleNamespace(TimeoutError=PoolError, InterfaceError=GoneError)
    monkeypatch.setitem(sys.modules, "sqlalchemy.exc", errors)


def caused(cause):
    error = StoreError()
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (StoreError("TEMPORARILY_UNAVAILABLE"), UnavailableError),
        (caused(PoolError()), UnavailableError),
        (caused(GoneError()), UnavailableError),
        # A name with a zero byte, say.
        (caused(ValueError()), StoreError),
        (KeyError(), KeyError),
    ],
)
def test_only_a_missing_connection_is_an_outage(error, told):
    with pytest.raises(told), unavailable():
        raise error


def test_a_person_is_told_to_come_back_and_is_not_refused_for_good():
    each = guard(WatchedAccounts(Away()))
    assert each.sign_on(request(claims=claims())) is DATABASE_AWAY
    each.people.accounts = WatchedAccounts(Store())
    assert each.sign_on(request(claims=claims())).is_signed_on
