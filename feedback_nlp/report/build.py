"""Builds a report from the two tables: every number and every sentence, no markup."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from feedback_nlp.drivers import explain_detractors
from feedback_nlp.errors import FeedbackError
from feedback_nlp.records import Score
from feedback_nlp.report import comparisons, counts, method, run_notes, sentences
from feedback_nlp.report.parts import (
    CloudPart,
    GroupShare,
    HowMade,
    Report,
    ScoreSection,
    Step,
)
from feedback_nlp.report.reasons import reason_parts
from feedback_nlp.schema import check_comments, check_mentions, theme_names
from feedback_nlp.scores import Definition, definition_of, score_of, score_table
from feedback_nlp.showing import (
    counted,
    round_half_up,
    rounded_parts,
    theme_name,
    with_minus,
)
from feedback_nlp.words import word_cloud

TITLE = "What lies behind the score"
MAX_STEPS = 8
CLOUD_SIZE = (760, 460)


def build_report(
    comments: pd.DataFrame,
    mentions: pd.DataFrame,
    rating: str = "nps",
    *,
    by: Sequence[str] | str | None = None,
    title: str | None = None,
    names: Mapping[str, str] | None = None,
    run: Mapping[str, Any] | None = None,
    min_n: int = 10,
    seed: int = 0,
) -> Report:
    """Build a report of what respondents scored and wrote.

    Args:
        comments: A comments table, best with the columns of tagging.
        mentions: The mentions of these comments.
        rating: The rating column to explain.
        by: Segment columns; those that the reader found in the export if not given.
        title: Heading of the report.
        names: Display names by theme id; those noted with the mentions if not given.
        run: How the tables were made, to be shown: inputs, model, versions.
        min_n: Smaller groups are neither shown nor ranked, at least 1.
        seed: Of the bootstrap and the layout of the clouds.

    Returns:
        A report, to be written with ``.write(path)``.

    Raises:
        ColumnError: A column is missing, or the mentions are not those of the comments.
        RatingError: No rating is left, or one is off its scale.
        FeedbackError: ``min_n`` is less than 1.

    Example:
        >>> from feedback_nlp.records import Mention
        >>> from feedback_nlp.schema import mentions_table
        >>> ids = [f"c{i}" for i in range(60)]
        >>> comments = pd.DataFrame({"comment_id": ids, "text": ["Late", "Fine"] * 30})
        >>> comments["nps"] = [3, 9] * 30
        >>> late = Mention(theme="delivery", polarity="negative", theme_confidence=1,
        ...                polarity_confidence=1, start=0, end=4)
        >>> mentions = mentions_table([(i, "Late", late) for i in ids[::2]], ["delivery"])
        >>> report = build_report(comments, mentions)
        >>> report.answer.score, report.reasons[0].name
        ('0.0', 'Delivery')
    """
    if min_n < 1:
        raise FeedbackError(f"min_n is {min_n}; give 1 or more.")
    check_comments(comments, needs=("comment_id", "text"))
    check_mentions(mentions, comments)
    named = theme_names(mentions) if names is None else dict(names)
    score = score_of(comments, rating)
    definition = definition_of(comments, rating)
    groups = counts.group_shares(score, definition)
    columns = comparisons.segment_columns(comments, [by] if isinstance(by, str) else by)
    explanation = explain_detractors(
        comments,
        mentions,
        rating,
        min_n=min_n,
        seed=seed,
        names=names,
        segments=columns,
    )
    drivers = explanation.table
    waterfall = _waterfall(drivers, score, named)
    reasons = reason_parts(explanation, groups, named)
    themes = counts.themes_by_polarity(mentions, named)
    trend, segments, scores = _scores(comments, rating, columns, score, min_n)
    return Report(
        title=title or TITLE,
        rating=rating,
        score=score,
        maximum=definition.maximum,
        minimum=definition.minimum,
        answer=sentences.answer(
            score, rating, definition, groups, reasons,
            base=explanation.findings.base, comments=comments,
        ),
        groups=groups,
        distribution=counts.distribution(comments, rating, definition),
        waterfall=waterfall,
        reasons=reasons,
        themes=themes,
        clouds=_clouds(comments, rating, groups, seed),
        trend=trend,
        segments=segments,
        headings=sentences.headings(
            score, rating, definition.maximum, groups, reasons, waterfall, themes,
            explanation.why_none,
        ),
        how_made=_how_made(
            comments, mentions, score, definition, groups, min_n,
            explanation.limits, run or {},
        ),
        explanation=explanation,
        drivers=drivers.assign(name=[theme_name(str(id_), named) for id_ in drivers["theme"]]),
        scores=scores,
        mentions=counts.mention_rows(comments, mentions, rating, columns, named),
        n_mentions=len(mentions),
    )  # fmt: skip


def _waterfall(drivers: pd.DataFrame, score: Score, names: dict[str, str]) -> tuple[Step, ...]:
    """Return the steps from the best possible score down, which add up as they are shown."""
    notes = drivers.attrs["drivers"]
    shown = drivers[~drivers["suppressed"] & (drivers["points_lost"] > 0)]
    first, rest = shown.head(MAX_STEPS), shown.iloc[MAX_STEPS:]
    rows: list[dict[str, Any]] = [
        {
            "label": theme_name(str(row["theme"]), names),
            "kind": "theme",
            "points": row["points_lost"],
            "low": float(row["points_lost_low"]),
            "high": float(row["points_lost_high"]),
            "n": int(row["n_negative"]),
        }
        for row in first.to_dict("records")
    ]  # fmt: skip
    if len(rest):
        other = counted(len(rest), "other theme")
        rows.append({"label": other, "kind": "small", "points": rest["points_lost"].sum()})
    if notes["suppressed"] > 0:
        rows.append(
            {"label": "Themes too small to name", "kind": "small", "points": notes["suppressed"]}
        )
    unexplained = (
        ("Wrote, but blamed no theme", "no_theme", notes["no_negative_theme"]),
        ("Wrote nothing", "no_comment", notes["no_comment"]),
    )
    rows += [{"label": w, "kind": k, "points": p} for w, k, p in unexplained if p > 0]
    digits = 2 if score.unit == "rating" else 1
    best = notes["maximum"]
    total = best - round_half_up(score.value, digits)
    kinds = [row["kind"] for row in rows]
    gives = "small" if "small" in kinds else "no_theme"
    give = [at for at, kind in enumerate(kinds) if kind == gives]
    rounded = rounded_parts([row["points"] for row in rows], total, digits, give=give)
    steps, at = [], best
    for row, lost in zip(rows, rounded, strict=True):
        steps.append(Step(**{**row, "points": lost, "start": at, "end": round(at - lost, digits)}))
        at = round(at - lost, digits)
    return tuple(steps)


def _clouds(
    comments: pd.DataFrame, rating: str, groups: Sequence[GroupShare], seed: int
) -> tuple[CloudPart, ...]:
    parts = []
    for group in (groups[0], groups[2]):
        cloud = word_cloud(
            comments, group=group.name, rating=rating, seed=seed,
            width=CLOUD_SIZE[0], height=CLOUD_SIZE[1], max_words=55,
        )  # fmt: skip
        parts.append(
            CloudPart(
                group=group.name,
                title=f"Words of {group.people}",
                sentence=f"From {counted(cloud.n_comments, 'comment')}.",
                cloud=cloud,
            )
        )
    return tuple(parts)


def _scores(
    comments: pd.DataFrame, rating: str, columns: Sequence[str], score: Score, min_n: int
) -> tuple[ScoreSection | None, tuple[ScoreSection, ...], pd.DataFrame]:
    """Return the trend, the segments, and all their figures in one table."""
    overall = score_table(comments, rating).assign(split="all", group="all")
    trend, table = comparisons.trend_section(comments, rating, score, min_n=min_n)
    tables = [overall]
    if trend is not None:
        tables.append(table.rename(columns={trend.column: "group"}).assign(split=trend.column))
    sections = []
    for column in columns:
        section, table = comparisons.segment_section(comments, rating, column, score, min_n=min_n)
        sections.append(section)
        tables.append(table.rename(columns={column: "group"}).assign(split=column))
    whole = pd.concat(
        [table.assign(group=table["group"].astype("object")) for table in tables], ignore_index=True
    )
    first = ["split", "group"]
    whole = whole[[*first, *[name for name in whole.columns if name not in first]]]
    return trend, tuple(sections), whole


def _how_made(
    comments: pd.DataFrame,
    mentions: pd.DataFrame,
    score: Score,
    definition: Definition,
    groups: Sequence[GroupShare],
    min_n: int,
    limits: Sequence[str],
    run: Mapping[str, Any],
) -> HowMade:
    return HowMade(
        sums=counts.sums(comments, score),
        columns=run_notes.columns(comments, run),
        run=run_notes.facts(comments, mentions, definition, run),
        notes=run_notes.notes(comments, run),
        method=method.method(score, definition, groups, min_n),
        limits=(*map(with_minus, limits), *method.LIMITS),
    )
