"""The main job on exports of any size: what fits in memory is analysed there, the rest in parts.

Scores and drivers of a large export are made from counts of all respondents; the report, which
quotes, draws and compares words, reads the comments of respondents drawn evenly, and says so.
"""

from pathlib import Path

import numpy as np

from feedback_nlp.analysis import (
    STEPS,
    Analysis,
    Progress,
    Wanted,
    analyze_tagged,
    report_on,
    run_record,
)
from feedback_nlp.drivers.patterns import driver_table_of_patterns
from feedback_nlp.engines.tagged import TaggedParts
from feedback_nlp.engines.totals import Counted, count_all, drawn, together
from feedback_nlp.exports.places import folder_made_whole
from feedback_nlp.records import Score
from feedback_nlp.results import WRITES, write_figures, write_report
from feedback_nlp.schema import info, themes_without_subject
from feedback_nlp.scores import Definition, definition_of
from feedback_nlp.scores.counted import overview_of_counts
from feedback_nlp.scores.overview import ALL
from feedback_nlp.scores.scoring import score_from
from feedback_nlp.tagging import Tagger

MOST = 200_000  # comments that are analysed in memory


def analyze_parts(
    tagged: TaggedParts,
    out: str | Path,
    *,
    tagger: Tagger,
    wanted: Wanted,
    force: bool = False,
    most: int = MOST,
    progress: Progress = lambda step, done, total: None,
) -> Analysis:
    """Score and explain an export that an engine tagged, and write everything into a folder.

    Up to ``most`` comments the result is that of ``analyze``. Of more, ``scores.csv`` and
    ``drivers.csv`` are made from counts of all; the report and all that is written with it reads
    about ``most`` comments, those of respondents drawn evenly.

    Args:
        tagged: The tagged export.
        out: As for ``analyze``.
        tagger: What tagged it.
        wanted: What is asked for, with its rating.
        force: As for ``analyze``.
        most: How many comments are analysed in memory.
        progress: Is told each of the last two ``STEPS`` as it begins.

    Raises:
        FileFormatError: The folder is in the way or cannot be written.
        RatingError: No rating is left, or one is off its scale.
    """
    place = Path(out)
    with folder_made_whole(place, WRITES, force=force) as folder:
        if tagged.counts["comments"] <= most:
            whole = next(tagged.parts()) if tagged.number == 1 else together(tagged.parts())
            return analyze_tagged(whole, folder, place, tagger, wanted, progress)
        return _analyze_large(tagged, folder, place, tagger, wanted, most, progress)


def _analyze_large(
    tagged: TaggedParts,
    folder: Path,
    out: Path,
    tagger: Tagger,
    wanted: Wanted,
    most: int,
    progress: Progress,
) -> Analysis:
    progress(STEPS[1], 0, 0)
    rating, counts = str(wanted.rating), tagged.counts
    definition = definition_of(tagged.head, rating)
    counted = _counted(tagged, rating, definition, wanted)
    score = _score(counted, rating, definition)
    sample = drawn(tagged, rating, most)
    run = run_record(info(tagged.head), counts["statuses"], counts["languages"], tagger, wanted)
    run["sample"] = {
        "read": len(sample.comments), "comments": counts["comments"], "value": score.value,
        "low": score.low, "high": score.high, "respondents": score.n,
    }  # fmt: skip
    report = report_on(sample, wanted, run)
    progress(STEPS[2], 0, 0)
    tagged.write_comments(folder / "comments.parquet")
    tagged.write_mentions(folder / "mentions.parquet")
    overview = overview_of_counts(counted.ratings, rating, definition, min_n=wanted.min_n)
    drivers = driver_table_of_patterns(
        counted.patterns, definition, rating, min_n=wanted.min_n, seed=wanted.seed
    )
    write_figures(folder, overview, drivers)
    write_report(folder, sample.comments, report, run)
    return Analysis(
        folder=out, score=score, explanation=report.explanation, run=run,
        mentions={"found": counts["mentions"], "comments": counts["with_theme"],
                  "themes": _themes(tagged)},
    )  # fmt: skip


def _counted(tagged: TaggedParts, rating: str, definition: Definition, wanted: Wanted) -> Counted:
    """Return the counts of all respondents; without a single date there are no months."""
    months = ["month"] if "date" in tagged.head.columns else []
    splits = list(dict.fromkeys([*wanted.by, *months]))
    found = count_all(
        tagged, rating, definition, splits=splits,
        not_drivers=themes_without_subject(next(tagged.mentions())),
    )  # fmt: skip
    of_months = found.ratings["split"] == "month"
    if "month" not in wanted.by and found.ratings.loc[of_months, "group"].isna().all():
        return Counted(ratings=found.ratings[~of_months], patterns=found.patterns)
    return found


def _score(counted: Counted, rating: str, definition: Definition) -> Score:
    """Return the score of all respondents."""
    all_of = counted.ratings[counted.ratings["split"] == ALL]
    answers = np.repeat(all_of["rating"].to_numpy(np.float64), all_of["n"].to_numpy(np.int64))
    return score_from(answers, definition, level=0.95, rating=rating)


def _themes(tagged: TaggedParts) -> int:
    """Return how many themes all comments mention."""
    return len({theme for mentions in tagged.mentions() for theme in mentions["theme"].unique()})
