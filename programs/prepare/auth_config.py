"""The file in which MLflow's server reads how users log in."""

from __future__ import annotations

import configparser
import os
import secrets

from common.exit_codes import ExitCode
from common.postgresql import database_uri
from common.process import Failure, log
from prepare.settings import Auth


def values_of(auth: Auth) -> dict[str, str]:
    """The keys of the file.

    The server needs an admin_password line only to create the account, which exists before it starts: a random word
    that opens nothing takes its place.
    """
    values = {
        "default_permission": auth.default_permission,
        "database_uri": database_uri(auth.database),
        "admin_username": auth.admin_username,
        "admin_password": secrets.token_urlsafe(32),
        "authorization_function": "mlflow.server.auth:authenticate_request_basic_auth",
    }
    if auth.cache_seconds is not None:
        values["auth_cache_ttl_seconds"] = str(auth.cache_seconds)
    return values


def write_auth_config(auth: Auth) -> None:
    """Write the file in one step, and check that MLflow reads from it what was meant."""
    path, values = auth.config_path, values_of(auth)
    ini = configparser.RawConfigParser()
    # MLflow reads the file with interpolation, so a percent sign is doubled.
    ini["mlflow"] = {key: value.replace("%", "%%") for key, value in values.items()}
    partial = f"{path}.{os.getpid()}"
    try:
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            ini.write(file)
        os.replace(partial, path)
    except OSError as error:
        raise Failure(ExitCode.INI_UNWRITABLE, f"{path}: {error.strerror}") from error
    written = configparser.ConfigParser()
    written.read(path, encoding="utf-8")
    for key, value in values.items():
        if written["mlflow"][key] != value:
            message = f"{key} cannot be written to an INI file as it is (blanks at its ends, or a line break)"
            raise Failure(ExitCode.CONFIGURATION, message)
    os.environ["MLFLOW_AUTH_CONFIG_PATH"] = path
    log(f"wrote {path}")
