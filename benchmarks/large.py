"""An export of any size, from file to report: time, memory of the process tree, bytes written.

    python benchmarks/large.py FOLDER [--comments 500000 5000000] [--different] [--workers 2]

Writes an export of each size to FOLDER (once), analyses it with the command, and prints one row for
each. Memory is what all processes of the run hold together (``speed_process``).
"""

import argparse
import csv
import random
import sys
from pathlib import Path

from speed_process import watched
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


def analysed(export, out, workers):
    command = [sys.executable, "-m", "feedback_nlp", "analyze", str(export), "--out", str(out),
               "--force", "--workers", str(workers)]  # fmt: skip
    return watched(command)


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
        took = analysed(export, out, options.workers)
        written = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
        wall, peak = took["wall"], took["peak"]
        figures = (number, export.stat().st_size / 1e6, wall, number / wall, peak, written / 1e6)
        print("| " + " | ".join(f"{figure:,.0f}" for figure in figures) + " |", flush=True)


if __name__ == "__main__":
    main()
