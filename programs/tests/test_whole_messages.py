"""permissions.whole_messages: what handlers cannot read to the end is refused."""

import contextlib
import sys
from types import SimpleNamespace

import pytest

from permissions import whole_messages
from tests.refusing import MlflowException, replace_error


class ParseError(Exception):
    pass


@pytest.fixture
def handlers(monkeypatch):
    monkeypatch.setitem(sys.modules, "google.protobuf.json_format", SimpleNamespace(ParseError=ParseError))
    replace_error(monkeypatch)

    def parse_dict(content, message):
        for name, value in content.items():
            if name == "[x]":
                raise ParseError(name)
            message[name] = value

    def get_message(message, content, schema=None):
        with contextlib.suppress(ParseError):
            made.parse_dict(content, message)
        if schema:
            raise MlflowException(schema)
        return message

    made = SimpleNamespace(parse_dict=parse_dict, _get_request_message=get_message)
    whole_messages.install(made)
    return made


def test_a_whole_message_is_read(handlers):
    assert handlers._get_request_message({}, {"a": 1, "b": 2}) == {"a": 1, "b": 2}


def test_half_a_message_is_refused(handlers):
    with pytest.raises(MlflowException, match="cannot be read"):
        handlers._get_request_message({}, {"a": 1, "[x]": 1, "b": 2})
    # The next one has nothing of it.
    assert handlers._get_request_message({}, {"a": 1}) == {"a": 1}


def test_what_mlflow_says_of_it_is_left(handlers):
    with pytest.raises(MlflowException, match="of the schema"):
        handlers._get_request_message({}, {"[x]": 1}, schema="of the schema")


def test_what_is_read_elsewhere_fails_as_before(handlers):
    with pytest.raises(ParseError):
        handlers.parse_dict({"[x]": 1}, {})
    assert handlers._get_request_message({}, {"a": 1}) == {"a": 1}
