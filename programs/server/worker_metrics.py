"""What the supervisor notes about the workers, for the container that shows the metrics."""

from __future__ import annotations

from common import metrics_folder


class WorkerMetrics:
    """Of workers that start and end; nothing without a folder."""

    def __init__(self) -> None:
        self.folder: str | None = None
        self.started: set[int] = set()

    def note_workers(self, pids: set[int]) -> None:
        """These workers run."""
        self.started |= pids
        if self.folder:
            metrics_folder.note_processes(self.folder, len(self.started))

    def note_end(self, pid: int) -> None:
        """A worker ended: what it counted stays."""
        self.started.add(pid)
        if self.folder:
            metrics_folder.merge_ended(self.folder, pid)
