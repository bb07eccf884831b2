"""backup.postgresql_client: what PostgreSQL's programs said."""

import pytest

from backup.postgresql_client import PostgresqlClient, ProgramError, major_version, share_certificates


def test_a_secret_is_removed_before_the_end_of_a_long_text_is_taken(monkeypatch, tmp_path):
    monkeypatch.setenv("PGPASSWORD", "a password of some length")
    client = PostgresqlClient.__new__(PostgresqlClient)  # the constructor waits for the other container
    client.work, client.count = str(tmp_path), 0
    (tmp_path / "1.request.answer").write_text("1\n")
    (tmp_path / "1.request.errors").write_text("the password is a password of some length" + "x" * 490)
    with pytest.raises(ProgramError) as error:
        client.run("dump")
    assert str(error.value).endswith("***" + "x" * 490)
    assert "length" not in str(error.value)


def test_certificates_are_shared_with_the_other_container(tmp_path):
    (tmp_path / "image.crt").write_text("public CAs")
    variables = {"PGSSLROOTCERT": str(tmp_path / "image.crt"), "BACKUP_CLIENT_CA": str(tmp_path / "shared.crt")}
    share_certificates(variables)
    assert (tmp_path / "shared.crt").read_text() == "public CAs"
    # One of an image without them is what libpq reports.
    share_certificates({**variables, "PGSSLROOTCERT": str(tmp_path / "missing.crt")})
    share_certificates({"PGSSLROOTCERT": str(tmp_path / "image.crt")})


@pytest.mark.parametrize(("text", "major"), [("pg_dump (PostgreSQL) 17.11 (Debian)", 17), ("9.6.24", 9), ("18", 18)])
def test_versions(text, major):
    assert major_version(text) == major
