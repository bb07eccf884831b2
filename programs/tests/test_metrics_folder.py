"""common.metrics_folder: what processes counted, after they ended."""

import os
import subprocess
import sys
import threading

import pytest

from common import metrics_folder

prometheus_client = pytest.importorskip("prometheus_client")

COUNT = """
import prometheus_client
counter = prometheus_client.Counter("requests", "Requests", ["method"])
histogram = prometheus_client.Histogram("seconds", "Seconds", ["method"], buckets=[1, 2])
gauge = prometheus_client.Gauge("info", "Info")
gauge.set(1)
for method, count in {counts}.items():
    counter.labels(method).inc(count)
    for _ in range(count):
        histogram.labels(method).observe(1.5)
"""


@pytest.fixture
def folder(tmp_path):
    path = str(tmp_path / "metrics")
    metrics_folder.prepare(path)
    return path


def count(folder, **counts):
    """The id of a process that counted and ended."""
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": folder}
    process = subprocess.Popen([sys.executable, "-c", COUNT.format(counts=counts)], env=environment)
    assert process.wait(60) == 0
    return process.pid


def totals(folder):
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = prometheus_client.CollectorRegistry()
    collector = MultiProcessCollector(registry, path=folder)
    return {
        (sample.name, *sorted(value for name, value in sample.labels.items() if name != "pid")): sample.value
        for metric in collector.collect()
        for sample in metric.samples
    }


def files(folder):
    return sorted(name for name in os.listdir(folder) if name.endswith(".db"))


def test_what_ended_processes_counted_stays_in_a_bounded_number_of_files(folder):
    for number in range(5):
        pid = count(folder, GET=1, **{f"M{number}": 2})
        metrics_folder.merge_ended(folder, pid)
    assert files(folder) == ["counter_ended.db", "histogram_ended.db"]
    found = totals(folder)
    assert found["requests_total", "GET"] == 5
    assert found["requests_total", "M3"] == 2
    assert found["seconds_count", "GET"] == 5
    assert found["seconds_bucket", "1.0", "GET"] == 0
    assert found["seconds_bucket", "2.0", "GET"] == 5
    assert found["seconds_sum", "GET"] == 7.5


def test_processes_that_run_are_left_alone(folder):
    running, ended = count(folder, GET=3), count(folder, GET=4)
    before = totals(folder)
    metrics_folder.merge_ended(folder, ended)
    metrics_folder.merge_ended(folder, ended)  # nothing is left to merge
    assert totals(folder) == before
    assert f"counter_{running}.db" in files(folder)
    assert f"gauge_all_{running}.db" in files(folder)
    assert f"gauge_all_{ended}.db" not in files(folder)


def test_a_reader_and_the_merge_exclude_each_other(folder):
    pid = count(folder, GET=1)
    with metrics_folder.locked(folder, exclusive=False) as mine:
        assert mine
        merge = threading.Thread(target=metrics_folder.merge_ended, args=(folder, pid))
        merge.start()
        merge.join(0.2)
        assert merge.is_alive()
        assert files(folder)[0] == f"counter_{pid}.db"
        with metrics_folder.locked(folder, exclusive=False) as other:
            assert other
    merge.join(5)
    assert files(folder)[0] == "counter_ended.db"


def test_a_lock_that_is_held_for_ever_holds_nobody_up(folder):
    with (
        metrics_folder.locked(folder, exclusive=True),
        metrics_folder.locked(folder, exclusive=False, patience=0.1) as mine,
    ):
        assert not mine


def test_the_folder_is_emptied_and_needs_not_exist(tmp_path):
    folder = str(tmp_path / "new")
    with metrics_folder.locked(folder, exclusive=False) as mine:
        assert not mine
    assert metrics_folder.read_processes(folder) == 0
    metrics_folder.prepare(folder)
    metrics_folder.note_processes(folder, 3)
    assert metrics_folder.read_processes(folder) == 3
    os.makedirs(os.path.join(folder, "more", "deep"))
    os.symlink("/", os.path.join(folder, "link"))
    metrics_folder.prepare(folder)
    assert os.listdir(folder) == [metrics_folder.LOCK]
