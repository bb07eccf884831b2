"""common.process: variables, and what a program says."""

import pytest

from common.exit_codes import ExitCode
from common.process import Failure, Variables, describe, explain, run, without_login


def test_variables_name_every_issue_at_once():
    variables = Variables({"NUMBER": "-1", "FLAG": "yes", "EMPTY": ""})
    variables.required("MISSING")
    variables.required("EMPTY")
    assert variables.number("NUMBER", 7) == 7
    assert variables.flag("FLAG") is False
    with pytest.raises(Failure) as error:
        variables.check()
    assert error.value.code is ExitCode.CONFIGURATION
    for name in ("MISSING", "EMPTY", "NUMBER", "FLAG"):
        assert name in str(error.value)


def test_variables_have_defaults():
    variables = Variables({"EMPTY": "", "NUMBER": "12", "FLAG": "true"})
    assert variables.text("EMPTY", "default") == "default"
    assert variables.optional("NONE") is None
    assert variables.number("NUMBER", 1) == 12
    assert variables.flag("FLAG") is True
    variables.check()


@pytest.mark.parametrize(
    "said",
    ["the password p@ss word% is wrong", "p%40ss%20word%25", "'p@ss word%'"],
)
def test_secrets_are_removed_from_what_a_library_says(monkeypatch, said):
    monkeypatch.setenv("PGPASSWORD", "p@ss word%")
    assert "ss" not in describe(said).replace("password", "")
    assert "***" in describe(said)


def test_what_a_library_says_is_one_short_line():
    assert describe("a\n\tb " + "x" * 1000) == "a b " + "x" * 596


def test_a_url_loses_its_login():
    assert without_login("see http://user:secret@host:5000/path") == "see http://host:5000/path"


def test_a_missing_module_is_named():
    failure = explain(ModuleNotFoundError("No module named 'psycopg2'", name="psycopg2"))
    assert failure.code is ExitCode.CONFIGURATION
    assert "psycopg2" in str(failure)


def test_a_program_ends_with_the_code_and_one_line(capsys, tmp_path, monkeypatch):
    message = tmp_path / "termination-log"
    message.write_text("")
    monkeypatch.setenv("PREPARE_TERMINATION_LOG", str(message))
    monkeypatch.chdir(tmp_path)

    def fail() -> None:
        raise Failure(ExitCode.S3_LOGIN, "no permission")

    assert run("test", fail) == 31
    assert capsys.readouterr().err == "test failed (s3-login, exit 31): no permission\n"
    assert message.read_text() == "test failed (s3-login, exit 31): no permission"
    assert run("test", lambda: None) == 0
