"""``taxonomy check``: is a taxonomy file all right?"""

from typing import TYPE_CHECKING

import click

from feedback_nlp.cli.hints import next_steps
from feedback_nlp.cli.options import QUIET
from feedback_nlp.errors import shorten_list
from feedback_nlp.showing import counted
from feedback_nlp.terminal import plain

if TYPE_CHECKING:
    from feedback_nlp.taxonomy import Taxonomy


@click.group()
def taxonomy() -> None:
    """Work on a taxonomy file."""


@taxonomy.command("check")
@click.argument("file", required=False)
@QUIET
def taxonomy_check(file: str | None, quiet: bool) -> None:
    """Check a taxonomy FILE (without it: the default one) and print what it has."""
    from feedback_nlp.taxonomy import load_taxonomy

    found = load_taxonomy(file)
    phrases = sum(len(p) for theme in found.themes for p in theme.phrases.values())
    languages = sorted({code for theme in found.themes for code, p in theme.phrases.items() if p})
    written = f"{counted(phrases, 'phrase')} in {', '.join(languages)}" if phrases else "no phrases"
    click.echo(plain(f"{found.name}: {counted(len(found.themes), 'theme')}, {written}: all right"))
    for line in _notes(found):
        click.echo(plain(line))
    next_steps()


def _notes(found: "Taxonomy") -> list[str]:
    """Return what is good to know: themes without phrases, and those with a name alone."""
    silent = [t.id for t in found.themes if not any(t.phrases.values())]
    told = {t.id for t in found.themes if t.definition or t.examples}
    told |= {t.parent for t in found.themes if t.id != t.parent}  # its sub-themes tell what it is
    bare = [theme for theme in silent if theme not in told]
    notes = []
    if silent:
        notes.append(
            f"Without phrases: {shorten_list(silent)}. Comments are compared with their names, "
            "definitions and examples; --model rules does not find them."
        )
    if bare:
        notes.append(
            f"With a name alone: {shorten_list(bare)}. A definition or a few examples would help."
        )
    return notes
