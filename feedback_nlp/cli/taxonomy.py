"""``taxonomy check``: is a taxonomy file all right?"""

import click

from feedback_nlp.terminal import plain


@click.group()
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
