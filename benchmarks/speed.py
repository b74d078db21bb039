"""How fast the main job goes on this machine, and how much memory it takes.

    python benchmarks/speed.py [N]

N responses of the sample (20,000 without it) are read, tagged and explained in one process. Memory
is the highest the process came to, libraries included.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

import feedback_nlp as fn


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "export.csv"
        fn.make_sample(n).to_csv(export, index=False)
        tagger = fn.load_tagger()
        tagger("Warm up.")
        comments = timed("read_comments", n, lambda: fn.read_comments(export))
        result = timed("tag_frame", n, lambda: tagger.tag_frame(comments))
        tables = result.comments, result.mentions
        timed("driver_table", n, lambda: fn.driver_table(*tables, rating="nps"))
        timed("explain_detractors", n, lambda: fn.explain_detractors(*tables, rating="nps"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'peak memory':20} {peak:10,.0f} MB")


def timed(name, n, function):
    started = time.perf_counter()
    result = function()
    seconds = time.perf_counter() - started
    print(f"{name:20} {seconds:10.2f} s {n / seconds:12,.0f} responses/s")
    return result


if __name__ == "__main__":
    main()
