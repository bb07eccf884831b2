"""The server whose workers hoard once a file exists: `python -m tests.hoarding_server FILE SERVER_ARGUMENT...`

Each prints the MiB that glibc keeps of that while nothing is given back.
"""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

from server import loader, memory
from server.__main__ import main
from tests.hoarding import hoard

file, *arguments = sys.argv[1:]
be_worker, give_back = loader.be_worker, memory.FreedMemory.give_back
hoards = threading.Event()


def give_back_later(freed):
    if not hoards.is_set():
        give_back(freed)


def wait_and_hoard():
    while not Path(file).exists():
        time.sleep(0.1)
    hoards.set()
    before = memory.read_used()
    stays = hoard()
    kept = memory.read_used() - before
    hoards.clear()
    print(f"{kept >> 20} MiB kept", flush=True)
    while stays:
        time.sleep(60)


def be_hoarder(*given):
    threading.Thread(target=wait_and_hoard, daemon=True).start()
    be_worker(*given)


memory.FreedMemory.give_back = give_back_later  # type: ignore[method-assign]
loader.be_worker = be_hoarder
sys.argv[1:] = arguments
main()
