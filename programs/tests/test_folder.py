"""prepare.folder: what is said of a volume."""

import os
from types import SimpleNamespace

import pytest

from common.exit_codes import ExitCode
from common.process import Failure
from prepare import folder


def test_the_folder_is_created_and_nothing_is_left_in_it(tmp_path, capsys):
    path = str(tmp_path / "team" / "files")
    folder.check_folder(path)
    folder.check_folder(path)
    assert os.listdir(path) == os.listdir(f"{path}.uploading") == []
    assert "is writable" in capsys.readouterr().out


@pytest.mark.parametrize("number", [13, 30, 5])  # refused, read-only, an error of the device
def test_a_volume_that_refuses_ends_it(tmp_path, monkeypatch, number):
    def refuse(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(folder, "write_file", refuse)
    with pytest.raises(Failure, match=os.strerror(number)) as caught:
        folder.check_folder(str(tmp_path / "files"))
    assert caught.value.code == ExitCode.VOLUME_UNWRITABLE


def test_a_full_volume_is_a_warning(tmp_path, monkeypatch, capsys):
    def refuse(*_):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(folder, "write_file", refuse)
    folder.check_folder(str(tmp_path / "files"))
    assert "warning" in capsys.readouterr().out


def test_little_room_is_a_warning(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_bavail=1, f_frsize=4096))
    folder.check_folder(str(tmp_path / "files"))
    assert "warning: uploads soon fail" in capsys.readouterr().out
