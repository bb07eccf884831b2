"""The server whose workers hoard once a file exists: `python -m tests.hoarding_server FILE SERVER_ARGUMENT...`"""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

from server import loader
from server.__main__ import main
from tests.hoarding import hoard

file, *arguments = sys.argv[1:]
be_worker = loader.be_worker


def be_hoarder(*given):
    def wait():
        while not Path(file).exists():
            time.sleep(0.1)
        stays = hoard()
        print("hoarded", flush=True)
        while stays:
            time.sleep(60)

    threading.Thread(target=wait, daemon=True).start()
    be_worker(*given)


loader.be_worker = be_hoarder
sys.argv[1:] = arguments
main()
