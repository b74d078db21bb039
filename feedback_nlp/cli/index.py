"""``index``: one figure made of several rating questions."""

from typing import TYPE_CHECKING, Any

import click

from feedback_nlp.cli.hints import next_steps
from feedback_nlp.cli.options import FORCE, OUTPUT, pairs, read, reading, refuse_unused, write
from feedback_nlp.errors import RatingError
from feedback_nlp.terminal import Steps, say

if TYPE_CHECKING:
    import pandas as pd

    from feedback_nlp.records import Score

_EXPECTED = "expected {}"


def _numbers(
    ctx: click.Context, param: click.Parameter, given: tuple[str, ...]
) -> dict[str, float] | None:
    named = pairs(ctx, param, given)
    try:
        return {name: float(value.replace(",", ".")) for name, value in named.items()} or None
    except ValueError as error:
        raise click.BadParameter("write NAME=NUMBER, such as price=3.") from error


@click.command()
@reading
@OUTPUT
@FORCE
@click.option(
    "--kind", type=click.Choice(["csi", "acsi", "sci", "alpha"]), required=True,
    help="csi: attributes by importance or against expectations; acsi: American Customer "
    "Satisfaction Index; sci: Secure Customer Index; alpha: Cronbach's alpha.",
)  # fmt: skip
@click.option("--method", metavar="NAME", help="csi: gap or weighted; sci: mean or top_box.")
@click.option(
    "--expectation", "expectations", metavar="NAME=COL", multiple=True, callback=pairs,
    help="csi: column with what was expected of an attribute; repeatable.",
)  # fmt: skip
@click.option(
    "--weight", "weights", metavar="NAME=NUMBER", multiple=True, callback=_numbers,
    help="Weight of an item; repeatable.",
)  # fmt: skip
@click.option("--level", default=0.95, show_default=True, help="Confidence level of intervals.")
def index(output: str | None, force: bool, **options: Any) -> None:
    """Print one figure made of several questions of EXPORT, named with --rating NAME=COL each.

    The names are yours: --kind acsi --rating satisfied=Q1 --rating expected=Q2 --rating ideal=Q3.
    """
    from feedback_nlp.exports.places import check_table

    check_table(output, force=force, sources=options["export"])
    chosen = {name: options.pop(name) for name in ("kind", "method", "weights", "level")}
    expectations = options.pop("expectations")
    items = list(options["ratings"])
    if len(items) < 2:
        raise click.UsageError("Name the questions: --rating NAME=COL, two or more times.")
    refuse_unused(_unused(chosen["kind"], chosen["method"]))
    stranger = next((name for name in expectations if name not in items), None)
    if stranger is not None:
        raise click.UsageError(f"--expectation {stranger}: there is no --rating {stranger}.")
    expected = {_EXPECTED.format(k): column for k, column in expectations.items()}
    options["ratings"] = options["ratings"] | expected
    if expectations and options["scales"]:
        scales = options["scales"]
        same = {_EXPECTED.format(k): scales[k] for k in expectations if k in scales}
        options["scales"] = scales | same
    quiet = options["quiet"]
    steps = Steps(2, quiet=quiet)
    comments = read(options, steps, for_tagging=False)
    with steps.step("computing the index"):
        table = _figures(comments, items, list(expectations), chosen)
    for note in [] if quiet else table.attrs.get("notes", []):
        say(f"Note: {note}")
    write(table, output, title=chosen["kind"])
    next_steps(comments)


def _unused(kind: str, method: str | None) -> dict[str, str]:
    """Return the options that a kind of index has no use for, and what they go with."""
    unused = {}
    if kind not in ("csi", "sci"):
        unused["method"] = "--kind csi or sci"
    if kind not in ("csi", "acsi"):
        unused["weights"] = "--kind csi or acsi"
    if kind != "csi":
        unused["expectations"] = "--kind csi"
    elif method == "weighted":
        unused["expectations"] = "--method gap"
    return unused


def _figures(
    comments: "pd.DataFrame", items: list[str], expected: list[str], chosen: dict[str, Any]
) -> "pd.DataFrame":
    from feedback_nlp import scores

    level, weights, kind = chosen["level"], chosen["weights"], chosen["kind"]
    if kind == "csi":
        return _csi(comments, items, expected, chosen)
    if kind == "alpha":
        return _row(scores.cronbach_alpha(comments, columns=items, level=level))
    if kind == "acsi":
        found = scores.acsi(comments, columns=items, weights=weights, level=level)
        return _row(found, details="index_{}")
    method: Any = chosen["method"] or "mean"
    found = scores.secure_customer_index(comments, columns=items, method=method, level=level)
    return _row(found)


def _csi(
    comments: "pd.DataFrame", items: list[str], expected: list[str], chosen: dict[str, Any]
) -> "pd.DataFrame":
    from feedback_nlp.schema import rating_scales, respondents
    from feedback_nlp.scores import csi_table

    if expected and len(expected) != len(items):
        missing = next(name for name in items if name not in expected)
        raise RatingError(
            f"{missing!r} has a rating and no expectation; add --expectation {missing}=COL."
        )
    wanted = [*items, *[_EXPECTED.format(name) for name in expected]]
    people = respondents(comments, items[0], keep=wanted)
    known = rating_scales(comments)
    scales = {(known[name].low, known[name].high) for name in wanted}
    if len(scales) > 1:
        told = ", ".join(f"{name} {known[name].low:g}–{known[name].high:g}" for name in wanted)
        raise RatingError(
            f"Attributes of one index are asked on one scale, not {told}. Declare it with --scale "
            "NAME=LOW-HIGH."
        )
    beside = people[wanted[len(items) :]].set_axis(items, axis=1) if expected else None
    return csi_table(
        people[items], beside, weights=chosen["weights"], method=chosen["method"],
        scale=scales.pop(), level=chosen["level"],
    )  # fmt: skip


def _row(score: "Score", *, details: str = "{}") -> "pd.DataFrame":
    """Return a score as a table of one row, its counts and details as columns, with its notes."""
    import pandas as pd

    names = ("metric", "method", "value", "low", "high", "n", "n_missing", "level", "interval")
    figures = {name: getattr(score, name) for name in names}
    named = {details.format(name): value for name, value in score.details.items()}
    table = pd.DataFrame([{**figures, **score.counts, **named}])
    table.attrs["notes"] = list(score.notes)
    return table
