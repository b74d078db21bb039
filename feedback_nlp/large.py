"""The main job on exports of any size: what fits in memory is analysed there, the rest in parts.

Scores and drivers of a large export are made from counts of all respondents; the report, which
quotes, draws and compares words, reads the comments of respondents drawn evenly, and says so.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

from feedback_nlp.analysis import (
    STEPS,
    Analysis,
    Wanted,
    analyze_tagged,
    report_on,
    run_record,
)
from feedback_nlp.drivers.patterns import driver_table_of_patterns
from feedback_nlp.engines.output import note_done, write_unseen
from feedback_nlp.engines.people import People, drawn, find_people, together
from feedback_nlp.engines.tagged import Progress, TaggedParts
from feedback_nlp.engines.totals import Counted, count_all, without_empty_months
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
            done = analyze_tagged(whole, folder, place, tagger, wanted, progress)
        else:
            done = _analyze_large(tagged, folder, place, tagger, wanted, most, progress)
        if tagged.work is not None:
            note_done(tagged.work, folder, place)
    return done


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
    people = find_people(tagged, rating)
    counted = _counted(tagged, people, rating, definition, wanted)
    score = _score(counted, rating, definition)
    some = drawn(tagged, people, most)
    sample = some.tagging
    run = run_record(info(tagged.head), counts["statuses"], counts["languages"], tagger, wanted)
    run["sample"] = {
        "read": len(sample.comments), "comments": counts["comments"], "value": score.value,
        "low": score.low, "high": score.high, "respondents": score.n,
    }  # fmt: skip
    if some.note:
        run["notes"] = [*run.get("notes", []), some.note]
    report = report_on(sample, wanted, run)
    progress(STEPS[2], 0, 0)
    write_unseen(tagged.comments, folder / "comments.parquet")
    write_unseen(tagged.mentions, folder / "mentions.parquet")
    overview = overview_of_counts(counted.ratings, rating, definition, min_n=wanted.min_n)
    drivers = driver_table_of_patterns(
        counted.patterns, definition, rating, min_n=wanted.min_n, seed=wanted.seed
    )
    write_figures(folder, overview, drivers)
    write_report(folder, sample.comments, report, run)
    return Analysis(
        folder=out, score=score, explanation=report.explanation, run=run,
        mentions={"found": counts["mentions"], "comments": counts["with_theme"],
                  "themes": len(people.themes)},
    )  # fmt: skip


def _counted(
    tagged: TaggedParts, people: People, rating: str, definition: Definition, wanted: Wanted
) -> Counted:
    """Return the counts of all respondents; without a single date there are no months."""
    months = ["month"] if "date" in tagged.head.columns else []
    splits = list(dict.fromkeys([*wanted.by, *months]))
    found = count_all(
        tagged, people, rating, definition, splits=splits,
        not_drivers=themes_without_subject(next(tagged.mentions())),
    )  # fmt: skip
    return replace(found, ratings=without_empty_months(found.ratings, wanted.by))


def _score(counted: Counted, rating: str, definition: Definition) -> Score:
    """Return the score of all respondents."""
    all_of = counted.ratings[counted.ratings["split"] == ALL]
    answers = np.repeat(all_of["rating"].to_numpy(np.float64), all_of["n"].to_numpy(np.int64))
    return score_from(answers, definition, level=0.95, rating=rating)
