"""The main job in one call: an export in, a folder with everything out.

Tags, scores, explains, draws and writes. The folder appears whole or not at all: everything is
made in a hidden folder beside it, which is moved into place when nothing can fail any more.
"""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from feedback_nlp.columns import check_has_text, first_rating, segment_columns
from feedback_nlp.drivers import Explanation
from feedback_nlp.engines.tagged import Progress
from feedback_nlp.exports import write_table
from feedback_nlp.exports.places import folder_made_whole
from feedback_nlp.records import Score
from feedback_nlp.report import MAX_COMMENTS, Report, build_report
from feedback_nlp.results import WRITES, write_figures, write_report
from feedback_nlp.schema import info
from feedback_nlp.scores import Target
from feedback_nlp.scores.overview import scores_overview
from feedback_nlp.tagging import Tagger, Tagging
from feedback_nlp.wordings import wording_in

_VERSIONS = ("feedback-nlp", "babel", "numpy", "pandas", "pyarrow", "scipy", "spacy", "wordcloud")
STEPS = ("finding themes", "computing scores, drivers and clouds", "writing the report")


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What an analysis found and where it was written.

    Attributes:
        folder: The folder with everything.
        score: The score of all respondents.
        explanation: Why detractors are unhappy, in words and figures.
        run: What run.json holds.
        mentions: How many mentions were ``found``, of how many ``themes``, in how many
            ``comments``.
    """

    folder: Path
    score: Score
    explanation: Explanation
    run: dict[str, Any]
    mentions: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an analysis is asked for.

    Attributes:
        rating: The rating to explain; the first of nps, csat, ces that is there without it.
        by: Segment columns to report by; those found in the export without it.
        title: Title of the report.
        report_language: Language of the report and of the answer in words: ``en``, ``nl``, ``nb``
            or ``lv``; comments stay as they are.
        targets: Targets the score is judged by; those that come along if not given.
        min_n: Groups smaller than this are suppressed.
        max_comments: Comments in the report to filter and search; 0 leaves out them and all that
            is about single respondents.
        seed: Seed of the bootstrap and the clouds.
    """

    rating: str | None = None
    by: Sequence[str] = ()
    title: str | None = None
    report_language: str = "en"
    targets: Sequence[Target] | None = None
    min_n: int = 10
    max_comments: int = MAX_COMMENTS
    seed: int = 0

    def of(self, comments: pd.DataFrame) -> "Wanted":
        """Return the same with the rating and the segments of an export, once it is read.

        Args:
            comments: Its comments table; rows are not looked at.

        Raises:
            ColumnError: There are no comments, there is no rating, or a segment column is missing.
            FeedbackError: There are no words in that language.
        """
        wording_in(self.report_language)
        check_has_text(comments)
        by = segment_columns(comments, self.by) or list(info(comments).get("segments", []))
        return replace(self, rating=self.rating or first_rating(comments), by=by)


def analyze(
    comments: pd.DataFrame,
    out: str | Path,
    *,
    tagger: Tagger,
    rating: str | None = None,
    by: Sequence[str] = (),
    title: str | None = None,
    report_language: str = "en",
    targets: Sequence[Target] | None = None,
    min_n: int = 10,
    max_comments: int = MAX_COMMENTS,
    seed: int = 0,
    force: bool = False,
    progress: Progress = lambda step, done, total: None,
) -> Analysis:
    """Tag a comments table, score it, explain it, and write everything into a folder.

    Args:
        comments: A comments table from ``read_comments``.
        out: The folder to write; it must not exist or be empty, unless ``force``.
        tagger: What tags the comments.
        rating: As in ``Wanted``, like all that follows up to the seed.
        by: Segment columns.
        title: Title of the report.
        report_language: Language of the report.
        targets: Targets the score is judged by.
        min_n: Smallest group shown.
        max_comments: Comments in the report.
        seed: Seed of the bootstrap and the clouds.
        force: Replace the files of an earlier analysis; other files in the folder stay.
        progress: Is told each step of ``STEPS`` as it begins, and how many comments are done, of
            all, in the first; 0 of 0 where they are not counted.

    Raises:
        FileFormatError: The folder is in the way or cannot be written.
        ColumnError: There is no rating, or a segment column is missing.
        FeedbackError: There are no words in that language.
    """
    wanted = Wanted(
        rating=rating, by=by, title=title, report_language=report_language, targets=targets,
        min_n=min_n, max_comments=max_comments, seed=seed,
    ).of(comments)  # fmt: skip
    with folder_made_whole(Path(out), WRITES, force=force) as folder:
        tagging = tagger.tag_frame(comments, progress=partial(progress, STEPS[0]))
        return analyze_tagged(tagging, folder, Path(out), tagger, wanted, progress)


def analyze_tagged(
    tagging: Tagging,
    folder: Path,
    out: Path,
    tagger: Tagger,
    wanted: Wanted,
    progress: Progress,
) -> Analysis:
    """Score and explain tagged comments, and write everything into a folder that is there.

    Args:
        tagging: The tagged tables.
        folder: Where to write.
        out: What the folder will be called.
        tagger: What tagged them.
        wanted: What is asked for, with its rating.
        progress: As for ``analyze``.
    """
    comments, mentions, rating = tagging.comments, tagging.mentions, str(wanted.rating)
    counts = {
        name: {str(value): int(n) for value, n in comments[name].value_counts(sort=False).items()}
        for name in ("status", "language")
    }
    run = run_record(info(comments), counts["status"], counts["language"], tagger, wanted)
    progress(STEPS[1], 0, 0)
    report = report_on(tagging, wanted, run)
    progress(STEPS[2], 0, 0)
    write_table(comments, folder / "comments.parquet")
    write_table(mentions, folder / "mentions.parquet")
    overview = scores_overview(comments, rating, by=wanted.by, min_n=wanted.min_n)
    write_figures(folder, overview, report.explanation.table)
    write_report(folder, comments, report, run)
    return Analysis(
        folder=out, score=report.score, explanation=report.explanation, run=run,
        mentions={"found": len(mentions), "themes": mentions["theme"].nunique(),
                  "comments": mentions["comment_id"].nunique()},
    )  # fmt: skip


def report_on(tagging: Tagging, wanted: Wanted, run: Mapping[str, Any]) -> Report:
    """Return the report on tagged comments.

    Args:
        tagging: The tagged tables.
        wanted: What is asked for, with its rating.
        run: How they were made.
    """
    return build_report(
        tagging.comments, tagging.mentions, str(wanted.rating), by=wanted.by, title=wanted.title,
        run=run, language=wanted.report_language, targets=wanted.targets, min_n=wanted.min_n,
        max_comments=wanted.max_comments, seed=wanted.seed,
    )  # fmt: skip


def run_record(
    noted: Mapping[str, Any],
    statuses: Mapping[str, int],
    languages: Mapping[str, int],
    tagger: Tagger,
    wanted: Wanted,
) -> dict[str, Any]:
    """Return what is needed to know how a result was made and to make it again.

    Args:
        noted: What the reader noted of the export.
        statuses: How many comments have which status.
        languages: How many are in which language.
        tagger: What tagged them.
        wanted: What was asked for.
    """
    return {
        **{key: noted[key] for key in sorted(noted)},
        "rating": wanted.rating,
        "comments": {"read": sum(statuses.values()), **statuses},
        "languages": {name: count for name, count in languages.items() if count},
        "model": {"name": tagger.name, **tagger.facts},
        "versions": {"python": platform.python_version(), **{p: version(p) for p in _VERSIONS}},
        "seed": wanted.seed,
        "report_language": wanted.report_language,
    }
