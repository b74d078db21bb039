"""``models``: which taggers there are, and the card of one."""

import click

from feedback_nlp.cli.hints import next_steps
from feedback_nlp.cli.options import QUIET

WHAT = {
    "compact": "weighs words and their meaning with what the rules find; the default",
    "fast": "another name of compact",
    "accurate": "a network reads each comment; better, slower, needs feedback-nlp[accurate]",
    "custom": "compares comments with what a taxonomy of your own says; used with --taxonomy",
    "rules": "finds the phrases of a taxonomy and reads word lists; nothing is learnt",
}


@click.command()
@click.argument("model", required=False)
@QUIET
def models(model: str | None, quiet: bool) -> None:
    """List the taggers, or print the card of MODEL: a name, or the folder of a trained one."""
    from feedback_nlp.tagging.store import read_card
    from feedback_nlp.terminal import plain

    if model is None:
        for name, what in WHAT.items():
            click.echo(f"{name:8} {what}")
        click.echo("Or the folder of a model of your own, from: feedback-nlp train")
        click.echo("Or the folder of a Hugging Face model; it needs feedback-nlp[transformers]")
    elif model in ("custom", "rules"):
        click.echo(f"{model}: {WHAT[model]}")
    else:
        click.echo("\n".join(plain(line) for line in read_card(model).splitlines()))
    next_steps()
