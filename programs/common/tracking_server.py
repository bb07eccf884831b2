"""The tracking server as a client sees it."""

from __future__ import annotations

import os
import re
from typing import Any

from common.exit_codes import ExitCode
from common.process import Failure, describe


def is_login_refused(error: Any) -> bool:
    """Whether an MlflowException is a refusal of the login, by its status or by that in the text of MLflow's client."""
    status = error.get_http_status_code()
    return status in (401, 403) or re.search(r"\berror code 40[13]\b", str(error)) is not None


def check_login() -> None:
    """The first request: what it fails with says whether the server answers, and accepts this login."""
    import requests
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException

    uri = os.environ["MLFLOW_TRACKING_URI"]
    try:
        MlflowClient().search_experiments(max_results=1)
    except MlflowException as error:
        text = describe(error)
        if is_login_refused(error):
            message = f"{uri} refuses this login, which must be the administrator's: {text}"
            raise Failure(ExitCode.SERVER_LOGIN, message) from error
        raise Failure(ExitCode.SERVER_UNREACHABLE, f"{uri}: {text}") from error
    except (requests.RequestException, OSError) as error:
        raise Failure(ExitCode.SERVER_UNREACHABLE, f"{uri}: {describe(error)}") from error
