"""server.responses: the module that MLflow uses in place of `json`."""

import json

from server.responses import CompactJson

compact = CompactJson()


def test_it_writes_without_line_breaks_and_otherwise_as_json_does():
    value = {"b": [1, 2.5, None], "a": "\u00fc\n"}
    assert compact.dumps(value, indent=2) == json.dumps(value)
    assert compact.dumps(value, sort_keys=True) == json.dumps(value, sort_keys=True)


def test_it_reads_texts_and_leaves_what_was_read_already():
    value = {"a": 1}
    assert compact.loads('{"a": 1}') == compact.loads(b'{"a": 1}') == value
    assert compact.loads(value) is value


def test_the_rest_is_that_of_json():
    assert compact.JSONEncoder is json.JSONEncoder
