"""The importance of themes and sub-ratings on the command line."""

import numpy as np
import pandas as pd
import pytest
from command_line import done, refused, run, table_of

from feedback_nlp.drivers import importance_table


@pytest.fixture
def hotel(tmp_path):
    """Return a survey in which staff matters more than food, and the pool does not."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"id": [f"R{i}" for i in range(200)]})
    for name in ("staff", "food", "pool"):
        frame[name] = rng.integers(1, 6, 200)
    stay = 1 + 1.2 * frame["staff"] + 0.5 * frame["food"] + rng.normal(size=200)
    frame["recommend"] = stay.round().clip(0, 10).astype(int)
    frame["mood"] = rng.choice(["Poor", "Fair", "Good"], 200)
    frame.to_csv(tmp_path / "hotel.csv", index=False)
    return tmp_path / "hotel.csv", frame


@pytest.fixture
def shop(tmp_path):
    """Return comments in which late deliveries cost most."""
    said = {
        "The delivery was late.": 3, "The staff were friendly.": 9, "Too expensive.": 6,
        "Everything was as it should be.": 8,
    }  # fmt: skip
    rng = np.random.default_rng(0)
    texts = rng.choice(list(said), 160)
    frame = pd.DataFrame({"id": range(160), "comment": texts})
    frame["nps"] = [said[text] + rng.integers(-1, 2) for text in texts]
    frame.to_csv(tmp_path / "shop.csv", index=False)
    return tmp_path / "shop.csv"


NPS = ("--rating", "nps=recommend")


def of(*names):
    return [part for name in names for part in ("--predictor", name)]


def test_sub_ratings_need_no_comments(hotel):
    path, frame = hotel
    result = run("importance", path, *NPS, *of("staff", "food", "pool"))
    assert result.exit_code == 0, result.output
    table = table_of(result.stdout)
    assert table["predictor"].tolist() == ["staff", "food", "pool"]
    assert table["beats_random"].tolist() == [True, True, False]
    assert "200 respondents counted, of 200: respondents who answered everything" in result.stderr
    assert "lmg" in result.stderr
    comments = frame.rename(columns={"id": "comment_id", "recommend": "nps"})
    wanted = importance_table(comments, None, predictors=["staff", "food", "pool"])
    assert table["importance"].tolist() == pytest.approx(wanted["importance"].tolist())


def test_who_gave_no_rating_is_counted(shop, tmp_path):
    frame = pd.read_csv(shop)
    frame["nps"] = frame["nps"].where(frame.index >= 10)
    frame.to_csv(tmp_path / "gaps.csv", index=False)
    told = run("importance", tmp_path / "gaps.csv", "--text", "comment").stderr
    said = "150 respondents counted, of 150: respondents who wrote; 10 more gave no rating"
    assert said in " ".join(told.split())


def test_a_sub_rating_in_words_is_named_as_a_rating(hotel):
    path, _ = hotel
    words = ("--rating", "feeling=mood", "--scale", "feeling=Poor|Fair|Good")
    table = table_of(done("importance", path, "-q", *NPS, *words, *of("staff", "feeling")))
    assert sorted(table["predictor"]) == ["feeling", "staff"]
    assert table["n"].tolist() == [200, 200]
    line = refused("importance", path, "-q", *NPS, *of("mood", "staff"))
    assert "--rating mood=COLUMN" in line


def test_themes_of_comments(shop):
    result = run("importance", shop, "--text", "comment")
    assert result.exit_code == 0, result.output
    table = table_of(result.stdout)
    assert table["theme"].iloc[0] == "delivery"
    assert table["quadrant"].iloc[0] == "concentrate"
    assert "respondents who wrote" in result.stderr
    apart = table_of(
        done("importance", shop, "-q", "--text", "comment", "--by-polarity", "--level", "sub")
    )
    assert apart.loc[0, ["theme", "polarity"]].tolist() == ["delivery.speed", "negative"]


def test_the_table_goes_to_a_file_and_is_not_overwritten(hotel, tmp_path):
    path, _ = hotel
    called = ("importance", path, "-q", *NPS, *of("staff", "food"), "-o", tmp_path / "out.csv")
    assert done(*called) == ""
    assert len(pd.read_csv(tmp_path / "out.csv")) == 2
    assert "out.csv" in refused(*called)
    assert done(*called, "--force") == ""


def test_the_method_can_be_chosen(hotel):
    path, _ = hotel
    called = ("importance", path, "-q", *NPS, *of("staff", "food", "pool"))
    lmg, johnson = (table_of(done(*called, "--method", name)) for name in ("lmg", "johnson"))
    assert lmg["importance"].sum() == pytest.approx(johnson["importance"].sum())
    assert lmg["importance"].tolist() != johnson["importance"].tolist()


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        ("--rating nps=recommend --predictor staf", 1, "Did you mean 'staff'"),
        ("--rating nps=recommend --predictor nps", 2, "what is explained"),
        ("--rating staff=staff --predictor staff", 2, "what is explained"),
        ("--rating nps=recommend --predictor staff --level sub", 2, "--level"),
        ("--rating nps=recommend --predictor staff --by-polarity", 2, "--by-polarity"),
        ("--rating nps=recommend --predictor staff --model rules", 2, "--model"),
        ("--rating nps=recommend", 1, "comment"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(hotel, options, code, says):
    assert says in refused("importance", hotel[0], "-q", *options.split(), code=code)
