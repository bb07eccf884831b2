"""What the first process of a server notes about its workers, for the container that shows the metrics."""

from __future__ import annotations

import os

from common import metrics_folder
from server.launch import METRICS_FOLDER


class WorkerMetrics:
    """Of workers that start and end; nothing if metrics are off."""

    def __init__(self) -> None:
        self.folder = os.environ.get(METRICS_FOLDER)
        self.started = 0

    def note_start(self) -> None:
        """One more worker starts."""
        self.started += 1
        if self.folder:
            metrics_folder.note_processes(self.folder, self.started)

    def note_end(self, pid: int) -> None:
        """A worker ended: what it counted stays."""
        if self.folder:
            metrics_folder.merge_ended(self.folder, pid)
