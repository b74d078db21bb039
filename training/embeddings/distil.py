"""Fit our embeddings to the teacher, make them small, and write them where the package reads them.

    python training/embeddings/distil.py WORK OUTPUT [--width 128] [--pieces 100000] [--passes 3]

A comment's vector is the sum of its pieces' vectors, of length one. They start as the teacher's
vectors of the pieces, with what is common to a language taken out (else Dutch is nearer to Dutch
than a complaint to the same complaint), and are then fitted to the teacher's sentences, as seen
from the mean of their language: by their angle, by the likeness of the sentences of a batch to one
another, and held near the pieces' own vectors. Weights are 8-bit numbers with a scale for every
piece. Seeded; one or two minutes.
"""

import argparse
import json
from itertools import chain
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save
from sklearn.decomposition import PCA
from tokenizers import Tokenizer

from feedback_nlp.records import LANGUAGES
from feedback_nlp.tagging.embeddings import TOKENIZER_FILE, WEIGHTS_FILE, load_embeddings

RARE = 1e-3  # the weight of a piece is RARE / (RARE + frequency)
HELD_OUT = 3000  # sentences
BATCH = 1024
FIRST_STEP = 4e-3  # the step size falls to nothing in a straight line
LIKENESS, HOLD = 1.0, 0.3  # what the likeness of sentences and the pieces' own vectors weigh
LEVELS = 40  # numbers are whole, from −40 to 40: finer ones zip worse and find nothing more
ALIKE = ("ours", "pseudo")  # kinds of sentences that every language has


def centred_pieces(rows, vectors):
    """Return the pieces' vectors without the mean of their languages."""
    shares = np.array([[row["languages"].get(one, 0.0) for one in LANGUAGES] for row in rows])
    total = shares.sum(1, keepdims=True)
    shares = np.where(total > 0, shares / np.maximum(total, 1e-12), 1 / len(LANGUAGES))
    words = np.array([row["piece"].startswith("▁") and bool(row["languages"]) for row in rows])
    means = [vectors[words & (shares[:, k] > 0.8)].mean(0) for k in range(len(LANGUAGES))]
    return vectors - shares @ np.stack(means)


def centred_sentences(sentences, vectors):
    """Return the sentences' vectors without the mean of their language.

    The mean is that of the kinds which all languages have alike: of the data sets, one language has
    tweets and another hospitals, and that is no trait of the language.
    """
    languages = np.array([language for language, _, _ in sentences])
    kinds = np.array([kind for _, kind, _ in sentences])
    centred = np.empty_like(vectors)
    for language in LANGUAGES:
        own = languages == language
        means = [vectors[own & (kinds == kind)].mean(0) for kind in ALIKE]
        centred[own] = vectors[own] - np.mean(means, axis=0)
    return centred


class Fit:
    """The pieces' vectors while they are fitted.

    start: their first vectors; ids: the known pieces of each sentence; wanted: what the teacher
    says of the sentences.
    """

    def __init__(self, start, ids, wanted):
        self.bag = torch.nn.EmbeddingBag(*start.shape, mode="mean", sparse=True)
        self.bag.weight.data = torch.tensor(start)
        self.known = torch.tensor(np.flatnonzero(start.any(1)))
        self.own = torch.nn.functional.normalize(self.bag.weight.data[self.known], dim=1)
        self.ids = ids
        self.goal = torch.nn.functional.normalize(torch.tensor(wanted), dim=1)

    def vectors(self, rows):
        flat = torch.tensor(list(chain.from_iterable(self.ids[row] for row in rows)))
        starts = np.cumsum([0, *(len(self.ids[row]) for row in rows[:-1])])
        return self.bag(flat.long(), torch.tensor(starts))

    def held_out(self, rows):
        with torch.no_grad():
            return torch.cosine_similarity(self.vectors(rows), self.goal[rows]).mean().item()

    def loss(self, rows, random):
        found, goal = self.vectors(rows), self.goal[rows]
        unit = torch.nn.functional.normalize(found, dim=1)
        some = torch.tensor(random.integers(0, len(self.known), 512))
        held = self.bag(self.known[some][:, None])
        return (
            (1 - torch.cosine_similarity(found, goal)).mean()
            + LIKENESS * ((unit @ unit.T - goal @ goal.T) ** 2).mean()
            + HOLD * (1 - torch.cosine_similarity(held, self.own[some])).mean()
        )

    def run(self, passes, seed=0):
        """Return the fitted vectors."""
        torch.manual_seed(seed)
        random = np.random.default_rng(seed)
        order = random.permutation(len(self.ids))
        test, train = order[:HELD_OUT], order[HELD_OUT:]
        steps = torch.optim.SparseAdam(self.bag.parameters(), lr=FIRST_STEP)
        number = passes * -(-len(train) // BATCH)
        slower = torch.optim.lr_scheduler.LinearLR(steps, 1.0, 1 / number, number)
        print(f"held out: cosine {self.held_out(test):.3f} before", flush=True)
        for done in range(passes):
            random.shuffle(train)
            for at in range(0, len(train), BATCH):
                steps.zero_grad()
                self.loss(train[at : at + BATCH], random).backward()
                steps.step()
                slower.step()
            print(f"held out: cosine {self.held_out(test):.3f} after {done + 1}", flush=True)
        return self.bag.weight.detach().numpy()


def prune(tokenizer, used, most):
    """Return the tokenizer of the pieces that matter most, and their places."""
    made = json.loads(tokenizer.to_str())
    entries = made["model"]["vocab"]
    worth = np.array([score for _, score in entries]) + np.where(used > 0, 6.0, 0.0)
    for at, (piece, _) in enumerate(entries):
        if at < 2 or len(piece) <= 2:
            worth[at] = 1e9 - at
    kept = np.sort(np.argsort(-worth, kind="stable")[:most])
    made["model"]["vocab"] = [[entries[at][0], round(entries[at][1], 3)] for at in kept]
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")), kept


def write(folder, tokenizer, vectors):
    """Write vectors of 8-bit numbers, the scale of each, and the tokenizer."""
    scale = (np.abs(vectors).max(1, keepdims=True) / LEVELS).astype(np.float16)
    numbers = np.round(vectors / np.maximum(scale.astype(np.float32), 1e-7)).clip(-127, 127)
    tensors = {"vectors": numbers.astype(np.int8), "scale": scale[:, 0]}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / WEIGHTS_FILE).write_bytes(save(tensors))
    (folder / TOKENIZER_FILE).write_text(tokenizer, "utf-8")


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("work", type=Path)
    ask.add_argument("output", type=Path)
    ask.add_argument("--width", type=int, default=128)
    ask.add_argument("--pieces", type=int, default=100_000)
    ask.add_argument("--passes", type=int, default=3)
    given = ask.parse_args()
    rows = json.loads((given.work / "pieces.json").read_text("utf-8"))
    sentences = json.loads((given.work / "sentences.json").read_text("utf-8"))
    tokenizer = Tokenizer.from_file(str(given.work / "tokenizer.json"))
    shown = np.array([row["shown"] is not None for row in rows])
    of_pieces = np.load(given.work / "pieces.npy").astype(np.float32)
    of_sentences = np.load(given.work / "sentences.npy").astype(np.float32)

    words = centred_pieces(rows, of_pieces)
    goal = centred_sentences(sentences, of_sentences)
    axes = PCA(given.width, random_state=0).fit(np.vstack([goal, 0.7 * words[shown][::4]]))
    frequency = np.array([row["frequency"] for row in rows])
    start = axes.transform(words) * (RARE / (RARE + frequency))[:, None]
    start[~shown] = 0.0  # blanks, rare letters and the unknown mean nothing, now and later

    cut = tokenizer.encode_batch([text for _, _, text in sentences], add_special_tokens=False)
    ids = [[piece for piece in found.ids if shown[piece]] for found in cut]
    used = np.bincount(list(chain.from_iterable(ids)), minlength=len(rows))
    wanted = axes.transform(goal).astype(np.float32)
    fitted = Fit(start.astype(np.float32), ids, wanted).run(given.passes)

    small, kept = prune(tokenizer, used, given.pieces)
    write(given.output, small, fitted[kept])
    made = load_embeddings(given.output)
    print(f"{made.pieces:,} pieces, {made.width} numbers each")


if __name__ == "__main__":
    main()
