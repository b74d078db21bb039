"""Whether a run that is killed again and again ends with the same file as one that is not.

    python benchmarks/kill.py [--comments 200000] [--kills 50] [--seed 1] [--workers N]

Tags an export once undisturbed. Then tags it again, and kills the whole process group (kill -9) at
random moments, resuming each time, until all kills are used up; then lets it end. Prints what was
going on at each kill, and compares the files byte by byte. A run that comes to its end before the
kill is compared too, and another is begun.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pandas as pd
import workload

from feedback_nlp.engines.local import work_beside


def write_export(path, number):
    texts = [text for text, _ in workload.texts(number)]
    frame = pd.DataFrame({"id": [f"R{n}" for n in range(number)], "why": texts})
    frame["nps"] = [n * 7 % 11 for n in range(number)]
    frame["shop"] = [("Oslo", "Riga", "Utrecht")[n % 3] for n in range(number)]
    frame.to_csv(path, index=False)


def begin(export, out, options, *, resume=False):
    command = [sys.executable, "-m", "feedback_nlp", "tag", str(export), "-o", str(out)]
    command += ["--quiet", "--resume"] if resume else ["--quiet"]
    for name in ("model", "workers"):
        if getattr(options, name) is not None:
            command += [f"--{name}", str(getattr(options, name))]
    return subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def ended(run):
    errors = run.communicate()[1]
    if run.returncode != 0:
        raise SystemExit(f"A run ended with {run.returncode}: {errors}")


def undisturbed(export, out, options):
    """Return the seconds until the first part was tagged, and until the end."""
    begun = time.monotonic()
    run = begin(export, out, options)
    first = None
    while run.poll() is None:
        if first is None and (work_beside(out) / "journal.jsonl").exists():
            first = time.monotonic() - begun
        time.sleep(0.01)
    ended(run)
    seconds = time.monotonic() - begun
    return first or seconds, seconds


def state_of(out):
    """Return what was going on, and how many comments were done."""
    work = work_beside(out)
    if not work.exists():
        return ("finished" if out.exists() else "starting"), 0
    if not (work / "run.json").exists():
        return ("tidying up" if out.exists() else "reading"), 0
    parts = json.loads((work / "run.json").read_text())["parts"]
    journal = work / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True) if journal.exists() else []
    done = {json.loads(line)["part"] for line in lines if line.endswith(b"\n")}
    number = sum(parts[part]["comments"] for part in done)
    writing = (work / "output.tmp").exists() or len(done) == len(parts)
    return ("writing" if writing else "tagging"), number


def killed(run, delay):
    """Kill a run after so many seconds; return whether it was still running."""
    try:
        run.wait(delay)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
        return True
    ended(run)
    return False


def rows_of(path):
    return len(pd.read_csv(path))


def same(found, wanted):
    alike = sha256(found.read_bytes()).digest() == sha256(wanted.read_bytes()).digest()
    if not alike or work_beside(found).exists():
        raise SystemExit(f"NOT THE SAME: {found} and {wanted}, or work was left behind")
    return rows_of(found)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--comments", type=int, default=200_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--model")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="kill-"))
    export, wanted, out = (folder / f"{name}.csv" for name in ("export", "wanted", "mentions"))
    write_export(export, options.comments)
    first, seconds = undisturbed(export, wanted, options)
    print(
        f"{options.comments:,} comments, undisturbed: {seconds:.1f} s ({first:.1f} s until the "
        f"first part was tagged), {rows_of(wanted):,} mentions\n"
    )
    print("| kill | after s | going on | comments done |\n|---|---|---|---|")
    draw, going_on, finished = random.Random(options.seed), Counter(), 0
    for number in range(1, options.kills + 1):
        while True:
            delay = draw.uniform(0, 2 * first)
            run = begin(export, out, options, resume=work_beside(out).exists())
            if killed(run, delay):
                break
            same(out, wanted)
            out.unlink()
            finished += 1
        what, done = state_of(out)
        going_on[what] += 1
        print(f"| {number} | {delay:.2f} | {what} | {done:,} |", flush=True)
        if what == "finished":  # the file was there, and the folder gone: nothing to resume
            same(out, wanted)
            out.unlink()
            finished += 1
    ended(begin(export, out, options, resume=work_beside(out).exists()))
    rows = same(out, wanted)
    print(
        f"\n{options.kills} kills ({', '.join(f'{n} {what}' for what, n in going_on.items())}), "
        f"{finished + 1} runs to the end: all files identical, {rows:,} mentions each"
    )
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
