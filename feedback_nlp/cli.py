"""The command line: each command parses its options, calls one function and writes what it returns.

Results go to stdout or to the file named; progress, the roles of columns and warnings go to
stderr. A ``FeedbackError`` becomes one line and exit code 1, in one place.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from feedback_nlp.errors import FeedbackError, FileFormatError
from feedback_nlp.terminal import one_line, plain, print_table, say, step

Command = TypeVar("Command", bound=Callable[..., Any])
HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class _OneLineErrors(click.Group):
    """Turns what the user can mend into one line and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; errors of the package and of the disk end in one line."""
        try:
            return super().invoke(ctx)
        except FeedbackError as error:
            raise click.ClickException(one_line(str(error))) from error
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(one_line(f"{where}{error.strerror or error}.")) from error
        except MemoryError as error:
            raise click.ClickException("Not enough memory for this file.") from error


@click.group(cls=_OneLineErrors, context_settings=HELP)
@click.version_option(package_name="feedback-nlp", prog_name="feedback-nlp")
def app() -> None:
    r"""Read what customers wrote and explain the score they gave.

    \b
    feedback-nlp sample -o sample.csv
    feedback-nlp analyze sample.csv --out results
    """


def main() -> None:
    """Run the command line; a request to end is met like Ctrl-C, so that nothing stays behind."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda number, _: sys.exit(128 + number))
    app(prog_name="feedback-nlp")


def _pairs(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for item in given:
        name, equals, value = item.partition("=")
        if not (name and equals and value):
            raise click.BadParameter(f"{item!r} is not NAME=VALUE, such as nps=COLUMN.")
        pairs[name.strip()] = value.strip()
    return pairs


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
        callback=_pairs,
        help="Rating column: nps=COL, csat=COL or ces=COL; repeatable.",
    ),
    click.option(
        "--scale",
        "scales",
        metavar="NAME=LOW-HIGH",
        multiple=True,
        callback=_pairs,
        help="Scale of a rating: csat=1-5; csat=5-1 when 1 is best.",
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
    click.option("--quiet", "-q", is_flag=True, help="Say nothing on stderr unless it fails."),
]


def reading(command: Command) -> Command:
    """Add the options that say how an export is read; the command gets them as ``reading``."""
    for option in reversed(READING):
        command = option(command)
    return command


def _read(options: dict[str, Any], *, for_tagging: bool = True) -> Any:
    """Read the exports as the options say, and tell on stderr how they were understood."""
    from feedback_nlp.analysis import check_has_text
    from feedback_nlp.exports import read_comments, roles_table
    from feedback_nlp.schema import info

    quiet = options.pop("quiet")
    sources = list(options.pop("export"))
    options["text"] = list(options["text"]) or None
    options["ratings"] = options["ratings"] or None
    options["scales"] = options["scales"] or None
    comments = read_comments(sources if len(sources) > 1 else sources[0], **options)
    if not quiet:
        rows = info(comments)["rows"]
        aside = "".join(f"; {n} set aside: {why}" for why, n in rows["set_aside"].items())
        roles = roles_table(comments)
        roles["why"] = roles["why"].where(~roles["given"], "named by you")
        print_table(roles[["role", "column", "why"]], title="How columns were read", error=True)
        say(f"{rows['read']} rows read = {rows['used']} used{aside}")
        for metric, reasons in info(comments).get("ratings_set_aside", {}).items():
            for why, n in reasons.items():
                say(f"{n} ratings ({metric}) set aside: {why}")
        for note in info(comments)["notes"]:
            say(f"Note: {note}")
    if for_tagging:
        check_has_text(comments)
    return comments


def _tagger(options: dict[str, Any]) -> Any:
    from feedback_nlp.tagging import load_tagger

    return load_tagger(options.pop("model"), taxonomy=options.pop("taxonomy"))


def tagging(command: Command) -> Command:
    """Add the options that say which tagger is used."""
    command = click.option("--taxonomy", metavar="FILE", help="Your own taxonomy (TOML).")(command)
    return click.option("--model", metavar="NAME", default="rules", help="Which tagger to use.")(
        command
    )


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
SEED = click.IntRange(0, 2**32 - 1)  # what numpy takes
FORCE = click.option("--force", is_flag=True, help="Replace what is there.")


def _write(frame: Any, output: str | None, *, title: str = "") -> None:
    """Write a table to a file or stdout; without a file and at a terminal, as a readable table."""
    from feedback_nlp.exports import write_table

    if output in (None, "-"):
        if output is None and sys.stdout.isatty():
            print_table(frame, title=title)
        else:
            write_table(frame, "-")
        return
    write_table(frame, str(output))


@app.command()
@reading
@tagging
@BY
@MIN_N
@FORCE
@click.option("--out", required=True, metavar="DIR", help="Folder to write; must not exist yet.")
@click.option("--title", help="Title of the report.")
@click.option(
    "--seed", default=0, show_default=True, type=SEED, help="Seed of bootstrap and clouds."
)
def analyze(
    out: str, by: tuple[str, ...], min_n: int, force: bool, title: str | None, seed: int,
    **options: Any,
) -> None:  # fmt: skip
    """Do everything: read EXPORT, find themes, score, explain, and write the report to DIR."""
    from feedback_nlp.analysis import WRITES
    from feedback_nlp.analysis import analyze as run
    from feedback_nlp.exports.places import check_not_read

    if not out.strip():
        raise FileFormatError("--out got no name. Name the folder to write.")
    check_not_read(options["export"], [Path(out) / name for name in WRITES])
    tagger = _tagger(options)
    quiet = options["quiet"]
    comments = _read(options)
    with step(quiet=quiet) as progress:
        done = run(
            comments, out, tagger=tagger, rating=next(iter(options["ratings"] or {}), None), by=by,
            title=title, min_n=min_n, seed=seed, force=force, progress=progress,
        )  # fmt: skip
    if not quiet:
        counts = dict(done.run["comments"])
        read = counts.pop("read")
        parts = " + ".join(f"{n} {name.replace('_', ' ')}" for name, n in counts.items())
        say(f"{read} comments = {parts}")
    click.echo(plain(str(done.explanation)))
    click.echo(f"\nThe report: {done.folder / 'report.html'}")


@app.command()
@reading
@BY
@MIN_N
@OUTPUT
@FORCE
def score(by: tuple[str, ...], min_n: int, output: str | None, force: bool, **options: Any) -> None:
    """Print the score of EXPORT with its interval, overall or split by columns."""
    from feedback_nlp.analysis import first_rating, segment_columns
    from feedback_nlp.exports.places import check_table
    from feedback_nlp.scores import score_table

    check_table(output, force=force, sources=options["export"])
    comments = _read(options, for_tagging=False)
    rating = next(iter(options["ratings"] or {}), None) or first_rating(comments)
    table = score_table(comments, rating, by=segment_columns(comments, by), min_n=min_n)
    _write(table, output, title=f"{rating.upper()}")


@app.command()
@reading
@tagging
@OUTPUT
@FORCE
def tag(output: str | None, force: bool, **options: Any) -> None:
    """Print the themes of each comment of EXPORT: one row for each mention."""
    from feedback_nlp.exports.places import check_table

    check_table(output, force=force, sources=options["export"])
    tagger = _tagger(options)
    quiet = options["quiet"]
    result = tagger.tag_frame(_read(options))
    if not quiet:
        counts = result.comments["status"].value_counts()
        said = ", ".join(f"{n} {name}" for name, n in counts.items() if n)
        tagged = result.mentions["comment_id"].nunique()
        say(f"{len(result.comments)} comments: {said}; {tagged} with a theme")
    _write(result.mentions, output, title="Mentions")


@app.command()
@reading
@tagging
@MIN_N
@OUTPUT
@FORCE
@click.option("--level", type=click.Choice(["top", "sub"]), default="top", show_default=True)
def drivers(min_n: int, output: str | None, force: bool, level: Any, **options: Any) -> None:
    """Print the points of the score that go with each theme of EXPORT: one row a theme."""
    from feedback_nlp.analysis import first_rating
    from feedback_nlp.drivers import driver_table, with_unexplained
    from feedback_nlp.exports.places import check_table

    check_table(output, force=force, sources=options["export"])
    tagger = _tagger(options)
    comments = _read(options)
    rating = next(iter(options["ratings"] or {}), None) or first_rating(comments)
    result = tagger.tag_frame(comments)
    table = driver_table(result.comments, result.mentions, rating=rating, level=level, min_n=min_n)
    _write(with_unexplained(table), output, title="Drivers")


@app.command()
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
@click.option("--polarity", type=click.Choice(["negative", "neutral", "positive"]))
@click.option("--seed", default=0, show_default=True, type=SEED)
def cloud(
    output: str, group: str, theme: str | None, polarity: Any, seed: int, force: bool,
    **options: Any,
) -> None:  # fmt: skip
    """Draw a word cloud of EXPORT into a picture; sizes are numbers of comments."""
    from feedback_nlp.analysis import first_rating
    from feedback_nlp.exports.places import check_free
    from feedback_nlp.words import word_cloud

    if not output.lower().endswith((".png", ".svg")):
        raise FileFormatError(f"Cannot draw into {output!r}: a picture ends in .png or .svg.")
    check_free(output, force=force, sources=options["export"])
    tagger = _tagger(options)
    comments = _read(options)
    whose = None if group == "all" else group
    rating = next(iter(options["ratings"] or {}), None)
    if whose and rating is None:
        rating = first_rating(comments)
    result = tagger.tag_frame(comments)
    drawn = word_cloud(
        result.comments, result.mentions, group=whose, rating=rating or "nps", theme=theme,
        polarity=polarity, seed=seed,
    )  # fmt: skip
    (drawn.to_svg if output.lower().endswith(".svg") else drawn.to_png)(output)


@app.command()
@OUTPUT
@FORCE
@click.option("-n", default=600, show_default=True, type=click.IntRange(1), help="Responses.")
@click.option("--seed", default=0, show_default=True, type=SEED)
def sample(output: str | None, force: bool, n: int, seed: int) -> None:
    """Write a sample export of an invented retailer, to try everything on."""
    from feedback_nlp.exports.places import check_table
    from feedback_nlp.samples import make_sample

    check_table(output, force=force)
    _write(make_sample(n, seed), "-" if output is None else output)


@app.group()
def taxonomy() -> None:
    """Work on a taxonomy file."""


@taxonomy.command("check")
@click.argument("file", required=False)
def taxonomy_check(file: str | None) -> None:
    """Check a taxonomy FILE (without it: the default one) and print what it has."""
    from feedback_nlp.taxonomy import load_taxonomy

    found = load_taxonomy(file)
    phrases = sum(len(p) for theme in found.themes for p in theme.phrases.values())
    languages = sorted({code for theme in found.themes for code in theme.phrases})
    click.echo(
        plain(
            f"{found.name}: {len(found.themes)} themes, {phrases} phrases, "
            f"languages {', '.join(languages)}: all right"
        )
    )
