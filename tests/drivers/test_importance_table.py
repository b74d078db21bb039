"""Themes and sub-ratings by importance: corners, bases, suppression, edges."""

import numpy as np
import pandas as pd
import pytest
from answered import survey

from feedback_nlp.drivers import importance_table
from feedback_nlp.errors import ColumnError, FeedbackError, RatingError
from feedback_nlp.schema import with_info

# --- themes


def shop(n=400, seed=0):
    """Return a survey in which delivery costs most, staff wins some, and parking does nothing."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(n):
        said, rating = [], 7.0 + rng.normal()
        if rng.random() < 0.3:
            said.append(("delivery.speed", "negative"))
            rating -= 4
        if rng.random() < 0.3:
            said.append(("service", "positive"))
            rating += 1.5
        if rng.random() < 0.3:
            said.append(("environment", "negative" if rng.random() < 0.7 else "positive"))
        if rng.random() < 0.3:
            said.append(("assortment", "positive"))
        if rng.random() < 0.01:
            said.append(("trust", "negative"))
        rows.append((float(np.clip(np.round(rating), 0, 10)), "Something", said))
    rows += [(float(rating), "", []) for rating in rng.integers(0, 11, 100)]
    return survey(rows)


def test_themes_have_a_corner():
    comments, mentions = shop()
    table = importance_table(comments, mentions).set_index("theme")
    assert table.index[0] == "delivery"
    assert table["quadrant"].astype(object).where(table["quadrant"].notna(), None).to_dict() == {
        "delivery": "concentrate", "service": "keep_up", "environment": "low_priority",
        "assortment": "overkill", "trust": None,
    }  # fmt: skip
    assert table.loc["trust", "suppressed"]
    assert np.isnan(table.loc["trust", "importance"])
    assert table.loc["delivery", "correlation"] < 0 < table.loc["service", "correlation"]
    notes = table.attrs["importance"]
    assert (notes["n"], notes["n_respondents"], notes["base"]) == (
        400, 500, "respondents who wrote"
    )  # fmt: skip
    assert notes["important_from"] == pytest.approx(table["importance"].median())
    assert table["importance"].sum() == pytest.approx(notes["r_squared"])


def test_who_did_not_write_does_not_count():
    comments, mentions = shop()
    silent = comments["text"] == ""
    pd.testing.assert_frame_equal(
        importance_table(comments, mentions, n_boot=30),
        importance_table(comments[~silent].reset_index(drop=True), mentions, n_boot=30),
    )


def test_net_polarity_is_of_those_whose_polarity_is_known():
    said = [[("price", "negative")]] * 12 + [[("price", "positive")]] * 6
    said += [[("price", "neutral")]] * 6 + [[("price", None)]] * 6
    said += [[("price", "negative"), ("price", "positive")]] * 6 + [[]] * 14
    comments, mentions = survey([(i % 11, "It", s) for i, s in enumerate(said)])
    row = importance_table(comments, mentions, n_boot=0).iloc[0]
    assert (row["n"], row["n_negative"], row["n_positive"]) == (36, 18, 12)
    assert row["net_polarity"] == pytest.approx(-6 / 30)
    assert row["net_polarity_low"] < -6 / 30 < row["net_polarity_high"]
    assert pd.isna(row["quadrant"])  # without a bootstrap there is no random predictor to beat


def test_blame_and_praise_apart():
    comments, mentions = shop()
    table = importance_table(comments, mentions, by_polarity=True)
    keyed = table.set_index(["theme", "polarity"])
    assert keyed.loc[("delivery", "negative"), "quadrant"] == "concentrate"
    assert keyed.loc[("service", "positive"), "quadrant"] == "keep_up"
    assert keyed.loc[("environment", "negative"), "quadrant"] == "low_priority"
    assert keyed.loc[("environment", "positive"), "quadrant"] == "overkill"
    assert keyed.loc[("delivery", "positive"), "suppressed"]
    assert (
        keyed.loc[("environment", "negative"), "n"]
        == table["n_negative"][(table["theme"] == "environment")].iloc[0]
    )


def test_sub_themes():
    comments, mentions = shop()
    found = importance_table(comments, mentions, level="sub", n_boot=0)
    assert "delivery.speed" in set(found["theme"])


def test_the_rating_itself_is_explained_not_its_group():
    rows = [(0, "Slow", [("service", "negative")])] * 20 + [(6, "Fine", [])] * 20
    comments, mentions = survey(rows)
    notes = importance_table(comments, mentions, n_boot=0).attrs["importance"]
    assert notes["r_squared"] == pytest.approx(1)


EDGES = {
    "nobody mentions anything": [(i % 11, "It", []) for i in range(30)],
    "no comments": [(i % 11, "", []) for i in range(30)],
    "a theme in every comment": [(i % 11, "It", [("price", "negative")]) for i in range(30)],
    "constant rating": [(9, "It", [("price", "negative")] * (i % 2)) for i in range(30)],
    "all detractors": [(i % 7, "It", [("price", "negative")] * (i % 2)) for i in range(40)],
    "one theme": [(9 - 5 * (i % 2), "It", [("price", "negative")] * (i % 2)) for i in range(40)],
    "two identical themes": [
        (8 - 5 * (i % 2) + i % 3, "It",
         [("price", "negative"), ("trust", "negative")] * (i % 2)) for i in range(40)
    ],
    "twelve respondents": [(i % 11, "It", [("price", "negative")] * (i % 2)) for i in range(12)],
    "one respondent": [(3, "It", [("price", "negative")])],
}  # fmt: skip


@pytest.mark.parametrize("case", EDGES)
def test_edges_are_said_and_never_made_up(case):
    comments, mentions = survey(EDGES[case])
    table = importance_table(comments, mentions, n_boot=50)
    notes = table.attrs["importance"]["notes"]
    counted = {"all detractors", "one theme", "two identical themes"}
    if case in counted:
        assert table["importance"].notna().all()
    else:
        assert table["importance"].isna().all()
        assert table["quadrant"].isna().all()
        assert len(notes) == 1
    if case == "two identical themes":
        assert table["importance"][0] == pytest.approx(table["importance"][1])
        assert "say the same" in " ".join(notes)


def test_no_rating_no_mentions():
    comments, mentions = shop()
    with pytest.raises(RatingError):
        importance_table(comments.assign(nps=np.nan), mentions)
    with pytest.raises(ColumnError, match="predictors"):
        importance_table(comments, None)


# --- sub-ratings


def hotel(n=300, seed=0):
    rng = np.random.default_rng(seed)
    staff, food, pool = (rng.integers(1, 6, n).astype(float) for _ in range(3))
    nps = np.clip(np.round(1 + 1.2 * staff + 0.5 * food + rng.normal(size=n)), 0, 10)
    return pd.DataFrame(
        {"comment_id": range(n), "nps": nps, "staff": staff, "food": food, "pool": pool}
    )


def test_sub_ratings_are_ranked():
    table = importance_table(hotel(), None, predictors=["pool", "food", "staff"])
    assert table["predictor"].tolist() == ["staff", "food", "pool"]
    assert table["beats_random"].tolist() == [True, True, False]
    assert table["quadrant"].iloc[0] in ("concentrate", "keep_up")
    row = table.iloc[0]
    staff = hotel()["staff"]
    assert (row["n_negative"], row["n_positive"]) == ((staff < 3).sum(), (staff > 3).sum())
    assert table.attrs["importance"]["middles"]["staff"] == 3


def test_the_middle_is_that_of_the_declared_scale():
    scale = {"metric": "staff", "low": 0.0, "high": 10.0}
    comments = with_info(hotel(), {"scales": {"staff": scale}})
    table = importance_table(comments, None, predictors=["staff"], n_boot=0)
    assert table["n_negative"].iloc[0] == (hotel()["staff"] < 5).sum()


def test_sub_ratings_that_few_answered_are_suppressed_and_gaps_are_said():
    comments = hotel()
    comments.loc[5:, "pool"] = np.nan
    comments.loc[100:, "food"] = np.nan
    table = importance_table(comments, None, predictors=["pool", "food", "staff"], n_boot=50)
    keyed = table.set_index("predictor")
    assert keyed["suppressed"].to_dict() == {"staff": False, "food": False, "pool": True}
    assert np.isnan(keyed.loc["pool", "importance"])
    notes = table.attrs["importance"]
    assert (notes["n"], notes["n_set_aside"]) == (100, {"no food": 200})
    assert "no food: 200" in " ".join(notes["notes"])


def test_gaps_of_each_sub_rating_are_counted_by_themselves():
    comments = hotel()
    comments.loc[:179, "food"] = np.nan
    comments.loc[20:219, "pool"] = np.nan
    table = importance_table(comments, None, predictors=["food", "pool", "staff"], n_boot=0)
    said = table.attrs["importance"]["notes"][0]
    assert said.startswith(
        "220 respondents left at least one thing out (no pool: 200, no food: 180), and only the "
        f"{len(comments) - 220} who left out none are counted here."
    )


def test_the_rating_of_sub_ratings_is_checked_as_every_rating():
    hotels = hotel()
    with pytest.raises(RatingError, match="No ratings left in 'nps'"):
        importance_table(hotels.assign(nps=np.nan), None, predictors=["staff"])
    with pytest.raises(RatingError, match="off the scale 0–10"):
        importance_table(hotels.assign(nps=hotels["nps"] * 5), None, predictors=["staff"])
    wide = hotels.assign(stay=hotels["nps"] * 5)
    found = importance_table(wide, None, "stay", predictors=["staff"], scale=(0, 50), n_boot=0)
    plain = importance_table(hotels, None, predictors=["staff"], n_boot=0)
    assert found["importance"].tolist() == pytest.approx(plain["importance"].tolist())
    some = hotels.assign(nps=hotels["nps"].where(hotels.index >= 30))
    notes = importance_table(some, None, predictors="staff", n_boot=0).attrs["importance"]
    assert (notes["n"], notes["n_respondents"], notes["n_missing"]) == (270, 270, 30)


@pytest.mark.parametrize(
    "given", [{"by_polarity": True}, {"level": "sub"}, {"not_drivers": ["service"]}]
)
def test_what_is_of_themes_is_refused_with_sub_ratings(given):
    name = next(iter(given))
    with pytest.raises(FeedbackError, match=f"{name} is of themes"):
        importance_table(hotel(), None, predictors=["staff"], **given)


def test_why_there_is_no_predictor_is_said():
    comments, mentions = survey([(i % 11, "It", [("price", "negative")]) for i in range(9)])
    notes = importance_table(comments, mentions).attrs["importance"]["notes"]
    assert notes == ["No theme is praised or blamed by 10 respondents or more of the 9 who wrote."]
    silent = importance_table(comments.assign(text=""), mentions.head(0)).attrs["importance"]
    assert silent["notes"] == ["No respondent wrote."]
    empty = importance_table(hotel().assign(pool=np.nan), None, predictors=["pool"])
    told = ["No sub-rating was answered by 10 respondents or more."]
    assert empty.attrs["importance"]["notes"] == told
    with pytest.raises(FeedbackError, match="min_n is -1; give a whole number"):
        importance_table(comments, mentions, min_n=-1)


def test_respondents_count_once():
    comments = hotel().assign(respondent_id=lambda t: t["comment_id"].astype(str))
    twice = pd.concat([comments, comments.assign(comment_id=comments["comment_id"] + 1000)])
    names = ["staff", "food"]
    once, both = (
        importance_table(t.reset_index(drop=True), None, predictors=names, n_boot=30)
        for t in (comments, twice)
    )
    pd.testing.assert_frame_equal(once, both)


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (["staf"], "Did you mean 'staff'"),
        (["nps"], "cannot explain itself"),
        (["words"], "does not hold numbers"),
        (["pleased"], "does not hold numbers but bool"),
    ],
)
def test_sub_ratings_that_cannot_be_used(names, says):
    with pytest.raises(FeedbackError, match=says):
        importance_table(hotel().assign(words="good", pleased=True), None, predictors=names)
