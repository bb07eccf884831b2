"""What the supervisor notes about the workers, for the container that shows the metrics."""

from __future__ import annotations

import contextlib
import os

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
            with contextlib.suppress(OSError):
                metrics_folder.note_processes(self.folder, len(self.started))

    def note_end(self, pid: int) -> None:
        """A process ended: what it counted stays.

        In a process of its own, because prometheus_client, once imported here, would be that of workers to come. It
        decides while it is imported whether they share what they count.
        """
        if not self.folder:
            return
        with contextlib.suppress(OSError):
            if os.fork() == 0:
                try:
                    metrics_folder.merge_ended(self.folder, pid)
                finally:
                    os._exit(0)
