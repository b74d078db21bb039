"""How fast comments are tagged, beside other tools and beside reading and splitting words alone.

    python benchmarks/speed.py [--only peers stages] [--most 5000000] [-o results.json]
    python benchmarks/speed.py --show results.json

All in one run, on the same comments (``workload.py``), each measurement in a process of its own
with one thread. Passes over everything follow one another, so that a busy minute of the machine
does not hit one tool alone; the best pass counts, and the slowest is shown. Before it is timed each
tool has worked on other comments. Rates are of CPU seconds unless a table says wall time. Slow
tools get fewer comments, the first of the others'. The tools are those of ``speed_peers.py``; what
is not installed (``pip install -r benchmarks/requirements.txt``) is left out, and the table says
so.

- peers: English; our taggers, other tools, reading and splitting words.
- cores: the same on one core and on all.
- languages: our taggers in each language.
- growth: ``tag_frame`` with 1,000 comments, ten times that, and so on up to ``--most``; 5,000,000
  is the largest.
- engine: ``feedback-nlp tag`` from file to file, with as many.
- stages: where the time of the default tagger goes.

Up to a million comments it takes about half an hour of two cores; --comments 2000 --passes 1
--most 1000 is a try of two minutes.
"""

import argparse
import json
import os
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import workload
from quality_sets import say
from quality_tables import document
from speed_jobs import WARM
from speed_peers import NEEDS, make_peers, make_transformer
from speed_process import environment, load, machine, watched
from speed_tables import WHAT, machine_line, tables_of
from speed_texts import read_texts, write_export, write_texts

SECTIONS = ("peers", "cores", "languages", "growth", "engine", "stages")
# How many comments each gets, as a share of --comments.
SHARE = {"arrow": 5, "reader": 5, "split": 5, "spacy": 0.25, "transformer": 0.02}
LARGEST = 5
SIZES = (1_000, 10_000, 100_000, 1_000_000, 5_000_000)
LONG = 1_000_000  # comments that are not worth a second pass
JOB = Path(__file__).with_name("speed_jobs.py")


def options_of(given=None):
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--only", nargs="+", choices=SECTIONS, default=SECTIONS)
    ask.add_argument("--comments", type=int, default=20_000, help="for most measurements")
    ask.add_argument("--most", type=int, default=1_000_000, help="comments of growth and engine")
    ask.add_argument("--passes", type=int, default=3)
    ask.add_argument("--folder", type=Path, help="for files of comments; else a temporary one")
    ask.add_argument("-o", "--output", type=Path, help="JSON file for the results")
    ask.add_argument("--show", type=Path, help="print the tables of such a file; measure nothing")
    given = ask.parse_args(given)
    if given.most < SIZES[0] or given.comments < WARM or given.passes < 1:
        ask.error(f"--most is at least {SIZES[0]}, --comments {WARM}, --passes 1")
    return given


def spec_of(job, texts, number, place, **more):
    """Return what a process is to measure.

    Args:
        job: Which tool.
        texts: File of comments.
        number: How many of them.
        place: The first of those that it works on before.
        more: Anything else.
    """
    folder = str(texts.parent)
    warm = (min(WARM, number), place)
    return {"job": job, "texts": str(texts), "number": number, "skip": 0, "warm": warm,
            "folder": folder, **more}  # fmt: skip


def measured_in_passes(specs, passes):
    """Return a row for each of what is to be measured: CPU and wall seconds and peak by pass."""
    rows = [row_of(spec) for spec in specs]
    for turn in range(passes):
        for spec, row in zip(specs, rows, strict=True):
            if turn and row["comments"] >= LONG:
                continue
            run = watched([sys.executable, JOB, json.dumps(spec)])
            found = json.loads(run["printed"])
            row["characters"] = found["characters"]
            if "stages" in found and found["cpu"] <= min(row["cpu"], default=found["cpu"]):
                row["stages"] = found["stages"]
            note(row, found["cpu"], found["wall"], run["peak"])
    return rows


def row_of(spec):
    return {"job": spec["job"], "texts": Path(spec["texts"]).stem, "comments": spec["number"],
            "processes": spec.get("processes", 1), "cpu": [], "wall": [], "peak": [],
            "load": []}  # fmt: skip


def note(row, cpu, wall, peak):
    """Add what a pass took to a row."""
    for name, value in (("cpu", cpu), ("wall", wall), ("peak", peak), ("load", load())):
        row[name].append(value)
    number = row["comments"]
    say(f"{row['job']}, {row['texts']}, {number:,} comments, {row['processes']} at a time: "
        f"{number / cpu:,.0f}/s of CPU, {number / wall:,.0f}/s of wall time, "
        f"{peak:,.0f} MB")  # fmt: skip


def peers(given, folder):
    """Measure English comments with every tool."""
    missing = missing_peers()
    make_peers(folder)
    if "transformer" not in missing:
        make_transformer(folder)
    most = LARGEST * given.comments
    texts = write_texts(folder, "en", most + WARM)
    specs = [
        spec_of(job, texts, int(given.comments * SHARE.get(job, 1)), most)
        for job in WHAT if job not in missing
    ]  # fmt: skip
    rows = {row["job"]: row for row in measured_in_passes(specs, given.passes)}
    return [rows.get(job, {"job": job}) for job in WHAT]


def missing_peers():
    """Return the tools that are not installed."""
    missing = {job for job, package in NEEDS.items() if find_spec(package) is None}
    for job in sorted(missing):
        say(f"{WHAT[job][0]} is left out: {NEEDS[job]} is not installed "
            "(pip install -r benchmarks/requirements.txt).")  # fmt: skip
    return missing


def cores(given, folder):
    """Measure on one core and on all."""
    texts = write_texts(folder, "en", LARGEST * given.comments + WARM)
    number = given.comments // os.cpu_count() * os.cpu_count()
    jobs = [job for job in ("default", "rules", "vader") if job not in missing_peers()]
    specs = [
        spec_of(job, texts, number, LARGEST * given.comments, processes=processes)
        for job in jobs for processes in dict.fromkeys((1, os.cpu_count()))
    ]  # fmt: skip
    return measured_in_passes(specs, given.passes)


def languages(given, folder):
    """Measure our taggers in each language, and in all together."""
    specs = []
    for language in (*workload.LANGUAGES, "mix"):
        texts = write_texts(folder, language, given.comments + WARM)
        specs += [
            spec_of(job, texts, given.comments, given.comments) for job in ("default", "rules")
        ]
    return measured_in_passes(specs, given.passes)


def sizes(most):
    return [number for number in SIZES if number <= most]


def growth(given, folder):
    """Measure ``tag_frame`` with more and more comments."""
    most = max(sizes(given.most))
    specs = []
    for name in ("mix", "survey"):
        texts = write_texts(folder, name, most + WARM)
        specs += [spec_of("default", texts, number, most) for number in sizes(given.most)]
    return measured_in_passes(specs, given.passes)


def engine(given, folder):
    """Measure ``feedback-nlp tag`` from file to file, with one worker and one for each core."""
    rows = []
    for name in ("mix", "survey"):
        texts = write_texts(folder, name, max(sizes(given.most)))
        for number in sizes(given.most):
            export = write_export(folder / "export.csv", read_texts(texts, number))
            for workers in dict.fromkeys((1, os.cpu_count())):
                if number < LONG or workers > 1:
                    rows.append(tagged_file(export, texts, number, workers, given.passes))
    return rows


def tagged_file(export, texts, number, workers, passes):
    out = export.with_name("mentions.csv")
    row = row_of({"job": "engine", "texts": texts, "number": number, "processes": workers})
    for _ in range(1 if number >= LONG else passes):
        run = watched([sys.executable, "-Pm", "feedback_nlp", "tag", export, "-o", out, "--quiet",
                       "--force", "--workers", workers])  # fmt: skip
        note(row, run["cpu"], run["wall"], run["peak"])
    row |= {"read": export.stat().st_size, "written": out.stat().st_size}
    out.unlink()
    return row


def stages(given, folder):
    """Measure the stages of the default tagger."""
    specs = []
    for name in ("en", "mix"):
        texts = write_texts(folder, name, given.comments + WARM)
        specs.append(spec_of("default", texts, given.comments, given.comments, stages=True))
    return measured_in_passes(specs, given.passes)


MEASURES = {"peers": peers, "cores": cores, "languages": languages, "growth": growth,
            "engine": engine, "stages": stages}  # fmt: skip


def measured(given, folder):
    """Return machine and sections; they are written after each section, so nothing is lost."""
    results = {"machine": machine(), "asked": sys.argv[1:], "sections": {}}
    for name in given.only:
        say(f"{name} (load {load()})")
        results["sections"][name] = MEASURES[name](given, folder)
        if given.output:
            given.output.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return results


def main():
    given = options_of()
    os.environ.update(environment())
    if given.show:
        results = json.loads(given.show.read_text("utf-8"))
    else:
        with tempfile.TemporaryDirectory(prefix="speed-", dir=given.folder) as folder:
            results = measured(given, Path(folder))
    print(machine_line(results["machine"]) + "\n")
    print(document(tables_of(results)))


if __name__ == "__main__":
    main()
