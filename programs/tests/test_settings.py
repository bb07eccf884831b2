"""The variables and arguments of the programs."""

import pytest

from common.exit_codes import ExitCode
from common.process import Failure
from garbage_collection.settings import parse_age
from prepare.app import check_app
from prepare.logins import login_issues
from prepare.settings import App, read_settings
from secret_generator.arguments import read_arguments

DATABASE = {"PGHOST": "db", "PGUSER": "mlflow", "PGPASSWORD": "secret", "PREPARE_TRACKING_DATABASE": "mlflow"}


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [("30d", 2_592_000_000), ("12h30m", 45_000_000), ("1s", 1000), ("30", None), ("1d1d", None)],
)
def test_ages(text, milliseconds):
    assert parse_age(text) == milliseconds


def test_prepare_needs_no_more_than_a_database():
    settings = read_settings(DATABASE)
    assert settings.tracking_database == "mlflow"
    assert settings.auth is None
    assert settings.bucket is None


def test_prepare_counts_declared_users():
    users = {
        "PREPARE_AUTH_DATABASE": "users",
        "PREPARE_ADMIN_USERNAME": "admin",
        "PREPARE_ADMIN_PASSWORD": "long enough, surely",
        "PREPARE_USER_0_NAME": "ann",
        "PREPARE_USER_0_PERMISSION": "READ",
        "PREPARE_USER_0_USERNAME": "ann",
        "PREPARE_USER_0_PASSWORD": "long enough, surely",
        "PREPARE_USER_2_NAME": "not counted, since there is no 1",
    }
    settings = read_settings(DATABASE | users)
    assert settings.auth is not None
    assert [user.name for user in settings.auth.users] == ["ann"]


@pytest.mark.parametrize(
    ("given", "app"),
    [
        ({}, None),
        ({"PREPARE_APP_DATABASE": "people"}, None),
        ({"PREPARE_APP_NAME": "oidc-auth"}, App("oidc-auth", None)),
        ({"PREPARE_APP_NAME": "oidc-auth", "PREPARE_APP_DATABASE": "app users: 1"}, App("oidc-auth", "app users: 1")),
    ],
)
def test_prepare_reads_the_app(given, app):
    assert read_settings(DATABASE | given).app == app


def test_prepare_refuses_an_app_that_no_package_brings():
    with pytest.raises(Failure, match="no authentication app 'missing'") as error:
        check_app("missing")
    assert error.value.code == ExitCode.CONFIGURATION


def test_prepare_names_every_issue():
    with pytest.raises(Failure) as error:
        read_settings({"PGPORT": "x", "PREPARE_MIGRATE": "maybe", "PREPARE_TRACKING_DATABASE": "a%b"})
    for name in ("PGHOST", "PGPORT", "PREPARE_MIGRATE", "PREPARE_TRACKING_DATABASE"):
        assert name in str(error.value)


@pytest.mark.parametrize(
    ("name", "password", "issues"),
    [
        ("admin", "twelve chars", 0),
        ("ad:min", "twelve chars", 1),
        (" admin", "short", 2),
        ("admin", "password1234", 1),
    ],
)
def test_logins(name, password, issues):
    assert len(login_issues(name, password, "any", "the name", "the password")) == issues


def test_a_login_outside_ascii_depends_on_the_release():
    assert login_issues("rené", "twelve chars", "any", "the name", "the password") == []
    assert len(login_issues("rené", "twelve chars", "ascii", "the name", "the password")) == 1


def test_the_generator_of_secrets_reads_copies():
    given = ["login", "--text=user=a=b", "--random=password=24", "--copy=team/client/PASSWORD=password"]
    arguments = read_arguments(given)
    assert arguments.text == {"user": "a=b"}
    assert arguments.random == {"password": 24}
    assert arguments.copies == {("team", "client"): {"PASSWORD": "password"}}
