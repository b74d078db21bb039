"""Word clouds to trust: sized by comments or by keyness, and the same picture each time."""

from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Literal

import pandas as pd

from feedback_nlp.errors import FeedbackError
from feedback_nlp.exports.whole import write_whole
from feedback_nlp.words.captions import Captions
from feedback_nlp.words.colours import OWN, PALETTES, POLARITY, TONES, Palette, colours_of
from feedback_nlp.words.drawing import Picture, png, svg
from feedback_nlp.words.layout import Word, colour_of, lay_out, not_drawable
from feedback_nlp.words.masks import read_mask
from feedback_nlp.words.sizes import Asked, Sized, opposite, sized

SizeBy = Literal["comments", "keyness"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """A word cloud and the table it was made from.

    Attributes:
        title: Whose words they are, such as "Words of detractors".
        table: The words, the heaviest first: ``term``, ``n_comments``, ``n_tokens``, and what
            ``word_cloud`` says of its columns.
        n_comments: Comments the words were taken from.
        n_reference: Comments they were compared with; none where sizes are numbers of comments.
        why_empty: Why there is nothing to draw, in one sentence; ``""`` where there is.
        not_drawn: Terms in the table with signs the font does not have, mostly emoji.
        description: The cloud in a few sentences, for those who cannot see it.
        size_by: What sizes go by.
        language: Of title and description.
        palette: Name of the colours; ``own`` for colours that were given.
        legend: What each colour stands for, where it stands for something.
        width: Width in pixels.
        height: Height in pixels.
        seed: Of the layout.
        words: Where each word stands.
    """

    title: str
    table: pd.DataFrame = field(compare=False)
    n_comments: int
    n_reference: int | None = None
    why_empty: str = ""
    not_drawn: tuple[str, ...] = ()
    description: str = ""
    size_by: SizeBy = "comments"
    language: str = "en"
    palette: str = "neutral"
    legend: tuple[tuple[str, str], ...] = ()
    width: int = 900
    height: int = 520
    seed: int = 0
    words: tuple[Word, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True where there is no word to draw; ``why_empty`` says why."""
        return not self.words

    @property
    def picture(self) -> Picture:
        """What is drawn."""
        return Picture(
            words=self.words, size=(self.width, self.height), palette=self.palette,
            description=self.description, why_empty=self.why_empty, legend=self.legend,
        )  # fmt: skip

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
        return png(self.picture, scale)

    def svg_text(self) -> str:
        """Return the cloud as SVG."""
        return svg(self.picture)

    def _repr_html_(self) -> str:
        return (
            f'<figure lang="{self.language}" style="margin:0;max-width:{self.width}px">'
            f"{self.svg_text()}<figcaption>{escape(self.description)}</figcaption></figure>"
        )


def word_cloud(
    comments: pd.DataFrame,
    mentions: pd.DataFrame | None = None,
    *,
    group: str | None = None,
    rating: str = "nps",
    theme: str | None = None,
    polarity: str | None = None,
    size_by: SizeBy = "comments",
    reference: str | None = None,
    mask: str | Path | None = None,
    palette: Palette | None = None,
    language: str = "en",
    max_words: int = 80,
    seed: int = 0,
    width: int = 900,
    height: int = 520,
) -> Cloud:
    """Return a word cloud, with the table of its numbers.

    Sized by ``comments``, a word is as big as the number of comments that have it. Sized by
    ``keyness``, only words that mark the group against a reference are drawn: those in a larger
    share of its comments, beyond chance (q ≤ 0.05), that five or more comments of both have, as
    ``keyness`` counts them. Their size is the root of G²: it ranks words as ``keyness`` does, has
    the scale of z, and stays stable where one of the two never writes a word, which the log-odds
    ratio does not.

    Terms are as in ``term_table``: inflected forms counted together and shown as most people write
    them, negations and two-word expressions whole.

    Args:
        comments: A comments table.
        mentions: The mentions of these comments; needed for ``theme`` and ``polarity``. With them
            the table says how the comments speak of each word, and without a group or a polarity
            that goes with a colour, words are coloured by it.
        group: ``detractors``, ``passives``, ``promoters`` or the rating's own names, such as
            ``dissatisfied``; all comments if not given.
        rating: The rating column that makes the groups.
        theme: Only comments that mention this theme or one below it.
        polarity: Only comments with a mention of this polarity (of the theme, where one is given).
        size_by: ``comments`` or ``keyness``.
        reference: Whose words the group's are compared with: a group, or ``rest``. The other end of
            the scale if not given, for the middle group the rest. With ``keyness`` only.
        mask: An image whose dark or opaque part is filled with words (PNG or JPEG).
        palette: ``negative``, ``positive``, ``neutral`` or ``polarity``, or colours for the
            heaviest words to the lightest, such as ``["#0b3c5d", "#b23a2e"]``. Colours with a
            contrast below 3 on white are refused; small words get one of 4.5 or more. Chosen by
            group and polarity if not given.
        language: Of title and description: en, nl, nb or lv.
        max_words: At most so many words are drawn, 1 to 500; the table has them all.
        seed: Of the layout: the same seed gives the same picture.
        width: In pixels, 200 to 4,000.
        height: In pixels, 150 to 4,000.

    Returns:
        A cloud; where there are no words, or none that stands out, an empty one that says why. Its
        table has ``term``, ``n_comments`` and ``n_tokens`` (occurrences); by keyness also
        ``n_reference``, ``n_tokens_reference``, ``share`` and ``share_reference`` of the comments,
        ``log_odds`` with ``low`` and ``high``, ``g2``, ``p_value`` and ``q_value``; with mentions
        ``n_negative``, ``n_neutral`` and ``n_positive`` (comments where the evidence of such a
        mention holds the word), ``n_unknown`` (no such evidence), ``net_polarity``, ``polarity``.

    Raises:
        ColumnError: A column is missing.
        FileFormatError: The mask cannot be read, or has no shape in it.
        FeedbackError: No such group, polarity, palette or language, a theme without mentions, an
            impossible size, or keyness without a group.

    Example:
        >>> comments = pd.DataFrame({"comment_id": ["a", "b"], "nps": [2, 10], "language": "en",
        ...                          "text": ["Not helpful at all.", "Very helpful!"]})
        >>> word_cloud(comments, group="detractors").table["term"].tolist()
        ['not helpful']
        >>> word_cloud(comments, group="passives").why_empty
        'Words of passives: there are no comments with words in them, so there is nothing to draw.'
    """
    _check_size(max_words, width, height)
    if size_by == "keyness" and reference is None and group is not None:
        reference = opposite(comments, group, rating)
    _check_sides(size_by, group, reference)
    asked = Asked(group=group, rating=rating, theme=theme, polarity=polarity, reference=reference)
    captions = Captions.of(asked, language)
    if palette is None:
        palette = _palette(group, polarity, mentions)
    colours = colours_of(palette)
    shape = None if mask is None else read_mask(mask, (width, height))
    if palette == POLARITY and mentions is None:
        raise FeedbackError(
            "The palette 'polarity' needs the mentions table: give mentions=, as tag_frame returns "
            "it, or take another palette."
        )
    words = sized(comments, mentions, asked)
    lacking = not_drawable(words.table["term"])
    chosen = _chosen(words, lacking, max_words)
    placed = lay_out(chosen, (width, height), seed, mask=shape, legend=palette == POLARITY)
    painted = _painted(placed, words, captions, colours if palette != POLARITY else ())
    not_drawn = tuple(term for term in words.table["term"] if term in lacking)
    why_empty = "" if placed else captions.why_empty(words, room=not chosen)
    return Cloud(
        title=captions.title,
        table=words.table.drop(columns="key"),
        n_comments=words.n_comments,
        n_reference=words.n_reference,
        why_empty=why_empty,
        not_drawn=not_drawn,
        description=why_empty
        or captions.description(words, not_drawn, coloured=palette == POLARITY),
        size_by=size_by,
        language=language,
        palette=palette if isinstance(palette, str) else OWN,
        legend=captions.legend([word.tone for word in painted]),
        width=width,
        height=height,
        seed=seed,
        words=painted,
    )


def _check_size(max_words: int, width: int, height: int) -> None:
    for name, value, low, high in (
        ("max_words", max_words, 1, 500),
        ("width", width, 200, 4000),
        ("height", height, 150, 4000),
    ):
        if not low <= value <= high:
            raise FeedbackError(f"{name}={value} is not possible; take {low} to {high:,}.")


def _check_sides(size_by: str, group: str | None, reference: str | None) -> None:
    if size_by not in ("comments", "keyness"):
        raise FeedbackError(f"No size_by {size_by!r}; choose comments or keyness.")
    if size_by == "keyness" and group is None:
        raise FeedbackError(
            "A cloud sized by keyness shows the words of one group against another's; give group=."
        )
    if size_by == "comments" and reference is not None:
        raise FeedbackError("A reference goes with size_by='keyness' only, and changes nothing.")


def _palette(group: str | None, polarity: str | None, mentions: pd.DataFrame | None) -> str:
    """Return the colours that go with what is asked for."""
    by_name = {
        "detractors": "negative", "dissatisfied": "negative", "difficult": "negative",
        "promoters": "positive", "satisfied": "positive", "easy": "positive",
    }  # fmt: skip
    name = by_name.get(group or "", polarity or "")
    if name in PALETTES:
        return name
    return "neutral" if mentions is None else POLARITY


def _chosen(words: Sized, lacking: frozenset[str], max_words: int) -> dict[str, float]:
    """Return the weights of the words to be drawn; of two that are written alike the heavier."""
    found: dict[str, float] = {}
    for term, weight in zip(words.table["term"], words.weights.tolist(), strict=True):
        if len(found) < max_words and term not in lacking:
            found.setdefault(term, weight)
    return found


def _painted(
    placed: tuple[Word, ...], words: Sized, captions: Captions, colours: tuple[str, ...]
) -> tuple[Word, ...]:
    """Return the words with their colours: the palette's, or without one those of polarities."""
    drawn = {word.text for word in placed}
    first = words.table[words.table["term"].isin(drawn)].drop_duplicates("term")
    said = captions.of_words(first, words)
    tones = dict(zip(first["term"], first.get("polarity", first["term"]), strict=True))
    return tuple(
        word.painted(
            colour=colour_of(word, colours) if colours else TONES[tones[word.text]],
            tone="" if colours else tones[word.text],
            said=said[word.text],
        )
        for word in placed
    )
