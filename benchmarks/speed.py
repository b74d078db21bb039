"""How fast comments are tagged on one core, beside reading and splitting words alone.

    python benchmarks/speed.py [EXPORT] [--comments 20000] [--set-aside]

Without EXPORT the sample export is used. Comments are repeated to the number asked for; copies
get a number at their end, so that none is a duplicate that could be tagged once. Times are CPU
seconds of this process, on one core.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

import pandas as pd

from feedback_nlp import load_tagger, make_sample, read_comments, write_table
from feedback_nlp.text import spacy_pipeline


def repeated(comments, number):
    copies = -(-number // len(comments))
    parts = []
    for copy in range(copies):
        part = comments.assign(comment_id=comments["comment_id"] + f"#{copy}")
        if copy:
            part["text"] = part["text"].where(part["text"] == "", part["text"] + f" {copy}")
        parts.append(part)
    return pd.concat(parts, ignore_index=True).head(number)


def timed(title, number, call):
    began = time.process_time()
    result = call()
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{title:32} {number / seconds:10,.0f} comments/s {seconds:8.2f} s   peak {peak:,.0f} MB")
    return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("export", nargs="?")
    parser.add_argument("--comments", type=int, default=20_000)
    parser.add_argument("--set-aside", action="store_true")
    options = parser.parse_args()
    if options.export is None:
        folder = Path(tempfile.mkdtemp())
        options.export = str(folder / "sample.csv")
        write_table(make_sample(2_000), options.export)
    read = timed(
        "read the export (once)",
        1,
        lambda: read_comments(options.export, set_aside=options.set_aside),
    )
    comments = repeated(read, options.comments)
    texts = comments["text"].tolist()
    number = len(texts)
    mean = sum(map(len, texts)) / number
    print(f"{number:,} comments of {mean:.0f} characters, {len(set(texts)):,} different")
    tagger = load_tagger()
    tagger.tag_frame(comments.head(500))  # pipelines and phrase trees are made once
    nlp = spacy_pipeline("en")
    timed(
        "split words (spaCy, alone)", number, lambda: [len(doc) for doc in map(nlp.make_doc, texts)]
    )
    result = timed("tag: all of it", number, lambda: tagger.tag_frame(comments))
    print(
        f"{len(result.mentions):,} mentions, {result.comments['status'].value_counts().to_dict()}"
    )


if __name__ == "__main__":
    main()
