"""common.schema_heads: the revisions of a folder of migrations."""

from common.schema_heads import read_revisions


def migration(folder, revision, follows):
    text = f'revision = "{revision}"\ndown_revision: str | None = {follows!r}\n'
    (folder / f"{revision}.py").write_text(text)


def test_the_head_is_the_revision_that_no_other_one_follows(tmp_path):
    migration(tmp_path, "a", None)
    migration(tmp_path, "b", "a")
    migration(tmp_path, "c", "b")
    revisions = read_revisions(str(tmp_path))
    assert revisions.head == "c"
    assert revisions.known == {"a", "b", "c"}
