"""The server with limits that a test can reach: `python -m tests.limited_server HANG_SECONDS LIMIT SERVER_ARGUMENT...`

HANG_SECONDS is for uvicorn; gunicorn has an option of its own. LIMIT is a file as control groups have it.
"""

from __future__ import annotations

import functools
import sys

from server import memory
from server.__main__ import main
from server.uvicorn_server import UvicornServer

hang, limit, *arguments = sys.argv[1:]
UvicornServer.hang = float(hang)
memory.read_limit = functools.partial(memory.read_limit, limit)
memory.CHECK_SECONDS = 1.0
sys.argv[1:] = arguments
main()
