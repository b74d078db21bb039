"""How true the adjusted gain and its interval are: simulated respondents whose gains are known.

    python benchmarks/adjusted.py [--seeds 300] [--only coverage models refits mood speed]

Each respondent has a satisfaction; every blamed theme lowers it and every praised one lifts it. The
rating is also worked out, with the same chance, for the case that nobody had blamed a theme: the
mean of the difference over a million respondents is the true gain.
"""

import argparse
import resource
import time
import warnings

import numpy as np
import pandas as pd
from adjusted_models import by_cuts, fractional, least_squares, multinomial, proportional_odds

from feedback_nlp.drivers.adjusted.gains import PENALTY, adjusted_gains
from feedback_nlp.drivers.adjusted.mean_model import MeanModel
from feedback_nlp.drivers.join import ThemeMatrix
from feedback_nlp.scores import benjamini_hochberg, define

# theme: share of writers who blame it, effect, share who praise it, effect
PLANTED = {
    "strong": (0.15, -3.0, 0.20, 0.8),
    "middling": (0.12, -2.0, 0.15, 0.5),
    "weak": (0.20, -1.0, 0.10, 0.5),
    "frequent, none": (0.25, 0.0, 0.10, 0.0),
    "none, with strong": (0.08, 0.0, 0.05, 0.0),
    "rare, strong": (0.05, -2.5, 0.10, 0.5),
    "with middling": (0.10, -1.5, 0.05, 0.3),
    "none": (0.08, 0.0, 0.05, 0.0),
    "rare, weak": (0.06, -1.0, 0.05, 0.5),
    "rare, none": (0.05, 0.0, 0.05, 0.0),
    "promoters to passives": (0.15, 0.0, 0.05, 0.3),
    "none too": (0.12, 0.0, 0.05, 0.0),
}
NAMES = list(PLANTED)
SHARE, EFFECT, PRAISE, LIFT = np.array(list(PLANTED.values())).T
PRICE = NAMES.index("promoters to passives")
NONE = [NAMES.index(name) for name in NAMES if "none" in name]
SCORES = {
    "NPS": define("nps"),
    "CSAT top2": define("csat", "top2", (0, 10)),
    "mean": define("csat", "mean", (0, 10)),
}


def people(rng, n, *, effect=EFFECT, mood=0.0):
    """Return who spoke, blames and praises, and the rating as a function of who blames what."""
    wrote = rng.random(n) < 0.75
    bad = rng.normal(size=n)  # mood: lowers the rating and makes complaints likelier
    negative = rng.random((n, SHARE.size)) < SHARE * np.exp(mood * bad)[:, np.newaxis]
    negative[:, 4] |= negative[:, 0] & (rng.random(n) < 0.5)
    negative[:, 6] |= negative[:, 1] & (rng.random(n) < 0.4)
    negative &= wrote[:, np.newaxis]
    positive = (rng.random((n, SHARE.size)) < PRAISE) & wrote[:, np.newaxis] & ~negative
    base = 8.6 + 0.3 * ~wrote + rng.normal(0, 1.7, n) + positive @ LIFT - mood * 2 * bad
    luck = rng.random(n)

    def rating(blame):
        answer = np.clip(np.round(base + blame @ effect), 0, 10)
        if not effect.any():
            return answer
        return np.where(blame[:, PRICE] & (answer >= 9) & (luck < 0.7), 8, answer)

    return wrote, negative, positive, rating


def matrix_of(wrote, negative, positive, answers, definition, names=NAMES):
    index = pd.RangeIndex(answers.size, name="respondent_id")
    frames = {
        "negative": negative, "positive": positive, "neutral": np.zeros_like(negative),
        "any": negative | positive,
    }  # fmt: skip
    rows = pd.DataFrame(
        {"rating": answers, "x": definition.contribution(answers),
         "group": definition.group(answers), "wrote": wrote, "spoke": wrote}, index=index,
    )  # fmt: skip
    made = {key: pd.DataFrame(grid, index=index, columns=names) for key, grid in frames.items()}
    return ThemeMatrix(people=rows, definition=definition, n_missing=0, **made)


def truth(definition, **how):
    _, negative, _, rating = people(np.random.default_rng(1_000_003), 1_000_000, **how)
    score = definition.contribution(rating(negative)).mean()
    gains = []
    for theme in range(SHARE.size):
        without = negative.copy()
        without[:, theme] = False
        gains.append(definition.contribution(rating(without)).mean() - score)
    return np.array(gains)


def samples(seeds, n, definition, **how):
    for seed in range(seeds):
        wrote, negative, positive, rating = people(np.random.default_rng(seed), n, **how)
        yield matrix_of(wrote, negative, positive, rating(negative), definition)


def coverage(seeds):
    for name, definition in SCORES.items():
        true = truth(definition)
        for n in (100, 300, 1000):
            tables = [
                adjusted_gains(one, n_boot=1000, seed=0, confidence=0.95)
                for one in samples(seeds, n, definition)
            ]
            gain, low, high, p = (
                np.array([table[column] for table in tables]) for column in tables[0].columns
            )
            known = ~np.isnan(low)
            held = np.where(known, (low <= true) & (true <= high), np.nan)
            print(
                f"\n{name}, n = {n}: of 100 intervals {100 * np.nanmean(held):.1f} hold the truth"
            )
            print("theme | true | bias | rmse | hold | p <= 0.05 | estimated")
            for i, theme in enumerate(NAMES):
                error = gain[known[:, i], i] - true[i]
                alarms = np.mean(p[known[:, i], i] <= 0.05)
                print(
                    f"{theme} | {true[i]:.3g} | {error.mean():+.2g} | "
                    f"{np.sqrt((error**2).mean()):.2g} | {100 * np.nanmean(held[:, i]):.0f} | "
                    f"{100 * alarms:.0f} | {100 * known[:, i].mean():.0f}"
                )
    for name, definition in SCORES.items():
        for n in (100, 300, 1000):
            alarms = [
                (benjamini_hochberg(table["adjusted_p"]) <= 0.05).any()
                for table in (
                    adjusted_gains(one, n_boot=1000, seed=0, confidence=0.95)
                    for one in samples(seeds, n, definition, effect=np.zeros(SHARE.size))
                )
            ]
            print(f"nothing planted, {name}, n = {n}: any q <= 0.05 in {100 * np.mean(alarms):.1f}")


def columns_of(one):
    grids = [one.negative.to_numpy(), one.positive.to_numpy()]
    return np.column_stack([np.ones(len(one.people)), *grids, one.people["spoke"]]).astype(float)


def models(seeds):
    kinds = (fractional, by_cuts, multinomial, proportional_odds, least_squares)
    for name in ("NPS", "mean"):
        definition = SCORES[name]
        worth = [-100.0, 0.0, 100.0] if name == "NPS" else list(map(float, range(11)))
        true = truth(definition)
        for n in (100, 300, 1000):
            print(f"\n{name}, n = {n}: model | rmse | bias strong, with strong, price | ms")
            for kind in kinds:
                if kind is proportional_odds and name == "mean" and n > 300:
                    continue
                gains, start = [], time.perf_counter()
                for one in samples(min(seeds, 100), n, definition):
                    columns = columns_of(one)
                    levels = np.searchsorted(worth, one.people["x"])
                    own = kind(columns, levels, worth, SHARE.size)
                    rare = columns[:, 1 : SHARE.size + 1].sum(axis=0) < 5
                    gains.append(np.where(rare, np.nan, own))
                took = 1000 * (time.perf_counter() - start) / len(gains)
                error = np.array(gains) - true
                bias = np.nanmean(error, axis=0)[[0, 4, PRICE]]
                print(
                    f"{kind.__name__} | {np.sqrt(np.nanmean(error**2)):.3f} | "
                    f"{' '.join(f'{b:+.3f}' for b in bias)} | {took:.1f}"
                )


def refits(seeds):
    """Percentiles of full refits beside the shipped one-step draws, NPS."""
    definition = SCORES["NPS"]
    true = truth(definition)
    for n in (100, 300):
        held = {"one step": [], "refits": []}
        spread = []
        for one in samples(min(seeds, 100), n, definition):
            table = adjusted_gains(one, n_boot=400, seed=0, confidence=0.95)
            known = table["adjusted_gain_low"].notna().to_numpy()
            columns, x = columns_of(one), one.people["x"].to_numpy()
            rng = np.random.default_rng(0)
            draws = []
            for _ in range(400):
                rows = rng.integers(0, n, n)
                model = MeanModel.fit(
                    columns[rows], (x[rows] + 100) / 200, np.ones(n), penalty=PENALTY
                )
                draws.append([200 * model.without(theme + 1) for theme in np.flatnonzero(known)])
            low, high = np.quantile(draws, [0.025, 0.975], axis=0)
            shown = table[known]
            ends = {"one step": (shown["adjusted_gain_low"], shown["adjusted_gain_high"]),
                    "refits": (low, high)}  # fmt: skip
            for key, (below, above) in ends.items():
                held[key] += list((below <= true[known]) & (true[known] <= above))
            width = (shown["adjusted_gain_high"] - shown["adjusted_gain_low"]).to_numpy()
            spread += list((high - low) / width)
        told = ", ".join(f"{key} {100 * np.mean(found):.1f}" for key, found in held.items())
        print(
            f"NPS, n = {n}: of 100 intervals hold the truth: {told}; "
            f"width of refits ÷ one step {np.median(spread):.2f}"
        )


def mood(seeds):
    definition = SCORES["NPS"]
    for strength in (0.0, 0.25, 0.5):
        true = truth(definition, mood=strength)
        tables = [
            adjusted_gains(one, n_boot=1000, seed=0, confidence=0.95)
            for one in samples(seeds, 1000, definition, mood=strength)
        ]
        gain = np.nanmean([table["adjusted_gain"] for table in tables], axis=0)
        alarms = np.nanmean([table["adjusted_p"] <= 0.05 for table in tables], axis=0)
        told = ", ".join(
            f"{NAMES[i]} true {true[i]:.1f} found {gain[i]:.1f} (p <= 0.05: {100 * alarms[i]:.0f})"
            for i in (0, 2, 3, 7)
        )
        print(f"mood {strength}, NPS, n = 1000: {told}")


def speed(_):
    for themes in (12, 40):
        rng = np.random.default_rng(0)
        n = 100_000
        negative = rng.random((n, themes)) < rng.uniform(0.02, 0.15, themes)
        positive = rng.random((n, themes)) < 0.05
        wrote = negative.any(axis=1) | positive.any(axis=1) | (rng.random(n) < 0.3)
        pull = negative @ rng.uniform(0, 2, themes)
        answers = np.clip(np.round(9 + rng.normal(0, 2, n) - pull), 0, 10)
        names = [f"theme {i:02}" for i in range(themes)]
        one = matrix_of(wrote, negative, positive, answers, SCORES["NPS"], names)
        start, worked = time.perf_counter(), time.process_time()
        adjusted_gains(one, n_boot=1000, seed=0, confidence=0.95)
        took, work = time.perf_counter() - start, time.process_time() - worked
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"n = {n:,}, {themes} themes × 2, 1,000 draws: {took:.1f} s, "
            f"{work:.1f} s of one core, peak {peak:.0f} MB"
        )


PARTS = {
    "coverage": coverage, "models": models, "refits": refits, "mood": mood, "speed": speed,
}  # fmt: skip

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=300)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    asked = parser.parse_args()
    warnings.simplefilter("ignore", RuntimeWarning)
    for part in asked.only:
        PARTS[part](asked.seeds)
