"""common.tracking_server: a refused login."""

import pytest

from common.tracking_server import is_login_refused


class AnswerError(Exception):
    """As MlflowException."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status

    def get_http_status_code(self):
        return self.status


@pytest.mark.parametrize(
    ("status", "text", "is_refused"),
    [
        (401, "You are not authenticated.", True),
        (403, "PERMISSION_DENIED: Permission denied", True),
        (500, "API request to endpoint /api failed with error code 401 != 200. Response body: ''", True),
        (500, "API request to endpoint /api failed with error code 502 != 200. Response body: 'took 403 ms'", False),
        (404, "RESOURCE_DOES_NOT_EXIST: No Experiment with id=401 exists", False),
        (500, "INTERNAL_ERROR: [Errno 13] Permission denied: '/tmp/403'", False),
    ],
)
def test_a_refused_login_is_told_from_other_errors(status, text, is_refused):
    assert is_login_refused(AnswerError(status, text)) is is_refused
