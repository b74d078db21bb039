"""Word clouds to trust: sized by comments, negations kept, the same picture each time."""

from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import pandas as pd

from feedback_nlp.errors import FeedbackError
from feedback_nlp.exports.whole import write_whole
from feedback_nlp.words.drawing import PALETTES, Word, lay_out, not_drawable, png, svg
from feedback_nlp.words.tables import select_comments, term_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """A word cloud and the table it was made from.

    Attributes:
        title: Whose words they are, such as "Words of detractors".
        table: ``term``, ``n_comments``, ``n_tokens``, most common first.
        n_comments: Comments the words were taken from.
        why_empty: Why there is nothing to draw, in one sentence; ``""`` where there is.
        not_drawn: Terms in the table with signs the font does not have, mostly emoji.
        palette: Name of the colours.
        width: Width in pixels.
        height: Height in pixels.
        seed: Of the layout.
        words: Where each word stands.
    """

    title: str
    table: pd.DataFrame = field(compare=False)
    n_comments: int
    why_empty: str = ""
    not_drawn: tuple[str, ...] = ()
    palette: str = "neutral"
    width: int = 900
    height: int = 520
    seed: int = 0
    words: tuple[Word, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True where there is no word to draw; ``why_empty`` says why."""
        return not self.words

    @property
    def description(self) -> str:
        """The cloud in one sentence, for those who cannot see it."""
        if self.is_empty:
            return self.why_empty
        most = [f"{row.term} ({row.n_comments:,})" for row in self.table.head(8).itertuples()]
        left_out = ""
        if self.not_drawn:
            signs = ", ".join(self.not_drawn[:8])
            left_out = f" In the table but not drawn, because the font lacks a sign: {signs}."
        return (
            f"{self.title}, sized by the number of comments that have them, out of "
            f"{self.n_comments:,}. Most common: {', '.join(most)}.{left_out}"
        )

    def to_png(self, path: str | Path, *, scale: int = 2) -> Path:
        """Write the cloud as a PNG file; an empty one says so in the picture.

        Args:
            path: The file to write.
            scale: Pixels of the file for each pixel of the cloud, 1 to 8.

        Raises:
            FileFormatError: The file cannot be written.
        """
        return write_whole(path, self.png_bytes(scale=scale))

    def to_svg(self, path: str | Path) -> Path:
        """Write the cloud as an SVG file; letters are outlines, so that no font is needed.

        Raises:
            FileFormatError: The file cannot be written.
        """
        return write_whole(path, self.svg_text().encode("utf-8"))

    def png_bytes(self, *, scale: int = 2) -> bytes:
        """Return the cloud as PNG; the same bytes for the same comments and seed."""
        if not 1 <= scale <= 8:
            raise FeedbackError(f"A scale of {scale} is not possible; take 1 to 8.")
        return png(self.words, (self.width, self.height), self.palette, self.why_empty, scale)

    def svg_text(self) -> str:
        """Return the cloud as SVG."""
        return svg(
            self.words, (self.width, self.height), self.palette, self.why_empty, self.description
        )

    def _repr_html_(self) -> str:
        return (
            f'<figure style="margin:0;max-width:{self.width}px">{self.svg_text()}'
            f"<figcaption>{escape(self.description)}</figcaption></figure>"
        )


def word_cloud(
    comments: pd.DataFrame,
    mentions: pd.DataFrame | None = None,
    *,
    group: str | None = None,
    rating: str = "nps",
    theme: str | None = None,
    polarity: str | None = None,
    max_words: int = 80,
    seed: int = 0,
    width: int = 900,
    height: int = 520,
) -> Cloud:
    """Return a word cloud in which a word is as big as the number of comments that have it.

    Args:
        comments: A comments table.
        mentions: The mentions of these comments; needed for ``theme`` and ``polarity``.
        group: ``detractors``, ``passives`` or ``promoters``; all comments if not given.
        rating: The rating column that makes the groups.
        theme: Only comments that mention this theme or one below it.
        polarity: Only comments with a mention of this polarity.
        max_words: At most so many words are drawn, 1 to 500; the table has them all.
        seed: Of the layout: the same seed gives the same picture.
        width: In pixels, 200 to 4,000.
        height: In pixels, 150 to 4,000.

    Returns:
        A cloud; where there are no words, an empty one that says why.

    Raises:
        ColumnError: A column is missing.
        FeedbackError: No such group or polarity, a theme without mentions, or an impossible size.

    Example:
        >>> comments = pd.DataFrame({"comment_id": ["a", "b"], "nps": [2, 10], "language": "en",
        ...                          "text": ["Not helpful at all.", "Very helpful!"]})
        >>> word_cloud(comments, group="detractors").table["term"].tolist()
        ['not helpful']
        >>> word_cloud(comments, group="passives").why_empty
        'There are no comments of passives with words in them, so there is nothing to draw.'
    """
    _check_size(max_words, width, height)
    who = _whose(group, theme, polarity)
    chosen = select_comments(
        comments, mentions, group=group, rating=rating, theme=theme, polarity=polarity
    )
    table = term_table(chosen)
    lacking = not_drawable(table["term"])
    drawn = table[~table["term"].isin(lacking)].head(max_words)
    words = lay_out(
        dict(zip(drawn["term"], drawn["n_comments"], strict=True)), (width, height), seed
    )
    return Cloud(
        title=f"Words{who}",
        table=table,
        n_comments=len(chosen),
        why_empty="" if words else _why_empty(who, len(chosen)),
        not_drawn=tuple(term for term in table["term"] if term in lacking),
        palette=_palette(group, polarity),
        width=width,
        height=height,
        seed=seed,
        words=words,
    )


def _check_size(max_words: int, width: int, height: int) -> None:
    for name, value, low, high in (
        ("max_words", max_words, 1, 500),
        ("width", width, 200, 4000),
        ("height", height, 150, 4000),
    ):
        if not low <= value <= high:
            raise FeedbackError(f"{name}={value} is not possible; take {low} to {high:,}.")


def _whose(group: str | None, theme: str | None, polarity: str | None) -> str:
    parts = [f" of {group}" if group else ""]
    if theme:
        parts.append(f" who mention {theme}")
    if polarity:
        parts.append(f" with something {polarity} to say")
    return "".join(parts)


def _why_empty(who: str, n: int) -> str:
    if not n:
        return f"There are no comments{who} with words in them, so there is nothing to draw."
    return f"The {n:,} comments{who} have nothing but stop words, numbers and signs the font lacks."


def _palette(group: str | None, polarity: str | None) -> str:
    by_name = {
        "detractors": "negative", "dissatisfied": "negative", "difficult": "negative",
        "promoters": "positive", "satisfied": "positive", "easy": "positive",
    }  # fmt: skip
    name = by_name.get(group or "", polarity or "neutral")
    return name if name in PALETTES else "neutral"
