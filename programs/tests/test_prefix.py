"""Below a static prefix, whatever it begins like, a login is asked for."""

from types import SimpleNamespace

import pytest

from permissions.checks import protect_prefix

OPEN = ("/static", "/favicon.ico", "/health")


@pytest.mark.parametrize("prefix", ["/static-ui", "/static", "/healthy", "/favicon.ico/x", "/mlflow", ""])
@pytest.mark.parametrize("form", ["bare", "both", "stripped"])
def test_a_login_is_asked_for_below_any_prefix(prefix, form):
    """As MLflow decides until 3.12, until 3.17 and since 3.18."""
    decide = {
        "bare": lambda path: path.startswith(OPEN),
        "both": lambda path: path.startswith((*OPEN, *(prefix + each for each in OPEN))),
        "stripped": lambda path: path.removeprefix(prefix).startswith(OPEN),
    }
    auth = SimpleNamespace(is_unprotected_route=decide[form])
    protect_prefix(auth, prefix)
    assert not auth.is_unprotected_route(f"{prefix}/api/2.0/mlflow/experiments/search")
    for page in ("/health", "/static-files/index.js"):
        assert auth.is_unprotected_route(prefix + page) is decide[form](prefix + page)
