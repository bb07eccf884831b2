"""Artifacts on a volume, written as a store of objects does: whole or not at all, and kept once that was answered.

Below 3.15 MLflow copies an upload into the file itself, so a killed pod leaves a part under the name of the whole.
From 3.15 on it renames a whole file. No release waits until the file is on the disk, so a node that fails could lose
what was acknowledged.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from typing import Any

from common.artifact_folder import publish, staging_folder, write_whole

DESTINATION = "_MLFLOW_SERVER_ARTIFACT_DESTINATION"
# Seconds since its last byte after which nobody writes a file any more.
ABANDONED = 3600
CHUNK = 2**20


def keep_whole() -> None:
    """Have MLflow do so, if its artifacts are on a volume."""
    root = os.environ.get(DESTINATION, "").rstrip("/")
    if not root.startswith("/"):
        return
    from mlflow.store.artifact.local_artifact_repo import LocalArtifactRepository

    staging = staging_folder(root)
    os.makedirs(staging, exist_ok=True)
    remove_abandoned(staging)
    if hasattr(LocalArtifactRepository, "_publish_staged_artifact"):
        stage_elsewhere(LocalArtifactRepository, root, staging)
    else:
        LocalArtifactRepository.log_artifact = of_root(root, LocalArtifactRepository.log_artifact, log_artifact)
    LocalArtifactRepository.delete_artifacts = of_root(root, LocalArtifactRepository.delete_artifacts, delete_artifacts)


def remove_abandoned(staging: str) -> None:
    """Remove what a killed pod was writing."""
    with os.scandir(staging) as entries:
        for entry in entries:
            with contextlib.suppress(FileNotFoundError):  # another pod is faster
                if time.time() - entry.stat(follow_symlinks=False).st_mtime > ABANDONED:
                    os.unlink(entry.path)


def of_root(root: str, stock: Callable[..., Any], ours: Callable[..., Any]) -> Callable[..., Any]:
    """Our method for the folder of the artifacts, and MLflow's for any other."""

    def chosen(self: Any, *given: Any, **named: Any) -> Any:
        return (ours if self.artifact_dir.rstrip("/") == root else stock)(self, *given, **named)

    return chosen


def stage_elsewhere(repository: Any, root: str, staging: str) -> None:
    """Of releases that rename: where they write, and when they have done so."""

    def create(self: Any, artifact_file_name: str, artifact_path: str | None = None) -> tuple[int, str, str]:
        _, path = self._get_destination_artifact_path(artifact_file_name, artifact_path)
        return (*tempfile.mkstemp(dir=staging), path)

    def publish_staged(_: Any, temporary: str, path: str, finalize: Callable[[str], None] | None = None) -> None:
        if finalize is not None:
            finalize(temporary)
        publish(temporary, path, root)

    repository._create_staging_artifact = of_root(root, repository._create_staging_artifact, create)
    repository._publish_staged_artifact = of_root(root, repository._publish_staged_artifact, publish_staged)


def log_artifact(self: Any, local_file: str, artifact_path: str | None = None) -> None:
    """As `LocalArtifactRepository.log_artifact`."""
    from mlflow.store.artifact.artifact_repo import verify_artifact_path

    verify_artifact_path(artifact_path)
    root = self.artifact_dir.rstrip("/")
    folder = os.path.join(root, os.path.normpath(artifact_path)) if artifact_path else root
    with open(local_file, "rb") as source:
        target = os.path.join(folder, os.path.basename(local_file))
        write_whole(target, root, lambda file: shutil.copyfileobj(source, file, CHUNK))


def delete_artifacts(self: Any, artifact_path: str | None = None) -> None:
    """As `LocalArtifactRepository.delete_artifacts`, which decodes a path that was decoded already."""
    root = self.artifact_dir.rstrip("/")
    path = os.path.normpath(os.path.join(root, artifact_path)) if artifact_path else root
    if path != root and not path.startswith(f"{root}/"):
        return
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.unlink(path)
