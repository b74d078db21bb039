"""What the accurate model learns from, piece by piece.

Our own comments have their evidence marked, so every piece of them has labels. Those of others are
labelled as a whole: of their themes only those count that the set labels at all.
"""

import gzip
import json
import re
import sys
import tomllib
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from feedback_nlp.tagging import read_labelled
from feedback_nlp.tagging.layers import Themes
from feedback_nlp.tagging.readings import SIDES

HERE = Path(__file__).parent
OWN = "own"
SENTIMENTS = {
    "negative": (1, 0, 0), "neutral": (0, 1, 0), "positive": (0, 0, 1), "mixed": (0.5, 0, 0.5),
}  # fmt: skip
RECOMMENDED = {True: "positive", False: "negative"}  # of sets that say no more
BEGIN, PADDING, END = 0, 1, 2
QUESTION, LONGEST = 32, 128  # pieces


@dataclass
class Item:
    """One comment.

    Attributes:
        text, question: What was written, and asked.
        source: ``own`` or the name of a data set.
        marks: Theme, polarity or ``None``, first and one past the last character; own comments.
        tops: Top theme to polarity or ``None``, of the whole comment.
        known: Which top themes its set labels.
        sentiment: A share for each polarity, or ``None``.
        empty: Whether it says nothing; ``None`` if nobody said.
    """

    text: str
    question: str
    source: str
    marks: list = field(default_factory=list)
    tops: dict = field(default_factory=dict)
    known: frozenset = frozenset()
    sentiment: tuple | None = None
    empty: bool | None = None


def own_items(folder, split, themes):
    """Return a split of our own comments."""
    gold = read_labelled(folder)
    comments = gold.comments
    kept = (comments["split"] == split) & comments["status"].isin(["ok", "uninformative"])
    labels = dict(list(gold.mentions.groupby("comment_id", observed=True)))
    items = []
    for row in comments[kept].itertuples():
        marks = [
            (str(m.theme), m.polarity, m.start, m.end)
            for m in (labels[row.comment_id].itertuples() if row.comment_id in labels else ())
        ]
        items.append(Item(
            row.text, row.question or "", OWN, marks, tops_of(marks), frozenset(themes.tops),
            SENTIMENTS.get(row.sentiment), row.status == "uninformative",
        ))  # fmt: skip
    return items


def other_items(folder, name, themes, chosen=lambda at: True):
    """Return the rows of the train part of somebody else's data set whose number is chosen."""
    places = tomllib.loads((HERE.parent / "compact" / "labels.toml").read_text("utf-8"))
    mapping = places.get(name, {})
    general = {top for top, is_one in zip(themes.tops, themes.general, strict=True) if is_one}
    known = frozenset(theme.split(".")[0] for theme in mapping.values() if theme) - general
    with gzip.open(folder / name / "train.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for at, line in enumerate(lines) if chosen(at)]
    items = []
    for row in rows:
        sentiment = row.get("sentiment") or RECOMMENDED.get(row.get("recommended"))
        marks = [
            (mapping[one["category"]], one.get("polarity"), 0, 0)
            for one in row.get("aspects", ())
            if mapping.get(one["category"])
        ]
        whole = row.get("aspects") and len(marks) == len(row["aspects"])
        items.append(Item(
            row["text"], row.get("question") or "", name, [], tops_of(marks),
            known if whole else frozenset(), SENTIMENTS.get(sentiment),
        ))  # fmt: skip
    return items


def tops_of(marks):
    """Return the polarity of each top theme of marks, ``None`` where they differ."""
    said = {}
    for theme, side, *_ in marks:
        said.setdefault(theme.split(".")[0], set()).add(side)
    return {top: next(iter(sides)) if len(sides) == 1 else None for top, sides in said.items()}


class Cutter:
    """Cuts items into pieces, with a label for each."""

    def __init__(self, tokenizer, themes):
        self.tokenizer, self.themes = tokenizer, themes
        self.number = {theme: at for at, theme in enumerate(themes.ids)}
        self.top = {top: at for at, top in enumerate(themes.tops)}

    def __call__(self, item, question=True):
        """Return the arrays of one item."""
        cut = self.tokenizer.encode(item.text, add_special_tokens=False)
        ids, places = cut.ids[: LONGEST - 2], cut.offsets[: LONGEST - 2]
        pieces = [BEGIN, *ids, END]
        asked = item.question if question else ""
        segments = [0] * len(pieces)
        if asked:
            more = self.tokenizer.encode(asked, add_special_tokens=False).ids[:QUESTION]
            pieces += [*more, END]
            segments += [1] * (len(more) + 1)
        size, themes = len(pieces), self.themes
        named = np.zeros((size, len(themes.ids)), dtype=np.float32)
        sides = np.full((size, len(themes.tops)), -1)
        inside = np.zeros(size, dtype=bool)
        inside[1 : 1 + len(ids)] = True
        for at, (_, end) in enumerate(places, start=1):
            for theme, side, first, last in item.marks:
                if first < end <= last:
                    number = self.number[theme]
                    named[at, number] = 1
                    if side in SIDES:
                        sides[at, themes.top_of[number]] = SIDES.index(side)
        tops = np.full(len(themes.tops), -1.0, dtype=np.float32)
        for top in item.known:
            tops[self.top[top]] = top in item.tops
        side_of = np.full(len(themes.tops), -1)
        for top, side in item.tops.items():
            if side in SIDES and item.source != OWN:
                side_of[self.top[top]] = SIDES.index(side)
        nan = (np.nan,) * len(SIDES)
        return {
            "pieces": np.array(pieces), "segments": np.array(segments), "inside": inside,
            "named": named, "sides": sides, "tops": tops, "side_of": side_of,
            "marked": item.source == OWN, "source": item.source,
            "sentiment": np.array(item.sentiment or nan, dtype=np.float32),
            "empty": np.float32(np.nan if item.empty is None else item.empty),
        }  # fmt: skip


def put_together(cuts, sources):
    """Return a batch: arrays padded to the longest."""
    import torch

    longest = max(len(one["pieces"]) for one in cuts)
    fill = {"pieces": PADDING, "segments": 0, "inside": False, "named": 0.0, "sides": -1}

    def padded(name):
        rows = []
        for one in cuts:
            value = one[name]
            room = [(0, longest - len(value))] + [(0, 0)] * (value.ndim - 1)
            rows.append(np.pad(value, room, constant_values=fill[name]))
        return torch.from_numpy(np.stack(rows))

    batch = {name: padded(name) for name in fill}
    batch["mask"] = batch["pieces"] != PADDING
    for name in ("tops", "side_of", "sentiment", "empty", "marked"):
        batch[name] = torch.from_numpy(np.stack([one[name] for one in cuts]))
    batch["source"] = torch.tensor([sources.index(one["source"]) for one in cuts])
    return batch


def in_batches(items, size, seed, window=50):
    """Return lists of items for one pass: at random, but those of a batch about as long."""
    random = np.random.default_rng(seed)
    order = random.permutation(len(items))
    batches = []
    for first in range(0, len(order), size * window):
        part = sorted(order[first : first + size * window], key=lambda at: len(items[at].text))
        batches += [part[at : at + size] for at in range(0, len(part), size)]
    return [[items[at] for at in batches[one]] for one in random.permutation(len(batches))]


def varied(item, random):
    """Return an item as another customer might have typed it.

    In small letters, shouted, without accents, or with two letters of a word or two in the wrong
    order. Every letter stays one letter, so that marks stay where they are.
    """
    change = random.random()
    typed = item.text
    if change < 0.1:
        typed = typed.lower()
    elif change < 0.12:
        typed = typed.upper()
    elif change < 0.18:
        typed = "".join(unicodedata.normalize("NFD", letter)[0] for letter in typed)
    elif change < 0.26:
        typed = _swapped(typed, random)
    if len(typed) != len(item.text):
        return item
    return Item(**{**vars(item), "text": typed})


def _swapped(text, random):
    """Return a text with two inner letters of one or two of its longer words swapped."""
    words = list(re.finditer(r"[^\W\d_]{5,}", text))
    letters = list(text)
    for word in random.permutation(len(words))[: 1 + (len(words) > 8)]:
        at = random.integers(words[word].start() + 1, words[word].end() - 2)
        letters[at : at + 2] = letters[at + 1], letters[at]
    return "".join(letters)


def chosen_for_a_pass(pools, times, seed):
    """Return the items of one pass: each pool as often as ``times`` says."""
    random = np.random.default_rng(seed)
    items = []
    for name, pool in pools.items():
        whole, share = divmod(times[name], 1)
        part = random.permutation(len(pool))[: round(share * len(pool))]
        items += pool * int(whole) + [pool[at] for at in part]
    return [varied(item, random) for item in items]


def themes_of_default():
    """Return the themes of the default taxonomy, numbered."""
    from feedback_nlp.taxonomy import load_taxonomy

    return Themes.of(load_taxonomy())


def say(*words):
    print(*words, file=sys.stderr, flush=True)
