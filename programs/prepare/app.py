"""The authentication app that the server asks for logins in place of MLflow's own."""

from __future__ import annotations

from importlib import metadata

from common.exit_codes import ExitCode
from common.process import Failure

# Under which packages register apps for `mlflow server --app-name`.
GROUP = "mlflow.app"


def check_app(name: str) -> None:
    """Refuse an app that no package of the image brings. What it is made of is left to the server, which imports it."""
    names = {entry.name for entry in metadata.entry_points(group=GROUP)}
    if name not in names:
        message = (
            f"this image has no authentication app {name!r}, only {', '.join(sorted(names)) or 'none'} (use an image "
            "with its package: auth.app)"
        )
        raise Failure(ExitCode.CONFIGURATION, message)
