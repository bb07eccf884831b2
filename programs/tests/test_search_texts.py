"""server.search_texts: filters and orders that are parsed once."""

import pytest

from server.search_texts import MAX_LENGTH, MAX_TEXTS, remembering


class Parser:
    """A parser that says what it was asked."""

    def __init__(self):
        self.asked: list[tuple[type, object]] = []

        def parse(kind, text):
            self.asked.append((kind, text))
            if text == "wrong":
                raise ValueError(text)
            return [{"key": text}] if text else []

        self.parse = remembering(parse)


@pytest.fixture
def parser():
    return Parser()


def test_a_text_is_parsed_once(parser):
    a, b = [{"key": "a"}], [{"key": "b"}]
    assert [parser.parse(int, each) for each in ("a", "b", "a", "", "")] == [a, b, a, [], []]
    assert parser.asked == [(int, "a"), (int, "b"), (int, "")]


def test_a_kind_of_searches_has_its_own(parser):
    parser.parse(int, "a")
    parser.parse(str, "a")
    assert parser.asked == [(int, "a"), (str, "a")]


def test_what_was_parsed_may_be_changed(parser):
    first = parser.parse(int, "a")
    first[0]["key"] = "changed"
    first.append("more")
    assert parser.parse(int, "a") == [{"key": "a"}]


def test_errors_are_not_remembered(parser):
    for _ in range(2):
        with pytest.raises(ValueError, match="wrong"):
            parser.parse(int, "wrong")
    assert len(parser.asked) == 2


def test_a_text_can_be_named(parser):
    for _ in range(2):
        assert parser.parse(int, text="a") == [{"key": "a"}]


@pytest.mark.parametrize("text", ["a" * (MAX_LENGTH + 1), None, ["a"]])
def test_what_is_long_or_no_text_is_not_remembered(parser, text):
    for _ in range(2):
        parser.parse(int, text)
    assert len(parser.asked) == 2


def test_the_oldest_text_is_forgotten(parser):
    for index in range(MAX_TEXTS + 1):
        parser.parse(int, str(index))
    parser.parse(int, "0")
    assert len(parser.asked) == MAX_TEXTS + 2
