"""``train``: a tagger of one's own themes, from one's own labels."""

import warnings
from pathlib import Path
from typing import Any, Literal

import click

from feedback_nlp.cli.evaluate import part_of
from feedback_nlp.cli.hints import next_steps
from feedback_nlp.cli.options import FORCE, QUIET, SEED
from feedback_nlp.errors import FileFormatError
from feedback_nlp.terminal import Steps, plain, say

_JSON = (".json", ".jsonl", ".ndjson")


@click.command()
@click.argument("labels", nargs=-1, required=True)
@click.option("--out", required=True, metavar="DIR", help="Folder to write; must not exist yet.")
@click.option("--taxonomy", metavar="FILE", help="Your own taxonomy (TOML).")
@click.option(
    "--format", "form", type=click.Choice(["labelled", "aspects", "table"]),
    help="labelled: our own; aspects: JSON Lines with text, lang, aspects; table: one row for each "
    "label. If not given, folders and JSON are labelled, other files tables.",
)  # fmt: skip
@click.option("--text", metavar="COL", default="text", show_default=True, help="Comments.")
@click.option("--theme", metavar="COL", default="theme", show_default=True, help="Themes.")
@click.option("--polarity", metavar="COL", help="Polarity; 'polarity' if there is such a column.")
@click.option("--id", "id", metavar="COL", help="Id of the comment; else its text tells.")
@click.option("--respondent", metavar="COL", help="Who answered.")
@click.option("--question", metavar="COL", help="The question that was asked.")
@click.option("--language", metavar="COL", help="The language of the comment.")
@click.option("--sheet", metavar="NAME", help="Sheet of a spreadsheet.")
@click.option(
    "--split", type=click.Choice(["train", "dev", "test"]), help="Only this part of the comments."
)
@click.option("--seed", default=0, show_default=True, type=SEED)
@click.option(
    "--model", type=click.Choice(["compact", "transformer"]), default="compact", show_default=True,
    help="compact learns in seconds; a transformer in minutes, and is better with some hundred "
    "labels or more; it needs feedback-nlp[finetune].",
)  # fmt: skip
@click.option(
    "--device", default="cpu", show_default=True, metavar="NAME",
    help="Where a transformer learns: cpu, cuda, mps.",
)  # fmt: skip
@click.option(
    "--passes", type=click.IntRange(1), metavar="N",
    help="The most passes of a transformer over the comments; it stops earlier where it gets no "
    "better.",
)  # fmt: skip
@click.option("--curve", is_flag=True, help="Also say what fewer labels would have given.")
@FORCE
@QUIET
def train(
    labels: tuple[str, ...], out: str, taxonomy: str | None, form: str | None, split: str | None,
    model: Literal["compact", "transformer"], device: str, passes: int | None, seed: int,
    curve: bool, force: bool, quiet: bool, **columns: Any,
) -> None:  # fmt: skip
    """Learn a tagger from LABELS, files of labelled comments, and write it to a folder.

    Use it with --model DIR. Prints how good it is on comments that it had not seen.
    """
    from feedback_nlp.tagging import train_tagger
    from feedback_nlp.tagging.trained_folder import check_place

    if not out.strip():
        raise FileFormatError("--out got no name. Name the folder to write.")
    check_place(Path(out), force=force)
    steps = Steps(2, quiet=quiet)
    with steps.step("reading the labels"):
        gold, themes = _gold(labels, form, taxonomy, columns)
    if split is not None:
        gold = part_of(gold, split)
    if not quiet:
        say(f"Learning from {len(gold.comments)} comments with {len(gold.mentions)} labels")
    with warnings.catch_warnings(record=True) as caught, steps.step("learning and checking"):
        warnings.simplefilter("always", UserWarning)
        tagger = train_tagger(
            gold, taxonomy=themes, seed=seed, curve=curve, name=Path(out).name, model=model,
            device=device, passes=passes, say=None if quiet else say,
        )  # fmt: skip
    tagger.save(out, force=force)
    for warning in caught:
        if warning.category is UserWarning and not quiet:
            say(f"Warning: {warning.message}")
    click.echo(plain(tagger.card))
    click.echo(f"The model: {out}")
    next_steps()


def _gold(
    labels: tuple[str, ...], form: str | None, taxonomy: str | None, columns: dict[str, Any]
) -> tuple[Any, Any]:
    """Return the labels, and the taxonomy if there is one."""
    from feedback_nlp.tagging import read_aspects, read_labelled
    from feedback_nlp.tagging.label_tables import read_label_table
    from feedback_nlp.taxonomy import load_taxonomy

    given = load_taxonomy(taxonomy) if taxonomy else None
    if form == "table" or (form is None and not _of_json(labels[0])):
        return read_label_table(list(labels), **columns), given
    if form == "aspects":
        return read_aspects(list(labels), own=True), given
    themes = given or load_taxonomy()
    try:
        return read_labelled(list(labels), taxonomy=themes), themes
    except FileFormatError as error:
        if form is not None or Path(labels[0]).is_dir():
            raise
        message = f"{error} If each row is one label, add --format table."
        raise FileFormatError(message) from None


def _of_json(source: str) -> bool:
    return Path(source).is_dir() or source.lower().removesuffix(".gz").endswith(_JSON)
