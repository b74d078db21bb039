"""Running a command and watching it: seconds, memory of it and all it starts; the machine."""

import os
import platform
import resource
import subprocess
import tempfile
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

THREADS = ("OMP", "OPENBLAS", "MKL", "BLIS", "NUMEXPR", "RAYON")
PACKAGES = (
    "numpy", "pandas", "pyarrow", "py3langid", "scikit-learn", "spacy", "textblob",
    "tokenizers", "torch", "transformers", "vaderSentiment",
)  # fmt: skip
EVERY = 0.1  # seconds


def environment():
    """Return the environment of a measurement: one thread each, no network."""
    threads = {f"{name}_NUM_THREADS": "1" for name in THREADS}
    return os.environ | threads | {
        "TOKENIZERS_PARALLELISM": "false", "HF_HUB_OFFLINE": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1", "TRANSFORMERS_VERBOSITY": "error",
    }  # fmt: skip


def watched(command):
    """Run a command in a process of its own; return what it printed and what it took.

    Returns:
        ``printed``; ``wall`` and ``cpu``, seconds of all of it, start included; ``peak``, the most
        memory (MB) that the process and those it started held together (proportional set size:
        what they share is counted once). It is looked at ten times a second.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        began = time.monotonic()
        process = subprocess.Popen(
            [str(part) for part in command], stdout=out, stderr=err, env=environment()
        )
        peak = 0
        while process.poll() is None:
            peak = max(peak, memory(process.pid))
            time.sleep(EVERY)
        wall = time.monotonic() - began
        for file in (out, err):
            file.seek(0)
        if process.returncode != 0:
            raise SystemExit(f"{command} ended with {process.returncode}:\n{err.read()[-3000:]}")
        printed = out.read()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"printed": printed, "wall": wall, "cpu": cpu, "peak": peak / 1e6}


def memory(pid):
    """Return the bytes that a process and all below it hold now; 0 when it is gone."""
    try:
        top = psutil.Process(pid)
        tree = [top, *top.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    total = 0
    for process in tree:
        try:
            total += process.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.ZombieProcess):
            continue
    return total


def machine():
    """Return what it was measured on."""
    return {
        "cpu": cpu_name(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30),
        "system": platform.platform(),
        "python": platform.python_version(),
        "packages": {name: version_of(name) for name in PACKAGES},
        "commit": commit(),
        "date": time.strftime("%Y-%m-%d"),
        "load": load(),
    }


def load():
    """Return how many processes wanted a core in the last minute: 1 or less is a quiet machine."""
    return round(os.getloadavg()[0], 2)


def version_of(name):
    """Return the version of a package, or None where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def commit():
    """Return the commit of the code, or None where it is not a checkout."""
    command = ["git", "-C", Path(__file__).parent, "describe", "--always", "--dirty"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return found.stdout.strip() or None


def cpu_name():
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()
