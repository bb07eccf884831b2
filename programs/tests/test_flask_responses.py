"""server.flask_adapter: responses of Flask on their way to clients."""

import pytest

from tests.adapting import PART, Response, in_parts, replace_libraries, send_body


@pytest.fixture(autouse=True)
def _libraries(monkeypatch):
    replace_libraries(monkeypatch)


def test_a_response_that_fails_is_closed():
    response = Response(b"a", RuntimeError("in the response"))

    def application(_, start_response):
        start_response("200 OK", [])
        return response

    with pytest.raises(RuntimeError, match="in the response"):
        send_body(application, in_parts(b""))
    assert response.is_closed


def blocks_before_each_part(count, *messages):
    """For each part of a response of so many blocks that was sent: how many the application had made by then."""
    made, made_before = [], []

    def application(_, start_response):
        start_response("200 OK", [])
        return response

    class CountedResponse(Response):
        def __iter__(self):
            for part in self.parts:
                made.append(part)
                yield part

    response = CountedResponse(*[bytes(PART)] * count)
    sent = send_body(application, iter([*in_parts(b""), *messages]), lambda _: made_before.append(len(made)))
    assert response.is_closed
    return [message.get("more_body") for message in sent[1:]], made_before[1:]


def test_a_large_response_goes_on_when_the_client_has_read():
    assert blocks_before_each_part(5) == ([True, True, True, True, False], [2, 3, 4, 5, 5])


def test_a_large_response_ends_when_the_client_disconnects():
    more_body, made = blocks_before_each_part(1000, {"type": "http.disconnect"})
    assert len(made) < 5
    assert all(more_body)
