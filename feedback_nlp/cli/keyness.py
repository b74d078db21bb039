"""``keyness`` and ``together``: words that mark a group, and themes that come together."""

from typing import Any

import click

from feedback_nlp.cli.hints import next_steps
from feedback_nlp.cli.options import (
    FORCE,
    LEVEL,
    MIN_N,
    OUTPUT,
    POLARITY,
    find_themes,
    rating_of,
    read,
    reading,
    refuse_unused,
    tagger_of,
    tagging,
    write,
)
from feedback_nlp.showing import counted
from feedback_nlp.terminal import Steps, say


@click.command()
@reading
@tagging
@MIN_N
@OUTPUT
@FORCE
@click.option(
    "--group",
    metavar="WHO",
    default="detractors",
    show_default=True,
    help="Whose words: detractors, passives, promoters, or a segment as Channel=App.",
)
@click.option(
    "--reference",
    metavar="WHO",
    default="promoters",
    show_default=True,
    help="Against whose: the same, or rest for all others.",
)
@click.option("--theme", metavar="ID", help="Only what is said of this theme.")
@click.option("--polarity", type=POLARITY, help="Only what is said with this polarity.")
@click.option(
    "--within",
    type=click.Choice(["evidence", "comment"]),
    default="evidence",
    show_default=True,
    help="With --theme or --polarity: words of the mentions, or of the whole comment.",
)
@click.option(
    "--per",
    type=click.Choice(["comment", "respondent"]),
    default="comment",
    show_default=True,
    help="What counts a term once.",
)
@click.option(
    "--min-comments",
    default=5,
    show_default=True,
    type=click.IntRange(1),
    help="Leave out terms that fewer comments have.",
)
def keyness(
    group: str, reference: str, theme: str | None, polarity: str | None, within: Any, per: Any,
    min_comments: int, min_n: int, output: str | None, force: bool, **options: Any,
) -> None:  # fmt: skip
    """Print the words of EXPORT that mark one group's comments against another's: one row a term.

    What marks the group comes first, what marks the reference last.
    """
    from feedback_nlp.exports.places import check_table
    from feedback_nlp.words import keyness as compare
    from feedback_nlp.words.sides import two_sides

    if theme is None and polarity is None:
        refuse_unused({"within": "--theme or --polarity"})
    check_table(output, force=force, sources=options["export"])
    tagger, quiet = tagger_of(options), options["quiet"]
    steps = Steps(3, quiet=quiet)
    comments = read(options, steps)
    segments = all("=" in side or side == "rest" for side in (group, reference))
    rating = rating_of(options, comments, needed=not segments)
    result = find_themes(tagger, comments, steps)
    two_sides(result.comments, group, reference, rating, options=("--group", "--reference"))
    with steps.step("comparing words"):
        table = compare(
            result.comments, result.mentions, group=group, reference=reference, rating=rating,
            theme=theme, polarity=polarity, within=within, per=per, min_comments=min_comments,
            min_n=min_n,
        )  # fmt: skip
    notes = table.attrs["keyness"]
    if not quiet:
        say(
            f"{notes['n_group']} {per}s of {group} against {notes['n_reference']} of {reference}; "
            f"{len(table)} terms, {int((table['q_value'] <= 0.05).sum())} beyond chance (q <= 0.05)"
        )
        for note in notes["notes"]:
            say(f"Note: {note}")
    write(table, output, title="Keyness", view="keyness")
    next_steps(comments)


@click.command()
@reading
@tagging
@MIN_N
@OUTPUT
@FORCE
@LEVEL
@click.option("--polarity", type=POLARITY, help="Only mentions of this polarity.")
@click.option(
    "--group",
    metavar="WHO",
    help="Only detractors, passives or promoters, or a segment as Channel=App; all if not given.",
)
def together(
    level: Any, polarity: str | None, group: str | None, min_n: int, output: str | None,
    force: bool, **options: Any,
) -> None:  # fmt: skip
    """Print which themes of EXPORT the same respondents mention: one row a pair of themes."""
    from feedback_nlp.drivers import together_table
    from feedback_nlp.exports.places import check_table
    from feedback_nlp.words.sides import side_of

    check_table(output, force=force, sources=options["export"])
    tagger, quiet = tagger_of(options), options["quiet"]
    steps = Steps(3, quiet=quiet)
    comments = read(options, steps)
    rating = rating_of(options, comments, needed=group is not None and "=" not in group)
    result = find_themes(tagger, comments, steps)
    if group is not None:
        side_of(result.comments, group, rating, "--group")
    with steps.step("counting pairs of themes"):
        table = together_table(
            result.comments, result.mentions, level=level, polarity=polarity, group=group,
            rating=rating, min_n=min_n,
        )  # fmt: skip
    notes = table.attrs["together"]
    if not quiet:
        hidden = int(table["suppressed"].sum())
        say(
            f"{counted(notes['n'], 'respondent')} who wrote; {counted(len(table), 'pair')} of "
            f"themes, {hidden} suppressed"
        )
        if notes["note"]:
            say(f"Note: {notes['note']}")
    write(table, output, title="Themes together", view="together")
    next_steps(comments)
