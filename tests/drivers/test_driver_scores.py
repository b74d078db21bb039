"""The driver table: other scores than NPS, praise, controls, edges, and what is refused."""

from io import StringIO

import numpy as np
import pandas as pd
import pytest
from answered import GROUPS, says, survey
from click.testing import CliRunner

from feedback_nlp import make_sample, write_table
from feedback_nlp.cli import app
from feedback_nlp.drivers import (
    driver_table,
    subtheme_table,
    theme_matrix,
    theme_table,
    with_unexplained,
)
from feedback_nlp.drivers.adjusted.gains import adjusted_gains
from feedback_nlp.errors import ColumnError, FeedbackError, RatingError
from feedback_nlp.scores import score_of


def test_groups_of_other_scores_have_their_own_names():
    rows = [says(1, "negative", "price"), says(3, "negative"), says(5, "negative")]
    table = driver_table(*survey(rows, "csat"), rating="csat", min_n=1, n_boot=0)
    assert table.attrs["groups"] == {
        "detractors": "dissatisfied",
        "passives": "neutral",
        "promoters": "satisfied",
    }
    assert table.attrs["drivers"]["n_groups"] == {"detractors": 1, "passives": 1, "promoters": 1}
    assert table.loc[0, "points_lost"] == pytest.approx(100 / 3)


def test_praise_is_shown_by_who_praises():
    rows = [says(9, "positive", "staff")] * 20 + [says(2, "negative", "staff")] * 3
    rows += [says(2, "negative", "price")] * 12 + [says(10, "positive", "price")] * 4
    table = driver_table(*survey(rows), n_boot=0).set_index("theme")
    assert table["suppressed"].to_dict() == {"price": False, "staff": True}
    assert table.loc["staff", "points_won"] == pytest.approx(20 * 200 / 39)
    assert pd.isna(table.loc["staff", "points_lost"])
    assert pd.isna(table.loc["staff", "adjusted_gain"])
    assert pd.isna(table.loc["price", "points_won"])
    assert table.attrs["drivers"]["suppressed_won"] == pytest.approx(4 * 200 / 39)


def test_satisfied_respondents_lose_points_of_a_mean_too():
    rows = [
        says(4, "negative", "price"),
        says(5, "positive", "price"),
        says(2, "negative", "price"),
    ]
    table = driver_table(*survey(rows, "csat"), "csat", min_n=1, n_boot=0, method="mean")
    lost = [f"points_lost_{name}" for name in GROUPS]
    assert table.loc[0, lost].to_list() == pytest.approx([1, 0, 1 / 3])
    assert table.loc[0, "points_won"] == pytest.approx(4 / 3)


def test_a_second_score_of_the_same_file_has_its_own_table():
    rows = [says(2, "negative", "price")] * 12 + [says(9, "positive", "staff")] * 12
    comments, mentions = survey(rows, csat=[5.0] * 12 + [3.0] * 12)
    tables = {name: driver_table(comments, mentions, name, n_boot=0) for name in ("nps", "csat")}
    for name, table in tables.items():
        notes = table.attrs["drivers"]
        assert (notes["metric"], notes["score"]) == (name, score_of(comments, name).value)
    assert tables["nps"].loc[0, "points_lost"] == pytest.approx(100)
    assert tables["csat"].loc[0, "points_lost"] == 0


def mall(n=400, seed=3):
    rng = np.random.default_rng(seed)
    shop = rng.choice(["north", "south"], n)
    rows = []
    for here in shop:
        blames = rng.random() < (0.5 if here == "north" else 0.1)
        rating = rng.choice([2, 8, 10], p=[0.6, 0.2, 0.2] if here == "north" else [0.1, 0.2, 0.7])
        rows.append(says(rating, "negative", *(["price"] if blames else [])))
    return survey(rows, shop=shop)


def test_controls_are_held_fixed_in_the_adjusted_gain():
    comments, mentions = mall()
    plain, held = (
        driver_table(comments, mentions, n_boot=200, controls=controls)
        for controls in ((), ("shop",))
    )
    # Price is blamed in the shop that scores low, and does nothing within a shop.
    assert plain.loc[0, "adjusted_gain_low"] > 0
    assert held.loc[0, "adjusted_gain_low"] < 0 < held.loc[0, "adjusted_gain_high"]
    assert list(held.attrs["drivers"]["adjusted"]["controls"]) == ["shop"]
    assert plain.attrs["drivers"]["notes"] == []
    (said,) = held.attrs["drivers"]["notes"]
    assert said == "Held fixed: shop (2 values of 10 respondents or more)."
    matrix = theme_matrix(comments, mentions)
    shops = comments.set_index("comment_id")[["shop"]]
    gains = adjusted_gains(matrix, controls=shops, n_boot=200, seed=0, confidence=0.95)
    for name in ("adjusted_gain", "adjusted_gain_low", "adjusted_gain_high"):
        assert held.loc[0, name] == gains.loc["price", name]
    others = [name for name in plain if not name.startswith("adjusted")]
    pd.testing.assert_frame_equal(plain[others], held[others])


def test_a_respondent_of_many_comments_has_one_value_of_a_control():
    comments, mentions = mall()
    comments["respondent_id"] = [f"r{i // 2}" for i in range(len(comments))]
    comments["nps"] = comments.groupby("respondent_id")["nps"].transform("last")
    last = comments.groupby("respondent_id")["shop"].transform("last")
    one, two = (
        driver_table(frame, mentions, n_boot=0, controls=["shop"])
        for frame in (comments, comments.assign(shop=last))
    )
    pd.testing.assert_frame_equal(one, two)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("shp", "No column 'shp'"),
        ("nps", "Column 'nps' cannot be held fixed"),
        ("comment_id", "Column 'comment_id' cannot be held fixed"),
        ("date", "Column 'date' cannot be held fixed"),
    ],
)
def test_what_cannot_be_a_control_is_refused(name, error):
    comments, mentions = mall(40)
    comments["date"] = pd.Timestamp("2026-01-01")
    with pytest.raises((ColumnError, FeedbackError), match=error):
        driver_table(comments, mentions, n_boot=0, controls=name)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "rows",
    [
        [(3, "", [])] * 3,
        [says(10, "positive", "price")] * 12,
        [says(0, "negative", "price")] * 12,
        [says(5, "negative", "a", "b"), says(10, "negative", "a", "b")] * 15,
        [says(7, "negative", "price")] * 11 + [says(7, "positive")] * 11,
        [says(4, "negative", "price")],
    ],
    ids=["no words", "all praise", "all blame", "two alike", "constant", "one"],
)
def test_edges_are_told_without_warnings_or_made_up_numbers(rows):
    comments, mentions = survey(rows, shop="only one")
    table = driver_table(comments, mentions, min_n=1, n_boot=50, controls=["shop"])
    notes = table.attrs["drivers"]
    assert table["adjusted_gain"].isna().all()
    assert list(notes["adjusted"]["left_out"]) == sorted(table["theme"])
    whole = with_unexplained(table)
    assert whole["points_lost"].sum() == pytest.approx(notes["points_lost_total"])
    assert whole["points_won"].sum() == pytest.approx(notes["points_won_total"])
    constant = comments["nps"].nunique() == 1
    assert table["impact_low"].isna().all() or not constant
    everybody = table["n_negative"] == len(comments)
    assert table.loc[everybody & constant, "points_lost_low"].isna().all()


THREE = [
    says(10, "negative", "service"),
    says(3, "negative", "price"),
    says(8, "negative", "price"),
]


def test_bad_input():
    comments, mentions = survey(THREE)
    with pytest.raises(ColumnError, match="not among the comments"):
        driver_table(comments.head(1), mentions)
    with pytest.raises(ColumnError, match="No column 'polarity'"):
        driver_table(comments, mentions.drop(columns="polarity"))
    with pytest.raises(ColumnError, match="Column 'theme' is empty in row 2"):
        driver_table(comments, mentions.assign(theme=mentions["theme"].where(mentions.index != 1)))
    with pytest.raises(FeedbackError, match="No level 'deep'; choose top or sub"):
        theme_table(comments, mentions, level="deep")
    with pytest.raises(RatingError, match="No ratings left"):
        driver_table(comments.assign(nps=np.nan), mentions)


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ({"n_boot": -1}, "n_boot is -1; give a whole number, 0 or more"),
        ({"n_boot": 3}, "n_boot is 3; give 20 draws or more"),
        ({"seed": -1}, "seed is -1; give a whole number"),
        ({"min_n": 2.5}, "min_n is 2.5; give a whole number"),
        ({"confidence": 95}, "confidence level 95 is not between 0 and 1"),
        ({"confidence": "x"}, "confidence level 'x' is no number"),
    ],
)
def test_settings_out_of_range_are_refused(setting, says):
    tables = survey(THREE)
    functions = [driver_table]
    if not setting.keys() & {"n_boot", "seed"}:
        functions.append(subtheme_table)
    if "min_n" in setting:
        functions.append(theme_table)
    for function in functions:
        with pytest.raises(FeedbackError, match=says):
            function(*tables, **setting)


@pytest.mark.slow
def test_controls_on_the_command_line(tmp_path):
    path = tmp_path / "sample.csv"
    write_table(make_sample(60, seed=3), path)

    def run(*more):
        return CliRunner().invoke(app, ["drivers", str(path), "--model", "rules", "-q", *more])

    held, plain = (
        pd.read_csv(StringIO(run("--min-n", "5", *more).stdout)).set_index("theme")
        for more in (("--control", "Channel", "--control", "language"), ())
    )
    shown = plain["adjusted_gain"].notna()
    assert shown.any()
    assert (held["adjusted_gain"] != plain["adjusted_gain"])[shown].any()
    assert held["points_lost"].equals(plain["points_lost"])
    refused = run("--control", "Chanel")
    assert refused.exit_code == 1
    assert "No column 'Chanel' (asked for by --control)" in refused.output
    assert "Did you mean 'Channel'?" in refused.output
    refused = run("--control", "Response ID")
    assert refused.exit_code == 1
    assert "Cannot hold fixed 'Response ID': it was read as id, which makes no" in refused.output


@pytest.mark.slow
def test_the_command_line_says_what_is_held_fixed_and_what_is_not(tmp_path):
    path = tmp_path / "sample.csv"
    sample = make_sample(60, seed=3)
    sample["Agent"] = [f"agent {i}" for i in range(len(sample))]
    sample["Brand"] = "Nordhus"
    write_table(sample, path)
    names = ("Channel", "month", "Agent", "Brand")
    options = [part for name in names for part in ("--control", name)]
    result = CliRunner().invoke(app, ["drivers", str(path), "--min-n", "5", *options])
    assert result.exit_code == 0, result.output
    notes = [line for line in result.stderr.splitlines() if line.startswith("Note: ")]
    assert sum("Held fixed: Channel (" in note for note in notes) == 1
    assert any("and month (" in note for note in notes)
    assert any("Agent is not held fixed: it has" in note for note in notes)
    assert any("Brand is not held fixed: it has one value, Nordhus" in note for note in notes)
