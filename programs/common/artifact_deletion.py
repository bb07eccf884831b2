"""Deletes the artifacts at a path, and none beside it.

Below 3.16 MLflow deletes every object of a bucket whose key begins with the path: with the files of experiment 1 those
of experiments 10 to 19, 100 and so on. In every release it asks S3 for the removal of many objects at once, which not
every store has: that of Google did not for long. Of Azure it fails if there is nothing, as with a run that has no
artifacts, and at the folders that an account with a hierarchical namespace lists before what is in them.
"""

from __future__ import annotations

import contextlib
import posixpath
from collections.abc import Mapping, Sequence
from typing import Any

# How stores say that they cannot delete many objects at once.
NOT_AT_ONCE = {"NotImplemented", "InvalidArgument", "MethodNotAllowed"}


def delete_exactly() -> None:
    """Have MLflow do so."""
    from mlflow.store.artifact import artifact_repo
    from mlflow.store.artifact.azure_blob_artifact_repo import AzureBlobArtifactRepository
    from mlflow.store.artifact.gcs_artifact_repo import GCSArtifactRepository
    from mlflow.store.artifact.s3_artifact_repo import S3ArtifactRepository

    S3ArtifactRepository.delete_artifacts = delete_from_s3
    AzureBlobArtifactRepository.delete_artifacts = delete_from_azure
    if not hasattr(artifact_repo, "_is_object_key_within_path"):
        GCSArtifactRepository.delete_artifacts = delete_from_gcs


def delete_from_s3(self: Any, artifact_path: str | None = None) -> None:
    """As `S3ArtifactRepository.delete_artifacts`."""
    bucket, top = self.parse_s3_compliant_uri(self.artifact_uri)
    path = path_below(top, artifact_path)
    owner = getattr(self, "_bucket_owner_params", {})  # of newer releases
    client = self._get_s3_client()
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=path, **owner):
        keys = [each["Key"] for each in page.get("Contents", []) if is_at(each["Key"], path)]
        if keys:
            delete_keys(client, bucket, keys, owner)


def delete_keys(client: Any, bucket: str, keys: Sequence[str], owner: Mapping[str, str]) -> None:
    """Delete objects, all at once if the store can do that. What it keeps is an error."""
    try:
        answer = client.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": key} for key in keys]}, **owner)
    except Exception as error:
        if getattr(error, "response", {}).get("Error", {}).get("Code") not in NOT_AT_ONCE:
            raise
        for key in keys:
            client.delete_object(Bucket=bucket, Key=key, **owner)
    else:
        for each in answer.get("Errors", []):
            raise OSError(f"{each.get('Key')} was not deleted: {each.get('Code')} {each.get('Message')}")


def delete_from_gcs(self: Any, artifact_path: str | None = None) -> None:
    """As `GCSArtifactRepository.delete_artifacts`."""
    bucket, top = self.parse_gcs_uri(self.artifact_uri)
    path = path_below(top, artifact_path)
    for blob in self.client.list_blobs(bucket, prefix=path or None):
        if is_at(blob.name, path):
            blob.delete()


def delete_from_azure(self: Any, artifact_path: str | None = None) -> None:
    """As `AzureBlobArtifactRepository.delete_artifacts`."""
    from azure.core.exceptions import ResourceNotFoundError

    container, _, top, _ = self.parse_wasbs_uri(self.artifact_uri)
    path = path_below(top, artifact_path)
    client = self.client.get_container_client(container)
    names = [blob.name for blob in client.list_blobs(name_starts_with=path or None)]
    for name in sorted((each for each in names if is_at(each, path)), reverse=True):
        with contextlib.suppress(ResourceNotFoundError):  # something else was faster
            client.delete_blob(name)


def path_below(top: str, artifact_path: str | None) -> str:
    """What is deleted: a path below the top of a location, or all of it."""
    return (posixpath.join(top, artifact_path) if artifact_path else top).rstrip("/")


def is_at(key: str, path: str) -> bool:
    """Whether an object is at a path or below it."""
    return not path or key == path or key.startswith(f"{path}/")
