"""Why a comment was tagged as it was: each mention, and the words that spoke for and against it."""

from collections.abc import Sequence
from dataclasses import dataclass

from feedback_nlp.display import section, table
from feedback_nlp.markup import escape_html

_CLEAR = 0.1  # of the strongest word; what is weaker is not named


@dataclass(frozen=True, slots=True, kw_only=True)
class WordShare:
    """What one word added.

    Attributes:
        word: As it stands in the comment.
        start: Its first character.
        end: One past its last.
        theme: What it added to the theme: log-odds, or 1 for a word of a phrase that names it.
        polarity: What it added to the polarity that was chosen.
    """

    word: str
    start: int
    end: int
    theme: float
    polarity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why one mention was made.

    Attributes:
        theme: Taxonomy id.
        polarity: What is said of it; ``None`` where that is unknown.
        theme_confidence: How sure the theme is, 0–1.
        polarity_confidence: How sure the polarity is; ``None`` where it is unknown.
        evidence: The stretch of text it rests on.
        phrase: The phrase of the taxonomy that was found; blank if none was.
        words: The words of its clause.
    """

    theme: str
    polarity: str | None
    theme_confidence: float
    polarity_confidence: float | None
    evidence: str
    phrase: str
    words: tuple[WordShare, ...]

    def leading(self, of: str = "theme", limit: int = 3) -> tuple[str, ...]:
        """Return the words that spoke for it most, the strongest first.

        Args:
            of: ``theme`` or ``polarity``.
            limit: How many at most.
        """
        shares = [(float(getattr(share, of)), share.word) for share in self.words]
        least = _CLEAR * max((value for value, _ in shares), default=0.0)
        ranked = sorted(shares, key=lambda share: -share[0])
        return tuple(word for value, word in ranked[:limit] if value > max(least, 0.0))


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a comment was tagged as it was; a sequence of reasons, one a mention.

    Attributes:
        text: The comment.
        reasons: In the order of its mentions.
    """

    text: str
    reasons: tuple[Reason, ...]

    def __len__(self) -> int:
        return len(self.reasons)

    def __getitem__(self, at: int) -> Reason:
        return self.reasons[at]

    def rows(self) -> list[list[str]]:
        """Return a table: what was found, how sure, where, and by which words."""
        return [
            [
                f"{one.theme} {one.polarity or 'unknown'}",
                f"{one.theme_confidence:.2f}",
                "–" if one.polarity_confidence is None else f"{one.polarity_confidence:.2f}",
                one.evidence,
                one.phrase or "–",
                ", ".join(one.leading("theme")) or "–",
                ", ".join(one.leading("polarity")) or "–",
            ]
            for one in self.reasons
        ]

    def __str__(self) -> str:
        if not self.reasons:
            return "No theme was found."
        return "\n".join(_lines(self.rows()))

    def _repr_html_(self) -> str:
        if not self.reasons:
            return f"<p>{escape_html(str(self))}</p>"
        rows = [[escape_html(cell) for cell in row] for row in self.rows()]
        text = f'<p dir="auto">{escape_html(self.text)}</p>'
        return section("Why it was tagged so", text, table(HEADS, rows, numbers=(1, 2)))


HEADS = (
    "Found", "Theme sure", "Polarity sure", "Evidence", "Phrase", "Words for the theme",
    "Words for the polarity",
)  # fmt: skip


def _lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return one block of text a row."""
    return [
        f"{found} ({theme} / {polarity}): {evidence!r}; phrase: {phrase}; "
        f"theme: {about}; polarity: {said}"
        for found, theme, polarity, evidence, phrase, about, said in rows
    ]
