"""``sample``: an export to try everything on."""

import click

from feedback_nlp.cli.hints import next_steps
from feedback_nlp.cli.options import FORCE, OUTPUT, QUIET, SEED, write
from feedback_nlp.terminal import Steps


@click.command()
@OUTPUT
@FORCE
@click.option("-n", default=600, show_default=True, type=click.IntRange(1), help="Responses.")
@click.option("--seed", default=0, show_default=True, type=SEED)
@QUIET
def sample(output: str | None, force: bool, n: int, seed: int, quiet: bool) -> None:
    """Write a sample export of an invented retailer, to try everything on."""
    from feedback_nlp.exports.places import check_table
    from feedback_nlp.samples import make_sample

    check_table(output, force=force)
    with Steps(quiet=quiet).step("making the sample"):
        made = make_sample(n, seed)
    write(made, "-" if output is None else output)
    next_steps()
