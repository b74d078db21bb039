"""Builds a report from the two tables: every number and every sentence, no markup."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from feedback_nlp.drivers import explain_detractors
from feedback_nlp.errors import FeedbackError
from feedback_nlp.report.blocks import Absent, Section
from feedback_nlp.report.report import Report
from feedback_nlp.report.sections import (
    answer,
    answers,
    change,
    disagree,
    emerging,
    explore,
    method,
    points,
    quality,
    reasons,
    segments,
    themes,
    trend,
    words,
)
from feedback_nlp.report.source import Source
from feedback_nlp.schema import check_comments, check_mentions, info, with_info
from feedback_nlp.scores import (
    PERIODS,
    Target,
    definition_of,
    load_targets,
    period_of,
    score_of,
)
from feedback_nlp.showing import safe
from feedback_nlp.wordings import wording_in

MAX_SEGMENTS = 8
MAX_COMMENTS = 800

# In the order they are read.
SECTIONS: tuple[Callable[[Source], Section | Absent], ...] = (
    points.build,
    reasons.build,
    themes.build,
    words.build,
    trend.build,
    segments.build,
    change.build,
    emerging.build,
    disagree.build,
    answers.build,
    explore.build,
    quality.build,
)  # fmt: skip


def build_report(
    comments: pd.DataFrame,
    mentions: pd.DataFrame,
    rating: str = "nps",
    *,
    by: Sequence[str] | str | None = None,
    title: str | None = None,
    names: Mapping[str, str] | None = None,
    run: Mapping[str, Any] | None = None,
    language: str = "en",
    targets: Sequence[Target] | None = None,
    min_n: int = 10,
    max_comments: int = MAX_COMMENTS,
    seed: int = 0,
) -> Report:
    """Build a report of what respondents scored and wrote.

    Args:
        comments: A comments table, best with the columns of tagging.
        mentions: The mentions of these comments.
        rating: The rating column to explain.
        by: Segment columns, or ``month``, ``quarter`` or another period; those that the reader
            found in the export if not given.
        title: Heading of the report.
        names: Display names by theme id; those noted with the mentions if not given.
        run: How the tables were made, to be shown: inputs, model, versions.
        language: Of the report: ``en``, ``nl``, ``nb`` or ``lv``. Quotes stay as they are.
        targets: What counts as good; the targets that come with the package if not given, none if
            empty. The first for the score is shown with it.
        min_n: Smaller groups are neither shown nor ranked, at least 1.
        max_comments: How many comments the page holds to be read and filtered, and 30,000 of the
            respondents as numbers; 0 for no single comments and respondents.
        seed: Of the bootstrap, of samples and of the layout of the clouds.

    Returns:
        A report, to be written with ``.write(path)``.

    Raises:
        ColumnError: A column is missing, or the mentions are not those of the comments.
        RatingError: No rating is left, or one is off its scale.
        FeedbackError: ``min_n`` is less than 1, or there are no words in that language.

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
        >>> report.answer.value, report.answer.reasons[0].name
        ('0.0', 'Delivery')
    """
    if min_n < 1:
        raise FeedbackError(f"min_n is {min_n}; give 1 or more.")
    said = wording_in(language)
    check_comments(comments, needs=("comment_id", "text"))
    check_mentions(mentions, comments)
    comments, mentions = (
        with_info(table.reset_index(drop=True), {}) for table in (comments, mentions)
    )
    segments = segment_columns(comments, [by] if isinstance(by, str) else by)
    comments = with_periods(comments, segments)
    source = Source(
        comments=comments,
        mentions=mentions,
        rating=rating,
        score=score_of(comments, rating),
        definition=definition_of(comments, rating),
        explanation=explain_detractors(
            comments, mentions, rating, min_n=min_n, seed=seed, names=names, segments=segments,
            report_language=language,
        ),
        segments=segments,
        said=said,
        min_n=min_n,
        max_comments=max_comments,
        seed=seed,
        run=run or {},
        targets=load_targets() if targets is None else tuple(targets),
    )  # fmt: skip
    built = [build(source) for build in SECTIONS]
    absent = tuple(part for part in built if isinstance(part, Absent))
    sections = [part for part in built if isinstance(part, Section)]
    return Report(
        title=safe(title or said.say("page.title")),
        language=language,
        rating=rating,
        score=source.score,
        answer=answer.build(source),
        sections=(*sections, method.build(source, absent)),
        absent=absent,
        about=_about(source),
        explanation=source.explanation,
        source=source,
    )


def _about(source: Source) -> str:
    """Return the names of the files and the question that was rated, where they are known."""
    noted = info(source.comments)
    files = [str(file.get("name", "")) for file in noted.get("files", [])]
    question = str(noted.get("scales", {}).get(source.rating, {}).get("column", ""))
    return " · ".join(safe(part) for part in (", ".join(files), question) if part)


def segment_columns(comments: pd.DataFrame, by: Sequence[str] | None) -> tuple[str, ...]:
    """Return the segment columns to report by: those asked for, else those the reader found."""
    if by is not None:
        return tuple(dict.fromkeys(by))
    noted = [name for name in info(comments).get("segments", []) if name in comments.columns]
    return tuple(noted[:MAX_SEGMENTS])


def with_periods(comments: pd.DataFrame, segments: Sequence[str]) -> pd.DataFrame:
    """Return the table with a column for each period that is a segment, where there are dates."""
    wanted = [name for name in segments if name in PERIODS and name not in comments.columns]
    if "date" not in comments.columns:
        return comments
    return comments.assign(**{name: period_of(comments["date"], name) for name in wanted})
