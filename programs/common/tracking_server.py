"""The tracking server as a client sees it."""

from __future__ import annotations

import os
import re

from common.exit_codes import ExitCode
from common.process import Failure, describe


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
        if re.search(r"\b40[13]\b|not authenticated|Permission denied", text):
            message = f"{uri} refuses this login, which must be the administrator's: {text}"
            raise Failure(ExitCode.SERVER_LOGIN, message) from error
        raise Failure(ExitCode.SERVER_UNREACHABLE, f"{uri}: {text}") from error
    except (requests.RequestException, OSError) as error:
        raise Failure(ExitCode.SERVER_UNREACHABLE, f"{uri}: {describe(error)}") from error
