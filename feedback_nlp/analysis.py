"""The main job in one call: an export in, a folder with everything out.

Tags, scores, explains, draws and writes. The folder appears whole or not at all: everything is
made in a hidden folder beside it, which is moved into place when nothing can fail any more.
"""

import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from feedback_nlp.columns import check_has_text, first_rating, segment_columns
from feedback_nlp.drivers import Explanation
from feedback_nlp.exports.places import folder_made_whole
from feedback_nlp.records import Score
from feedback_nlp.report import MAX_COMMENTS, build_report
from feedback_nlp.results import WRITES, write_results
from feedback_nlp.schema import info
from feedback_nlp.scores import Target
from feedback_nlp.scores.overview import scores_overview
from feedback_nlp.tagging import Tagger, Tagging
from feedback_nlp.wordings import wording_in

_VERSIONS = ("feedback-nlp", "babel", "numpy", "pandas", "pyarrow", "scipy", "spacy", "wordcloud")
Progress = Callable[[str, int, int], None]
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
        force: Replace the files of an earlier analysis; other files in the folder stay.
        progress: Is told each step of ``STEPS`` as it begins, and how many comments are done, of
            all, in the first; 0 of 0 where they are not counted.

    Raises:
        FileFormatError: The folder is in the way or cannot be written.
        ColumnError: There is no rating, or a segment column is missing.
        FeedbackError: There are no words in that language.
    """
    wording_in(report_language)
    check_has_text(comments)
    rating = rating or first_rating(comments)
    by = segment_columns(comments, by) or list(info(comments).get("segments", []))
    with folder_made_whole(Path(out), WRITES, force=force) as folder:
        tagging = tagger.tag_frame(comments, progress=partial(progress, STEPS[0]))
        run = run_record(tagging, tagger, rating=rating, seed=seed)
        run["report_language"] = report_language
        progress(STEPS[1], 0, 0)
        report = build_report(
            tagging.comments, tagging.mentions, rating,
            by=by, title=title, run=run, language=report_language, targets=targets,
            min_n=min_n, max_comments=max_comments, seed=seed,
        )  # fmt: skip
        progress(STEPS[2], 0, 0)
        overview = scores_overview(tagging.comments, rating, by=by, min_n=min_n)
        write_results(folder, tagging.comments, tagging.mentions, report, overview, run)
    found = tagging.mentions
    return Analysis(
        folder=Path(out), score=report.score, explanation=report.explanation, run=run,
        mentions={"found": len(found), "themes": found["theme"].nunique(),
                  "comments": found["comment_id"].nunique()},
    )  # fmt: skip


def run_record(tagging: Tagging, tagger: Tagger, *, rating: str, seed: int) -> dict[str, Any]:
    """Return what is needed to know how a result was made and to make it again.

    Args:
        tagging: The tagged tables.
        tagger: What tagged them.
        rating: The rating that is explained.
        seed: Seed of the bootstrap and the clouds.
    """
    noted = info(tagging.comments)
    statuses = tagging.comments["status"].value_counts(sort=False)
    languages = tagging.comments["language"].value_counts(sort=False)
    return {
        **{key: noted[key] for key in sorted(noted)},
        "rating": rating,
        "comments": {
            "read": len(tagging.comments),
            **{str(name): int(count) for name, count in statuses.items()},
        },
        "languages": {str(name): int(count) for name, count in languages.items() if count},
        "model": {"name": tagger.name, **tagger.facts},
        "versions": {"python": platform.python_version(), **{p: version(p) for p in _VERSIONS}},
        "seed": seed,
    }
