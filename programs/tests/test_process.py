"""common.process: variables, and what a program says."""

import os
import resource
import signal
import subprocess
import sys

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


def test_a_full_volume_for_temporary_files_is_reported_by_what_needs_it():
    program = (
        "from common.exit_codes import ExitCode\n"
        "from common.process import Failure, run\n"
        "def fail():\n"
        "    raise Failure(ExitCode.INI_UNWRITABLE, 'File too large')\n"
        "raise SystemExit(run('test', fail))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),
    )
    assert (ended.returncode, ended.stderr) == (20, "test failed (ini-unwritable, exit 20): File too large\n")


@pytest.mark.parametrize(
    ("ending", "code"), [("", 0), ("raise Failure(ExitCode.CONFIGURATION, 'no')", 64), ("raise SystemExit(143)", 143)]
)
def test_a_program_ends_without_a_search_for_garbage(ending, code):
    program = (
        "from common.exit_codes import ExitCode\n"
        "from common.process import Failure, run\n"
        "class Kept:\n"
        "    def __init__(self): self.itself = self\n"
        "    def __del__(self): print('searched')\n"
        "def task():\n"
        "    global kept\n"
        "    kept = Kept()\n"
        f"    {ending}\n"
        "raise SystemExit(run('test', task))\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout) == (code, "")


def test_a_program_runs_without_a_folder_for_temporary_files_and_can_be_terminated(monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "missing"))
    with pytest.raises(SystemExit) as end:
        run("test", lambda: os.kill(os.getpid(), signal.SIGTERM))
    assert end.value.code == 143
