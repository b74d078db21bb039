"""Comments to measure speed on: any number, all different or with the repetition of a survey.

A comment is one to three sentences of the labelled comments of one language (``data/labelled``),
drawn at random, with about one word in fifty misspelt, so that new words keep coming as they do in
real answers. About a hundred characters on average. The same seed gives the same comments.
"""

import random
import re
from functools import cache
from pathlib import Path

from feedback_nlp.tagging.labelled import read_labels

DATA = Path(__file__).resolve().parent.parent / "data" / "labelled"
LANGUAGES = {"nl": 30, "en": 25, "nb": 15, "lv": 10, "de": 10, "fr": 5, "es": 5}
SHORT = (
    "ok",
    "top",
    "goed",
    "good",
    "bra",
    "labi",
    "gut",
    "bien",
    "👍",
    "n/a",
    "-",
    "super",
    "fine",
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_TYPO = 0.02
_BLANK = 0.35
_SHORT = 0.15
_KNOWN = 0.10


@cache
def sentences(language):
    found = []
    for comment in read_labels(DATA):
        if comment.language == language:
            found += [s.strip() for s in _SENTENCE.findall(comment.text) if len(s.split()) > 2]
    return sorted(set(found))


def misspelt(word, draw):
    if len(word) < 5:
        return word
    at = draw.randrange(1, len(word) - 2)
    kind = draw.randrange(3)
    if kind == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + word[at + 1 :] if kind == 1 else word[: at + 1] + word[at:]


def one_comment(language, draw):
    """Return about a hundred characters."""
    known = sentences(language)
    text = draw.choice(known)
    while len(text) < 75:
        text += " " + draw.choice(known)
    words = text.split(" ")
    return " ".join(misspelt(w, draw) if draw.random() < _TYPO else w for w in words)


def texts(number, *, seed=0, language=None, different=True):
    """Return texts and their languages.

    Args:
        number: How many.
        seed: Of the draw.
        language: One of the seven; a mix of all without it.
        different: No text comes twice. Else a third is blank, some are one word, and some are
            among those that everybody writes.
    """
    draw = random.Random(seed)
    codes = [language] if language else list(LANGUAGES)
    weights = [LANGUAGES[code] for code in codes]
    seen, out = set(), []
    common = [one_comment(draw.choices(codes, weights)[0], draw) for _ in range(200)]
    while len(out) < number:
        code = draw.choices(codes, weights)[0]
        if not different:
            luck = draw.random()
            if luck < _BLANK + _SHORT + _KNOWN:
                text = (
                    ""
                    if luck < _BLANK
                    else draw.choice(SHORT if luck < _BLANK + _SHORT else common)
                )
                out.append((text, code))
                continue
        text = one_comment(code, draw)
        if text not in seen:
            seen.add(text)
            out.append((text, code))
    return out
