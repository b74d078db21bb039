"""What the answers of a scale mean, in words: which of them make each group, and which is best."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from feedback_nlp.scores import Definition
from feedback_nlp.wordings import Wording, wording_in

_MOST_ANSWERS = 21


def group_answers(definition: Definition) -> dict[str, str]:
    """Return which answers make each group, "" where the scale has too many to name.

    Example:
        >>> from feedback_nlp.scores import define
        >>> group_answers(define("nps"))
        {'detractors': '0–6', 'passives': '7–8', 'promoters': '9–10'}
    """
    low, high = definition.scale
    answers = np.arange(low, high + 1) if high - low < _MOST_ANSWERS else np.array([])
    codes = definition.group(answers)
    if definition.turned:
        codes = codes[::-1]
    spans = {}
    for code, name in enumerate(definition.groups):
        own = answers[codes == code]
        ends = [f"{own[0]:g}", f"{own[-1]:g}"] if own.size else [""]
        spans[name] = "–".join(dict.fromkeys(ends))
    return spans


def turned_sentence(scale: Mapping[str, Any], said: Wording | None = None) -> str:
    """Return how ratings relate to the answers, "" where they are the same.

    Args:
        scale: What the reader noted of the scale.
        said: The language to say it in; English if not given.

    Example:
        >>> turned_sentence({"low": 1.0, "high": 5.0, "reversed": True})
        'Answers are turned, so that 5 is the best: who has a rating of 1 here answered 5.'
    """
    if not scale.get("reversed"):
        return ""
    said = said or wording_in("en")
    low, high = said.exactly(scale["low"]), said.exactly(scale["high"])
    return said.say("score.turned", best=high, low=low, high=high)
