"""Requests the largest file of the web page on many connections, and reads nothing: unread.py PORT COUNT.

Prints its path and size when all of it is requested, and waits.
"""

import importlib.util
import pathlib
import signal
import socket
import sys

port, count = map(int, sys.argv[1:])
page = pathlib.Path(str(importlib.util.find_spec("mlflow").origin)).parent / "server" / "js" / "build"
largest = max(page.rglob("*.*"), key=lambda file: file.stat().st_size)
path = f"/static-files/{largest.relative_to(page).as_posix()}"
sockets = []
for _ in range(count):
    connection = socket.socket()
    # The system would keep megabytes for a client that reads nothing.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect(("127.0.0.1", port))
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    sockets.append(connection)
print(path, largest.stat().st_size, flush=True)
signal.pause()
