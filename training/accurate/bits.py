"""What eight bits cost: the network of a training and the graph made of it, on the same labels.

    python training/accurate/bits.py WORK [--model models/accurate]

Both read the dev part of ``data/labelled``, without rules. Takes two minutes of a core.
"""

import argparse
from pathlib import Path

import torch
from evaluate import figures
from material import Cutter, own_items, themes_of_default
from network import SIDES, Network
from tokenizers import Tokenizer

from feedback_nlp.networks.network import Window, read_network

ROOT = Path(__file__).parents[2]


class Graph:
    """A graph that is asked as the network of a training is."""

    def __init__(self, folder, themes):
        self.network = read_network(folder)
        self.sizes = [len(themes.ids), len(themes.tops), SIDES, len(themes.tops) * SIDES]

    def eval(self):
        """Be ready, as it always is."""

    def __call__(self, batch):
        """Return what it says of a batch."""
        windows = [
            Window(tuple(pieces[mask].tolist()), int(asked.sum()))
            for pieces, mask, asked in zip(
                batch["pieces"], batch["mask"], batch["segments"], strict=True
            )
        ]
        rows, longest = len(windows), batch["pieces"].shape[1]
        scores = torch.zeros(rows, longest, sum(self.sizes))
        whole = torch.zeros(rows, SIDES + 1)
        for at, pieces, comments in self.network.run(windows):
            scores[at, : pieces.shape[1]] = torch.from_numpy(pieces)
            whole[at] = torch.from_numpy(comments)
        named, tops, sides, of = scores.split(self.sizes, dim=-1)
        return {"named": named, "tops": tops, "sides": sides, "whole": whole[:, :SIDES],
                "side_of": of.unflatten(-1, (-1, SIDES)), "empty": whole[:, SIDES]}  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("work", type=Path)
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "accurate")
    options = parser.parse_args()
    themes, base = themes_of_default(), options.work / "base"
    cutter = Cutter(Tokenizer.from_file(str(base / "tokenizer.json")), themes)
    dev = own_items(ROOT / "data" / "labelled", "dev", themes)
    network = Network(base, len(themes.ids), len(themes.tops), 1)
    network.read(options.work / "run" / "export.safetensors")
    print("32 bits", figures(network, cutter, dev, ["own"]), flush=True)
    print(" 8 bits", figures(Graph(options.model, themes), cutter, dev, ["own"]))


if __name__ == "__main__":
    main()
