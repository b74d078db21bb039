"""``score``: what the ratings of an export come to."""

from typing import Any

import click

from feedback_nlp.cli.options import BY, FORCE, MIN_N, OUTPUT, read, reading, write


@click.command()
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
    comments = read(options, for_tagging=False)
    rating = next(iter(options["ratings"] or {}), None) or first_rating(comments)
    table = score_table(comments, rating, by=segment_columns(comments, by), min_n=min_n)
    write(table, output, title=f"{rating.upper()}")
