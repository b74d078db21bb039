"""``importance``: which themes or sub-ratings go with the rating, taken together."""

from typing import TYPE_CHECKING, Any

import click

from feedback_nlp.cli.hints import next_steps
from feedback_nlp.cli.options import (
    FORCE,
    LEVEL,
    MIN_N,
    OUTPUT,
    SEED,
    rating_of,
    read,
    read_and_tag,
    reading,
    refuse_unused,
    tagging,
    write,
)
from feedback_nlp.showing import counted
from feedback_nlp.terminal import Steps, say

if TYPE_CHECKING:
    import pandas as pd

_WEIGHING = "weighing what goes with the rating"


@click.command()
@reading
@tagging
@click.option(
    "--predictor", "predictors", metavar="COL", multiple=True,
    help="Sub-rating to take instead of the themes, a column or the name of a --rating; "
    "repeatable. No themes are looked for then.",
)  # fmt: skip
@LEVEL
@click.option("--by-polarity", is_flag=True, help="Blame and praise of a theme in rows apart.")
@click.option(
    "--method", type=click.Choice(["auto", "lmg", "johnson"]), default="auto", show_default=True,
    help="lmg: at most 12 predictors; auto: lmg where it can be had.",
)  # fmt: skip
@MIN_N
@click.option("--seed", default=0, show_default=True, type=SEED, help="Seed of the bootstrap.")
@OUTPUT
@FORCE
def importance(
    output: str | None, force: bool, predictors: tuple[str, ...], level: Any, by_polarity: bool,
    method: Any, min_n: int, seed: int, **options: Any,
) -> None:  # fmt: skip
    """Print how important each theme of EXPORT is for the rating: its part of what is explained.

    With --predictor the same of sub-ratings, such as staff and cleanliness.
    """
    from feedback_nlp.drivers import importance_table
    from feedback_nlp.exports.places import check_table

    check_table(output, force=force, sources=options["export"])
    quiet = options["quiet"]
    chosen = {"method": method, "min_n": min_n, "seed": seed}
    if predictors:
        unused = ("level", "by_polarity", "taxonomy", "model")
        refuse_unused(dict.fromkeys(unused, "themes (without --predictor)"))
        given = list(options["ratings"])
        if given and set(given) <= set(predictors):
            raise click.UsageError("Name what is explained as well: --rating nps=COL.")
        del options["model"], options["taxonomy"]
        steps = Steps(2, quiet=quiet)
        comments = read(options, steps, for_tagging=False)
        names, rating = _columns(comments, predictors, given)
        with steps.step(_WEIGHING):
            table = importance_table(comments, None, rating, predictors=names, **chosen)
    else:
        steps = Steps(3, quiet=quiet)
        comments, mentions = read_and_tag(options, steps)
        rating = rating_of(options, comments)
        with steps.step(_WEIGHING):
            table = importance_table(
                comments, mentions, rating, level=level, by_polarity=by_polarity, **chosen
            )
    if not quiet:
        _tell(table.attrs["importance"])
    write(table, output, title="Importance", view="importance")
    next_steps(comments)


def _columns(
    comments: "pd.DataFrame", predictors: tuple[str, ...], given: list[str]
) -> tuple[list[str], str]:
    """Return the columns of the sub-ratings, and the rating that they are to explain."""
    from feedback_nlp.columns import first_rating
    from feedback_nlp.exports.columns import match_column

    names = [match_column(name, comments.columns, "--predictor") for name in predictors]
    named = next((name for name in given if name not in names), None)
    return names, named or first_rating(comments)


def _tell(notes: dict[str, Any]) -> None:
    """Say what the figures are of, on stderr."""
    unrated = f"; {notes['n_missing']:,} more gave no rating" if notes["n_missing"] else ""
    say(
        f"{counted(notes['n'], 'respondent')} counted, of {notes['n_respondents']:,}: "
        f"{notes['base']}{unrated}"
    )
    if "r_squared" in notes:
        say(
            f"Together they explain {notes['r_squared']:.0%} of how {notes['rating']} differs "
            f"({notes['r_squared_adjusted']:.0%} adjusted; {notes['method']})"
        )
    for note in notes["notes"]:
        say(f"Note: {note}")
