"""Take the accurate model apart, so that its training can go on where the work of it is gone.

    python training/accurate/unpack.py WORK [--model models/accurate] [--seed 21]

Writes WORK/base and WORK/run/export.safetensors, as a training does, from what is shipped. Eight
bits stay eight bits, but for where ``read_weights`` spreads them by the seed.
"""

import argparse
import dataclasses
import json
import shutil
from pathlib import Path

from safetensors.numpy import save_file

from feedback_nlp.networks.network import NETWORK, TOKENIZER
from feedback_nlp.networks.reading import read_weights

ROOT = Path(__file__).parents[2]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("work", type=Path)
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "accurate")
    parser.add_argument("--seed", type=int)
    options = parser.parse_args()
    graph = (options.model / NETWORK).read_bytes()
    shape, weights = read_weights(graph, NETWORK, seed=options.seed)
    base, run = options.work / "base", options.work / "run"
    for folder in (base, run):
        folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(options.model / TOKENIZER, base / TOKENIZER)
    sizes = {"pieces": len(weights["embeddings.word_embeddings.weight"]),
             "segments": len(weights["embeddings.token_type_embeddings.weight"])}  # fmt: skip
    config = dataclasses.asdict(shape) | sizes
    (base / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    encoder = {name: value for name, value in weights.items() if not name.startswith("heads.")}
    save_file(encoder, base / "model.safetensors")
    save_file(weights, run / "export.safetensors")


if __name__ == "__main__":
    main()
