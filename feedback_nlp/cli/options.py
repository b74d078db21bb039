"""Options that commands share, and how they are read and written."""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from feedback_nlp.errors import ColumnError, shorten_list
from feedback_nlp.pauses import no_garbage
from feedback_nlp.showing import counted
from feedback_nlp.terminal import Steps, print_table, say

Command = TypeVar("Command", bound=Callable[..., Any])


def pairs(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """Return what was given as NAME=VALUE, by name."""
    named = {}
    for item in given:
        name, equals, value = item.partition("=")
        if not (name and equals and value):
            raise click.BadParameter(f"{item!r} is not NAME=VALUE, such as nps=COLUMN.")
        if name.strip() in named:
            raise click.BadParameter(f"{name.strip()!r} is given twice; each name goes once.")
        named[name.strip()] = value.strip()
    return named


def refuse_unused(options: Mapping[str, str]) -> None:
    """Raise if one of these options was given, which would change nothing here.

    Args:
        options: What each of them goes with, by the name of its parameter.

    Raises:
        UsageError: Names the option, and what it goes with.
    """
    context = click.get_current_context()
    for param in context.command.params:
        given = context.get_parameter_source(str(param.name)) is ParameterSource.COMMANDLINE
        if param.name in options and given:
            raise click.UsageError(
                f"{param.opts[0]} goes with {options[param.name]} only, and changes nothing here."
            )


QUIET = click.option("--quiet", "-q", is_flag=True, help="Say nothing on stderr unless it fails.")
READING = [
    click.argument("export", nargs=-1, required=True, type=click.Path(path_type=str)),
    click.option("--id", "id", metavar="COL", help="Column with the id of the answer."),
    click.option("--respondent", metavar="COL", help="Column that tells who answered."),
    click.option("--text", metavar="COL", multiple=True, help="Column with comments; repeatable."),
    click.option("--question", metavar="COL", help="Column with the question that was asked."),
    click.option(
        "--rating",
        "ratings",
        metavar="NAME=COL",
        multiple=True,
        callback=pairs,
        help="Rating column: nps=COL, csat=COL or ces=COL; repeatable.",
    ),
    click.option(
        "--scale",
        "scales",
        metavar="NAME=SCALE",
        multiple=True,
        callback=pairs,
        help="Scale of a rating: csat=1-5; csat=5-1 when 1 is best; csat=satisfaction-5 for words; "
        "or the words from worst to best: csat='Poor|Fair|Good'.",
    ),
    click.option("--date", metavar="COL", help="Column with the date."),
    click.option(
        "--day-first/--month-first", "day_first", default=None, help="How dates are written."
    ),
    click.option("--language", metavar="COL", help="Column with the language of the comment."),
    click.option("--sheet", metavar="NAME", help="Sheet of a spreadsheet."),
    click.option("--encoding", metavar="NAME", help="Encoding of a text file, such as cp1252."),
    click.option("--delimiter", metavar="CHAR", help="Delimiter of a text file."),
    click.option(
        "--set-aside", is_flag=True, help="Count bad rows and ratings aside instead of stopping."
    ),
    QUIET,
]


def reading(command: Command) -> Command:
    """Add the options that say how an export is read; the command gets them as ``reading``."""
    for option in reversed(READING):
        command = option(command)
    return command


def read(options: dict[str, Any], steps: Steps | None = None, *, for_tagging: bool = True) -> Any:
    """Read the exports as the options say, and tell on stderr how they were understood.

    Args:
        options: Those of ``reading``; what is used up is taken out.
        steps: The steps of the command; reading is the next of them.
        for_tagging: Raise if there are no comments in it.
    """
    from feedback_nlp.columns import check_has_text
    from feedback_nlp.exports import read_comments

    quiet = options.pop("quiet")
    sources = list(options.pop("export"))
    how_to_read(options)
    steps = steps or Steps(quiet=quiet)
    with steps.step(f"reading {names_of(sources)}"):
        comments = read_comments(sources if len(sources) > 1 else sources[0], **options)
    if not quiet:
        tell_how_read(comments)
    if for_tagging:
        check_has_text(comments)
    return comments


def how_to_read(options: dict[str, Any]) -> None:
    """Make options of ``reading`` what ``read_comments`` takes: blank ones are not given."""
    options["text"] = list(options["text"]) or None
    options["ratings"] = options["ratings"] or None
    options["scales"] = options["scales"] or None


def names_of(sources: Sequence[str]) -> str:
    """Return the names of files that are read, the first one at least."""
    names = ["standard input" if name == "-" else Path(name).name for name in sources]
    return shorten_list(names, limit=1)


def tell_how_read(comments: Any) -> None:
    """Tell on stderr how an export was understood, from the notes of its comments table."""
    from feedback_nlp.exports import roles_table
    from feedback_nlp.schema import info

    noted = info(comments)
    rows = noted["rows"]
    aside = "".join(f"; {n} set aside: {why}" for why, n in rows["set_aside"].items())
    roles = roles_table(comments)
    roles["why"] = roles["why"].where(~roles["given"], "named by you")
    print_table(roles[["role", "column", "why"]], title="How columns were read", error=True)
    say(f"{rows['read']} rows read = {rows['used']} used{aside}")
    for metric, reasons in noted.get("ratings_set_aside", {}).items():
        for why, n in reasons.items():
            say(f"{counted(n, 'rating')} ({metric}) set aside: {why}")
    for note in noted["notes"]:
        say(f"Note: {note}")


def with_periods(comments: Any, names: Sequence[str], option: str) -> Any:
    """Return the comments with a column for each of the names that is a period, such as month."""
    from feedback_nlp.scores import period_of

    for name in (name for name in names if name not in comments.columns):
        if "date" not in comments.columns:
            raise ColumnError.missing("date", comments.columns, option=f"{option} {name}")
        comments = comments.assign(**{name: period_of(comments["date"], name)})
    return comments


def tagger_of(options: dict[str, Any]) -> Any:
    """Return the tagger that the options name."""
    with no_garbage():  # modules and word lists are all needed
        from feedback_nlp.tagging import load_tagger

        return load_tagger(options.pop("model"), taxonomy=options.pop("taxonomy"))


def rating_of(options: Mapping[str, Any], comments: Any, *, needed: bool = True) -> str:
    """Return the rating that counts: the first one named, else the first one there is.

    Args:
        options: Those of ``reading``.
        comments: The comments that were read.
        needed: Without it a file needs no rating, and one that is not named is ``nps``.
    """
    from feedback_nlp.columns import first_rating

    named = next(iter(options["ratings"] or {}), None)
    return named or (first_rating(comments) if needed else "nps")


def find_themes(tagger: Any, comments: Any, steps: Steps) -> Any:
    """Return the comments and their mentions, as the next of the steps."""
    with steps.step("finding themes") as tell:
        return tagger.tag_frame(comments, progress=tell)


def read_and_tag(
    options: dict[str, Any], steps: Steps, *, check: Callable[[Any], None] | None = None
) -> tuple[Any, Any]:
    """Read the exports and find their themes; return the comments and their mentions.

    Args:
        options: Those of ``reading`` and ``tagging``.
        steps: The steps of the command; these are the next two.
        check: Raises if the comments lack what is needed, before the long work of tagging.
    """
    tagger = tagger_of(options)
    comments = read(options, steps)
    if check is not None:
        check(comments)
    result = find_themes(tagger, comments, steps)
    return result.comments, result.mentions


def tagging(command: Command) -> Command:
    """Add the options that say which tagger is used."""
    command = click.option("--taxonomy", metavar="FILE", help="Your own taxonomy (TOML).")(command)
    return click.option(
        "--model",
        metavar="NAME",
        help="fast (the default), accurate, rules, or the folder of a model; models/README.md.",
    )(command)


BY = click.option("--by", metavar="COL", multiple=True, help="Split by a column; repeatable.")
OUTPUT = click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="File to write; its ending picks the format. - is stdout.",
)
MIN_N = click.option(
    "--min-n", default=10, show_default=True, type=click.IntRange(1), help="Smallest group shown."
)
LEVEL = click.option(
    "--level", type=click.Choice(["top", "sub"]), default="top", show_default=True,
    help="Themes, or their sub-themes.",
)  # fmt: skip
POLARITY = click.Choice(["negative", "neutral", "positive"])
SEED = click.IntRange(0, 2**32 - 1)  # what numpy takes
FORCE = click.option("--force", is_flag=True, help="Replace what is there.")


def write(frame: Any, output: str | None, *, title: str = "", view: str = "") -> None:
    """Write a table to a file or stdout; without a file and at a terminal, as a readable table.

    Args:
        frame: The table.
        output: The file; ``-`` is stdout.
        title: What stands above it at a terminal.
        view: Which of ``views.VIEWS`` says what is shown of it at a terminal; all if not given.
    """
    from feedback_nlp.cli.views import numbers, shown
    from feedback_nlp.exports import write_table

    if output in (None, "-"):
        if output is None and sys.stdout.isatty():
            if view:
                page, below = shown(view, frame)
                print_table(page, title=title, right=numbers(view), below=below)
            else:
                print_table(frame, title=title)
        else:
            write_table(frame, "-")
        return
    write_table(frame, str(output))
