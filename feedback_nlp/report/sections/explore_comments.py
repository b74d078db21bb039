"""The comments that the page holds: drawn so that each theme has some, masked, cut."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from feedback_nlp.privacy import mask_visible
from feedback_nlp.records import UNKNOWN_LANGUAGE
from feedback_nlp.report.sections.explore_people import Codes
from feedback_nlp.wordings import Wording

LONGEST = 400
_BEFORE = 60
Span = tuple[int, int]


def drawn(
    rows: Codes, mention_row: Codes, kind: Codes, group: Codes, *, most: int, seed: int
) -> Codes:
    """Return which comments are held, by chance.

    Half of them are taken in turns from all kinds of mention (theme, polarity and group of the
    respondent) and from comments without one, so that none is missing; the others from all
    comments that are left.

    Args:
        rows: The comments that can be read.
        mention_row: Comment of each mention.
        kind: Theme and polarity of each mention, as one number from 0.
        group: Group of each comment's respondent, −1 if there is no rating.
        most: How many are held.
        seed: Of the draw.
    """
    if len(rows) <= most:
        return rows
    place = np.full(len(group), -1, dtype=np.int64)
    place[np.random.default_rng(seed).permutation(rows)] = np.arange(len(rows))
    silent = np.setdiff1d(rows, mention_row)
    row = np.concatenate([mention_row, silent])
    kinds = np.concatenate([kind + 1, np.zeros(len(silent), dtype=np.int64)])
    frame = pd.DataFrame({"row": row, "kind": kinds * 4 + group[row] + 1, "place": place[row]})
    frame = frame[frame["place"] >= 0].drop_duplicates(["row", "kind"]).sort_values("place")
    frame["turn"] = frame.groupby("kind").cumcount()
    turns = frame.groupby("row").agg(turn=("turn", "min"), place=("place", "first"))
    first = turns.sort_values(["turn", "place"]).index[: most // 2].to_numpy(np.int64)
    left = turns.drop(first).sort_values("place").index[: most - len(first)].to_numpy(np.int64)
    return np.sort(np.concatenate([first, left]))


def newest_first(rows: Codes, comments: pd.DataFrame) -> Codes:
    """Return the comments in the order they are shown: the latest first, those undated last."""
    if "date" not in comments or not pd.api.types.is_datetime64_any_dtype(comments["date"]):
        return rows
    dates = comments["date"].iloc[rows].reset_index(drop=True)
    ordered = dates.sort_values(ascending=False, kind="stable", na_position="last")
    return rows[ordered.index.to_numpy(np.int64)]


def masked_and_cut(text: str, spans: Sequence[Span]) -> tuple[str, list[Span]]:
    """Return a comment on one line, masked, at most 400 characters of it, and where its spans are.

    Positions count UTF-16 units, as scripts do; a span that is not in the part shown is (−1, −1).

    Example:
        >>> masked_and_cut("Bel 06-12345678: te laat", [(17, 24)])
        ('Bel [phone]: te laat', [(13, 20)])
    """
    masked, moved = mask_visible(text, spans)
    start, end = _window(masked, moved)
    before = "…" if masked[:start].strip() else ""
    after = "…" if masked[end:].strip() else ""
    shown = before + masked[start:end] + after
    shift = len(before) - start
    ends = [(max(a, start), min(b, end)) for a, b in moved]
    return shown, [(_unit(shown, a + shift), _unit(shown, b + shift)) if a < b else (-1, -1)
                   for a, b in ends]  # fmt: skip


def _window(text: str, spans: Sequence[Span]) -> Span:
    """Return the part of a text that shows most of its spans, in whole words."""
    first = len(text) - len(text.lstrip())
    last = len(text.rstrip())
    if last - first <= LONGEST:
        return first, max(last, first)
    starts = [max(first, min(a - _BEFORE, last - LONGEST)) for a, _ in spans] or [first]
    held = [sum(a >= start and b <= start + LONGEST for a, b in spans) for start in starts]
    start = starts[held.index(max(held))]
    end = min(last, start + LONGEST)
    inside = [a for a, _ in spans if a >= start] or [start]
    if start > first and (space := text.find(" ", start, min(inside))) != -1:
        start = space + 1
    if end < last and (space := text.rfind(" ", start + LONGEST // 2, end)) != -1:
        end = space
    return start, end


def _unit(text: str, at: int) -> int:
    """Return a position in UTF-16 units."""
    return len(text[:at].encode("utf-16-le")) // 2


def source_of(rating: float, date: object, said: Wording) -> str:
    """Return rating and date of a comment as they are shown behind it."""
    parts = [] if pd.isna(rating) else [said.say("mark.rating", rating=said.exactly(rating))]
    if isinstance(date, pd.Timestamp):
        parts.append(said.short_date(date.date()))
    return " · ".join(parts)


def language_of(code: object) -> str:
    """Return the language of a comment, ``""`` if it is not known."""
    return "" if pd.isna(code) or code == UNKNOWN_LANGUAGE else str(code)  # type: ignore[call-overload]
