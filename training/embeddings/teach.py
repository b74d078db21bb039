"""What the teacher says of every piece and every sentence: the vectors that ours are fitted to.

    python training/embeddings/teach.py WORK pieces
    python training/embeddings/teach.py WORK sentences

Writes ``WORK/pieces.npy`` and ``WORK/sentences.npy``, one row each, and the texts beside them: run
again after a change, only new texts are shown to the teacher. About ten and twenty minutes of two
cores the first time.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from teacher import Teacher


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("work", type=Path)
    ask.add_argument("what", choices=("pieces", "sentences"))
    given = ask.parse_args()
    rows = json.loads((given.work / f"{given.what}.json").read_text("utf-8"))
    pieces = given.what == "pieces"
    texts = [row["shown"] or "" for row in rows] if pieces else [text for _, _, text in rows]
    vectors, shown = given.work / f"{given.what}.npy", given.work / f"{given.what}.shown.json"
    known = {}
    if vectors.exists() and shown.exists():
        known = dict(zip(json.loads(shown.read_text("utf-8")), np.load(vectors), strict=True))
    new = sorted(set(texts) - set(known))
    print(f"{len(new):,} new texts", flush=True)
    if new:
        taught = Teacher(given.work / "teacher").encode(new, 256 if pieces else 64)
        known |= dict(zip(new, taught, strict=True))
    np.save(vectors, np.stack([known[text] for text in texts]))
    shown.write_text(json.dumps(texts, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main()
