"""server.local_files: files of a volume appear whole, once they are on the disk."""

import os
import sys
import time
from types import ModuleType

import pytest

from common.artifact_folder import staging_folder
from server import local_files


class Repository:
    """As MLflow's below 3.15."""

    def __init__(self, folder):
        self.artifact_dir = folder

    def log_artifact(self, *_):
        return "stock"

    def delete_artifacts(self, *_):
        return "stock"


class Renaming(Repository):
    """As MLflow's from 3.15 on."""

    def _get_destination_artifact_path(self, name, path=None):
        return "", os.path.join(self.artifact_dir, path or "", name)

    def _create_staging_artifact(self, *_):
        return "stock"

    def _publish_staged_artifact(self, *_):
        return "stock"


@pytest.fixture
def install(monkeypatch, tmp_path):
    """Install it for a volume; a folder of it and a class of repositories."""

    def installed(kind):
        root = str(tmp_path / "files")
        own = type("Own", (kind,), {})
        for name, part, value in (
            ("mlflow.store.artifact.local_artifact_repo", "LocalArtifactRepository", own),
            ("mlflow.store.artifact.artifact_repo", "verify_artifact_path", lambda _: None),
        ):
            module = ModuleType(name)
            setattr(module, part, value)
            monkeypatch.setitem(sys.modules, name, module)
        monkeypatch.setenv(local_files.DESTINATION, root)
        local_files.keep_whole()
        return root, own

    return installed


@pytest.fixture
def steps(monkeypatch):
    """What is synchronized and renamed, in order."""
    found = []
    fsync, replace = os.fsync, os.replace

    def noted_fsync(descriptor):
        found.append(f"sync {os.readlink(f'/proc/self/fd/{descriptor}')}")
        fsync(descriptor)

    def noted_replace(source, target):
        found.append(f"rename {target}")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "replace", noted_replace)
    return found


def expected_steps(root, staging):
    folders = [f"{root}/1/run", f"{root}/1", root]
    return [f"sync {staging}", f"rename {root}/1/run/a.bin", *(f"sync {folder}" for folder in folders)]


def without_names(steps, root):
    """Names of temporary files are random."""
    staging = staging_folder(root)
    return [f"sync {staging}" if step.startswith(f"sync {staging}/") else step for step in steps]


def test_an_upload_is_on_the_disk_before_it_has_its_name_and_the_name_before_the_answer(install, steps, tmp_path):
    root, own = install(Repository)
    (tmp_path / "a.bin").write_bytes(b"whole")
    own(root).log_artifact(str(tmp_path / "a.bin"), "1/run")
    assert without_names(steps, root) == expected_steps(root, staging_folder(root))
    with open(f"{root}/1/run/a.bin", "rb") as file:
        assert file.read() == b"whole"
    assert os.listdir(staging_folder(root)) == []


def test_the_same_of_releases_that_rename(install, steps):
    root, own = install(Renaming)
    repository = own(root)
    descriptor, temporary, path = repository._create_staging_artifact("a.bin", "1/run")
    assert os.path.dirname(temporary) == staging_folder(root)
    with open(descriptor, "wb") as file:
        file.write(b"whole")
    assert not os.path.exists(path)
    repository._publish_staged_artifact(temporary, path, lambda each: os.chmod(each, 0o640))
    assert without_names(steps, root) == expected_steps(root, staging_folder(root))
    assert os.stat(path).st_mode & 0o777 == 0o640


def test_an_upload_that_fails_leaves_what_was_there(install, monkeypatch, tmp_path):
    root, own = install(Repository)
    (tmp_path / "a.bin").write_bytes(b"first")
    own(root).log_artifact(str(tmp_path / "a.bin"), "1")

    def half(_, target, __):
        target.write(b"sec")
        target.flush()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfileobj", half)
    with pytest.raises(OSError, match="No space"):
        own(root).log_artifact(str(tmp_path / "a.bin"), "1")
    with open(f"{root}/1/a.bin", "rb") as file:
        assert file.read() == b"first"
    assert os.listdir(staging_folder(root)) == []


def test_other_folders_are_mlflow_s_own(install, tmp_path):
    _, own = install(Renaming)
    other = own(str(tmp_path / "other"))
    assert other._create_staging_artifact("a") == "stock"
    assert other._publish_staged_artifact("a", "b") == "stock"
    assert other.delete_artifacts("a") == "stock"


def test_what_was_cut_off_long_ago_goes(tmp_path):
    for name, age in ("old", local_files.ABANDONED + 60), ("new", 60):
        (tmp_path / name).write_bytes(b"part")
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    local_files.remove_abandoned(str(tmp_path))
    assert os.listdir(tmp_path) == ["new"]


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("1", ["10/a", "2/%41", "2/A"]),
        ("1/b", ["1/a", "10/a", "2/%41", "2/A"]),
        ("2/%41", ["1/a", "1/b/c", "10/a", "2/A"]),
        ("2/%2e%2e", ["1/a", "1/b/c", "10/a", "2/%41", "2/A"]),
        ("../outside", ["1/a", "1/b/c", "10/a", "2/%41", "2/A"]),
        ("3", ["1/a", "1/b/c", "10/a", "2/%41", "2/A"]),
    ],
)
def test_only_what_is_at_the_path_is_deleted(install, tmp_path, path, left):
    root, own = install(Repository)
    for name in "1/a", "1/b/c", "10/a", "2/A", "2/%41":
        os.makedirs(os.path.dirname(f"{root}/{name}"), exist_ok=True)
        with open(f"{root}/{name}", "wb"):
            pass
    (tmp_path / "outside").write_bytes(b"")
    own(root).delete_artifacts(path)
    found = [os.path.relpath(os.path.join(folder, name), root) for folder, _, names in os.walk(root) for name in names]
    assert sorted(found) == left
    assert (tmp_path / "outside").exists()


def test_nothing_is_changed_for_a_bucket(monkeypatch):
    monkeypatch.setenv(local_files.DESTINATION, "s3://bucket/prefix")
    monkeypatch.setitem(sys.modules, "mlflow.store.artifact.local_artifact_repo", None)
    local_files.keep_whole()
