"""Deletes the artifacts at a path, and none beside it.

Below 3.16 MLflow deletes every object of S3 whose key begins with the path: with the files of experiment 1 those of
experiments 10 to 19, 100 and so on.
"""

from __future__ import annotations

import posixpath
from typing import Any


def delete_exactly() -> None:
    """Have MLflow do so, where the release does not."""
    from mlflow.store.artifact import artifact_repo
    from mlflow.store.artifact.s3_artifact_repo import S3ArtifactRepository

    if not hasattr(artifact_repo, "_is_object_key_within_path"):
        S3ArtifactRepository.delete_artifacts = delete_artifacts


def delete_artifacts(self: Any, artifact_path: str | None = None) -> None:
    """As `S3ArtifactRepository.delete_artifacts`."""
    bucket, top = self.parse_s3_compliant_uri(self.artifact_uri)
    path = posixpath.join(top, artifact_path) if artifact_path else top
    path = path.rstrip("/")
    owner = getattr(self, "_bucket_owner_params", {})  # of newer releases
    client = self._get_s3_client()
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=path, **owner):
        keys = [{"Key": each["Key"]} for each in page.get("Contents", []) if is_at(each["Key"], path)]
        if keys:
            client.delete_objects(Bucket=bucket, Delete={"Objects": keys}, **owner)


def is_at(key: str, path: str) -> bool:
    """Whether an object is at a path or below it."""
    return not path or key == path or key.startswith(f"{path}/")
