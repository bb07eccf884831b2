"""Waits until a server answers its health page, and prints when (Unix time).

Usage: first_answer.py URL SECONDS.
"""

import sys
import time
import urllib.error
import urllib.request

url, end = sys.argv[1], time.monotonic() + float(sys.argv[2])
while True:
    try:
        with urllib.request.urlopen(url, timeout=2):
            break
    except (OSError, urllib.error.URLError):
        if time.monotonic() > end:
            raise
        time.sleep(0.1)
print(time.time())
