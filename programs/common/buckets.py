"""The bucket that variables name, in an object store of any kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from common import azure, gcs, s3
from common.object_store import Codes
from common.process import Variables

BucketSettings: TypeAlias = "s3.BucketSettings | gcs.BucketSettings | azure.ContainerSettings"


@dataclass(frozen=True)
class Names:
    """The variables of one bucket, for each kind of store."""

    s3: s3.Names
    gcs: gcs.Names
    azure: azure.Names


def read_bucket(variables: Variables, names: Names, codes: Codes) -> BucketSettings | None:
    """The settings of the one that is named, or None if none is."""
    return (
        gcs.read_bucket(variables, names.gcs, codes)
        or azure.read_container(variables, names.azure, codes)
        or s3.read_bucket(variables, names.s3, codes)
    )
