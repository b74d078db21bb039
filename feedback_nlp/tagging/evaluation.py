"""How often a tagger is right, on labelled comments: by language, theme, industry and length.

Every figure is counted over comments and has an interval from a bootstrap of comments. Beside the
tagger stands a dummy that gives every comment the most frequent labels: what is no better than the
dummy has learnt nothing.
"""

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from feedback_nlp.errors import ColumnError, FeedbackError
from feedback_nlp.markup import Part, parts_html, parts_markdown
from feedback_nlp.records import Mention
from feedback_nlp.schema import (
    check_comments,
    check_mentions,
    info,
    mentions_table,
    with_info,
)
from feedback_nlp.tagging.evaluation_parts import beside_part, parts_of
from feedback_nlp.tagging.evaluation_rows import comment_rows, groups_of, theme_rows, top_of
from feedback_nlp.tagging.measures import draws_of
from feedback_nlp.tagging.store import load_tagger
from feedback_nlp.tagging.tagger import Tagger, Tagging

COLUMNS = ["split", "group", "level", "measure", "value", "low", "high", "n"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evaluation:
    """How often a tagging is right.

    Attributes:
        name: What was evaluated.
        figures: One row a figure: ``split`` (``all``, ``language``, ``industry``, ``length``,
            ``theme``), ``group``, ``level`` (``top`` or ``sub``; blank for whole comments),
            ``measure``, ``value`` with ``low`` and ``high`` (95 %, bootstrap of comments), ``n``
            (what it is counted over: labels for themes, comments for the rest).
        n_comments: Comments with labels.
        notes: What was left out, and why.
        others: What else was measured on the same comments, by the same draws: the rules, a dummy.
    """

    name: str
    figures: pd.DataFrame
    n_comments: int
    notes: tuple[str, ...] = ()
    others: tuple["Evaluation", ...] = ()

    def value(
        self, measure: str, *, split: str = "all", group: str = "all", level: str = "top"
    ) -> float:
        """Return one figure.

        Raises:
            FeedbackError: There is no such figure.
        """
        table = self.figures
        found = table[
            (table["measure"] == measure) & (table["split"] == split) & (table["group"] == group)
            & (table["level"].isin([level, ""]))
        ]  # fmt: skip
        if found.empty:
            known = ", ".join(dict.fromkeys(table["measure"]))
            raise FeedbackError(
                f"No figure {measure!r} for {split} {group!r}; the measures are {known}."
            )
        return float(found["value"].iloc[0])

    def parts(self) -> tuple[Part, ...]:
        """Return the evaluation in pieces to read."""
        first, *splits = parts_of(self.figures, self.n_comments, self.notes)
        if not self.others:
            return first, *splits
        measured = [(one.name, one.figures) for one in (self, *self.others)]
        return first, beside_part(measured), *splits

    def beside(self, *others: "Evaluation") -> "Evaluation":
        """Return the same with others to compare with, which are shown beside it."""
        return replace(self, others=(*self.others, *others))

    def to_frame(self) -> pd.DataFrame:
        """Return all figures, those of the others below, with a first column ``tagger``."""
        frames = [one.figures.assign(tagger=one.name) for one in (self, *self.others)]
        return pd.concat(frames, ignore_index=True)[["tagger", *COLUMNS]]

    def to_markdown(self) -> str:
        """Return the evaluation as Markdown."""
        return parts_markdown(self.name, self.parts())

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain values, missing figures as ``None``."""
        rows = self.figures.astype(object).where(self.figures.notna(), None).to_dict("records")
        return {
            "name": self.name, "n_comments": self.n_comments, "figures": rows,
            "notes": list(self.notes), "others": [one.to_dict() for one in self.others],
        }  # fmt: skip

    def _repr_html_(self) -> str:
        return parts_html(self.name, self.parts())

    def __str__(self) -> str:
        return self.to_markdown()


def evaluate(
    tagger: Tagger, gold: Tagging, *, draws: int = 300, seed: int = 0, name: str | None = None
) -> Evaluation:
    """Return how often a tagger is right on labelled comments.

    The tagger sees text and question, and finds out the language by itself.

    Args:
        tagger: What tags.
        gold: Labelled comments, from ``read_labelled`` or ``read_aspects``.
        draws: Draws of the bootstrap.
        seed: Its seed.
        name: What the evaluation is called; the name of the tagger if not given.

    Raises:
        ColumnError: The labels are no such tables.

    Example:
        >>> comments = pd.DataFrame({"comment_id": ["a", "b"], "text": ["Too expensive", "Late!"]})
        >>> labels = load_tagger().tag_frame(comments)
        >>> evaluate(load_tagger(), labels, draws=10).value("theme_f1")
        1.0
    """
    seen = [name for name in ("comment_id", "text", "question") if name in gold.comments]
    found = tagger.tag_frame(gold.comments[seen])
    return evaluate_tagging(found, gold, draws=draws, seed=seed, name=name or tagger.name)


def evaluate_tagging(
    found: Tagging, gold: Tagging, *, draws: int = 300, seed: int = 0, name: str = "tagging"
) -> Evaluation:
    """Return how often a tagging of the labelled comments is right; arguments as for ``evaluate``.

    Themes that no label names are left out: nothing is known of them. At the level ``sub``, a
    sub-theme found where only its top theme is labelled is neither right nor wrong.
    """
    check_comments(gold.comments, needs=("comment_id", "text"))
    check_mentions(gold.mentions)
    if gold.comments.empty:
        raise ColumnError("There are no labelled comments; give at least one.")
    ids = pd.Index(gold.comments["comment_id"].astype("str"))
    groups = groups_of(gold.comments)
    rows: list[list[object]] = []
    weights = draws_of(len(ids), draws, seed)
    for level in ("top", "sub"):
        rows += theme_rows(found, gold, ids, level, groups, weights)
    rows += comment_rows(found, gold, groups, weights)
    left = sorted(set(top_of(found.mentions)) - set(top_of(gold.mentions)))
    notes = (f"Themes that no label names are left out: {', '.join(left)}.",) if left else ()
    return Evaluation(
        name=name, figures=pd.DataFrame(rows, columns=COLUMNS), n_comments=len(ids), notes=notes
    )


def evaluate_with_baselines(tagger: Tagger, gold: Tagging, *, draws: int = 300) -> Evaluation:
    """Return the evaluation of a tagger beside a dummy, and beside the rules for the same themes.

    The rules are left out where they are the tagger, or where its taxonomy has no phrases.

    Arguments as for ``evaluate``.

    Example:
        >>> comments = pd.DataFrame({"comment_id": ["a", "b"], "text": ["Too expensive", "Late!"]})
        >>> labels = load_tagger().tag_frame(comments)
        >>> found = evaluate_with_baselines(load_tagger(), labels, draws=10)
        >>> [one.name for one in found.others]
        ['rules', 'dummy']
    """
    found = evaluate(tagger, gold, draws=draws)
    if tagger.name != "rules" and tagger.taxonomy.has_phrases:
        rules = load_tagger("rules", taxonomy=tagger.taxonomy)
        found = found.beside(evaluate(rules, gold, draws=draws))
    return found.beside(evaluate_tagging(dummy_tagging(gold), gold, draws=draws, name="dummy"))


def dummy_tagging(gold: Tagging) -> Tagging:
    """Return a tagging that gives every readable comment the most frequent labels.

    Its evidence is the whole text. It uses the labels it is measured on, so it is no weaker than
    any dummy that knows the frequencies.
    """
    pairs = gold.mentions[["theme", "polarity"]].astype("object").value_counts(dropna=False)
    theme, polarity = pairs.index[0] if len(pairs) else ("general", None)
    said: Any = polarity if isinstance(polarity, str) else None
    comments = gold.comments.copy()
    comments["status"] = "ok"
    if "sentiment" in comments and comments["sentiment"].notna().any():
        comments["sentiment"] = comments["sentiment"].mode().iloc[0]
    rows = [
        (str(row.comment_id), str(row.text), Mention(
            theme=str(theme), polarity=said, theme_confidence=1.0,
            polarity_confidence=None if said is None else 1.0,
            start=0, end=len(str(row.text)), source="model",
        ))
        for row in comments.itertuples()
    ]  # fmt: skip
    return Tagging(comments, with_info(mentions_table(rows, [str(theme)]), info(gold.mentions)))
