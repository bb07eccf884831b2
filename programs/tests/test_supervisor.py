"""The supervisor, with loaders whose workers sleep."""

from __future__ import annotations

import os
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NoReturn

import pytest

from common import metrics_folder
from server import supervisor
from server.orders import Served
from server.slots import SLOTS, Slot, create_slots
from server.supervisor import STARTUP_FAILURE, Supervisor
from server.worker_metrics import WorkerMetrics
from tests.supervising import SERVED, WORKERS, Loading, Running, is_alive, until, work

Begin = Callable[..., Running]


@pytest.fixture
def begin(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Begin]:
    """Start a supervisor, whose first loader fails with a code, if there is one."""
    for name in ("POLL_SECONDS", "LOADING_POLL_SECONDS", "RETRY_SECONDS", "EXIT_SECONDS"):
        monkeypatch.setattr(supervisor, name, 0.3 if name == "EXIT_SECONDS" else 0.02)
    begun: list[Running] = []

    def start(code: str = "", work: Callable[[Slot], NoReturn] = work, served: Served = SERVED) -> Running:
        failure = str(tmp_path / "failure")
        it = Supervisor(Loading(failure, work, served))
        running = Running(it.slots, 0, failure)
        running.fail(code)
        running.pid = os.fork()
        if running.pid == 0:
            try:
                it.run()
            except SystemExit as end:
                os._exit(end.code if isinstance(end.code, int) else 0)
            except BaseException:
                traceback.print_exc()
            os._exit(99)
        begun.append(running)
        return running

    yield start
    for running in begun:
        if not running.has_ended():
            os.kill(running.pid, signal.SIGKILL)
            for pid in running.pids:
                os.kill(pid, signal.SIGKILL)
            running.end()


def test_workers_belong_to_the_supervisor_and_end_with_it(begin: Begin) -> None:
    running = begin()
    pids = running.ready()
    assert running.terminate() == 0
    assert not any(map(is_alive, pids))


def test_a_killed_worker_is_replaced(begin: Begin) -> None:
    running = begin()
    first, second = sorted(running.ready())
    os.kill(first, signal.SIGKILL)
    until(lambda: len(running.pids - {first}) == WORKERS)
    assert second in running.pids
    assert running.terminate() == 0


def test_a_hanging_worker_is_killed_and_replaced(begin: Begin) -> None:
    running = begin(served=replace(SERVED, hang=1.5))
    first, second = sorted(running.ready())
    os.kill(first, signal.SIGSTOP)
    until(lambda: len(running.pids - {first}) == WORKERS)
    assert second in running.pids
    assert not is_alive(first)


def test_a_worker_that_is_too_large_ends_after_its_replacement_began(begin: Begin) -> None:
    running = begin()
    before = running.ready()
    full = running.slots[0].pid
    fewest = WORKERS
    running.slots[0].mark_full()

    def is_replaced() -> bool:
        nonlocal fewest
        fewest = min(fewest, len(running.pids))
        return full not in running.pids and len(running.pids) == WORKERS

    until(is_replaced)
    assert fewest == WORKERS
    assert len(running.pids & before) == WORKERS - 1


def test_a_worker_that_is_too_large_stays_if_its_replacement_does_not_start(begin: Begin) -> None:
    begun = time.monotonic() + 1

    def start_at_first(slot: Slot) -> NoReturn:
        if time.monotonic() > begun:
            time.sleep(0.5)
            os._exit(STARTUP_FAILURE)
        work(slot)

    running = begin(work=start_at_first)
    before = running.ready()
    until(lambda: time.monotonic() > begun)
    running.slots[0].mark_full()
    until(lambda: bool(running.pids - before))
    until(lambda: not running.pids - before)
    assert before <= running.pids
    assert not running.has_ended()


def test_a_first_loader_that_fails_ends_the_server_with_its_code(begin: Begin) -> None:
    assert begin("7").end() == 7


def test_a_later_loader_that_fails_is_tried_again_while_others_serve(begin: Begin) -> None:
    running = begin()
    first, second = sorted(running.ready())
    running.fail("1")
    os.kill(first, signal.SIGKILL)
    until(lambda: running.pids == {second})
    time.sleep(0.3)
    assert not running.has_ended()
    running.fail("")
    until(lambda: len(running.pids) == WORKERS)
    assert not running.has_ended()


def work_later(slot: Slot) -> NoReturn:
    """A worker on a busy machine: it exists for a while before it serves."""
    time.sleep(0.3)
    work(slot)


@pytest.mark.parametrize("worker", [work, work_later])
def test_a_later_loader_that_fails_while_no_other_serves_ends_the_server(begin: Begin, worker: Any) -> None:
    running = begin(work=worker)
    pids = running.ready()
    running.fail("5")
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    assert running.end() == 5


def test_a_worker_that_cannot_start_ends_the_server(begin: Begin) -> None:
    def fail(slot: Slot) -> NoReturn:
        assert not slot.is_ready
        os._exit(STARTUP_FAILURE)

    running = begin(work=fail)
    assert running.end() == STARTUP_FAILURE
    assert not running.pids


def test_sigterm_ends_a_loader(begin: Begin) -> None:
    running = begin("sleep")
    time.sleep(0.3)
    assert running.terminate() == 128 + signal.SIGTERM


def test_a_worker_that_does_not_end_is_killed_when_its_time_is_over(begin: Begin) -> None:
    def refuse(slot: Slot) -> NoReturn:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while True:
            slot.heartbeat()
            time.sleep(0.05)

    running = begin(work=refuse)
    pids = running.ready()
    start = time.monotonic()
    assert running.terminate() == 0
    assert time.monotonic() - start >= SERVED.grace
    assert not any(map(is_alive, pids))


def test_a_loader_that_is_late_to_note_a_worker_does_not_forget_that_it_serves() -> None:
    [slot, *_] = create_slots()

    class Late(Slot):
        pid = 0  # as it was when the loader looked

    slot.assign(7)
    slot.heartbeat()
    slot.mark_full()
    Late(slot.table, slot.index).assign(7)
    assert (slot.pid, slot.is_ready, slot.is_full) == (7, True, True)
    slot.release()
    slot.assign(8)
    assert (slot.pid, slot.is_ready, slot.is_full) == (8, False, False)


def test_a_server_with_most_workers_can_replace_all() -> None:
    assert SLOTS >= 2 * 64


def test_a_worker_that_was_asked_to_end_has_its_time_although_it_stands_still(begin: Begin) -> None:
    def drain(slot: Slot) -> NoReturn:
        def end(*_: object) -> None:
            time.sleep(2)
            os._exit(0)

        signal.signal(signal.SIGTERM, end)
        while True:
            slot.heartbeat()
            time.sleep(0.05)

    running = begin(work=drain, served=replace(SERVED, hang=0.5, grace=5))
    running.ready()
    full = running.slots[0]
    pid, start = full.pid, time.monotonic()
    full.mark_full()
    until(lambda: pid not in running.pids)
    assert time.monotonic() - start >= 2


def test_only_one_worker_is_replaced_at_a_time(begin: Begin) -> None:
    running = begin()
    before, most = running.ready(), 0
    for slot in running.slots[:WORKERS]:
        slot.mark_full()

    def are_replaced() -> bool:
        nonlocal most
        most = max(most, len(running.pids))
        return not running.pids & before and len(running.pids) == WORKERS

    until(are_replaced)
    assert most <= WORKERS + 1


def test_the_files_of_a_worker_that_ended_are_merged(tmp_path: Any) -> None:
    metrics_folder.prepare(str(tmp_path))
    metrics = WorkerMetrics()
    metrics.folder = str(tmp_path)
    (tmp_path / "gauge_max_1.db").touch()
    metrics.note_end(1)
    os.wait()
    assert not (tmp_path / "gauge_max_1.db").exists()
