"""The points of a theme split over its sub-themes: exact sums, and what is counted where."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback_nlp.drivers import driver_table, subtheme_table
from feedback_nlp.errors import RatingError
from feedback_nlp.records import Mention
from feedback_nlp.schema import mentions_table
from feedback_nlp.scores import mean_score_interval

GROUPS = ("detractors", "passives", "promoters")


def survey(rows, rating="nps", **columns):
    """Return the two tables of (rating, theme blamed, ...) rows; "+theme" is praise."""
    comments = pd.DataFrame({"comment_id": [f"c{i}" for i in range(len(rows))], "text": "words"})
    comments[rating] = [float(row[0]) for row in rows]
    triples = [
        (f"c{i}", "words", Mention(theme=theme.removeprefix("+"),
                                   polarity="positive" if theme[0] == "+" else "negative",
                                   theme_confidence=1, polarity_confidence=1, start=0, end=5))
        for i, (_, *said) in enumerate(rows) for theme in said
    ]  # fmt: skip
    themes = sorted({theme for _, _, mention in triples for theme in [mention.theme]})
    return comments.assign(**columns), mentions_table(triples, themes)


def test_points_are_shared_over_themes_first_and_then_over_their_parts():
    rows = [
        (2, "price.fees", "price.level", "service"),  # 200: 50 fees, 50 level, 100 service
        (8, "price", "price.fees"),  # 100: fees, since it says what of the price
        (3, "price"),  # 200 for the price as such
        (9, "+price.fees"),
    ]
    table = subtheme_table(*survey(rows), min_n=1).set_index("subtheme")
    assert table["points_lost"].to_dict() == pytest.approx(
        {"price": 50, "price.fees": 37.5, "price.level": 12.5, "service": 25}
    )
    assert table["n_negative"].to_dict() == {
        "price": 1, "price.fees": 2, "price.level": 1, "service": 1,
    }  # fmt: skip
    assert table["share"].to_dict() == pytest.approx(
        {"price": 1 / 3, "price.fees": 2 / 3, "price.level": 1 / 3, "service": 1}
    )
    fees = table.loc["price.fees"]
    assert (fees["n_detractors"], fees["points_lost_detractors"]) == (1, 12.5)
    assert (fees["points_lost_passives"], fees["points_lost_promoters"]) == (25, 0)
    assert (fees["points_lost_low"], fees["points_lost_high"]) == pytest.approx(
        mean_score_interval([50, 100, 0, 0], low=0, high=200)
    )
    assert table.index[0] == "price"
    assert table.attrs["subthemes"]["points_lost"] == {"price": 100, "service": 25}


THEMES = ["price", "price.fees", "price.level", "service.speed", "service", "delivery", "general"]


@st.composite
def surveys(draw):
    metric, how, (low, high) = draw(
        st.sampled_from(
            [("nps", {}, (0, 10)), ("csat", {}, (1, 5)), ("ces", {}, (1, 7)),
             ("csat", {"method": "mean"}, (1, 5))]
        )
    )  # fmt: skip
    theme = st.sampled_from([*THEMES, *(f"+{theme}" for theme in THEMES)])
    row = st.tuples(st.integers(low, high), st.lists(theme, max_size=6))
    rows = draw(st.lists(row, min_size=1, max_size=30))
    return metric, how, [(rating, *said) for rating, said in rows]


@settings(max_examples=30, deadline=None)
@given(surveys(), st.integers(0, 4))
def test_parts_sum_exactly_to_the_points_of_their_theme(case, min_n):
    metric, how, rows = case
    comments, mentions = survey(rows, metric)
    table = subtheme_table(comments, mentions, metric, min_n=min_n, **how)
    whole = driver_table(comments, mentions, metric, min_n=0, n_boot=0, **how).set_index("theme")
    blamed = whole[whole["n_negative"] > 0]
    notes = table.attrs["subthemes"]
    shown = table.groupby("theme")["points_lost"].sum()
    assert sorted(shown.index) == sorted(blamed.index) == sorted(notes["points_lost"])
    for theme, points in blamed["points_lost"].items():
        assert notes["points_lost"][theme] == pytest.approx(points, abs=1e-9)
        assert shown[theme] + notes["suppressed"][theme] == pytest.approx(points, abs=1e-9)
    everything = subtheme_table(comments, mentions, metric, min_n=0, **how).groupby("theme")
    for group in GROUPS:
        name = f"points_lost_{group}"
        assert everything[name].sum().to_dict() == pytest.approx(blamed[name].to_dict(), abs=1e-9)
    top = everything["n_negative"].max()
    assert (top <= blamed["n_negative"].reindex(top.index)).all()
    assert (table["n_negative"] > 0).all()


@settings(max_examples=15, deadline=None)
@given(surveys(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(case, random):
    metric, how, rows = case
    comments, mentions = survey(rows, metric)
    places = random.sample(range(len(comments)), len(comments))
    one = subtheme_table(comments, mentions, metric, min_n=1, **how)
    two = subtheme_table(comments.iloc[places], mentions.iloc[::-1], metric, min_n=1, **how)
    pd.testing.assert_frame_equal(one, two)


def test_small_parts_come_last_without_points():
    rows = [(2, "price.fees")] * 12 + [(0, "price.level")] * 3 + [(1, "service")] * 11
    table = subtheme_table(*survey(rows))
    assert list(table["subtheme"]) == ["price.fees", "price.level", "service"]
    assert list(table["suppressed"]) == [False, True, False]
    level = table.iloc[1]
    assert (level["n_negative"], level["n_detractors"]) == (3, 3)
    assert level.filter(like="points").isna().all()
    assert table.attrs["subthemes"]["suppressed"] == pytest.approx(
        {"price": 3 * 200 / 26, "service": 0}
    )


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "rows",
    [[(3,)] * 4, [(9, "+price.fees")] * 12, [(0, "price.fees")] * 12, [(5, "a.b", "c")]],
    ids=["no mentions", "no blame", "all alike", "one"],
)
def test_edges(rows):
    table = subtheme_table(*survey(rows), min_n=1)
    blamed = sum(not theme.startswith("+") for theme in rows[0][1:])
    assert len(table) == blamed
    assert table["points_lost"].sum() == pytest.approx(200 * bool(blamed))
    assert table["points_lost_low"].isna().all()
    assert table["theme"].dtype == "str"
    assert table["n_negative"].dtype == "int64"
    assert table["suppressed"].dtype == bool
    assert table["points_lost"].dtype == "float64"


def test_no_ratings_is_an_error():
    comments, mentions = survey([(3, "price.fees")])
    with pytest.raises(RatingError, match="No ratings left"):
        subtheme_table(comments.assign(nps=float("nan")), mentions)
