"""common.sessions: sessions of a store that one call prepares."""

import contextlib
from types import SimpleNamespace

import pytest

from common.sessions import with_sessions


class Store:
    """A store whose sessions say how they were opened, and that they were closed."""

    def __init__(self):
        self.opened = []
        self.ManagedSessionMaker = self.open

    @contextlib.contextmanager
    def open(self, **options):
        session = SimpleNamespace(options=options, is_prepared=False, is_closed=False)
        self.opened.append(session)
        try:
            yield session
        finally:
            session.is_closed = True


def prepare(session):
    session.is_prepared = True


def test_only_the_sessions_of_one_call_are_prepared():
    store = Store()
    prepared = with_sessions(store, prepare)
    for each, is_prepared in ((prepared, True), (store, False), (prepared, True)):
        with each.ManagedSessionMaker(read_only=True) as session:
            assert (session.options, session.is_prepared) == ({"read_only": True}, is_prepared)
        assert session.is_closed


def test_errors_reach_the_session():
    store = Store()
    with pytest.raises(KeyError), with_sessions(store, prepare).ManagedSessionMaker():
        raise KeyError
    assert store.opened[0].is_closed


def test_calls_within_calls_prepare_the_same_session():
    outer = with_sessions(Store(), prepare)
    with with_sessions(outer, lambda session: setattr(session, "is_narrowed", True)).ManagedSessionMaker() as session:
        assert session.is_prepared
        assert session.is_narrowed
