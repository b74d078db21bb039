"""A run as a process of its own, in small parts, to be killed: SOURCE OUTPUT WORKERS ROWS."""

import multiprocessing
import os
import sys
from pathlib import Path

from feedback_nlp.engines.local import tag_export, was_finished, work_beside
from feedback_nlp.engines.partition import tagger_spec
from feedback_nlp.errors import FeedbackError


def main():
    source, output, workers, rows = sys.argv[1:]
    if was_finished(output):
        return
    if os.path.exists(output):
        raise SystemExit("Error: there is an output, and the run had not finished it")
    resume = (work_beside(output) / "run.json").exists()

    def say(step, done, total):
        pids = [child.pid for child in multiprocessing.active_children()]
        print(step, done, total, *pids, sep="\t", flush=True)

    try:
        with tag_export(
            [source], work_beside(output), tagger=tagger_spec("rules"), reading={}, resume=resume,
            workers=int(workers), part_rows=int(rows), progress=say,
        ) as tagged:  # fmt: skip
            tagged.write_mentions(Path(output))
            print("written", flush=True)
    except FeedbackError as error:
        raise SystemExit(f"Error: {error}") from None


if __name__ == "__main__":
    main()
