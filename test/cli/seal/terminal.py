"""Run a program at a terminal of its own, and answer its questions.

Reads one JSON object from standard input: argv, env, cwd, and steps, each with the text to wait for, and then what to
type, a command to run, a signal for the program, or nothing. After a signal that stops the program, the terminal is set
to echo, as a shell does, and the program is continued. Prints one JSON object: what the terminal showed, the exit code,
whether it echoed while the program was stopped and afterwards, and the command lines of all processes that ran while
the program waited.
"""

import fcntl
import glob
import json
import os
import select
import signal
import subprocess
import sys
import termios
import time

PATIENCE = 120
STOPPING = ("SIGTSTP", "SIGSTOP")


def command_lines():
    lines = set()
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as file:
                lines.add(file.read().replace(b"\0", b" ").decode("utf-8", "replace").strip())
        except OSError:
            pass  # it has ended
    return sorted(lines)


def is_stopped(pid):
    with open(f"/proc/{pid}/stat", "rb") as file:
        return file.read().rpartition(b")")[2].split()[0] == b"T"


def own_the_terminal():
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def main():
    wanted = json.load(sys.stdin)
    terminal, program_end = os.openpty()
    program = subprocess.Popen(
        wanted["argv"],
        env=wanted["env"],
        cwd=wanted["cwd"],
        stdin=program_end,
        stdout=program_end,
        stderr=program_end,
        preexec_fn=own_the_terminal,  # noqa: PLW1509 - no thread runs here
        close_fds=True,
    )
    shown, seen, lines = b"", 0, set()
    deadline = time.monotonic() + PATIENCE

    def read(seconds):
        nonlocal shown
        if select.select([terminal], [], [], seconds)[0]:
            shown += os.read(terminal, 65536)
            return True
        return False

    def echoes():
        return bool(termios.tcgetattr(program_end)[3] & termios.ECHO)

    before, echoed = termios.tcgetattr(program_end), []
    for step in wanted["steps"]:
        expected = step["expect"].encode()
        while expected not in shown[seen:]:
            if time.monotonic() > deadline or (program.poll() is not None and not read(0.2)):
                program.kill()
                break
            read(0.1)
        seen = shown.find(expected, seen) + len(expected)
        if "run" in step:
            subprocess.run(step["run"], check=True)
        if "type" in step:
            os.write(terminal, step["type"].encode())
        lines.update(command_lines())
        if "signal" in step:
            program.send_signal(getattr(signal, step["signal"]))
        if step.get("signal") in STOPPING:
            while not is_stopped(program.pid) and time.monotonic() < deadline:
                time.sleep(0.01)
            echoed.append(echoes())
            termios.tcsetattr(program_end, termios.TCSANOW, before)
            program.send_signal(signal.SIGCONT)
    while program.poll() is None and time.monotonic() < deadline:
        read(0.1)
    program.kill()
    code = program.wait()
    while read(0.1):
        pass
    said = {
        "shown": shown.decode("utf-8", "replace"),
        "code": code,
        "echoes": echoes(),
        "echoedWhileStopped": echoed,
        "commandLines": sorted(lines),
    }
    json.dump(said, sys.stdout)


main()
