"""``tag``: the themes of the comments of an export."""

from typing import Any

import click

from feedback_nlp.cli.hints import next_steps
from feedback_nlp.cli.options import (
    FORCE,
    OUTPUT,
    find_themes,
    read,
    reading,
    tagger_of,
    tagging,
    write,
)
from feedback_nlp.terminal import Steps, say


@click.command()
@reading
@tagging
@OUTPUT
@FORCE
def tag(output: str | None, force: bool, **options: Any) -> None:
    """Print the themes of each comment of EXPORT: one row for each mention."""
    from feedback_nlp.exports.places import check_table

    check_table(output, force=force, sources=options["export"])
    tagger = tagger_of(options)
    quiet = options["quiet"]
    steps = Steps(2, quiet=quiet)
    result = find_themes(tagger, read(options, steps), steps)
    if not quiet:
        counts = result.comments["status"].value_counts()
        said = ", ".join(f"{n} {name}" for name, n in counts.items() if n)
        tagged = result.mentions["comment_id"].nunique()
        say(f"{len(result.comments)} comments: {said}; {tagged} with a theme")
    write(result.mentions, output, title="Mentions")
    next_steps(result.comments)
