"""One measurement, in the process that it is started in: python speed_jobs.py '{"job": ..., ...}'.

Loads what is measured, lets it work on other comments first, then times it; prints what it took as
JSON. What is measured must give something back for each comment.
"""

import json
import multiprocessing
import sys
import time
from pathlib import Path

from speed_texts import read_texts, write_export

WARM = 1_000


def as_they_are(texts, folder):
    return texts


def frame_of(texts, folder):
    import pandas as pd

    numbers = [str(number) for number in range(len(texts))]
    return pd.DataFrame({"comment_id": numbers, "text": texts})


def export_of(texts, folder):
    return write_export(folder / f"read-{len(texts)}.csv", texts)


def ours(name):
    def load(folder):
        from feedback_nlp import load_tagger

        tagger = load_tagger(name)
        return lambda frame: len(tagger.tag_frame(frame).comments)

    return load


def ours_told(folder):
    from feedback_nlp import load_tagger

    tagger = load_tagger()
    return lambda frame: len(tagger.tag_frame(frame.assign(language="en")).comments)


def read_by_arrow(folder):
    from pyarrow import csv

    return lambda path: csv.read_csv(path, csv.ReadOptions(use_threads=False)).num_rows


def read_by_us(folder):
    from feedback_nlp import read_comments

    return lambda path: len(read_comments(path))


def split_at_spaces(folder):
    return lambda texts: len([text.split() for text in texts])


def split_by_spacy(folder):
    import spacy

    nlp = spacy.blank("en")
    return lambda texts: len([nlp.make_doc(text) for text in texts])


JOBS = {
    "default": (frame_of, ours("compact")),
    "told": (frame_of, ours_told),
    "rules": (frame_of, ours("rules")),
    "arrow": (export_of, read_by_arrow),
    "reader": (export_of, read_by_us),
    "split": (as_they_are, split_at_spaces),
    "words": (as_they_are, split_by_spacy),
}


def job_of(name):
    if name in JOBS:
        return JOBS[name]
    from speed_peers import PEERS

    return as_they_are, PEERS[name]


def measured(spec, wait=lambda: None):
    """Return begin, end and CPU seconds of the work, and the mean number of characters.

    Args:
        spec: ``job``, ``folder`` of the peers, file of ``texts``, ``number``, ``skip`` (comments
            before the first) and ``warm`` (number and place of those that it works on before).
        wait: Returns when it shall begin.
    """
    folder = Path(spec["folder"])
    prepare, load = job_of(spec["job"])
    texts = read_texts(spec["texts"], spec["number"], spec["skip"])
    call = load(folder)
    clock = None
    if spec.get("stages"):
        from speed_stages import watch_stages

        clock = watch_stages()
    call(prepare(read_texts(spec["texts"], *spec["warm"]), folder))
    given = prepare(texts, folder)
    number, characters = len(texts), sum(map(len, texts)) / len(texts)
    del texts  # a table has its own
    wait()
    if clock:
        clock.seconds.clear()
    begin, cpu = time.monotonic(), time.process_time()
    done = call(given)
    took = time.process_time() - cpu
    end = time.monotonic()
    if done != number:
        raise SystemExit(f"{spec['job']}: {number:,} comments given, {done:,} came back.")
    found = {"begin": begin, "end": end, "cpu": took, "characters": characters}
    return found | ({"stages": clock.seconds} if clock else {})


def _part(spec, barrier, results):
    results.put(measured(spec, barrier.wait))


def in_processes(spec, count):
    """Return the same of several processes that begin together, each with its share of comments."""
    context = multiprocessing.get_context("spawn")
    barrier, results = context.Barrier(count), context.SimpleQueue()
    share = spec["number"] // count
    parts = [spec | {"number": share, "skip": share * at} for at in range(count)]
    processes = [context.Process(target=_part, args=(part, barrier, results)) for part in parts]
    for process in processes:
        process.start()
    found = [results.get() for _ in processes]
    for process in processes:
        process.join()
    return {
        "begin": min(one["begin"] for one in found),
        "end": max(one["end"] for one in found),
        "cpu": sum(one["cpu"] for one in found),
        "characters": sum(one["characters"] for one in found) / count,
    }


def main():
    spec = json.loads(sys.argv[1])
    count = spec.get("processes", 1)
    found = measured(spec) if count == 1 else in_processes(spec, count)
    found["wall"] = found.pop("end") - found.pop("begin")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
