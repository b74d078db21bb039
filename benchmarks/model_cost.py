"""The tables of what a model costs and covers: speed, size, time to load; real exports tagged."""

import io
import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
from model_sets import with_theme
from quality_figures import draws, figure
from quality_sets import EXPORTS, bare, sampled, say, shown_n
from quality_tables import Table

from feedback_nlp import read_comments
from feedback_nlp.networks.network import cores
from feedback_nlp.resources import resource
from feedback_nlp.tagging.measures import ratio

ROUNDS, ROUND = 6, 500
LOADS = 3
WORDS = (("lexicons",), ("taxonomies", "default.toml"))
LOADING = """
import json, sys, time
began = time.process_time()
from feedback_nlp import load_tagger
imported = time.process_time()
tagger = load_tagger(sys.argv[1])
loaded = time.process_time()
tagger("The staff were friendly.")
print(json.dumps([imported - began, loaded - imported, time.process_time() - loaded]))
"""


def cost_tables(taggers, judges, comments, model):
    """Return speed, size and time to load.

    Args:
        taggers: Taggers that have not tagged yet.
        judges: Word lists, by name.
        comments: Comments to time them on; those that come first warm up what is made once.
        model: Name or folder that the first tagger was loaded by.
    """
    given = bare(comments[comments["text"].str.strip() != ""]).drop_duplicates("text")
    given = given.sample(frac=1, random_state=0).reset_index(drop=True)
    say(f"speed, {ROUNDS} rounds of {ROUND} comments")
    calls = {t.name: t.tag_frame for t in taggers}
    calls |= {name: lambda part, judge=judge: judge(part["text"].tolist())
              for name, judge in judges.items()}  # fmt: skip
    rows = []
    for name, call in calls.items():
        rates = speeds(call, given)
        size = zipped = loading = "–"
        if name not in judges:
            loaded_by = model if name == taggers[0].name else name
            size, zipped = (f"{x:.1f} MB" for x in sizes(loaded_by))
            loading = " + ".join(f"{x:.2f} s" for x in load_times(loaded_by))
        rows.append((name, *map(shown_rates, zip(*rates, strict=True)), size, zipped, loading))
    length = given["text"].str.len().mean()
    line = (
        f"{ROUNDS} rounds of {ROUND} different comments of our own in seven languages, each with "
        f"its question, {length:.0f} characters on average: the middle round, the slowest and the "
        f"fastest; a second of one core, and a second of the clock on the {cores()} cores "
        "here. VADER and TextBlob give each text one number. Time to load: package, model, first "
        "comment, in seconds of a core."
    )
    heads = (
        "",
        "comments a second, one core",
        "comments a second, clock",
        "size on disk",
        "zipped",
        "time to load",
    )
    return [Table("cost", line, heads, rows)]


def speeds(call, comments):
    """Return comments a second of CPU time and of the clock, a pair for each round."""
    call(comments.head(ROUND // 2))
    rates = []
    for at in range(ROUNDS):
        start = ROUND // 2 + at * ROUND
        part = comments.iloc[start : start + ROUND].reset_index(drop=True)
        began = np.array([time.process_time(), time.perf_counter()])
        call(part)
        spent = np.array([time.process_time(), time.perf_counter()]) - began
        rates.append(tuple(len(part) / spent))
    return rates


def shown_rates(rates):
    return f"{np.median(rates):,.0f} ({min(rates):,.0f}–{max(rates):,.0f})"


def files_of(name):
    """Return the files a model needs: its own, and the word lists and vectors it rests on."""
    paths = [resource(*parts) for parts in WORDS]
    if name != "rules":
        own = Path(name) if Path(name).is_dir() else resource("models", name)
        paths += [own, resource("models", "embeddings")]
    files = [file for path in paths for file in (path.rglob("*") if path.is_dir() else (path,))]
    return [file for file in files if file.is_file() and file.suffix != ".md"]


def sizes(name):
    """Return the megabytes of a model, as they are and zipped."""
    buffer = io.BytesIO()
    files = files_of(name)
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file)
    return sum(file.stat().st_size for file in files) / 1e6, len(buffer.getvalue()) / 1e6


def load_times(name):
    """Return the CPU seconds to import, load and tag one comment, each the middle of three runs."""
    command = [sys.executable, "-c", LOADING, name]
    alone = os.environ | {"OMP_NUM_THREADS": "1"}
    runs = [
        json.loads(subprocess.run(command, capture_output=True, check=True, env=alone).stdout)
        for _ in range(LOADS)
    ]
    return np.median(runs, axis=0)


def export_tables(folder, taggers, limit):
    """Return how many comments of real exports get a theme."""
    rows = []
    kept = [tagger for tagger in taggers if tagger.name != "TF-IDF"]
    counted = {tagger.name: [] for tagger in kept}
    for name in EXPORTS:
        if not (folder / name).is_file():
            say(f"{folder / name} is not there; it is left out of the tables.")
            continue
        whole = read_comments(folder / name, set_aside=True)
        comments = sampled(whole, limit)
        say(f"{name}: {shown_n(len(comments), len(whole))} comments")
        cells, informative = [], 0
        for tagger in kept:
            tagging = tagger.tag_frame(comments)
            ok = (tagging.comments["status"] == "ok").to_numpy()
            found = np.column_stack(with_theme(tagging))[ok]
            informative = ok.sum()
            counted[tagger.name].append(found)
            cells += shares(found)
        rows.append((name, shown_n(len(comments), len(whole)), f"{informative:,}", *cells))
    if not rows:
        return []
    pooled = [np.concatenate(parts) for parts in counted.values()]
    total = [cell for found in pooled for cell in shares(found)]
    rows.append(("all five" if len(rows) == len(EXPORTS) else "all", "", f"{len(pooled[0]):,}",
                 *total))  # fmt: skip
    heads = ["export", "comments", "informative"]
    for tagger in kept:
        heads += [f"with a theme, {tagger.name}", f"with a subject, {tagger.name}"]
    line = "Shares of the informative comments (neither blank nor without a statement nor unread)."
    return [Table("exports", line, tuple(heads), rows)]


def shares(found):
    """Return the share of each column with its interval."""
    weights = draws(len(found))
    return [
        figure(ratio(weights @ column.astype(float), weights.sum(axis=1)), len(found))
        for column in found.T
    ]
