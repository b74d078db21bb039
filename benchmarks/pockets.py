"""False alarms, finds and time of pockets (segments in which a theme hurts more), and sarcasm.

    python benchmarks/pockets.py [--files 200] [--only sarcasm speed alarms coverage power]

A quiet file draws themes and ratings apart from the segments; counted are whole files with any
pocket. Everything is seeded. Signs of sarcasm are counted in our own labelled comments.
"""

import argparse
import json
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from feedback_nlp.drivers.disagree.reasons import sarcasm_sign
from feedback_nlp.drivers.pockets.table import pockets_table
from feedback_nlp.schema import POLARITIES, SOURCES

THEMES = ("delivery", "price", "service", "quality", "usability", "payment")
BLAMED = np.array([0.20, 0.15, 0.12, 0.08, 0.05, 0.03])  # by respondents who wrote
COST = np.array([0.50, 0.15, 0.35, 0.30, 0.30, 0.40])  # less likely to be a promoter by
BY = ["shop", "channel", "customer"]


def segments(rng, n):
    return {
        "shop": rng.choice(list("nsew"), n),
        "channel": rng.choice(["web", "app", "desk"], n, p=[0.5, 0.3, 0.2]),
        "customer": rng.choice(["new", "old"], n, p=[0.35, 0.65]),
    }


def ratings(rng, unhappy):
    """Return ratings: the unhappier, the more detractors."""
    low = rng.random(unhappy.size) < np.clip(0.10 + unhappy, 0, 0.95)
    middle = rng.random(unhappy.size) < 0.35
    return np.where(low, rng.integers(0, 7, low.size), np.where(middle, 8, 10)).astype(float)


def tables(blames, answers, wrote, columns):
    n = answers.size
    comments = pd.DataFrame({"comment_id": [f"c{i}" for i in range(n)]})
    comments["text"] = np.where(wrote, "words", "")
    comments = comments.assign(nps=answers, **columns)
    row, theme = np.nonzero(blames & wrote[:, None])
    mentions = pd.DataFrame(
        {
            "comment_id": comments["comment_id"].to_numpy()[row],
            "theme": pd.Categorical.from_codes(theme, [f"t{i}" for i in range(blames.shape[1])]),
            "polarity": pd.Categorical(["negative"] * row.size, categories=list(POLARITIES)),
            "theme_confidence": np.float32(1), "polarity_confidence": np.float32(1),
            "start": 0, "end": 5, "evidence": "words",
            "source": pd.Categorical(["rule"] * row.size, categories=list(SOURCES)),
        }
    )  # fmt: skip
    if blames.shape[1] == len(THEMES):
        mentions["theme"] = mentions["theme"].cat.rename_categories(list(THEMES))
    return comments, mentions


def quiet(seed, n, *, writing=False, happier=False):
    """Draw a file in which no theme hurts more in a segment than elsewhere.

    Args:
        seed: Of the file.
        n: Respondents.
        writing: Whether customers of one segment write twice as often as the others.
        happier: Whether the file is of mostly happy customers.
    """
    rng = np.random.default_rng(seed)
    columns = segments(rng, n)
    together = rng.random(n) < 0.5  # themes come together: some complain of everything
    blames = rng.random((n, 6)) < BLAMED * np.where(together, 1.6, 0.4)[:, None]
    unhappy = (blames * COST).sum(axis=1) * (0.5 if happier else 1.0)
    often = np.where(columns["channel"] == "app", 0.9, 0.45) if writing else np.full(n, 0.8)
    return tables(blames, ratings(rng, unhappy), rng.random(n) < often, columns)


def planted(seed, n, kind):
    """Draw a file with a pocket among new app customers, a tenth of all, or all app customers.

    ``blame``: four times as many blame usability there; ``cost``: as many blame delivery, and they
    rate much lower; ``single``: two and a half times as many app customers blame usability.
    """
    rng = np.random.default_rng(seed)
    columns = segments(rng, n)
    app = columns["channel"] == "app"
    inside = app if kind == "single" else app & (columns["customer"] == "new")
    often = np.tile([0.20, 0.15, 0.12, 0.08, 0.10, 0.03], (n, 1))
    cost = np.tile(COST, (n, 1))
    if kind == "cost":
        often[:, 0], cost[:, 0] = 0.30, np.where(inside, 0.85, 0.10)
    else:
        often[inside, 4] = 0.40 if kind == "blame" else 0.25
    blames = rng.random((n, 6)) < often
    return tables(
        blames, ratings(rng, (blames * cost).sum(axis=1)), np.ones(n, dtype=bool), columns
    )


def alarms(files):
    print("Files of 100 with any pocket where there is none (9 segments, 26 pairs, 6 themes)")
    cases = {
        "as they come": {}, "app customers write twice as often": {"writing": True},
        "mostly happy": {"happier": True},
    }  # fmt: skip
    for n in (150, 500, 2000):
        for name, how in cases.items():
            found = [
                pockets_table(*quiet(seed, n, **how), by=BY)["pocket"].sum()
                for seed in range(files)
            ]
            print(f"  n = {n}, {name}: {100 * np.mean(np.array(found) > 0):.1f}")
    other = {"CSAT mean": {"metric": "csat", "method": "mean", "scale": (0, 10)},
             "CSAT top2": {"metric": "csat", "method": "top2", "scale": (0, 10)}}  # fmt: skip
    for name, how in other.items():
        found = [
            pockets_table(*quiet(seed, 500), by=BY, **how)["pocket"].any() for seed in range(files)
        ]
        print(f"  n = 500, {name}: {100 * np.mean(found):.1f}")
    counted = [
        pockets_table(*quiet(seed, 2000, writing=True), by=BY, among="respondents")["pocket"].any()
        for seed in range(min(files, 100))
    ]
    print(
        "  n = 2000, app customers write twice as often, counted among all respondents: "
        f"{100 * np.mean(counted):.1f}"
    )


def coverage(files):
    inside = total = 0
    for seed in range(files):
        table = pockets_table(*quiet(seed, 500), by=BY)
        inside += ((table["low"] <= 0) & (table["high"] >= 0)).sum()
        total += len(table)
    print(f"Intervals that hold the true difference of 0, n = 500: {100 * inside / total:.1f} %")


WANTED = {
    "blame": ("channel app and customer new", "usability", "a pair, 40 % blame it against 10 %"),
    "cost": ("channel app and customer new", "delivery", "a pair, as many blame it, rate lower"),
    "single": ("channel app", "usability", "a segment, 25 % blame it against 10 %"),
}


def power(files):
    print(
        "Planted pockets: found, files with another one as well, and intervals that hold the truth"
    )
    for kind, (segment, theme, told) in WANTED.items():
        large = pockets_table(*planted(1_000_003, 400_000, kind), by=BY)
        true = large[(large["segment"] == segment) & (large["theme"] == theme)]["difference"].item()
        for n in (500, 2000):
            found, more, part, held, size = [], [], [], [], []
            for seed in range(files):
                table = pockets_table(*planted(seed, n, kind), by=BY)
                right = (table["segment"] == segment) & (table["theme"] == theme)
                near = table["segment"].isin(["channel app", "customer new"])
                near &= (table["theme"] == theme) & ~right
                pocket = table["pocket"]
                found.append((pocket & right).any())
                part.append((pocket & near).any() and not found[-1])
                more.append((pocket & ~right & ~near).any())
                held += list((table["low"][right] <= true) & (true <= table["high"][right]))
                size.append(table.loc[table["segment"] == segment, "n"].max())
            print(
                f"  {told}, n = {n} ({np.nanmean(size):.0f} in it): {100 * np.mean(found):.1f}, "
                f"a segment it lies in instead {100 * np.mean(part):.1f}, "
                f"others {100 * np.mean(more):.1f}, {100 * np.mean(held):.1f} of {len(held)} "
                f"intervals hold {true:.1f}"
            )


def speed(_):
    n = 100_000
    rng = np.random.default_rng(0)
    columns = {f"s{i}": rng.integers(0, 20, n).astype(str) for i in range(6)}
    blames = rng.random((n, 12)) < 0.08
    comments, mentions = tables(
        blames, ratings(rng, blames.sum(axis=1) * 0.3), np.ones(n, dtype=bool), columns
    )
    started = time.perf_counter()
    table = pockets_table(comments, mentions, by=list(columns))
    told = table.attrs["pockets"]
    print(
        f"100,000 respondents, 12 themes, 6 columns of 20 values ({told['segments']:,} segments, "
        f"{told['looked_at']:,} combinations, {told['pockets']} pockets): "
        f"{time.perf_counter() - started:.1f} s"
    )


def sarcasm(_):
    """Count signs in comments with a low rating: irony, and praise that is meant."""
    low = {"nps": 6, "csat": 2, "ces": 3}
    signs = {"irony": Counter(), "meant": Counter()}
    for path in sorted((Path(__file__).parents[1] / "data" / "labelled").glob("*.jsonl")):
        for row in map(json.loads, path.read_text("utf-8").splitlines()):
            if row["status"] != "ok" or row["rating"] is None or row["rating"] > low[row["metric"]]:
                continue
            meant = "misfit" in row["notes"] and row["sentiment"] == "positive"
            kind = "irony" if "irony" in row["notes"] else "meant" if meant else None
            if kind:
                blames = any(m["polarity"] == "negative" for m in row["mentions"])
                found = sarcasm_sign(
                    row["text"], row["language"], blames=blames, extreme=row["rating"] <= 1
                )
                signs[kind][found] += 1
    print("Signs of sarcasm in our own labelled comments with a low rating")
    for kind, told in (("irony", "meant otherwise"), ("meant", "praise that is meant")):
        total = signs[kind].total()
        print(f"  {told}: {total - signs[kind]['']} of {total}: {dict(signs[kind])}")


PARTS = {
    "sarcasm": sarcasm, "speed": speed, "alarms": alarms, "coverage": coverage, "power": power,
}  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    asked = parser.parse_args()
    for part in asked.only:
        PARTS[part](asked.files)


if __name__ == "__main__":
    main()
