"""A user's labels, checked, and as the learning sees them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from feedback_nlp.errors import ColumnError, ModelError, TaxonomyError, not_found
from feedback_nlp.parsed import ParsedBatch, ParsedComment
from feedback_nlp.schema import POLARITIES, respondent_ids, theme_names
from feedback_nlp.tagging.frames import parse_frame
from feedback_nlp.tagging.learning import PARTS, Labels
from feedback_nlp.tagging.own_readings import can_be_read
from feedback_nlp.tagging.tagger import Tagging
from feedback_nlp.taxonomy import THEME_ID, Taxonomy, Theme

FEWEST = 20  # comments that anything can be learnt from
_WHOLE = 0.8  # a label that covers this share of a comment is one of the comment


@dataclass(frozen=True, slots=True)
class OwnLabels:
    """Comments that can be learnt from, and their labels.

    Attributes:
        comments: Parsed.
        labels: What is labelled.
        left_out: How many comments say nothing that can be read.
        marked: Most labels are narrower than their comment.
    """

    comments: ParsedBatch
    labels: Labels
    left_out: int
    marked: bool


def check_own(gold: Tagging) -> None:
    """Raise if there are no labels, or their table has not the columns that are needed."""
    for name in ("comment_id", "theme"):
        if name not in gold.mentions.columns:
            raise ColumnError.missing(name, gold.mentions.columns)
    if gold.mentions.empty:
        raise ModelError("There are no labels: the mentions table is empty, nothing can be learnt.")


def taxonomy_of(mentions: pd.DataFrame, name: str) -> Taxonomy:
    """Return a taxonomy of the themes that occur in labels, with their parents.

    Args:
        mentions: Labels.
        name: What it is called.

    Raises:
        TaxonomyError: A theme is not an id such as ``delivery.speed``.
    """
    found = sorted(set(mentions["theme"].astype("str")))
    for theme in found:
        if not THEME_ID.fullmatch(theme):
            raise TaxonomyError(
                f"The labels have the theme {theme!r}, which is no id; an id is lower-case "
                "letters, digits and _, with one dot at most, such as 'delivery.speed'."
            )
    ids = sorted({*found, *(theme.split(".")[0] for theme in found)})
    names = theme_names(mentions)
    themes = [Theme(id=one, names={"en": names.get(one) or Theme(id=one).name()}) for one in ids]
    return Taxonomy(name=name, themes=tuple(themes))


def read_own(gold: Tagging, taxonomy: Taxonomy) -> OwnLabels:
    """Return comments and labels as the learning sees them.

    Args:
        gold: Comments and mentions; mentions need ``comment_id`` and ``theme``.
        taxonomy: The themes.

    Raises:
        ColumnError: A column is missing, an id is doubled, or a label has no comment.
        TaxonomyError: A label has a theme that the taxonomy has not.
        ModelError: There is too little to learn from.
    """
    parsed = parse_frame(gold.comments)
    mentions = checked_mentions(gold, taxonomy)
    kept = can_be_read(parsed)
    comments = parsed.take(np.flatnonzero(kept))
    if len(comments) < FEWEST:
        raise ModelError(
            f"There are {len(comments)} labelled comments with something to read, in one of the "
            f"seven languages; learning needs {FEWEST} at least, and about as many for each theme."
        )
    place = pd.Index(gold.comments["comment_id"].astype("str")[kept])
    mentions = mentions.assign(at=place.get_indexer(pd.Index(mentions["comment_id"])))
    mentions = mentions[mentions["at"] >= 0]
    number = {theme: at for at, theme in enumerate(taxonomy.ids)}
    themes = np.zeros((len(comments), len(number)), dtype=bool)
    themes[mentions["at"], mentions["theme"].map(number)] = True
    _check_contrast(themes, taxonomy)
    lengths = np.array([len(text) for text in comments.texts])[mentions["at"]]
    narrow = ((mentions["end"] - mentions["start"]) < _WHOLE * lengths).to_numpy()
    polarity = _polarity(mentions.assign(narrow=narrow), number)
    group = _groups(gold.comments[kept], comments)
    if group.max() + 1 < PARTS:
        raise ModelError(
            f"The labelled comments are of {group.max() + 1} respondents, or have so many "
            f"wordings; {PARTS} at least are needed, to judge some by what was learnt from others."
        )
    labels = Labels(themes, polarity, group)
    return OwnLabels(comments, labels, int((~kept).sum()), bool(narrow.mean() > 0.5))


def checked_mentions(gold: Tagging, taxonomy: Taxonomy) -> pd.DataFrame:
    """Return mentions with comment_id, theme, polarity, start and end, or raise."""
    mentions = gold.mentions.reset_index(drop=True)
    for theme in dict.fromkeys(mentions["theme"].astype("str")):
        if theme not in taxonomy:
            raise TaxonomyError(not_found("theme", theme, taxonomy.ids, option="a label"))
    texts = dict(zip(gold.comments["comment_id"].astype("str"), gold.comments["text"], strict=True))
    ids = mentions["comment_id"].astype("str")
    strange = ~ids.isin(set(texts))
    if strange.any():
        raise ColumnError(
            f"{int(strange.sum())} labels have a comment_id that no comment has, first "
            f"{ids[strange].iloc[0]!r}; take comments and mentions of the same data."
        )
    blank = pd.Series([None] * len(mentions), dtype="object")
    polarity = mentions.get("polarity", blank).astype("object")
    odd = polarity[polarity.notna() & ~polarity.isin(POLARITIES)]
    if len(odd):
        raise ColumnError(
            f"Column 'polarity' has {odd.iloc[0]!r}; it takes {', '.join(POLARITIES)}, or nothing."
        )
    lengths = ids.map(texts).astype("str").str.len()
    start = pd.to_numeric(mentions.get("start", blank)).fillna(0)
    end = pd.to_numeric(mentions.get("end", blank)).fillna(lengths)
    outside = (start < 0) | (end > lengths) | (start > end)
    if outside.any():
        raise ColumnError(
            f"The label of comment {ids[outside].iloc[0]!r} goes from {int(start[outside].iloc[0])}"
            f" to {int(end[outside].iloc[0])}, outside its text; leave start and end out if you "
            "have none."
        )
    return pd.DataFrame(
        {
            "comment_id": ids,
            "theme": mentions["theme"].astype("str"),
            "polarity": polarity,
            "start": start.astype("int64"),
            "end": end.astype("int64"),
        }
    )


def _check_contrast(themes: np.ndarray, taxonomy: Taxonomy) -> None:
    """Raise if all comments have the same themes: then there is nothing to tell apart."""
    if (themes == themes[0]).all():
        named = [one for one, has in zip(taxonomy.ids, themes[0], strict=True) if has]
        raise ModelError(
            f"All comments have the same labels ({', '.join(named) or 'none'}), so there is "
            "nothing to tell apart; add comments that speak of something else."
        )


def _polarity(mentions: pd.DataFrame, number: dict[str, int]) -> np.ndarray:
    """Return (comment, theme, polarity, start, end) of labels with one polarity a place."""
    known = mentions[mentions["polarity"].notna()]
    place = ["at", "theme"]
    whole = known[~known["narrow"]].drop_duplicates([*place, "polarity"])
    several = known.groupby(place)["polarity"].nunique()
    alone = several.reindex(pd.MultiIndex.from_frame(whole[place])).to_numpy() == 1
    rows = pd.concat([whole[alone], known[known["narrow"]]])
    rows = rows.drop_duplicates([*place, "polarity", "narrow"]).sort_values(
        [*place, "start", "end"]
    )
    span = np.where(rows["narrow"].to_numpy()[:, None], rows[["start", "end"]].to_numpy(), -1)
    side = rows["polarity"].map({side: at for at, side in enumerate(POLARITIES)})
    columns = [rows["at"], rows["theme"].map(number), side, span[:, 0], span[:, 1]]
    return np.column_stack([np.asarray(one, dtype=np.int64) for one in columns]).reshape(-1, 5)


def _groups(comments: pd.DataFrame, parsed: Sequence[ParsedComment]) -> np.ndarray:
    """Return the number of each respondent; without respondents, of each wording."""
    if "respondent_id" in comments.columns:
        keys = respondent_ids(comments)
    else:
        keys = pd.Series([" ".join(comment.words) for comment in parsed])
    return np.asarray(pd.factorize(keys)[0], dtype=np.int64)
