"""What to do next: one or two lines after a command, with the names of the user's own files."""

import shlex
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from feedback_nlp.cli.options import reading, tagging
from feedback_nlp.terminal import say

if TYPE_CHECKING:
    import pandas as pd

_MOST = 2
_LONGEST = 1000
_GROUPS = ("detractors", "passives", "promoters")
_READABLE = (".csv", ".tsv", ".xlsx", ".jsonl", ".json", ".parquet")


@dataclass(frozen=True)
class Done:
    """A command that has been run.

    Attributes:
        context: How it was called.
        comments: The comments it read, if it read any.
    """

    context: click.Context
    comments: "pd.DataFrame | None"

    def option(self, name: str) -> Any:
        """Return what an option was; ``None`` for one that the command has not."""
        return self.context.params.get(name)

    def again(self, *more: str) -> str:
        """Return the same command with more options; what it wrote to is left out."""
        left = {"output", "force", "quiet"}
        given = [p for p in self._given() if p.name not in left]
        return _line(*self.context.command_path.split(), *self._written(given), *more)

    def other(self, command: str, *more: str, tags: bool = True) -> str:
        """Return another command that reads the same export in the same way.

        Args:
            command: Its name.
            more: Options that are added.
            tags: Whether it finds themes, so that it takes the model and the taxonomy.
        """
        names = (_names(reading) | (_names(tagging) if tags else set())) - {"quiet"}
        given = [p for p in self._given() if p.name in names]
        return _line("feedback-nlp", command, *self._written(given), *more)

    def columns(self, *, guessed: bool) -> list[str]:
        """Return the options that name the columns of comments and ratings as they were read.

        Args:
            guessed: Return none if the user has named them all.
        """
        roles = [role for role in self._roles() if role["role"].split(" ")[0] in _NAMED]
        if guessed and all(role["given"] for role in roles):
            return []
        options: list[str] = []
        for role in roles:
            kind, _, metric = role["role"].partition(" ")
            options += [_NAMED[kind], f"{metric}={role['column']}" if metric else role["column"]]
        return options

    def has(self, role: str) -> bool:
        """Return whether a column was read as ``text``, ``rating``, ``segment`` or ``date``."""
        return any(one["role"].split(" ")[0] == role for one in self._roles())

    def first(self, role: str) -> str:
        """Return the first column that was read as something."""
        return next(str(one["column"]) for one in self._roles() if one["role"] == role)

    def _roles(self) -> list[dict[str, Any]]:
        from feedback_nlp.schema import info

        return [] if self.comments is None else list(info(self.comments).get("roles", []))

    def _given(self) -> list[click.Parameter]:
        source = self.context.get_parameter_source
        return [
            param
            for param in self.context.command.params
            if source(str(param.name)) is ParameterSource.COMMANDLINE
        ]

    def _written(self, params: list[click.Parameter]) -> Iterator[str]:
        arguments = [param for param in params if isinstance(param, click.Argument)]
        for param in [*arguments, *[param for param in params if param not in arguments]]:
            yield from _as_typed(param, self.context.params[str(param.name)])


_NAMED = {"text": "--text", "rating": "--rating"}


def next_steps(comments: "pd.DataFrame | None" = None) -> None:
    """Say what could be done after this command; only at a terminal, and not with --quiet.

    Args:
        comments: The comments that the command read, if it read any.
    """
    context = click.get_current_context()
    if context.params.get("quiet") or not (sys.stderr.isatty() and sys.stdout.isatty()):
        return
    hints = hints_of(context, comments)
    for line in ["", *hints] if hints else []:
        say(line, whole=True)


def hints_of(context: click.Context, comments: "pd.DataFrame | None" = None) -> list[str]:
    """Return what could be done after a command, two lines at most.

    They are not wrapped, so that a command can be copied. Nothing is said of names with signs that
    a terminal does not show, nor of what was read from standard input, which is gone.

    Args:
        context: How the command was called.
        comments: The comments that it read, if it read any.
    """
    if "-" in _sources(context):
        return []
    name = context.command_path.split(" ", 1)[-1]
    make = HINTS.get(name)
    lines = make(Done(context, comments)) if make else []
    return [line for line in lines if line.isprintable() and len(line) <= _LONGEST][:_MOST]


def _sources(context: click.Context) -> tuple[str, ...]:
    given = context.params.get("export") or context.params.get("customers") or ()
    return (given,) if isinstance(given, str) else tuple(given)


def _names(options: Callable[[Callable[[], None]], Callable[[], None]]) -> set[str]:
    """Return the names of the parameters that a decorator adds."""
    return {str(param.name) for param in click.command("any")(options(lambda: None)).params}


def _line(*words: str) -> str:
    return " ".join(shlex.quote(word) for word in words)


def _as_typed(param: click.Parameter, value: Any) -> list[str]:
    """Return an argument or option as words of a command line."""
    if isinstance(param, click.Option) and param.is_flag:
        return [param.opts[0] if value else param.secondary_opts[0]]
    if isinstance(value, dict):
        values = [f"{name}={one}" for name, one in value.items()]
    else:
        values = [str(one) for one in (value if isinstance(value, tuple) else (value,))]
    if isinstance(param, click.Argument):
        return [_path(one) for one in values]
    name = param.opts[0] if param.opts[0].startswith("--") else param.opts[-1]
    return [
        word
        for one in values
        for word in ([f"{name}={one}"] if one.startswith("-") else [name, one])
    ]


def _path(name: str) -> str:
    """Return the name of a file so that it is not taken for an option."""
    return f"./{name}" if name.startswith("-") else name


def _free(name: str) -> str:
    """Return a name that no file has yet: ``results``, else ``results-2``."""
    path, number = Path(name), 1
    while path.exists():
        number += 1
        path = Path(name).with_stem(f"{Path(name).stem}-{number}")
    return str(path)


def _keep(done: Done, file: str, *more: str) -> list[str]:
    if done.option("output") is not None:
        return []
    return [f"All columns and rows: {done.again(*more, '-o', _free(file))}"]


def _everything(done: Done) -> list[str]:
    if not (done.has("text") and done.has("rating")):
        return []
    return [f"Why, in words and with quotes: {done.other('analyze', '--out', _free('results'))}"]


def _columns(done: Done) -> list[str]:
    named = done.columns(guessed=True)
    return [f"Columns guessed wrongly? Name them: {_line(*named)}"] if named else []


def _analyze(done: Done) -> list[str]:
    report = Path(done.option("out")) / "report.html"
    dutch = ("-o", _free("rapport.html"), "--report-language", "nl")
    again = _line("feedback-nlp", "report", _path(done.option("out")), *dutch)
    english = done.option("report_language") == "en"
    return [
        f"Open {shlex.quote(str(report))} in a browser.",
        *_columns(done),
        *([f"The same in Dutch (or nb, lv), without tagging anew: {again}"] if english else []),
        f"Why is a comment in a theme? {done.other('tag', '-o', _free('mentions.xlsx'))}",
    ]


def _report(done: Done) -> list[str]:
    pages = [name for name in done.option("output") if name.lower().endswith(".html")]
    return [f"Open {shlex.quote(pages[0])} in a browser."] if pages else []


def _score(done: Done) -> list[str]:
    split = []
    if done.has("segment") and not done.option("by"):
        by = ("--by", done.first("segment"))
        split = [f"By segment: {done.other('score', *by, tags=False)}"]
    return [*_columns(done), *_everything(done), *split]


def _tag(done: Done) -> list[str]:
    return [*_keep(done, "mentions.xlsx"), *_columns(done), *_everything(done)]


def _drivers(done: Done) -> list[str]:
    finer = []
    if done.option("level") == "top":
        finer = [f"Their sub-themes: {done.again('--level', 'sub')}"]
    return [*finer, *_keep(done, "drivers.xlsx"), *_everything(done)]


def _importance(done: Done) -> list[str]:
    points = (
        [] if done.option("predictors") else [f"In points of the score: {done.other('drivers')}"]
    )
    return [*_keep(done, "importance.xlsx"), *points]


def _pockets(done: Done) -> list[str]:
    if done.option("everything"):
        return _keep(done, "pockets.xlsx")
    return [f"All that was looked at: {done.again('--all', '-o', _free('pockets.xlsx'))}"]


def _keyness(done: Done) -> list[str]:
    group = done.option("group")
    drawn = done.other("cloud", "--group", str(group), "-o", _free(f"{group}.png"))
    return [
        *_keep(done, "words.xlsx"),
        *([f"The words of {group} as a picture: {drawn}"] if group in _GROUPS else []),
    ]


def _train(done: Done) -> list[str]:
    model = _line("--model", _path(done.option("out")))
    return [f"Use it: feedback-nlp analyze EXPORT {model} --out {_free('results')}"]


def _sample(done: Done) -> list[str]:
    output = done.option("output")
    if not output or not output.lower().endswith(_READABLE):
        return []
    return [f"Next: {_line('feedback-nlp', 'analyze', _path(output), '--out', _free('results'))}"]


def _taxonomy(done: Done) -> list[str]:
    file = done.option("file")
    if not file:
        return []
    return [f"Find its themes: feedback-nlp tag EXPORT {_line('--taxonomy', _path(file))}"]


HINTS: dict[str, Callable[[Done], list[str]]] = {
    "analyze": _analyze,
    "report": _report,
    "score": _score,
    "tag": _tag,
    "drivers": _drivers,
    "importance": _importance,
    "pockets": _pockets,
    "disagree": lambda done: _keep(done, "disagree.xlsx"),
    "change": lambda done: _keep(done, "change.xlsx"),
    "spikes": lambda done: _keep(done, "spikes.xlsx"),
    "keyness": _keyness,
    "together": lambda done: _keep(done, "together.xlsx"),
    "emerging": lambda done: _keep(done, "emerging.xlsx"),
    "index": lambda done: _keep(done, "index.xlsx"),
    "lifecycle": lambda done: _keep(done, "customers.xlsx"),
    "evaluate": lambda done: _keep(done, "evaluation.md"),
    "train": _train,
    "models": lambda done: (
        [] if done.option("model") else ["The card of one: feedback-nlp models compact"]
    ),
    "sample": _sample,
    "taxonomy check": _taxonomy,
}
