"""``cloud``: the words of the comments of an export as a picture."""

from typing import Any

import click

from feedback_nlp.cli.options import (
    FORCE,
    POLARITY,
    SEED,
    rating_of,
    read,
    reading,
    tagger_of,
    tagging,
)
from feedback_nlp.errors import FileFormatError


@click.command()
@reading
@tagging
@FORCE
@click.option("-o", "--output", metavar="FILE", required=True, help="Picture: .png or .svg.")
@click.option(
    "--group",
    type=click.Choice(["all", "detractors", "passives", "promoters"]),
    default="detractors",
    show_default=True,
    help="Whose words.",
)
@click.option("--theme", metavar="ID", help="Only comments that mention this theme.")
@click.option("--polarity", type=POLARITY)
@click.option("--seed", default=0, show_default=True, type=SEED)
def cloud(
    output: str, group: str, theme: str | None, polarity: Any, seed: int, force: bool,
    **options: Any,
) -> None:  # fmt: skip
    """Draw a word cloud of EXPORT into a picture; sizes are numbers of comments."""
    from feedback_nlp.exports.places import check_free
    from feedback_nlp.words import word_cloud

    if not output.lower().endswith((".png", ".svg")):
        raise FileFormatError(f"Cannot draw into {output!r}: a picture ends in .png or .svg.")
    check_free(output, force=force, sources=options["export"])
    tagger = tagger_of(options)
    comments = read(options)
    whose = None if group == "all" else group
    rating = rating_of(options, comments, needed=whose is not None)
    result = tagger.tag_frame(comments)
    drawn = word_cloud(
        result.comments, result.mentions, group=whose, rating=rating, theme=theme,
        polarity=polarity, seed=seed,
    )  # fmt: skip
    (drawn.to_svg if output.lower().endswith(".svg") else drawn.to_png)(output)
