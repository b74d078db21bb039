"""``analyze`` does everything; ``drivers`` gives the points that go with each theme."""

from pathlib import Path
from time import perf_counter
from typing import Any

import click

from feedback_nlp.cli.hints import next_steps
from feedback_nlp.cli.long_runs import (
    finished_before,
    long_run,
    tag_export,
    tagger_spec_of,
    told_how_to_go_on,
)
from feedback_nlp.cli.options import (
    BY,
    FORCE,
    LEVEL,
    MIN_N,
    OUTPUT,
    SEED,
    find_themes,
    rating_of,
    read,
    reading,
    tagger_of,
    tagging,
    with_periods,
    write,
)
from feedback_nlp.cli.report import MAX_COMMENTS, REPORT_LANGUAGE
from feedback_nlp.cli.summary import summary_of
from feedback_nlp.errors import FileFormatError
from feedback_nlp.showing import amount, counted, lost, points
from feedback_nlp.terminal import Steps, at_width, plain, print_pairs, say


@click.command()
@reading
@tagging
@BY
@MIN_N
@FORCE
@click.option("--out", required=True, metavar="DIR", help="Folder to write; must not exist yet.")
@click.option("--title", help="Title of the report.")
@REPORT_LANGUAGE
@click.option("--targets", metavar="FILE", help="Your own targets (TOML).")
@MAX_COMMENTS
@click.option(
    "--seed", default=0, show_default=True, type=SEED, help="Seed of bootstrap and clouds."
)
@long_run
def analyze(
    out: str, by: tuple[str, ...], min_n: int, force: bool, title: str | None,
    report_language: str, targets: str | None, max_comments: int, seed: int, engine: str,
    resume: bool, **options: Any,
) -> None:  # fmt: skip
    """Do everything: read EXPORT, find themes, score, explain, and write the report to DIR."""
    from feedback_nlp.analysis import STEPS, Wanted
    from feedback_nlp.engines.local import work_beside
    from feedback_nlp.exports.places import check_not_read, parents_made
    from feedback_nlp.large import analyze_parts
    from feedback_nlp.results import WRITES
    from feedback_nlp.scores import load_targets
    from feedback_nlp.wordings import wording_in

    begun, quiet, workers = perf_counter(), options["quiet"], options.pop("workers")
    if not out.strip():
        raise FileFormatError("--out got no name. Name the folder to write.")
    check_not_read(options["export"], [Path(out) / name for name in WRITES])
    if finished_before(out, resume=resume):
        return
    tagger = tagger_spec_of(options)
    wanted = Wanted(
        rating=next(iter(options["ratings"] or {}), None), by=by, title=title, min_n=min_n,
        report_language=report_language, targets=load_targets(targets) if targets else None,
        max_comments=max_comments, seed=seed,
    )  # fmt: skip
    steps = Steps(1 + len(STEPS), quiet=quiet)
    with (
        told_how_to_go_on(),
        parents_made(Path(out), WRITES, force=force),
        tag_export(
            engine, work_beside(out), options, steps, tagger=tagger, look=wanted.of,
            workers=workers, resume=resume, force=force,
        ) as tagged,
        steps.follow() as progress,
    ):  # fmt: skip
        head = tagged.head
        done = analyze_parts(
            tagged, out, tagger=tagger.load(), wanted=wanted.of(head), force=force,
            progress=progress,
        )  # fmt: skip
    click.echo(at_width(plain(str(done.explanation))))
    report = wording_in(report_language).say("mark.report", path=str(done.folder / "report.html"))
    click.echo(f"\n{report}")
    if not quiet:
        print_pairs("Summary", summary_of(done, WRITES, perf_counter() - begun))
    next_steps(head)


@click.command()
@reading
@tagging
@MIN_N
@OUTPUT
@FORCE
@LEVEL
@click.option(
    "--control",
    "controls",
    metavar="COL",
    multiple=True,
    help="Column that the adjusted gain holds fixed, such as a segment, or month; repeatable.",
)
def drivers(
    min_n: int, output: str | None, force: bool, level: Any, controls: tuple[str, ...],
    **options: Any,
) -> None:  # fmt: skip
    """Print the points of the score that go with each theme of EXPORT: one row a theme."""
    from feedback_nlp.columns import segment_columns
    from feedback_nlp.drivers import driver_table, with_unexplained
    from feedback_nlp.drivers.impact.table import check_controls
    from feedback_nlp.exports.places import check_table

    check_table(output, force=force, sources=options["export"])
    tagger, quiet = tagger_of(options), options["quiet"]
    steps = Steps(3, quiet=quiet)
    comments = read(options, steps)
    rating = rating_of(options, comments)
    controls = tuple(  # the language is found by tagging
        name if name == "language" else segment_columns(comments, [name], option="--control")[0]
        for name in controls
    )
    known = [name for name in controls if name != "language"]
    comments = with_periods(comments, known, "--control")
    check_controls(comments, rating, known)
    result = find_themes(tagger, comments, steps)
    with steps.step("computing drivers"):
        table = driver_table(
            result.comments, result.mentions, rating=rating, level=level, min_n=min_n,
            controls=controls,
        )  # fmt: skip
    for line in () if quiet else _base(table.attrs["drivers"]):
        say(line)
    for note in () if quiet else table.attrs["drivers"]["notes"]:
        say(f"Note: {note}")
    write(with_unexplained(table), output, title="Drivers", view="drivers")
    next_steps(comments)


def _base(notes: dict[str, Any]) -> list[str]:
    """Return the score and whom it counts, and what its way to the best score goes with."""
    unit, total = notes["unit"], notes["points_lost_total"]
    without = {
        "comments that complain of no theme": "no_negative_theme",
        "no readable comment": "no_comment",
    }
    rest = {says: notes[name] for says, name in without.items()}
    aside = f"; {notes['n_missing']:,} more gave no rating" if notes["n_missing"] else ""
    return [
        f"{notes['metric'].upper()} {points(notes['score'], unit)} from "
        f"{counted(notes['n_respondents'], 'respondent')}, {notes['n_wrote']:,} of them wrote a "
        f"readable comment{aside}.",
        f"It is {amount(total, unit)} below the best: {lost(total - sum(rest.values()), unit)} go "
        "with themes complained of, "
        + " and ".join(f"{lost(value, unit)} with {says}" for says, value in rest.items())
        + ". Going with is not cause.",
    ]
