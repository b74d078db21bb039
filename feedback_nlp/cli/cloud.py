"""``cloud``: the words of the comments of an export as a picture, and their numbers as a table."""

from collections.abc import Sequence
from typing import Any

import click

from feedback_nlp.cli.options import (
    FORCE,
    POLARITY,
    SEED,
    find_themes,
    rating_of,
    read,
    reading,
    refuse_unused,
    tagger_of,
    tagging,
)
from feedback_nlp.cli.views import chance
from feedback_nlp.errors import FileFormatError
from feedback_nlp.records import REPORT_LANGUAGES
from feedback_nlp.terminal import Steps, print_table, say

_GROUPS = (
    "detractors", "passives", "promoters", "dissatisfied", "neutral", "satisfied", "difficult",
    "easy",
)  # fmt: skip
_ROWS = 15
_SHOWN = {
    "term": "word", "n_comments": "comments", "n_reference": "reference", "q_value": "q",
    "polarity": "polarity", "n_negative": "negative", "n_positive": "positive",
}  # fmt: skip
_SIZE = (900, 520)


@click.command()
@reading
@tagging
@FORCE
@click.option("-o", "--output", metavar="FILE", required=True, help="Picture: .png or .svg.")
@click.option("--table", metavar="FILE", help="File for the numbers; its ending picks the format.")
@click.option(
    "--group",
    type=click.Choice(["all", *_GROUPS]),
    help="Whose words; those at the low end of the rating if not given.",
)
@click.option("--theme", metavar="ID", help="Only comments that mention this theme.")
@click.option("--polarity", type=POLARITY, help="Only comments that say something like that.")
@click.option(
    "--size-by",
    type=click.Choice(["comments", "keyness"]),
    default="comments",
    show_default=True,
    help="Numbers of comments, or what marks the group against others.",
)
@click.option(
    "--reference",
    type=click.Choice([*_GROUPS, "rest"]),
    help="Against whose words; the other end of the rating if not given.",
)
@click.option("--mask", metavar="FILE", help="Image whose dark or opaque part is filled.")
@click.option(
    "--palette",
    metavar="NAME|COLOURS",
    help="negative, positive, neutral or polarity; or colours: '#0b3c5d,#b23a2e'.",
)
@click.option(
    "--report-language",
    "said_in",
    type=click.Choice(REPORT_LANGUAGES),
    default="en",
    show_default=True,
    help="Of the title and what is said of each word.",
)
@click.option(
    "--max-words", default=80, show_default=True, type=click.IntRange(1, 500), help="Words drawn."
)
@click.option("--seed", default=0, show_default=True, type=SEED)
def cloud(
    output: str, table: str | None, group: str | None, theme: str | None, polarity: Any,
    size_by: Any, reference: str | None, mask: str | None, palette: str | None, said_in: str,
    max_words: int, seed: int, force: bool, **options: Any,
) -> None:  # fmt: skip
    """Draw a word cloud of EXPORT into a picture; the numbers go beside it with --table."""
    from feedback_nlp.exports import write_table
    from feedback_nlp.words import word_cloud

    if size_by == "comments":
        refuse_unused({"reference": "--size-by keyness"})
    elif group == "all":
        raise click.UsageError("--size-by keyness shows the words of one group; name it.")
    _check_files(output, table, options["export"], force=force)
    colours = _checked(mask, palette)
    tagger, quiet = tagger_of(options), options["quiet"]
    steps = Steps(3, quiet=quiet)
    comments = read(options, steps)
    rating = rating_of(options, comments, needed=group != "all")
    whose = None if group == "all" else _named(comments, rating, group, "--group")
    against = None if reference is None else _named(comments, rating, reference, "--reference")
    result = find_themes(tagger, comments, steps)
    with steps.step("drawing the cloud"):
        drawn = word_cloud(
            result.comments, result.mentions, group=whose, rating=rating, theme=theme,
            polarity=polarity, size_by=size_by, reference=against, mask=mask, palette=colours,
            language=said_in, max_words=max_words, seed=seed,
        )  # fmt: skip
        (drawn.to_svg if output.lower().endswith(".svg") else drawn.to_png)(output)
    if table is not None:
        write_table(drawn.table, table)
    if not quiet:
        _tell(drawn, table)


def _check_files(output: str, table: str | None, sources: Sequence[str], *, force: bool) -> None:
    """Raise before the long work if picture and table cannot be written."""
    from feedback_nlp.exports.places import check_free, check_table

    if not output.lower().endswith((".png", ".svg")):
        raise FileFormatError(f"Cannot draw into {output!r}: a picture ends in .png or .svg.")
    check_free(output, force=force, sources=sources)
    check_table(table, force=force, sources=sources)


def _checked(mask: str | None, palette: str | None) -> Any:
    """Raise before the long work if mask or colours are of no use; return the colours."""
    from feedback_nlp.words.colours import colours_of
    from feedback_nlp.words.masks import read_mask

    if mask is not None:
        read_mask(mask, _SIZE)
    if palette is None:
        return None
    given = [part.strip() for part in palette.split(",")]
    colours = given if palette.startswith("#") else palette
    colours_of(colours)
    return colours


def _named(comments: Any, rating: str, name: str | None, option: str) -> str:
    """Return the group of that name, the low end of the rating without one."""
    from feedback_nlp.scores.choosing import definition_of
    from feedback_nlp.words.sides import REST, side_of

    if name == REST:
        return REST
    if name is None:
        return definition_of(comments, rating).groups[0]
    side_of(comments, name, rating, option)
    return name


def _tell(drawn: Any, table: str | None) -> None:
    """Say what was drawn, and show the first numbers."""
    say(drawn.title if not drawn.is_empty else drawn.why_empty)
    if drawn.table.empty:
        return
    there = [name for name in _SHOWN if name in drawn.table.columns]
    shown = drawn.table[there].head(_ROWS).rename(columns=_SHOWN)
    if "q" in shown.columns:
        shown = shown.assign(q=[chance(value) for value in shown["q"]])
    left = len(drawn.table) - len(shown)
    title = f"The first {len(shown)} of {len(drawn.table):,} words" if left else "Words"
    print_table(shown, title=title, error=True)
    if left and table is None:
        say("All of them: --table FILE")
