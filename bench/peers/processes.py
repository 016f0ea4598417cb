"""Measurements in processes of their own, so that each has its own peak of memory."""

import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ONSET = str(HERE.parent.parent / "onset")
THREADS = 2


def onset(*arguments):
    """The JSON that `onset` prints; its messages go to the terminal."""
    return json.loads(subprocess.run([ONSET, *map(str, arguments)], check=True, stdout=subprocess.PIPE).stdout)


def peer(script, *arguments):
    """The JSON on the last line that one of our scripts prints."""
    command = [sys.executable, str(HERE / script), *map(str, arguments)]
    print("peers:", script, *arguments[1:], file=sys.stderr, flush=True)
    ran = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(ran.stdout.splitlines()[-1])


def peak_memory_bytes():
    """The most memory this process ever held, as Linux counts it."""
    for line in pathlib.Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return None
