"""``score``: what the ratings of an export come to, and all there is to say about it."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from feedback_nlp.cli.hints import next_steps
from feedback_nlp.cli.options import BY, FORCE, MIN_N, OUTPUT, read, reading, refuse_unused
from feedback_nlp.errors import FileFormatError
from feedback_nlp.terminal import Steps, parts_text, print_parts

if TYPE_CHECKING:
    import pandas as pd

    from feedback_nlp.scores.sheet import ScoreSheet
    from feedback_nlp.scores.targets import Target

FORMATS = ("text", "csv", "json", "md")
_ENDINGS = {"txt": "text", "csv": "csv", "json": "json", "md": "md"}
_ENDINGS |= dict.fromkeys(("tsv", "jsonl", "parquet", "xlsx"), "")  # no --format writes these


@click.command()
@reading
@BY
@MIN_N
@OUTPUT
@FORCE
@click.option("--method", metavar="NAME", help="How it is computed: csat top2, top1, mean …")
@click.option("--level", default=0.95, show_default=True, help="Confidence level of intervals.")
@click.option("--period", type=click.Choice(["day", "week", "month", "quarter", "year"]))
@click.option("--since", metavar="DATE", help="Compare before with from this day on.")
@click.option("--targets", metavar="FILE", help="Your own targets (TOML).")
@click.option("--weights", metavar="COL", help="Column with the weight of each respondent.")
@click.option(
    "--population", metavar="N", type=click.IntRange(1), help="How many customers there are in all."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="csv: the table of scores; the others: everything.",
)
def score(output: str | None, force: bool, form: str | None, **options: Any) -> None:
    """Print the score of EXPORT with its interval, and what there is to say about it.

    Answers, targets, segments, changes over time, and what a good score can hide. Without
    --rating, for each rating that is found. Written to a file or a pipe as csv it is the table of
    scores, overall or split by --by.
    """
    from feedback_nlp.exports import write_table
    from feedback_nlp.exports.places import check_free, check_table

    kind = _kind(output, form)
    _check_ending(output, form)
    if kind == "table":
        whole = "the whole page (--format text, md or json)"
        refuse_unused({"targets": whole, "since": whole})
    check = check_table if kind == "table" and form is None else check_free
    check(output, force=force, sources=options["export"])
    chosen = {name: options.pop(name) for name in ("by", "min_n", "method", "level", "period")}
    chosen |= {name: options.pop(name) for name in ("weights", "population", "since")}
    chosen["targets"] = _targets(options.pop("targets"))
    steps = Steps(2, quiet=options["quiet"])
    comments = read(options, steps, for_tagging=False)
    ratings = list(options["ratings"] or {}) or _all_ratings(comments)
    if kind == "table":
        with steps.step("computing scores"):
            table = _table(comments, ratings, chosen)
        write_table(table, "-" if output is None else output, format=form)
    else:
        with steps.step("computing scores"):
            sheets = _sheets(comments, ratings, chosen)
        _write_sheets(sheets, kind, output)
    next_steps(comments)


def _kind(output: str | None, form: str | None) -> str:
    """Return what is written: a ``table``, or everything as ``text``, ``json`` or ``md``."""
    if form is not None:
        return "table" if form == "csv" else form
    if output in (None, "-"):
        return "text" if output is None and sys.stdout.isatty() else "table"
    ending = Path(str(output)).suffix.lower().lstrip(".")
    return {"txt": "text", "json": "json", "md": "md"}.get(ending, "table")


def _check_ending(output: str | None, form: str | None) -> None:
    """Raise if the name of a file says another format than --format."""
    endings = [suffix.lower().lstrip(".") for suffix in Path(output or "").suffixes[-2:]]
    packed = endings[-1:] == ["gz"]
    ending = "".join(endings[-2:-1] if packed else endings[-1:])
    wrong = ending in _ENDINGS and _ENDINGS[ending] != form
    if form is not None and (wrong or (packed and form != "csv")):
        raise click.UsageError(
            f"-o {output} and --format {form} contradict each other. The ending alone says how a "
            "file is written; leave out --format, or choose another name."
        )


def _targets(path: str | None) -> "tuple[Target, ...]":
    from feedback_nlp.scores import load_targets

    if path is not None and not path.strip():
        raise FileFormatError("--targets got no name. Name a file of targets.")
    return load_targets(path)


def _all_ratings(comments: "pd.DataFrame") -> list[str]:
    from feedback_nlp.columns import PREFERRED, first_rating
    from feedback_nlp.schema import rating_scales

    known = rating_scales(comments)
    return [name for name in PREFERRED if name in known] or [first_rating(comments)]


def _table(
    comments: "pd.DataFrame", ratings: Sequence[str], chosen: dict[str, Any]
) -> "pd.DataFrame":
    import pandas as pd

    from feedback_nlp.columns import segment_columns
    from feedback_nlp.scores import score_table

    by = segment_columns(comments, chosen["by"])
    by += [chosen["period"]] if chosen["period"] and chosen["period"] not in by else []
    if by and chosen["population"]:
        raise click.UsageError(
            "--population is how many customers there are in all; a table split by --by or "
            "--period needs one for each group: see score_table in Python."
        )
    comments, weights = _weighted(comments, chosen["weights"])
    tables = [
        score_table(
            comments, rating, by=by, min_n=chosen["min_n"], level=chosen["level"],
            method=chosen["method"], weights=weights, population=chosen["population"],
        )
        for rating in ratings
    ]  # fmt: skip
    return tables[0] if len(tables) == 1 else pd.concat(tables, ignore_index=True)


def _sheets(
    comments: "pd.DataFrame", ratings: Sequence[str], chosen: dict[str, Any]
) -> "list[ScoreSheet]":
    from feedback_nlp.columns import segment_columns
    from feedback_nlp.scores import score_sheet

    by = segment_columns(comments, chosen["by"])
    comments, weights = _weighted(comments, chosen["weights"])
    return [
        score_sheet(
            comments, rating, by=by, period=chosen["period"], min_n=chosen["min_n"],
            level=chosen["level"], method=chosen["method"], targets=chosen["targets"],
            weights=weights, population=chosen["population"], since=chosen["since"],
        )
        for rating in ratings
    ]  # fmt: skip


def _weighted(comments: "pd.DataFrame", column: str | None) -> "tuple[pd.DataFrame, str | None]":
    """Return the table with its weights as numbers, and their column."""
    if column is None:
        return comments, None
    from feedback_nlp.columns import with_numbers

    return with_numbers(comments, column)


def _write_sheets(sheets: "list[ScoreSheet]", kind: str, output: str | None) -> None:
    if kind == "text" and output in (None, "-"):
        for sheet in sheets:
            print_parts(sheet.title, sheet.parts())
        return
    if kind == "json":
        found = {sheet.rating: sheet.to_dict() for sheet in sheets}
        text = json.dumps(found, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    elif kind == "md":
        text = "\n".join(sheet.to_markdown() for sheet in sheets)
    else:
        text = "\n".join(parts_text(sheet.title, sheet.parts()) for sheet in sheets)
    if output in (None, "-"):
        click.echo(text, nl=False)
        return
    from feedback_nlp.exports.whole import write_whole

    write_whole(Path(str(output)), text.encode())
