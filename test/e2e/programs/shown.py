"""Which certificates the processes of a server show to new connections, seen from inside of its container.

Usage: shown.py PORT CONNECTIONS. Prints one line of JSON: for the id of each process that accepted one of so many
connections, the SHA-256 fingerprints that these were shown.
"""

import collections
import contextlib
import hashlib
import json
import os
import socket
import ssl
import sys

LOOPBACK = "0100007F"


def connect(port):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(socket.create_connection(("127.0.0.1", port), 10))


def inodes(port):
    """By the port of the client, the inode of the server's end."""
    with open("/proc/net/tcp", encoding="ascii") as file:
        lines = [line.split() for line in file][1:]
    ends = {line[2]: line[9] for line in lines if line[1] == f"{LOOPBACK}:{port:04X}"}
    return {int(client.partition(":")[2], 16): inode for client, inode in ends.items()}


def owners():
    """By inode, the process that has the socket open."""
    found = {}
    for process in filter(str.isdigit, os.listdir("/proc")):
        folder = f"/proc/{process}/fd"
        with contextlib.suppress(OSError):
            for each in os.listdir(folder):
                with contextlib.suppress(OSError):
                    found[os.readlink(f"{folder}/{each}")] = int(process)
    return found


def main(port, number):
    connections = [connect(port) for _ in range(number)]
    sockets, processes = inodes(port), owners()
    shown = collections.defaultdict(set)
    for connection in connections:
        process = processes[f"socket:[{sockets[connection.getsockname()[1]]}]"]
        shown[process].add(hashlib.sha256(connection.getpeercert(True)).hexdigest())
    print(json.dumps({process: sorted(fingerprints) for process, fingerprints in shown.items()}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
