"""An export of any size, from file to report: time, memory of the process tree, bytes written.

    python benchmarks/large.py FOLDER [--comments 500000 5000000] [--different] [--workers 2]

Writes an export of each size to FOLDER (once), analyses it with the command, and prints one row for
each. Memory is what all processes of the run hold together (proportional set size, so that what
they share is counted once), looked at four times a second.
"""

import argparse
import csv
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

from workload import LANGUAGES, SHORT, one_comment

_COUNTRY = {"nl": "Netherlands", "en": "United Kingdom", "nb": "Norway", "lv": "Latvia",
            "de": "Germany", "fr": "France", "es": "Spain"}  # fmt: skip
_CHANNELS = ("Shop", "Web shop", "App")
_BLANK, _SHORT, _COMMON = 0.35, 0.15, 0.10


def write_export(path, number, *, different, seed=0):
    draw = random.Random(seed)
    codes, weights = list(LANGUAGES), list(LANGUAGES.values())
    common = [(one_comment(c, draw), c) for c in draw.choices(codes, weights, k=300)]
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "date", "country", "channel", "nps", "comment"])
        for row in range(number):
            code = draw.choices(codes, weights)[0]
            luck = 1.0 if different else draw.random()
            if luck < _BLANK:
                text = ""
            elif luck < _BLANK + _SHORT:
                text = draw.choice(SHORT)
            elif luck < _BLANK + _SHORT + _COMMON:
                text, code = draw.choice(common)
            else:
                text = one_comment(code, draw)
                text += f" {row}" if different else ""
            day = f"2026-{draw.randrange(1, 11):02}-{draw.randrange(1, 29):02}"
            rating = min(10, max(0, round(draw.gauss(7.5, 2.4))))
            out.writerow([row, day, _COUNTRY[code], draw.choice(_CHANNELS), rating, text])


class Memory(threading.Thread):
    """Looks how much a process and all below it hold, until it is told to stop."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.peak, self.over = pid, 0, threading.Event()

    def run(self):
        while not self.over.wait(0.25):
            self.peak = max(self.peak, sum(map(held, family(self.pid))))


def family(pid):
    found, left = [], [pid]
    while left:
        one = left.pop()
        found.append(one)
        try:
            left += map(int, Path(f"/proc/{one}/task/{one}/children").read_text().split())
        except (OSError, ValueError):
            continue
    return found


def held(pid):
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024


def analysed(export, out, workers):
    command = [sys.executable, "-m", "feedback_nlp", "analyze", str(export), "--out", str(out),
               "--force", "--workers", str(workers)]  # fmt: skip
    begun = time.perf_counter()
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    memory = Memory(run.pid)
    memory.start()
    _, told = run.communicate()
    memory.over.set()
    memory.join()
    if run.returncode:
        raise SystemExit(told[-2000:])
    return time.perf_counter() - begun, memory.peak, told


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--comments", type=int, nargs="+", default=[500_000, 5_000_000])
    parser.add_argument("--different", action="store_true")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    print(
        "| comments | export, MB | wall, s | comments/s | peak of all processes, MB | written, MB |"
    )
    print("|---|---|---|---|---|---|")
    for number in options.comments:
        name = f"{'different' if options.different else 'survey'}_{number}"
        export, out = options.folder / f"{name}.csv", options.folder / name
        if not export.exists():
            write_export(export, number, different=options.different)
        seconds, peak, told = analysed(export, out, options.workers)
        (options.folder / f"{name}.log").write_text(told, "utf-8")
        written = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
        print(
            f"| {number:,} | {export.stat().st_size / 1e6:,.0f} | {seconds:,.0f} | "
            f"{number / seconds:,.0f} | {peak / 1e6:,.0f} | {written / 1e6:,.0f} |", flush=True,
        )  # fmt: skip


if __name__ == "__main__":
    main()
