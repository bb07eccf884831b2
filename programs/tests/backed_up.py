"""A backup in a folder, as a verification finds it."""

import hashlib
import io
import json
import random
from types import SimpleNamespace
from typing import Any

import pytest

from backup import artifacts, chosen
from backup.folder import Folder

NAME = "20260101T000000Z-3.18.0"
SETTINGS: Any = SimpleNamespace(
    databases={"tracking": "mlflow"},
    verification=SimpleNamespace(room=None, percentage=100),
    retention=SimpleNamespace(interval=86_400),
)


class Restoring:
    """Restores nothing, but reads the dump as the real one does."""

    def __init__(self, named=()):
        self.named = named

    def check_program(self, _manifest):
        pass

    def get_file(self, store, name, manifest, file):
        return chosen.get_file(store, name, manifest, file)

    def restore(self, store, name, manifest, label):
        self.get_file(store, name, manifest, manifest["databases"][label]["file"])

    def ask(self, _label, _statements):
        return self.named


def body(number):
    return bytes(random.Random(number).randbytes(50 + number))


@pytest.fixture
def backup(tmp_path):
    create_backup(tmp_path / "store", NAME)
    return tmp_path / "store"


def create_backup(path, name, instance="mlflow/mlflow"):
    """Write a whole backup."""
    store = Folder(str(path))
    random.seed(1)
    entries: list[artifacts.Entry] = []
    for number in range(6):
        data, key = body(number), f"1/run{number}/artifacts/file{number}"
        target = artifacts.stored_key(key, "etag", len(data))
        write(store, target, data)
        entries.append({"key": key, "size": len(data), "etag": "etag", "object": target, "sha256": sha(data)})
    dump = random.randbytes(5000)
    write(store, f"{name}/tracking.dump", dump)
    files = {
        "tracking.dump": {"size": len(dump), "sha256": sha(dump)},
        artifacts.INDEX: artifacts.write_index(store, name, entries),
    }
    manifest = {
        "format": 1,
        "instance": instance,
        "mlflow": "3.18.0",
        "databases": {"tracking": {"database": "mlflow", "file": "tracking.dump", "schema": {}, "rows": {}}},
        "artifacts": {
            "bucket": "bucket",
            "prefix": "mlflow",
            "objects": 6,
            "bytes": sum(entry["size"] for entry in entries),
        },
        "files": files,
    }
    write(store, f"{name}/manifest.json", json.dumps(manifest).encode())


def sha(data):
    return hashlib.sha256(data).hexdigest()


def write(store, key, data):
    store.write(key, io.BytesIO(data), len(data))
