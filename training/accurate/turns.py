"""Short comments made of turns of phrase, for what a model gets wrong about them.

``turns/<language>.txt`` has things a customer may judge, each with words of praise and of blame
that agree with it, and frames that say what becomes of such a judgement: kept, turned, told of
somebody else. A thing in a frame is a comment whose labels are known.

    ## firms, ## people, ## sums
                          a | b
    ## verbs              is | was | isn't | wish | subjunctive: a line for each first form
    ## things, ## compared
                          theme | noun phrase | first form of its verb | praise; praise | blame
    ## frames, ## frames compared
                          [{np} used to be {a}]-

``{a}`` is what is said of the thing, ``{b}`` the opposite. Square brackets mark the mention; after
them ``+``: the polarity of ``{a}`` is what is meant; ``-``: the opposite; ``2+``: that of the
second thing, ``{np2}``, with ``{is2}`` and ``{a2}``. Without brackets nothing of the company is
judged. At the end ``?+`` and ``?-``: only with praise or with blame; ``=``: both things get the
same, else the second gets the opposite.
"""

import random
import re
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from material import OWN, SENTIMENTS, Item, tops_of

TURNS = "turns"
FOLDER = Path(__file__).parent / TURNS
FORMS = ("is", "was", "isnt", "wish", "subj")
ENDS = (".", ".", ".", "!", "")
SIGNS = {1: "positive", -1: "negative"}


@dataclass(frozen=True)
class Thing:
    """Something to judge: its theme, how it is called, forms of its verb, praise and blame."""

    theme: str
    name: str
    forms: dict
    said: dict


@dataclass(frozen=True)
class Frame:
    """A turn of phrase: only with praise (1), with blame (-1) or either (0); two things alike."""

    text: str
    only: int
    alike: bool


def turned_items(size, seed, themes):
    """Return ``size`` languages and comments, as many in each language."""
    chance = random.Random(seed)
    languages = [(path.stem, _Language(path)) for path in sorted(FOLDER.glob("*.txt"))]
    known = frozenset(themes.tops)
    return [
        (name, language.item(chance, known)) for name, language in islice(cycle(languages), size)
    ]


def parts_of(path):
    """Return the lines of each part of a file."""
    parts = {}
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("## "):
            part = parts.setdefault(line[3:], [])
        elif line:
            part.append(line)
    return parts


def slots_of(parts):
    """Return what the slots that no thing fills may stand for."""
    named = (("firm", "firms"), ("who", "people"), ("sum", "sums"))
    return {slot: split(parts[name][0], "|") for slot, name in named}


def comment_of(text, marks, known):
    """Return a comment with its marks."""
    sides = {side for _, side, *_ in marks}
    tone = ("mixed" if len(sides) > 1 else min(sides)) if sides else None
    return Item(
        text, "", OWN, marks, tops_of(marks), known, SENTIMENTS.get(tone),
        False if marks else None,
    )  # fmt: skip


class _Language:
    def __init__(self, path):
        parts = parts_of(path)
        self.others = slots_of(parts)
        rows = [split(line, "|") for line in parts["verbs"]]
        verbs = {row[0]: dict(zip(FORMS, row, strict=True)) for row in rows}
        self.sets = [
            ([_thing(line, verbs) for line in parts[things]], [_frame(x) for x in parts[frames]])
            for things, frames in (("things", "frames"), ("compared", "frames compared"))
        ]

    def item(self, chance, known):
        weights = [len(frames) for _, frames in self.sets]
        text, marks = self._turned(chance, *chance.choices(self.sets, weights=weights)[0])
        if text[-1] not in ".!?)…👏🙄":
            text += chance.choice(ENDS)
        return comment_of(text, marks, known)

    def _turned(self, chance, things, frames):
        """Return a thing in a frame, and its marks."""
        frame, first = chance.choice(frames), chance.choice(things)
        top = first.theme.split(".")[0]
        second = chance.choice([one for one in things if one.theme.split(".")[0] != top])
        sign = frame.only or chance.choice((1, -1))
        sign2 = sign if frame.alike else -sign
        words = {
            "np": first.name, "a": chance.choice(first.said[sign]),
            "b": chance.choice(first.said[-sign]), **first.forms,
            "np2": second.name, "a2": chance.choice(second.said[sign2]),
            "is2": second.forms["is"],
            **{slot: chance.choice(those) for slot, those in self.others.items()},
        }  # fmt: skip
        return _marked(frame.text.format(**words), (first, sign), (second, sign2))


def split(line, by):
    """Return the parts of a line."""
    return [part.strip() for part in line.split(by)]


def _thing(line, verbs):
    theme, name, verb, praise, blame = split(line, "|")
    return Thing(theme, name, verbs[verb], {1: split(praise, ";"), -1: split(blame, ";")})


def _frame(line):
    text, flag = re.fullmatch(r"(.*?)\s*(\?[+-]|=)?\s*", line).groups()
    return Frame(text, {"?+": 1, "?-": -1}.get(flag, 0), flag == "=")


def _marked(text, *things):
    """Return a text without its brackets, and its marks."""
    plain, marks, at = "", [], 0
    for part in re.finditer(r"\[(.*?)\](2?)([+-])", text):
        plain += text[at : part.start()]
        first, at = len(plain), part.end()
        plain += part[1]
        thing, sign = things[1 if part[2] else 0]
        side = SIGNS[sign if part[3] == "+" else -sign]
        marks.append((thing.theme, side, first, len(plain)))
    plain += text[at:]
    return raised(plain), marks


def raised(text):
    """Return a text with capitals where sentences begin; every letter stays one letter."""
    made = re.sub(r"(?:^|[.!?] )\W*\w", lambda start: start[0].upper(), text)
    return made if len(made) == len(text) else text
