"""A run as a process of its own, in small parts, to be killed: SOURCE OUTPUT WORKERS ROWS [BYTES].

With BYTES the disk is full for files larger than that, from the first comments tagged.
"""

import multiprocessing
import os
import resource
import sys
from pathlib import Path

from feedback_nlp.engines.local import tag_export, was_finished, work_beside
from feedback_nlp.engines.partition import tagger_spec
from feedback_nlp.errors import FeedbackError


def tell(*what):
    sys.stdout.write("\t".join(map(str, what)) + "\n")
    sys.stdout.flush()


def main():
    source, output, workers, rows, *room = sys.argv[1:]
    if was_finished(output):
        return
    if os.path.exists(output):
        if work_beside(output).exists():
            raise SystemExit("Error: there is an output, and the run had not finished it")
        return  # it was killed when all was done
    resume = (work_beside(output) / "run.json").exists()

    def say(step, done, total):
        pids = [child.pid for child in multiprocessing.active_children()]
        tell(step, done, total, *pids)
        if room and step == "finding themes" and done:
            resource.setrlimit(resource.RLIMIT_FSIZE, (int(room[0]), int(room[0])))

    try:
        with tag_export(
            [source], work_beside(output), tagger=tagger_spec("rules"), reading={}, resume=resume,
            workers=int(workers), part_rows=int(rows), progress=say,
        ) as tagged:  # fmt: skip
            tagged.write_mentions(Path(output))
            tell("written")
    except FeedbackError as error:
        raise SystemExit(f"Error: {error}") from None


if __name__ == "__main__":
    main()
