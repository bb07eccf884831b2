"""server.turns: requests of which so many run at once."""

from server.turns import Turns


def test_the_others_wait_in_their_order():
    turns: Turns[str] = Turns(2)
    assert [turns.begin(name, 20) for name in "abcd"] == [True, True, False, False]
    assert turns.end() == "c"
    # It has the turn of the one that ended, so that the next one waits.
    assert turns.begin("e", 20) is False
    assert [turns.end() for _ in range(4)] == ["d", "e", None, None]
    assert [turns.begin(name, 20) for name in "fgh"] == [True, True, False]


def test_the_late_ones_wait_no_longer():
    turns: Turns[str] = Turns(1)
    assert [turns.begin(name, deadline) for name, deadline in (("a", 1), ("b", 20), ("c", 30))] == [True, False, False]
    assert turns.late(20) == []
    assert turns.late(25) == ["b"]
    assert turns.late(25) == []
    assert turns.end() == "c"
    assert turns.end() is None
