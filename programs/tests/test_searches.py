"""permissions.searches: what users find."""

from types import SimpleNamespace

import pytest

from permissions.searches import Readable, add_option, among, by_grants, has_single_grants
from tests.granting import NOTHING, READ, World


class Column:
    def in_(self, keys):
        return "in", keys

    def not_in(self, keys):
        return "not in", keys


@pytest.mark.parametrize(
    ("readable", "condition"),
    [
        (Readable(frozenset()), ("in", [])),
        (Readable(frozenset("ba")), ("in", ["a", "b"])),
        (Readable(frozenset("ba"), all_but=True), ("not in", ["a", "b"])),
        (Readable(frozenset(), all_but=True), None),
    ],
)
def test_nothing_is_found_that_is_not_named(readable, condition):
    assert readable.condition(Column()) == condition


@pytest.mark.parametrize(
    ("default", "grants", "readable"),
    [
        (NOTHING, [], Readable(frozenset())),
        (NOTHING, [("a", READ), ("b", NOTHING)], Readable(frozenset("a"))),
        (READ, [], Readable(frozenset(), all_but=True)),
        (READ, [("a", READ), ("b", NOTHING)], Readable(frozenset("b"), all_but=True)),
    ],
)
def test_a_grant_counts_alone(default, grants, readable):
    world = World()
    world.auth.get_permission = lambda name: default if name == "NO_PERMISSIONS" else name
    assert by_grants(world, grants) == readable


def test_with_roles_what_may_be_read_is_named():
    assert among(["a", "b"], lambda each: each == "a") == Readable(frozenset("a"))
    assert among([], lambda _: True) == Readable(frozenset())


@pytest.mark.parametrize(
    ("auth", "single"),
    [
        (SimpleNamespace(), True),
        (SimpleNamespace(MLFLOW_ENABLE_WORKSPACES=SimpleNamespace(get=lambda: False)), True),
        (SimpleNamespace(MLFLOW_ENABLE_WORKSPACES=SimpleNamespace(get=lambda: True)), False),
        (SimpleNamespace(_role_based_read_predicate=None), False),
    ],
)
def test_grants_are_single_before_roles_and_workspaces(auth, single):
    assert has_single_grants(auth) is single


@pytest.mark.parametrize(
    ("state", "narrowed"),
    [
        ({"is_select": True}, True),
        ({"is_select": False}, False),
        ({"is_select": True, "is_relationship_load": True}, False),
        ({"is_select": True, "is_column_load": True}, False),
    ],
)
def test_only_the_search_itself_is_narrowed(state, narrowed):
    statement = SimpleNamespace(options=lambda option: ("narrowed", option))
    given = {"is_relationship_load": False, "is_column_load": False, **state}
    found = SimpleNamespace(**given, statement=statement)
    add_option("condition", found)
    assert (found.statement == ("narrowed", "condition")) is narrowed
