"""What before and after cannot show: above all, that others answered."""

import numpy as np
import pandas as pd

from feedback_nlp.drivers.blame import shares_of_counts, with_findings
from feedback_nlp.drivers.change.sides import sides_of_rows
from feedback_nlp.report.blocks import Texts
from feedback_nlp.report.sections.segment_heat import said_segment
from feedback_nlp.report.source import Source
from feedback_nlp.schema import respondent_ids
from feedback_nlp.scores.traps.segments import read_columns

_MOST_SAID = 3


def build(
    table: pd.DataFrame, before: str, after: str, source: Source
) -> tuple[Texts, pd.DataFrame]:
    """Return the cautions, and the segments with their shares before and after.

    Args:
        table: As ``theme_change_table`` returns it.
        before: The earlier span.
        after: The later span.
        source: What the report is made from.
    """
    said, told = source.said, table.attrs["change"]
    mix = _mix(before, after, source)
    lines = [
        said.say("change.limits.cause"),
        f"{said.say('change.limits.who')} {_mix_line(mix, source)}",
    ]
    if told["n_both_sides"]:
        lines.append(said.say("change.limits.both", told["n_both_sides"]))
    if told["n_undated"]:
        lines.append(said.say("change.limits.undated", told["n_undated"]))
    return Texts(title=said.say("change.limits.title"), items=tuple(lines)), mix


def _mix(before: str, after: str, source: Source) -> pd.DataFrame:
    """Return which share of the respondents each segment is after, and was before."""
    if not source.segments:
        return pd.DataFrame()
    comments = source.comments
    side, _, _ = sides_of_rows(comments, before, after, None)
    used = (side >= 0) & comments[source.rating].notna().to_numpy()
    rows = comments.loc[used, list(source.segments)]
    who = pd.DataFrame({"who": respondent_ids(comments)[used].to_numpy(), "side": side[used]})
    last = ~who.duplicated(keep="last").to_numpy()
    sides = side[used][last]
    size = np.bincount(sides, minlength=2)
    parts = []
    for column in read_columns(rows[last])[0]:
        n = len(column.names)
        counts = np.bincount(sides * n + column.codes, minlength=2 * n).reshape(2, n)
        shares = shares_of_counts(counts, size, min_n=source.min_n, level=source.score.level)
        own = shares[(shares["group"] == 1) & (shares["n_blame"] + shares["n_blame_rest"] > 0)]
        values = [None if name is None else str(name) for name in column.names]
        value = pd.array([values[at] for at in own["theme"]], dtype="str")
        parts.append(own.assign(column=column.name, value=value).drop(columns=["theme", "group"]))
    return with_findings(parts) if parts else pd.DataFrame()


def _mix_line(mix: pd.DataFrame, source: Source) -> str:
    """Return how the mix of respondents changed, as far as the segments tell."""
    said = source.said
    tested = mix[mix["p_value"].notna()] if len(mix) else mix
    if tested.empty:
        return said.say("change.limits.mix_unknown")
    clear = tested[tested["clear"]]
    if clear.empty:
        return said.say("change.limits.mix_none", len(tested))
    size = clear["difference"].abs().sort_values(ascending=False, kind="stable")
    found = [
        said.say(
            "change.limits.mix_found", segment=said_segment(row["column"], row["value"], source),
            before=said.percent(row["share_rest"]), after=said.percent(row["share"]),
        )
        for row in clear.loc[size.index[:_MOST_SAID]].to_dict("records")
    ]  # fmt: skip
    return said.say("change.limits.mix", found=said.listed(found))
