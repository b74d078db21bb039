"""Average networks that began with the same encoder and were taught apart: better than each.

    python training/accurate/average.py WORK TAUGHT TAUGHT ...

Each TAUGHT is the work folder of a training that has ended. Writes WORK/base and
WORK/run/export.safetensors, as a training does. Why a mean of weights works: Wortsman et al.,
"Model soups", ICML 2022.
"""

import argparse
import shutil
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file


def mean_of(paths):
    """Return the mean of the weights in files, which all have the same names and shapes."""
    first, *others = map(load_file, paths)
    for path, other in zip(paths[1:], others, strict=True):
        if {k: v.shape for k, v in first.items()} != {k: v.shape for k, v in other.items()}:
            raise SystemExit(f"{path} is not like {paths[0]}.")
    return {
        name: np.mean([value, *(other[name] for other in others)], axis=0, dtype=np.float64).astype(
            np.float32
        )
        for name, value in first.items()
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("work", type=Path)
    parser.add_argument("taught", type=Path, nargs="+")
    options = parser.parse_args()
    run = options.work / "run"
    run.mkdir(parents=True, exist_ok=True)
    shutil.copytree(options.taught[0] / "base", options.work / "base", dirs_exist_ok=True)
    mean = mean_of([folder / "run" / "export.safetensors" for folder in options.taught])
    save_file(mean, run / "export.safetensors")


if __name__ == "__main__":
    main()
