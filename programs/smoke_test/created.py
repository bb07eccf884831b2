"""What the smoke test created, and its removal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from common.process import describe


class CreatedResources:
    """What was created so far, by its ids: nothing else can be removed."""

    def __init__(self, client: Any, name: str) -> None:
        self.client, self.name = client, name
        self.experiment: str | None = None
        self.run: str | None = None
        self.registered = False

    def remove(self) -> list[str]:
        """Remove all of it, files included; returns what is in the way of that.

        Rows of runs stay as deleted ones until the garbage collection, as after any delete.
        """
        issues: list[str] = []

        def attempt(what: str, task: Callable[..., Any], *given: Any) -> Any:
            try:
                return task(*given)
            except Exception as error:
                issues.append(f"{what}: {type(error).__name__}: {describe(error)}")
                return None

        if self.registered:
            attempt(f"registered model {self.name}", self.client.delete_registered_model, self.name)
        for model in attempt("logged models", self.logged_models) or ():
            attempt(f"files of logged model {model.model_id}", remove_files, model.artifact_location)
            attempt(f"logged model {model.model_id}", self.client.delete_logged_model, model.model_id)
        if self.run:
            attempt(f"files of run {self.run}", lambda: remove_files(self.client.get_run(self.run).info.artifact_uri))
            attempt(f"run {self.run}", self.client.delete_run, self.run)
        if self.experiment:
            attempt(f"experiment {self.name}", self.client.delete_experiment, self.experiment)
        return issues

    def logged_models(self) -> Iterable[Any]:
        """Whatever is in an experiment of our own is ours, and its id may not have come back."""
        models: Iterable[Any] = self.client.search_logged_models([self.experiment]) if self.experiment else ()
        return models


def remove_files(location: str) -> None:
    """Remove all files of a location."""
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

    get_artifact_repository(location).delete_artifacts()
