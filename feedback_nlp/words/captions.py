"""What is said of a cloud, in the language of the reader: its title, each word, why it is empty."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from feedback_nlp.wordings import Wording, wording_in
from feedback_nlp.words.sizes import MIN_N, Asked, Sized

_FIRST = 8
_TONES = ("negative", "positive", "mixed", "neutral", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Captions:
    """The texts of one cloud.

    Attributes:
        asked: Whose words it is of.
        said: The wording of its language.
    """

    asked: Asked
    said: Wording

    @classmethod
    def of(cls, asked: Asked, language: str) -> "Captions":
        """Return the captions in a language."""
        return cls(asked=asked, said=wording_in(language))

    @property
    def title(self) -> str:
        """Whose words they are."""
        limits = [
            self.said.say("clouds.limit.theme", theme=self.asked.theme) if self.asked.theme else "",
            self.said.say(f"clouds.limit.{self.asked.polarity}") if self.asked.polarity else "",
        ]
        limits = [limit for limit in limits if limit]
        title = self._whose()
        if not limits:
            return title
        return self.said.say("clouds.title.limited", title=title, limits="; ".join(limits))

    def _whose(self) -> str:
        if self.asked.group is None:
            return self.said.say("clouds.title.all")
        if self.asked.reference is None:
            return self.said.say("clouds.title.group", group=self.group)
        return self.said.say("clouds.title.marking", group=self.group, reference=self.reference)

    @property
    def group(self) -> str:
        """The group, as it is called."""
        return self._called(self.asked.group or "")

    @property
    def reference(self) -> str:
        """The reference, as it is called."""
        return self._called(self.asked.reference or "")

    def _called(self, name: str) -> str:
        key = f"clouds.group.{name}"
        return self.said.say(key) if key in self.said.texts else name

    def description(self, words: Sized, not_drawn: Sequence[str], *, coloured: bool) -> str:
        """Return the cloud in words, for those who cannot see it."""
        shown = ", ".join(self._with_counts(row) for row in _rows(words.table.head(_FIRST)))
        values = {"title": self.title, "words": shown}
        if words.n_reference is None:
            parts = [self.said.say("clouds.description.comments", words.n_comments, **values)]
        else:
            parts = [
                self.said.say(
                    "clouds.description.marking", words.n_comments, **values, group=self.group,
                    reference=self.reference, n_reference=words.n_reference,
                )
            ]  # fmt: skip
        if coloured:
            parts.append(self.said.say("clouds.description.colours"))
        if not_drawn:
            signs = ", ".join(not_drawn[:_FIRST])
            parts.append(self.said.say("clouds.description.not_drawn", words=signs))
        return " ".join(parts)

    def _with_counts(self, row: Mapping[str, Any]) -> str:
        if "n_reference" not in row:
            return f"{row['term']} ({self.said.count(int(row['n_comments']))})"
        return self.said.say(
            "clouds.word.against", term=row["term"], n_own=int(row["n_comments"]),
            n_other=int(row["n_reference"]),
        )  # fmt: skip

    def of_words(self, table: pd.DataFrame, words: Sized) -> dict[str, str]:
        """Return what is said of each word of a table, which is part of all words."""
        return {str(row["term"]): self._of_word(row, words) for row in _rows(table)}

    def _of_word(self, row: Mapping[str, Any], words: Sized) -> str:
        term = str(row["term"])
        if words.n_reference is None:
            text = self.said.say("clouds.word.comments", int(row["n_comments"]), term=term)
        else:
            text = self.said.say(
                "clouds.word.marking", term=term, group=self.group, reference=self.reference,
                n_own=int(row["n_comments"]), n=words.n_comments,
                n_other=int(row["n_reference"]), n_reference=words.n_reference,
            )  # fmt: skip
        if "polarity" not in row:
            return text
        tone = str(row["polarity"])
        counts = {name: int(row[name]) for name in row if name.startswith("n_") and name in _COUNTS}
        key = f"clouds.word.tone_{tone}" if tone in ("mixed", "unknown") else "clouds.word.tone"
        return f"{text}; {self.said.say(key, tone=self.tone(tone), **counts)}"

    def tone(self, name: str) -> str:
        """Return the name of a polarity."""
        return self.said.say(f"clouds.tone.{name}")

    def legend(self, tones: Collection[str]) -> tuple[tuple[str, str], ...]:
        """Return the polarities that words are coloured by, with their names."""
        return tuple((name, self.tone(name)) for name in _TONES if name in tones)

    def why_empty(self, words: Sized, *, room: bool) -> str:
        """Return why there is nothing to draw.

        Args:
            words: What was counted.
            room: Whether there was room for words, if there had been any.
        """
        n, n_reference = words.n_comments, words.n_reference
        if not room:
            return self.said.say("clouds.empty.room", title=self.title)
        if n_reference is not None:
            few = min(n, n_reference) < MIN_N
            return self.said.say(
                f"clouds.empty.{'few' if few else 'chance'}", title=self.title, n_own=n,
                n_reference=n_reference, **({"min_n": MIN_N} if few else {}),
            )  # fmt: skip
        if not n:
            return self.said.say("clouds.empty.none", title=self.title)
        return self.said.say("clouds.empty.stop_words", n, title=self.title)


_COUNTS = frozenset(("n_negative", "n_neutral", "n_positive", "n_unknown"))


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]
