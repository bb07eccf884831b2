"""Work on many objects at once, which ends soon and outlasts a restart of a store."""

from __future__ import annotations

import concurrent.futures
import itertools
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from backup.streams import Stopped
from common.object_store import STORE, Codes
from common.process import Failure

THREADS = 8
BATCH = 1000
ATTEMPTS = 5

Item = TypeVar("Item")
Result = TypeVar("Result")


def map_in_threads(
    function: Callable[[Item], Result], items: Iterable[Item], stop: threading.Event
) -> Iterator[Result]:
    """The results in order, with few of the items in memory.

    With the first error, or when the program is terminated, `stop` is set and the running ones are waited for. They
    must end then: what is cleaned up next must not meet them, and the pod is killed soon.
    """
    iterator = iter(items)
    with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
        try:
            while batch := list(itertools.islice(iterator, BATCH)):
                yield from pool.map(function, batch)
        except BaseException:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def retry(action: Callable[[], Result], codes: Codes, stop: threading.Event) -> Result:
    """Do it again after a pause while a store is unreachable: a restart of it does not cost the whole copy.

    `codes`: those of the bucket of the artifacts, beside the store of backups.
    """
    for attempt in range(ATTEMPTS - 1):
        try:
            return action()
        except Failure as failure:
            if failure.code not in (codes.unreachable, STORE.unreachable):
                raise
            if stop.wait(2**attempt):
                raise Stopped from failure
    return action()
