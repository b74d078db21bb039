"""py3langid's detector read for many texts at once, without sorting its hundred and forty names.

Its features are short runs of letters, found by a table that leads from state to state. Many texts
take each step together; what the features say is then added up text by text, so that a text gets
the same shares in any company.
"""

import math
from collections.abc import Sequence
from functools import cache, cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from py3langid.langid import MODEL_FILE, LanguageIdentifier, visit_counts

from feedback_nlp.records import LANGUAGES

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Shares = npt.NDArray[np.float32]
_CODES = {"no": "nb", "nn": "nb"}
_KIN = {"nn", "no", "da", "af", "lb", "ltg", "an", "ext", "wa", "fy", "gcf", "pcm", "zxx"}
_KIN |= {"oc", "gl", "gcr"}  # what short texts of our languages are often taken for
_FLOOR = 1e-3
_FOREIGN = 0.75
_FEW = 24  # texts that are faster read one by one
_TEXT = 1 << 20  # more than there are features


class Detector:
    """The detector with its tables as arrays; never changed once made."""

    def __init__(self) -> None:
        self._model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        self.classes: Sequence[str] = self._model.nb_classes
        ours = {_CODES.get(name, name) for name in self.classes} & {*LANGUAGES}
        kin = ours | _KIN
        self._stranger = np.array([name not in kin for name in self.classes])
        self._columns = [
            [at for at, name in enumerate(self.classes) if _CODES.get(name, name) == language]
            for language in LANGUAGES
        ]

    def evidence(self, texts: Sequence[str]) -> tuple[Floats, Bools]:
        """Return the log share of each of our languages, and which texts are surely in another.

        Args:
            texts: At least one; none longer than some hundred characters.
        """
        shares = self.shares(texts)
        ours = np.stack([shares[:, at].astype(np.float64).sum(1) for at in self._columns], axis=1)
        total = ours.sum(axis=1, keepdims=True)
        scores: Floats = np.log(ours / np.where(total > 0, total, 1.0) + _FLOOR)
        best = shares.argmax(axis=1)
        certainty = shares[np.arange(len(shares)), best]
        return scores, self._stranger[best] & (certainty > _FOREIGN)

    def shares(self, texts: Sequence[str]) -> Shares:
        """Return the share of each of the detector's classes; they add up to one."""
        encoded = [self._model._encode(text) for text in texts]
        shares = self._scores(encoded)
        shares *= np.array([[1.0 / math.sqrt(len(one) or 1)] for one in encoded], dtype=np.float32)
        np.exp(shares - shares.max(axis=1, keepdims=True), out=shares)
        shares /= shares.sum(axis=1, keepdims=True)
        first: dict[str, int] = {}
        for column, name in enumerate(self.classes):  # a name that comes twice has one share
            kept = first.setdefault(name, column)
            if kept != column:
                shares[:, kept] += shares[:, column]
                shares[:, column] = 0.0
        return shares

    def _scores(self, encoded: Sequence[bytes]) -> Shares:
        """Return what the features of each text say for each class; zeros if it has none."""
        text, feature, count = self._features(encoded)
        scores = np.zeros((len(encoded), len(self.classes)), dtype=np.float32)
        different, which = np.unique(feature, return_inverse=True)
        table = self._model.nb_ptc[different].astype(np.float32)
        weight = np.log1p(count.astype(np.float32))
        first = np.searchsorted(text, np.arange(len(encoded) + 1))
        for row, (begin, end) in enumerate(pairwise(first.tolist())):
            if begin < end:
                scores[row] = weight[begin:end] @ table[which[begin:end]] + self._model.nb_pc
        return scores

    def _features(self, encoded: Sequence[bytes]) -> tuple[Ints, Ints, Ints]:
        """Return text, feature and how often it has it, in the order of texts and features."""
        if len(encoded) >= _FEW:
            keys, count = np.unique(self._walk(encoded), return_counts=True)
            return keys // _TEXT, keys % _TEXT, count
        model = self._model
        found = [
            (row, feature, count)
            for row, one in enumerate(encoded)
            for feature, count in sorted(
                (
                    visit_counts(model.tk_nextmove, model._rowbase, model.tk_output, one) or {}
                ).items()
            )
        ]
        text, feature, count = np.array(found, dtype=np.int64).reshape(-1, 3).T
        return text, feature, count

    def _walk(self, encoded: Sequence[bytes]) -> Ints:
        """Return the features that the texts come by, as text × ``_TEXT`` + feature."""
        following, rows, output = self._tables
        data = np.frombuffer(b"".join(encoded), dtype=np.uint8)
        size = np.array([len(one) for one in encoded])
        order = np.argsort(-size, kind="stable")  # at each step those that go on stand in front
        first = (np.cumsum(size) - size)[order]
        going = np.searchsorted(-size[order], -np.arange(size.max()), side="left")
        state = np.zeros(len(size), dtype=np.int64)
        found = [np.zeros(0, dtype=np.int64)]
        for step, number in enumerate(going.tolist()):
            here = following[rows[state[:number]] + data[first[:number] + step]]
            state[:number] = here
            feature = output[here]
            hit = (feature >= 0).nonzero()[0]
            found.append(order[hit] * _TEXT + feature[hit])
        return np.concatenate(found)

    @cached_property
    def _tables(self) -> tuple[Ints, Ints, Ints]:
        """Where each byte leads from each row of states, the row of each state, and its feature."""
        model = self._model
        return (
            np.asarray(model.tk_nextmove),
            np.asarray(model.tk_row).astype(np.int64) << 8,
            np.array(model.tk_output, dtype=np.int64),
        )


@cache
def detector() -> Detector:
    """Return the detector, which is read from its file once."""
    return Detector()
