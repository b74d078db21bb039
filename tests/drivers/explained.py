"""Surveys made by hand: few texts, themes as given, and cases in which little can be said."""

import pandas as pd

from feedback_nlp.records import Mention
from feedback_nlp.schema import mentions_table, with_info

LATE = [
    "The parcel came two weeks late and nobody told us anything.",
    "My parcel was left in the rain, so the box was soaked through.",
    "Still waiting for the parcel. The courier never showed up at all!",
    "The courier threw it over the fence; call me on 0612345678 please.",
    "Ordered in May, got the parcel in July, and it was the wrong one.",
]
DEAR = ["Far too expensive for what you get here.", "Prices went up again without any warning."]
FINE = ["Lovely people, I will be back soon.", "Everything was as it should be, thanks."]


def row(rating, text, *themes, polarity="negative"):
    return rating, text, [(theme, polarity) for theme in themes]


def survey(rows, rating="nps"):
    comments = pd.DataFrame({"comment_id": [f"c{i}" for i in range(len(rows))]})
    comments["text"] = pd.array([text for _, text, _ in rows], dtype="str")
    comments[rating] = pd.Series([given for given, _, _ in rows], dtype=float)
    comments["date"] = pd.Timestamp("2026-03-01") + pd.to_timedelta(range(len(rows)), unit="D")
    comments["shop"] = pd.Categorical((["north", "south"] * len(rows))[: len(rows)])
    triples = [
        (f"c{i}", text, Mention(theme=theme, polarity=polarity, theme_confidence=0.9,
                                polarity_confidence=0.9, start=0, end=len(text)))
        for i, (_, text, mentioned) in enumerate(rows)
        for theme, polarity in mentioned
    ]  # fmt: skip
    themes = sorted({theme for _, _, mentioned in rows for theme, _ in mentioned})
    return with_info(comments, {"segments": ["shop"]}), mentions_table(triples, themes)


ROWS = (
    [row(i % 7, LATE[i % 5] + f" Case {i}.", "delivery.speed") for i in range(30)]
    + [row(7, DEAR[i % 2], "price") for i in range(10)]
    + [row(4, DEAR[0], "price", "delivery.damage")] * 5
    + [row(9 + i % 2, FINE[i % 2], "service", polarity="positive") for i in range(30)]
    + [row(3, "", *())] * 5
    + [row(None, "No rating, but words.")]
)
HAPPY = [row(9, FINE[i % 2]) for i in range(30)]

# Surveys that give no reason, with what is said of it.
NOTHING = {
    "nobody wrote": ([row(i, "") for i in range(11)], "Nobody left a comment that can be read"),
    "no mentions": ([row(i % 11, LATE[0]) for i in range(44)], "no theme was found that detractors"),
    "no detractors": ([row(9, LATE[0], "delivery")] * 12, "There are no detractors"),
    "silent detractors": (
        [row(3, "")] * 12 + HAPPY,
        "No comment of detractors can be read",
    ),
    "silent others": (
        [row(3, LATE[0], "delivery")] * 20 + [row(9, "")] * 20,
        "none of the others wrote",
    ),
    "no theme": ([row(3, LATE[0])] * 12 + HAPPY, "no theme was found that detractors blame"),
    "too few": ([row(3, LATE[0], "delivery")] * 4 + HAPPY, "fewer than 10 respondents"),
    "others only": (
        [row(7, DEAR[0], "price")] * 30 + [row(3, LATE[0])] * 30 + [row(3, DEAR[0], "price")],
        "blamed more often by others than by detractors",
    ),
    "only praise": (
        [row(3, FINE[0], "service", polarity="positive")] * 12 + HAPPY,
        "no theme was found that detractors blame",
    ),
    "all detractors": (
        [row(2 + i % 2, LATE[i % 5], "delivery") for i in range(40)],
        "all respondents are detractors, so there is nobody to compare them with",
    ),
    "constant": (
        [row(5, LATE[i % 5], *(["delivery"] if i % 2 else [])) for i in range(40)],
        "All respondents gave the same rating",
    ),
    "constant and high": (
        [row(9, LATE[i % 5], *(["delivery"] if i % 2 else [])) for i in range(40)],
        "There are no detractors",
    ),
    "everywhere": (
        [row(i % 11, LATE[i % 5], "delivery") for i in range(44)],
        "every respondent blames the same theme",
    ),
    "chance": (
        [row(i % 11, LATE[i % 5], *(["delivery"] if i % 5 else [])) for i in range(99)],
        "do not blame any theme more often than others, beyond what may be chance",
    ),
    "twelve": (
        [row(3, LATE[i % 5], "delivery") for i in range(10)] + [row(9, FINE[0])] * 2,
        "too few respondents differ in one theme alone",
    ),
    "twins": (
        [row(3, LATE[i % 5], "delivery", "price") for i in range(30)] + HAPPY,
        "too few respondents differ in one theme alone",
    ),
    "mixed": (
        [row(3, LATE[i % 5], "delivery", "price") for i in range(30)]
        + [row(3 + 6 * (i % 2), DEAR[0], "staff") for i in range(30)]
        + HAPPY,
        "no theme passes both tests",
    ),
    "one respondent": ([row(3, LATE[0], "delivery")], "all respondents are detractors"),
}  # fmt: skip
