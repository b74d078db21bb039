"""Scores of the compact model by arrays, until it gives them itself."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from feedback_nlp.parsed import Ints, ParsedBatch
from feedback_nlp.tagging.compact import CompactModel
from feedback_nlp.tagging.compact import Scores as Raw
from feedback_nlp.tagging.layers import ClauseTable, RuleLayer
from feedback_nlp.tagging.opinions import Opinions, read_opinions
from feedback_nlp.tagging.readings import SENTIMENT_ORDER, UNKNOWN, Floats, Readings
from feedback_nlp.tagging.rules import read_rules
from feedback_nlp.text import ParsedComment


@dataclass
class Scores:
    raw: Raw
    batch: ParsedBatch
    table: ClauseTable
    opinions: Opinions
    readings: Readings
    layer: RuleLayer
    themes: Floats
    tops: Floats
    polarity: Floats
    whole: Floats
    empty: Floats


def score(model: CompactModel, comments: Sequence[ParsedComment]) -> Scores:
    raw = model.score(comments)
    batch = raw.table.batch
    opinions = read_opinions(batch)
    return Scores(
        raw, batch, raw.table, opinions, read_rules(batch, opinions, model.taxonomy),
        raw.layer, raw.themes, raw.tops, raw.polarity, raw.whole, raw.empty,
    )  # fmt: skip


def verdicts(model: CompactModel, scores: Scores) -> tuple[Ints, Floats]:
    said = model.verdicts(scores.raw)
    return (
        np.array([UNKNOWN if v is None else SENTIMENT_ORDER.index(v.sentiment) for v in said]),
        np.array([np.nan if v is None else v.score for v in said]),
    )
