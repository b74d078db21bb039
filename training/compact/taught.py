"""What a network teaches the words: its scores of clauses that nobody of ours has labelled.

The network of ``models/accurate`` reads comments of the data sets that may be shipped from, and of
each clause and theme it is kept how likely the network finds it.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
from examples import learnt_from, other_examples

from feedback_nlp.tagging.layers import Themes
from feedback_nlp.tagging.network_folder import read_network_folder
from feedback_nlp.tagging.readings import SIDES

SETS = (
    "mams_acsa_en", "nhs_fft_en", "sentihood_en", "norec_sentence_no", "ltec_lv", "tweets_buls_lv",
)  # fmt: skip
MOST = 4_000  # comments of a set
SPOKEN = 0.5  # the least probability of any top theme where polarity is taught
AT_ONCE = 500  # comments


@dataclass
class Taught:
    """Clauses, and what the network says of them.

    Attributes:
        batch: The comments.
        themes: Clause × theme, probabilities.
        tops: Clause × top theme, probabilities.
        sides: Clause × polarity, probabilities.
    """

    batch: object
    themes: np.ndarray
    tops: np.ndarray
    sides: np.ndarray


def taught(corpora, folder, taxonomy):
    """Return what the network in a folder says of the train parts of ``SETS``, one by one.

    Args:
        corpora: The folder of the data sets.
        folder: The folder of the model.
        taxonomy: The themes.
    """
    model, themes = read_network_folder(folder), Themes.of(taxonomy)
    sizes = np.cumsum([len(themes.ids), len(themes.tops), len(SIDES)])
    for name in SETS:
        rows = other_examples(corpora, name, taxonomy, partial(learnt_from, name))
        batch = rows.batch
        chosen = np.random.default_rng(0).permutation(len(batch))[:MOST]
        batch = batch.take(np.sort(chosen))
        parts = [
            model.scorer.score_batch(batch.take(np.arange(at, min(at + AT_ONCE, len(batch)))), 0)[0]
            for at in range(0, len(batch), AT_ONCE)
        ]
        named, tops, sides, _ = np.split(np.vstack(parts), sizes, axis=1)
        odds = np.exp(sides - sides.max(axis=1, keepdims=True))
        yield Taught(batch, _likely(named), _likely(tops), odds / odds.sum(axis=1, keepdims=True))
        print(f"{name}: {len(batch):,} comments are read by the network", flush=True)


def _likely(odds):
    return 1 / (1 + np.exp(-odds))
