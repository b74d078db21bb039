"""Short comments told in so many words, for what a frame cannot say.

``told/<language>.txt`` has two kinds of lines. One has several comments, that differ in little but
what they mean:

    theme | words with {x} | praises; praises | blames | neither

The other is one comment, its mentions marked as in ``data/labelled``: ``{theme+ words}``; without
marks nothing of the company is judged. In both ``{firm}``, ``{who}`` and ``{sum}`` stand for the
firms, people and sums of ``turns/<language>.txt``.
"""

import random
from pathlib import Path

from turns import FOLDER as TURNS_FOLDER
from turns import comment_of, parts_of, raised, slots_of, split

from feedback_nlp.tagging.markup_text import MarkupReader
from feedback_nlp.taxonomy import load_taxonomy

TOLD = "told"
FOLDER = Path(__file__).parent / TOLD
SIGNS = "+-0"


def told_items(seed, themes):
    """Return languages and comments: each that the files have, once."""
    chance, taxonomy = random.Random(seed), load_taxonomy()
    known = frozenset(themes.tops)
    items = []
    for path in sorted(FOLDER.glob("*.txt")):
        slots = slots_of(parts_of(TURNS_FOLDER / path.name))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            for text in _marked(line):
                for slot, words in slots.items():
                    text = text.replace(f"{{{slot}}}", chance.choice(words))
                read = MarkupReader(text, (path.name, number), taxonomy)
                marks = [(one.theme, one.polarity, one.start, one.end) for one in read.mentions]
                items.append((path.stem, comment_of(raised(read.text), marks, known)))
    return items


def _marked(line):
    """Return the comments of a line with their mentions marked."""
    if " | " not in line:
        return [line]
    theme, words, *said = split(line, "|")
    return [
        f"{{{theme}{sign} {words.replace('{x}', one)}}}"
        for sign, part in zip(SIGNS, said, strict=False)
        for one in split(part, ";")
        if one
    ]
