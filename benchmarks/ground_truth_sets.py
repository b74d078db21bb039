"""The data of ``ground_truth.py``: reviews with what their writers rated, and labels of people.

Which sub-rating stands for which theme is in ``AREAS``. It was written down by the definitions of
the taxonomy, before any figure was seen. Left out are sub-ratings that no theme stands for
(entertainment, viewing) or that few answered (wifi on board, storage, power).
"""

import gzip
import json

import numpy as np
import pandas as pd

from feedback_nlp.schema import info, with_info
from feedback_nlp.tagging import Tagging, read_aspects

SCALE = (1.0, 10.0)
SETTING = {"metric": "csat", "method": "mean", "scale": SCALE}
# area: sub-ratings that stand for it, themes that do (with their sub-themes)
AREAS = {
    "skytrax_lounge_en": {
        "food": (("bar_beverages", "catering"), ("quality.food",)),
        "staff": (("staff_service",), ("service",)),
        "cleanliness": (("cleanliness",), ("environment.cleanliness",)),
        "premises": (
            ("comfort", "washrooms", "wifi_connectivity"),
            ("environment.facilities", "environment.atmosphere", "quality.product"),
        ),
    },
    "skytrax_ba_en": {
        "cabin staff": (
            ("cabin_staff",), ("service", "service.friendliness", "service.expertise")
        ),
        "ground service": (
            ("ground_service",),
            ("service.waiting_time", "service.reachability", "service.resolution",
             "usability.ordering"),
        ),
        "food": (("food_beverages",), ("quality.food",)),
        "seat": (("seat_comfort",), ("quality.product", "environment.facilities")),
        "value": (("value_for_money",), ("price",)),
    },
    "skytrax_seat_en": {
        "seat": (
            ("seat_legroom", "seat_recline", "seat_width", "aisle_space"),
            ("quality.product", "environment.facilities"),
        ),
    },
}  # fmt: skip
LABELLED = ("restaurants_de", "semeval2016_rest_en_textlevel", "semeval2016_rest_nl_textlevel")
STARS = ("hotels_cuba_es", "restaurants_de", "nps_telecom_en", "clothing_en")
OVERALL = "RESTAURANT#GENERAL"
VERDICTS = {"negative": 1.0, "neutral": 5.5, "positive": 10.0}


def rows_of(folder, name):
    path = folder / name / "train.jsonl.gz"
    if not path.exists():
        raise SystemExit(f"There is no {path}; FOLDER has one folder a data set.")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def on_scale(score, scale):
    """Return a score on 1–10, whatever scale it was given on."""
    low, high = scale
    return SCALE[0] + (score - low) / (high - low) * (SCALE[1] - SCALE[0])


def table_of(rows, limit):
    """Return reviews with a score and a text that occurs once, on one scale."""
    table = pd.DataFrame(
        {
            "comment_id": [str(row["id"]) for row in rows],
            "text": [row["text"] for row in rows],
            "csat": [
                np.nan if row.get("score") is None else on_scale(row["score"], row["score_scale"])
                for row in rows
            ],
        }
    )
    table = table.join(pd.DataFrame([row.get("subratings") or {} for row in rows]))
    table = table[table["csat"].notna() & ~table["text"].duplicated()]
    if 0 < limit < len(table):
        table = table.sample(limit, random_state=13)
    return table.reset_index(drop=True)


def area_of(theme, areas):
    """Return the area that a theme belongs to, the most exact name first; else its top theme."""
    for name in (theme, theme.partition(".")[0]):
        for area, (_, themes) in areas.items():
            if name in themes:
                return area
    return theme.partition(".")[0]


def by_area(mentions, areas):
    """Return the mentions with areas as themes."""
    renamed = [area_of(theme, areas) for theme in mentions["theme"].astype(str)]
    return with_info(mentions.assign(theme=pd.Categorical(renamed)), info(mentions))


def labelled(folder, name):
    """Return reviews with a score and the themes that people found in them."""
    rows = rows_of(folder, name)
    gold = read_aspects(folder / name / "train.jsonl.gz")
    if any("review_id" in row for row in rows):
        return reviews_of_sentences(rows, gold)
    verdicts = {
        str(row["id"]): [VERDICTS[a["polarity"]] for a in row["aspects"]
                         if a["category"] == OVERALL and a.get("polarity") in VERDICTS]
        for row in rows
    }  # fmt: skip
    comments = gold.comments[["comment_id", "text"]].copy()
    comments["csat"] = [
        float(np.mean(verdicts[key])) if verdicts[key] else np.nan for key in comments["comment_id"]
    ]
    return Tagging(comments, gold.mentions)


def reviews_of_sentences(rows, gold):
    """Put the sentences of one review together."""
    review = {str(row["id"]): str(row["review_id"]) for row in rows}
    frame = pd.DataFrame(rows).assign(review_id=[str(row["review_id"]) for row in rows])
    joined = frame.groupby("review_id", sort=False).agg(
        text=("text", " ".join), score=("review_score", "first")
    )
    comments = joined.reset_index().rename(columns={"review_id": "comment_id"})
    comments["csat"] = on_scale(comments.pop("score"), rows[0]["review_score_scale"])
    mentions = gold.mentions.assign(comment_id=gold.mentions["comment_id"].map(review))
    return Tagging(comments, with_info(mentions, info(gold.mentions)))


def folded(mentions, *, among=None):
    """Return mentions with top themes alone, those without a subject left out."""
    top = mentions["theme"].astype(str).str.partition(".")[0]
    kept = (top != "general").to_numpy(copy=True)
    if among is not None:
        kept &= mentions["comment_id"].isin(among["comment_id"]).to_numpy()
    return with_info(mentions.assign(theme=pd.Categorical(top))[kept], info(mentions))
