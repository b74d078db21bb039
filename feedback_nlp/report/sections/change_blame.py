"""Which themes are blamed more or less, as shares of those who wrote before and after."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from feedback_nlp.drivers.blame import FALSE_FINDINGS, shares_of_counts, with_findings
from feedback_nlp.report.blocks import Cell, Figure, Head, Key, Table
from feedback_nlp.report.figures.dumbbells import Dumbbell, Dumbbells
from feedback_nlp.report.sections.timeline import span_name
from feedback_nlp.report.source import Source

MAX_THEMES = 10
_MOST_SAID = 4


def build(table: pd.DataFrame, source: Source) -> tuple[tuple[Figure, ...], pd.DataFrame]:
    """Return the figure and its table; no figure where no theme can be compared.

    Args:
        table: As ``theme_change_table`` returns it.
        source: What the report is made from.
    """
    told = table.attrs["change"]
    silent = table[table["theme"] == "no_comment"].iloc[0]
    wrote = np.array([told[f"n_{side}"] - silent[f"n_{side}"] for side in ("before", "after")])
    themes = table[~table["suppressed"] & table["q_value"].notna()].reset_index(drop=True)
    counts = themes[["n_before", "n_after"]].to_numpy(dtype=np.int64).T
    shares = shares_of_counts(
        counts, wrote.astype(np.int64), min_n=source.min_n, level=source.score.level
    )
    after = with_findings([shares[shares["group"] == 1]])
    after = after.assign(theme=themes["theme"].to_numpy()[after["theme"]])
    found = after[after["difference"].notna()]
    if found.empty:
        return (), after
    return (_figure(found, wrote, told, source),), after


def _figure(
    table: pd.DataFrame, wrote: NDArray[np.int64],
    told: dict[str, dict[str, str]], source: Source,
) -> Figure:  # fmt: skip
    said = source.said
    size = table["n_blame"] + table["n_blame_rest"]
    drawn = table.assign(size=size).sort_values(
        ["clear", "size"], ascending=False, kind="stable"
    ).head(MAX_THEMES)  # fmt: skip
    drawing = Dumbbells(
        rows=tuple(
            Dumbbell(
                name=source.theme(row["theme"]), before=row["share_rest"], after=row["share"],
                low=row["difference_low"], high=row["difference_high"], clear=bool(row["clear"]),
            )
            for row in drawn.to_dict("records")
        )
    )  # fmt: skip
    names = {side: span_name(told["sides"][side], source) for side in ("before", "after")}
    return Figure(
        id="change-blame",
        drawing=drawing,
        title=said.say("change.blame.title"),
        lead=said.say("change.blame.lead", q=said.exactly(FALSE_FINDINGS)),
        label=said.say("change.blame.label"),
        table=_table(table, source),
        legend=tuple(
            Key(kind=kind, text=said.say(f"change.blame.key_{side}", name=names[side], n=int(n)))
            for kind, side, n in zip(("hollow", "dot"), names, wrote, strict=True)
        ),
        note=_found(table, source),
    )


def _found(table: pd.DataFrame, source: Source) -> str:
    said = source.said
    clear = table[table["clear"]].sort_values("q_value", kind="stable").head(_MOST_SAID)
    if clear.empty:
        return said.say("change.blame.none", len(table))
    found = [
        said.say(
            "change.blame.found", theme=source.theme(row["theme"]),
            before=said.percent(row["share_rest"]), after=said.percent(row["share"]),
        )
        for row in clear.to_dict("records")
    ]  # fmt: skip
    return said.say("change.blame.clear", found=said.listed(found))


def _table(table: pd.DataFrame, source: Source) -> Table:
    said = source.said
    heads = (
        Head(text=said.say("head.theme"), kind="text"),
        Head(text=said.say("change.blame.head_before")),
        Head(text=said.say("change.blame.head_after")),
        Head(text=said.say("head.difference")),
        Head(text=said.say("head.interval", level=source.level)),
        Head(text=said.say("head.q")),
    )
    rows = []
    for row in table.to_dict("records"):
        low, high = 100 * row["difference_low"], 100 * row["difference_high"]
        before, after = (
            _share(row[f"share{at}"], int(row[f"n_blame{at}"]), source) for at in ("_rest", "")
        )
        sign = ("▲ " if row["difference"] > 0 else "▼ ") if row["clear"] else ""
        change = sign + said.signed(100 * row["difference"], "percent")
        rows.append(
            (
                Cell(text=source.theme(row["theme"])), before, after,
                Cell(text=change, value=row["difference"]),
                Cell(text=said.signed_span(low, high, "percent")),
                Cell(text=said.chance(row["q_value"]), value=row["q_value"]),
            )
        )  # fmt: skip
    return Table(caption=said.say("change.blame.caption"), heads=heads, rows=tuple(rows))


def _share(share: float, n: int, source: Source) -> Cell:
    """Return a share with the number behind it."""
    said = source.said
    return Cell(text=f"{said.percent(share, 1)} ({said.count(n)})", value=share)
