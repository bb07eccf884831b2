"""backup.files: artifacts of a volume, copied and put back."""

import contextlib
import io
import os

import pytest

from backup import artifacts
from backup.files import Files, FilesSettings
from backup.folder import Folder
from common.exit_codes import ExitCode
from common.object_store import Missing
from common.process import Failure

NAMES = ["1/a b", "1/ü", "1/new\nline", "1/\udcff", "10/deep/er/x", ".hidden", "%41", "\\"]


@pytest.fixture
def files(tmp_path):
    """A volume, with its folder."""
    made = Files(FilesSettings(str(tmp_path / "files")))
    made.create_if_missing()
    return made


def fill(files, names=NAMES):
    for index, name in enumerate(names):
        path = os.path.join(files.root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(os.urandom(index * 1000))


def content(files):
    found = {}
    for key, size, etag in files.objects():
        with contextlib.closing(files.open(key)) as stream:
            found[key] = (size, etag, stream.read())
    return found


def test_a_copy_and_the_way_back_are_equal_to_the_byte_and_the_next_copy_is_empty(files, tmp_path):
    fill(files)
    store, before = Folder(str(tmp_path / "backups")), content(files)
    assert sorted(before) == sorted(NAMES)
    entries, counts = artifacts.copy_out(files, store, None)
    assert counts.objects == len(NAMES)
    artifacts.write_index(store, "backup", entries)
    other = Files(FilesSettings(str(tmp_path / "other")))
    other.create_if_missing()
    assert artifacts.copy_back(store, other, artifacts.read_index(store, "backup"), overwrite=False) == (len(NAMES), 0)
    assert content(other) == before
    _, again = artifacts.copy_out(other, store, "backup")
    assert again.objects == 0


def test_links_and_pipes_are_not_followed(files, tmp_path):
    fill(files, ["a"])
    (tmp_path / "secret").write_bytes(b"secret")
    os.symlink(tmp_path / "secret", f"{files.root}/link")
    os.symlink(tmp_path, f"{files.root}/folder")
    os.mkfifo(f"{files.root}/pipe")
    assert [key for key, _, _ in files.objects()] == ["a"]
    with pytest.raises(Failure):
        files.open("link")


@pytest.mark.parametrize("key", ["../x", "/etc/x", "a/../../x", "a//b", "a/", "", ".", "a\0b", "./a"])
def test_a_key_that_is_no_file_below_the_folder_is_refused(files, tmp_path, key):
    with pytest.raises(Failure, match="cannot be a file") as caught:
        files.put_back(key, io.BytesIO(b"x"), 1, "etag")
    assert caught.value.code == ExitCode.BACKUP_DAMAGED
    assert sorted(os.listdir(tmp_path)) == ["files", "files.uploading"]


def test_what_was_deleted_meanwhile_is_missing(files):
    with pytest.raises(Missing):
        files.open("gone")


def test_a_folder_that_does_not_exist_is_no_empty_one(tmp_path):
    with pytest.raises(Failure, match=r"artifacts\.volume\.prefix") as caught:
        list(Files(FilesSettings(str(tmp_path / "none"))).objects())
    assert caught.value.code == ExitCode.VOLUME_UNWRITABLE


def test_a_stream_that_fails_leaves_what_was_there(files):
    fill(files, ["b", "a"])
    before = content(files)

    class Failing:
        def read(self, *_):
            raise OSError(28, "No space left on device")

    with pytest.raises(Failure) as caught:
        files.put_back("a", Failing(), 3, "etag")
    assert caught.value.code == ExitCode.VOLUME_FULL
    assert content(files) == before
    assert os.listdir(f"{files.root}.uploading") == []
