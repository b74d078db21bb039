"""``evaluate``: how often a tagger is right, on labelled comments."""

import json
from pathlib import Path
from typing import Any

import click

from feedback_nlp.cli.hints import next_steps
from feedback_nlp.cli.options import FORCE, QUIET, tagger_of, tagging
from feedback_nlp.errors import FileFormatError
from feedback_nlp.terminal import Steps, print_parts


@click.command()
@click.argument("gold", nargs=-1, required=True)
@tagging
@click.option(
    "--format", "form", type=click.Choice(["labelled", "aspects", "table", "challenge"]),
    default="labelled", show_default=True,
    help="labelled: our own; aspects: JSON Lines with text, lang, aspects; "
    "table: one row for each label; challenge: rows that are passed or not.",
)  # fmt: skip
@click.option(
    "--split", type=click.Choice(["train", "dev", "test"]), help="Only this part of the comments."
)
@click.option("--text", metavar="COL", default="text", help="Of a table: the comments.")
@click.option("--theme", metavar="COL", default="theme", help="Of a table: the themes.")
@click.option("--polarity", metavar="COL", help="Of a table: the polarity.")
@click.option("--draws", default=300, show_default=True, type=click.IntRange(10), help="Bootstrap.")
@click.option("-o", "--output", metavar="FILE", help="File to write: .md, .json, .csv …")
@FORCE
@QUIET
def evaluate(
    gold: tuple[str, ...], form: str, split: str | None, draws: int, output: str | None,
    force: bool, quiet: bool, text: str, theme: str, polarity: str | None, **options: Any,
) -> None:  # fmt: skip
    """Print how often a tagger is right on labelled comments: JSON Lines, or tables of labels.

    Beside it stand the rules and a dummy that gives every comment what is most frequent.
    """
    from feedback_nlp.exports.places import check_free
    from feedback_nlp.tagging import evaluate_with_baselines, read_aspects, read_labelled
    from feedback_nlp.tagging.label_tables import read_label_table

    check_free(output, force=force, sources=gold)
    steps = Steps(2, quiet=quiet)
    if form == "challenge":
        _challenge(tagger_of(options), list(gold), split, output, steps)
        next_steps()
        return
    with steps.step("reading the labels"):
        if form == "table":
            labels = read_label_table(list(gold), text=text, theme=theme, polarity=polarity)
        else:
            labels = (read_labelled if form == "labelled" else read_aspects)(list(gold))
    if split is not None:
        labels = part_of(labels, split)
    tagger = tagger_of(options)
    with steps.step("tagging and comparing with the labels"):
        found = evaluate_with_baselines(tagger, labels, draws=draws)
    if output in (None, "-"):
        print_parts(found.name, found.parts())
    else:
        _write(found, str(output))
    next_steps()


def _challenge(
    tagger: Any, gold: list[str], split: str | None, output: str | None, steps: Steps
) -> None:
    """Print how many challenge rows are passed; a file gets every row, and why it is not passed."""
    from feedback_nlp.exports import write_table
    from feedback_nlp.tagging.challenge import pass_rates, read_challenges, run_challenges
    from feedback_nlp.terminal import print_table

    if split is not None:
        raise click.UsageError("--split is for labelled comments; challenge rows have no parts.")
    with steps.step("reading the challenges"):
        rows = read_challenges(gold)
    if not rows:
        raise FileFormatError(f"There are no challenge rows in {', '.join(gold)}.")
    with steps.step("tagging and comparing"):
        results = run_challenges(tagger, rows)
    if output is not None:
        write_table(results, output)
        return
    for by in ("phenomenon", "language"):
        print_table(pass_rates(results, by=by), title=f"Passed by {by}")


def part_of(labels: Any, split: str) -> Any:
    """Return one part of labelled comments; raises ``FileFormatError`` if it has none."""
    from feedback_nlp.tagging import Tagging

    if "split" not in labels.comments:
        raise FileFormatError(
            f"There is no splits.toml beside the labelled comments, so no part is {split!r}."
        )
    comments = labels.comments[labels.comments["split"] == split].reset_index(drop=True)
    if comments.empty:
        raise FileFormatError(f"None of the labelled comments are in the part {split!r}.")
    mentions = labels.mentions[labels.mentions["comment_id"].isin(comments["comment_id"])]
    return Tagging(comments, mentions.reset_index(drop=True))


def _write(found: Any, output: str) -> None:
    from feedback_nlp.exports import write_table
    from feedback_nlp.exports.whole import write_whole

    ending = Path(output).suffix.lower()
    if ending == ".md":
        write_whole(output, found.to_markdown().encode())
    elif ending == ".json":
        text = json.dumps(found.to_dict(), ensure_ascii=False, indent=2, allow_nan=False)
        write_whole(output, f"{text}\n".encode())
    else:
        write_table(found.to_frame(), output)
