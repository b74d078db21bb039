"""What a labelled corpus looks like in figures: coverage, length, variety, near-copies."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import pairwise
from math import ceil
from random import Random
from typing import TypeVar

import numpy as np
import pandas as pd

from feedback_nlp.schema import POLARITIES
from feedback_nlp.tagging.labelled import LabelledComment
from feedback_nlp.tagging.markup import MARKS
from feedback_nlp.taxonomy import Taxonomy

Item = TypeVar("Item")

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_EMOJI = re.compile(r"[☀-➿⭐⭕🌀-🫿]")
_CAPS = re.compile(r"(?<!\w)[^\W\d_a-z]{4,}(?!\w)")
_NOT_LETTER = re.compile(r"[^\w]+")
_GRAM = 5
_SHORT = 20
_SAMPLE = 2000
_SEED = 7
_ROUNDING = 1e-9


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case.

    Example:
        >>> words_of("Hij's TE laat: 3 weken!")
        ["hij's", 'te', 'laat', 'weken']
    """
    return _WORD.findall(text.lower())


def coverage_table(labels: Sequence[LabelledComment], taxonomy: Taxonomy) -> pd.DataFrame:
    """Return how many mentions each theme has, by batch language and polarity.

    Languages are those of the ids: the language that was asked for.
    """
    counts: Counter[tuple[str, str, str | None]] = Counter(
        (m.theme, label.id.split("-")[0], m.polarity) for label in labels for m in label.mentions
    )
    columns = [(code, polarity) for code in batch_languages(labels) for polarity in POLARITIES]
    rows = [[counts[theme, *column] for column in columns] for theme in taxonomy.ids]
    return pd.DataFrame(
        rows,
        index=pd.Index(taxonomy.ids, name="theme"),
        columns=pd.MultiIndex.from_product(
            [batch_languages(labels), list(POLARITIES)], names=["language", "polarity"]
        ),
    )


def batch_languages(labels: Iterable[LabelledComment]) -> list[str]:
    """Return the languages of the ids, in order of appearance."""
    return list(dict.fromkeys(label.id.split("-")[0] for label in labels))


def profile_table(labels: Sequence[LabelledComment]) -> pd.DataFrame:
    """Return one row of figures for each language; shares are of its comments unless said.

    ``type_token_ratio`` is over the same number of words in each language (2,000, drawn by comment
    with a fixed seed), missing where there are fewer.
    """
    rows = {}
    for code in batch_languages(labels):
        rows[code] = _profile([one for one in labels if one.id.startswith(code + "-")])
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("language")


def _profile(labels: Sequence[LabelledComment]) -> dict[str, float]:
    ok = [one for one in labels if one.status == "ok"]
    lengths = np.array([len(one.text.split()) for one in labels])
    mentions = [m for one in labels for m in one.mentions]
    long_enough = [one.text for one in ok if len(one.text.split()) >= 5]
    rated = [one for one in labels if one.rating is not None]
    figures = {
        "comments": float(len(labels)),
        "mentions": float(len(mentions)),
        "mentions_per_comment": len(mentions) / max(len(ok), 1),
        "words_median": float(np.median(lengths)),
        "words_90": float(np.quantile(lengths, 0.9)),
        "words_most": float(lengths.max()),
        "three_words_or_less": float((lengths <= 3).mean()),
        "not_ok": 1 - len(ok) / len(labels),
        "opposite": _share(ok, _has_opposites),
        "misfit": _share(rated, lambda one: "misfit" in one.notes),
        "emoji": _share(labels, lambda one: bool(_EMOJI.search(one.text))),
        "capitals": _share(labels, lambda one: bool(_CAPS.search(one.text))),
        "lower_case": _share(labels, lambda one: one.text == one.text.lower()),
        "no_end_mark": _share(labels, lambda one: one.text[-1].isalnum()),
        "plain_letters": _share(long_enough, str.isascii),
        "opening_most": _opening_most([one.text for one in ok]),
        "type_token_ratio": _type_token_ratio([one.text for one in ok]),
    }
    for polarity in POLARITIES:
        figures[polarity] = _share([m.polarity for m in mentions], polarity.__eq__)
    for mark in (mark for mark in MARKS if mark != "misfit"):
        figures[mark] = _share([one.notes for one in labels], partial(_has, mark))
    return figures


def _share(items: Sequence[Item], holds: Callable[[Item], bool]) -> float:
    return sum(map(holds, items)) / len(items) if items else 0.0


def _opening_most(texts: Sequence[str]) -> float:
    """Return the share of the texts that begin with the most frequent three words."""
    openings = Counter(tuple(words[:3]) for words in map(words_of, texts) if len(words) > 3)
    return max(openings.values(), default=0) / max(len(texts), 1)


def _has_opposites(label: LabelledComment) -> bool:
    return {"negative", "positive"} <= {m.polarity for m in label.mentions}


def _has(mark: str, notes: Sequence[str]) -> bool:
    return mark in notes


def _type_token_ratio(texts: Sequence[str]) -> float:
    order = list(texts)
    Random(_SEED).shuffle(order)
    words = [word for text in order for word in words_of(text)][:_SAMPLE]
    return len(set(words)) / _SAMPLE if len(words) == _SAMPLE else float("nan")


def near_copies(labels: Sequence[LabelledComment], *, threshold: float = 0.6) -> pd.DataFrame:
    """Return the pairs of comments that are copies or nearly so, the closest first.

    Similar is the share of runs of five letters that two texts have in common (Jaccard). Texts
    under twenty letters count as copies only where they are equal and have three words or more, or
    stand in one batch.

    Args:
        labels: The comments, of any number of languages.
        threshold: From which similarity on, above 0.

    Returns:
        Columns ``first``, ``second``, ``similarity``.
    """
    plain = [_NOT_LETTER.sub(" ", one.text.lower()).strip() or one.text for one in labels]
    pairs = _equal_texts(labels, plain)
    longer = [at for at, text in enumerate(plain) if len(text) >= _SHORT]
    for one, other, value in _similar([plain[at] for at in longer], threshold):
        pairs[longer[one], longer[other]] = value
    rows = [(labels[a].id, labels[b].id, value) for (a, b), value in pairs.items()]
    rows.sort(key=lambda row: (-row[2], row[0], row[1]))
    return pd.DataFrame(rows, columns=["first", "second", "similarity"])


def _equal_texts(
    labels: Sequence[LabelledComment], plain: Sequence[str]
) -> dict[tuple[int, int], float]:
    places: dict[str, list[int]] = {}
    for at, text in enumerate(plain):
        places.setdefault(text, []).append(at)
    batch = [one.id.rsplit("-", 1)[0] for one in labels]
    return {
        (a, b): 1.0
        for text, where in places.items()
        for a, b in pairwise(where)
        if (len(text.split()) >= 3 and labels[b].status == "ok") or batch[a] == batch[b]
    }


def _similar(texts: Sequence[str], threshold: float) -> list[tuple[int, int, float]]:
    """Return the pairs that share enough runs of letters.

    Two sets that share so much also share one of their rarest runs, so that only texts which meet
    there are compared; from short to long, fewer of the rarest need to be kept (prefix filtering).
    """
    runs = [frozenset(t[i : i + _GRAM] for i in range(len(t) - _GRAM + 1)) for t in texts]
    order = Counter(run for own in runs for run in own).most_common()
    rank = {run: -at for at, (run, _) in enumerate(order)}
    kept = 2 * threshold / (1 + threshold)
    holders: dict[str, list[int]] = {}
    found = []
    for at in sorted(range(len(texts)), key=lambda at: len(runs[at])):
        own, size = runs[at], len(runs[at])
        rarest = sorted(own, key=rank.__getitem__)[: size - ceil(threshold * size - _ROUNDING) + 1]
        for other in {other for run in rarest for other in holders.get(run, ())}:
            if len(runs[other]) < threshold * size:
                continue
            shared = len(own & runs[other])
            similarity = shared / (size + len(runs[other]) - shared)
            if similarity >= threshold:
                found.append((min(at, other), max(at, other), similarity))
        for run in rarest[: size - ceil(kept * size - _ROUNDING) + 1]:
            holders.setdefault(run, []).append(at)
    return found


def repetition_table(labels: Sequence[LabelledComment], *, least: int = 4) -> pd.DataFrame:
    """Return turns that occur too often in a language: openings, five words in a row, frames.

    A frame is a whole comment of at least five words with all but the hundred most frequent words
    left open.

    Args:
        labels: The comments; those with a status other than ``ok`` are left out.
        least: From how many comments on a turn is listed (frames: half of it).

    Returns:
        Columns ``language``, ``kind``, ``words``, ``n``, the most frequent first.
    """
    rows = []
    for code in batch_languages(labels):
        own = [o for o in labels if o.id.startswith(code + "-") and o.status == "ok"]
        texts = [words_of(one.text) for one in own]
        usual = {w for w, _ in Counter(w for text in texts for w in text).most_common(100)}
        turns = {
            "opening": Counter(" ".join(text[:3]) for text in texts if len(text) > 3),
            "five words": Counter(run for text in texts for run in _runs(text, 5)),
            "frame": Counter(
                " ".join(word if word in usual else "…" for word in text)
                for text in texts
                if len(text) >= 5
            ),
        }
        for kind, counts in turns.items():
            needed = max(least // 2, 2) if kind == "frame" else least
            rows += [(code, kind, w, n) for w, n in counts.items() if n >= needed]
    rows.sort(key=lambda row: (row[0], -row[3], row[1:3]))
    return pd.DataFrame(rows, columns=["language", "kind", "words", "n"])


def _runs(words: Sequence[str], length: int) -> set[str]:
    return {" ".join(words[at : at + length]) for at in range(len(words) - length + 1)}
