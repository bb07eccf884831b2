"""What the variables of the garbage collection say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from common import postgresql
from common.process import Variables
from garbage_collection.locations import ArtifactRoot

AGE = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")


@dataclass(frozen=True)
class Settings:
    """All of it."""

    database: str
    # As `mlflow gc` takes it, and as people read it.
    older_than: str
    milliseconds: int
    lock_timeout: int
    workspaces: bool
    root: ArtifactRoot


def read_settings(environment: Mapping[str, str]) -> Settings:
    """All variables at once, so that one message names all issues in them. An empty one counts as not set."""
    variables = Variables(environment)
    postgresql.require_variables(variables)
    server = variables.required("MLFLOW_TRACKING_URI")
    older_than = variables.required("GC_OLDER_THAN")
    milliseconds = parse_age(older_than)
    if milliseconds is None:
        variables.issues.append(f"GC_OLDER_THAN is {older_than!r}; use an age such as 30d or 12h30m")
    settings = Settings(
        database=variables.required("GC_DATABASE"),
        older_than=older_than,
        milliseconds=milliseconds or 0,
        lock_timeout=variables.number("GC_LOCK_TIMEOUT", 3600),
        workspaces=variables.flag("GC_WORKSPACES"),
        root=ArtifactRoot(variables.required("GC_ARTIFACT_ROOT"), server),
    )
    variables.check()
    return settings


def parse_age(text: str) -> int | None:
    """The milliseconds of an age as in "12h30m", or None when it is not one."""
    match = AGE.fullmatch(text)
    if match is None:
        return None
    days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000
