"""Which locations the garbage collection may touch: those below the server's own artifact root.

They come from rows that users wrote. MLflow sends its login, and the store's keys, to whatever address is in one.
Releases before 3.17 accept any address from a user who creates an experiment.
"""

from __future__ import annotations

import re
import urllib.parse
from dataclasses import dataclass

from common.process import describe

PROXIED = "mlflow-artifacts"
# Characters by which libraries disagree on what a path is, or on where it ends.
AMBIGUOUS = re.compile(r"[\x00-\x1f\x7f\\?#%]")


@dataclass(frozen=True)
class ArtifactRoot:
    """Where the server's own artifacts are."""

    # In the store, as in "s3://bucket/prefix".
    uri: str
    # The server's address, for what passes through it.
    server: str

    def contains(self, location: str) -> bool:
        """Whether a location is below the root, however it is read."""
        scheme, _, rest = location.partition(":")
        path = self._proxied_path(rest) if scheme == PROXIED else self._stored_path(location)
        return not AMBIGUOUS.search(path) and not {"", ".", ".."} & set(path.removesuffix("/").split("/"))

    def _proxied_path(self, rest: str) -> str:
        """The path on the server; empty if it is another server's, or the root itself."""
        if not rest.startswith("//"):
            return rest.removeprefix("/") if rest.startswith("/") else ""
        host, _, path = rest.removeprefix("//").partition("/")
        return path if host in ("", urllib.parse.urlsplit(self.server).netloc) else ""

    def _stored_path(self, location: str) -> str:
        """The path in the store; empty if it is elsewhere, or the root itself."""
        root = self.uri.rstrip("/") + "/"
        return location.removeprefix(root) if location.startswith(root) else ""


def outside(location: str) -> str:
    """Why something stays whose files are there."""
    return f"its files are at {describe(location)[:200]!r}, which is not below the artifact root"
