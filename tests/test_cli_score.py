"""The score on the command line, as an analyst meets it."""

import gzip
import json
import re

import pandas as pd
import pytest
from command_line import done, refused, table_of

from feedback_nlp import csat, make_sample, nps, write_table

RECOMMEND = "How likely are you to recommend us? (0-10)"
WHY = "Why did you give that score?"
TEXTS = ("Great service today", "Way too slow again", "Friendly and quick", "Far too expensive")
TARGET = '[[target]]\nmetric = "nps"\nname = "ours"\nat_least = 20\nsource = "the board"\n'


def survey(path, rows=120, **columns):
    """Write a survey of respondents who answer 0 to 10 in turn; columns replace those of a name."""
    made = {
        "id": [f"R{i}" for i in range(rows)],
        "date": [f"2025-{1 + i % 6:02d}-{1 + i % 28:02d}" for i in range(rows)],
        "Shop": [("North", "South", "East")[i % 3] for i in range(rows)],
        RECOMMEND: [(i * 7) % 11 for i in range(rows)],
        WHY: [TEXTS[i % 4] for i in range(rows)],
    }
    frame = pd.DataFrame(made | columns)
    frame.to_csv(path, index=False)
    return path, frame


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    path = tmp_path_factory.mktemp("score") / "sample.csv"
    write_table(make_sample(200, seed=3), path)
    return path


@pytest.fixture
def export(tmp_path):
    return survey(tmp_path / "export.csv")[0]


# --- the score, in every form


def first_line_of(text):
    """Return value, low, high and n from the first sentence of a page."""
    found = re.search(r"([+−\d.]+) \(95% interval ([+−\d.]+) to ([+−\d.]+)\), n = ([\d,]+)", text)
    return [float(part.replace("−", "-").replace(",", "")) for part in found.groups()]


def test_all_forms_agree_with_pandas(sample):
    answers = pd.read_csv(sample).filter(like="recommend").iloc[:, 0].dropna()
    by_hand = 100 * ((answers >= 9).mean() - (answers <= 6).mean())
    score = json.loads(done("score", sample, "--format", "json", "-q"))["nps"]["score"]
    row = table_of(done("score", sample, "--format", "csv", "-q")).iloc[0]
    assert score["value"] == pytest.approx(by_hand)
    assert score["n"] == len(answers)
    for name in ("value", "low", "high", "n", "n_missing"):
        assert row[name] == pytest.approx(score[name]), name
    assert {name: row[name] for name in score["counts"]} == score["counts"]
    shown = [round(score[name], 1) for name in ("value", "low", "high")] + [score["n"]]
    for form in ("text", "md"):
        page = done("score", sample, "--format", form, "-q").replace("\\", "")
        assert first_line_of(page) == pytest.approx(shown, abs=0.051), form


def test_groups_agree_and_add_up(sample):
    frame = pd.read_csv(sample).dropna(subset="Channel")
    rated = frame.set_index("Channel").filter(like="recommend").iloc[:, 0].dropna()
    by_hand = rated.groupby(level=0).agg(lambda a: 100 * ((a >= 9).mean() - (a <= 6).mean()))
    split = ("--by", "Channel", "-q")
    table = table_of(done("score", sample, *split, "--format", "csv")).dropna(subset="Channel")
    pages = json.loads(done("score", sample, *split, "--format", "json"))["nps"]
    rows = {row["Channel"]: row for row in pages["segments"]["Channel"]}
    for _, row in table.iterrows():
        assert row["value"] == pytest.approx(by_hand[row["Channel"]])
        assert rows[row["Channel"]]["value"] == pytest.approx(row["value"])
        assert row["n"] == row["promoters"] + row["passives"] + row["detractors"]
    told = done("score", sample, *split, "--format", "text")
    for channel, value in by_hand.items():
        assert re.search(
            rf"{channel} +{f'{value:+.1f}'.replace('-', '−').replace('+', '[+]')}", told
        )


def test_several_ratings_each_have_their_scores(tmp_path):
    satisfied, easy = [1 + i % 5 for i in range(80)], [1 + i % 7 for i in range(80)]
    more = {"Overall satisfaction (1-5)": satisfied, "How easy was it? (1-7)": easy}
    path, frame = survey(tmp_path / "three.csv", 80, **more)
    table = table_of(done("score", path, "-q")).set_index("metric")
    assert table.loc["nps", "value"] == pytest.approx(nps(frame[RECOMMEND]).value)
    assert table.loc["csat", "value"] == pytest.approx(csat(satisfied).value)
    assert table.loc["ces", "value"] == pytest.approx(sum(easy) / 80)
    pages = json.loads(done("score", path, "-q", "--format", "json"))
    assert list(pages) == ["nps", "csat", "ces"]


def test_options_reach_the_figures(sample):
    wide = table_of(done("score", sample, "-q", "--format", "csv", "--level", "0.99")).iloc[0]
    usual = table_of(done("score", sample, "-q", "--format", "csv")).iloc[0]
    few = table_of(done("score", sample, "-q", "--format", "csv", "--population", "220")).iloc[0]
    width = [row["high"] - row["low"] for row in (few, usual, wide)]
    assert width == sorted(width)
    assert width[0] < width[1] < width[2]
    months = table_of(done("score", sample, "-q", "--period", "month", "--min-n", "1"))
    assert months["n"].sum() == usual["n"]
    assert not months["suppressed"].any()


def test_weights_count_people(tmp_path):
    path, frame = survey(
        tmp_path / "w.csv", 40, weight=["1,5" if i % 2 else "3" for i in range(40)]
    )
    row = table_of(done("score", path, "-q", "--format", "csv", "--weights", "weight")).iloc[0]
    numbers = [1.5 if i % 2 else 3.0 for i in range(40)]
    assert row["value"] == pytest.approx(nps(frame[RECOMMEND], weights=numbers).value)
    assert row["n_effective"] < row["n"]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (["1"] * 39 + ["two"], "'two'"),
        (["1"] * 39 + ["-1"], "below zero"),
        (["1"] * 39 + [""], "no weight"),
        (["0"] * 40, "All weights"),
        (["1"] * 39 + ["inf"], "infinite"),
        (["900"] * 39 + ["1,000"], "thousand"),
    ],
)
def test_weights_that_cannot_be_used(tmp_path, values, says):
    path, _ = survey(tmp_path / "w.csv", 40, weight=values)
    for form in ("csv", "text"):
        assert says in refused("score", path, "-q", "--weights", "weight", "--format", form)


def test_a_comma_is_decimal_where_the_column_shows_it(tmp_path):
    path, frame = survey(tmp_path / "w.csv", 40, weight=["1,125", "0,5"] * 20)
    row = table_of(done("score", path, "-q", "--format", "csv", "--weights", "weight")).iloc[0]
    assert row["value"] == pytest.approx(nps(frame[RECOMMEND], weights=[1.125, 0.5] * 20).value)


# --- targets


def test_own_targets_take_the_place_of_the_others(sample, tmp_path):
    (tmp_path / "mine.toml").write_text(TARGET)
    page = done("score", sample, "-q", "--format", "md", "--targets", tmp_path / "mine.toml")
    assert "| ours | at least +20.0 |" in page
    assert "excellent" not in page


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "no [[target]]"), ("<html>", "not a TOML"), (TARGET.replace("20", "500"), "500"),
        (TARGET.replace("20", '"20"'), "takes a number"), (TARGET + "at_mots = 3\n", "at_most"),
        (TARGET.replace("at_least = 20\n", ""), "no bound"), ("a = " + "[" * 3000, "not a TOML"),
    ],
)  # fmt: skip
def test_targets_that_are_wrong(sample, tmp_path, content, says):
    (tmp_path / "mine.toml").write_text(content)
    wanted = ("-q", "--format", "text", "--targets", tmp_path / "mine.toml")
    assert says in refused("score", sample, *wanted)


def test_targets_are_never_silently_left_out(sample, tmp_path):
    assert "no name" in refused("score", sample, "--format", "md", "--targets", "")
    assert "nowhere.toml" in refused("score", sample, "--format", "md", "--targets", "nowhere.toml")
    (tmp_path / "mine.toml").write_text(TARGET)
    told = refused("score", sample, "--targets", tmp_path / "mine.toml", code=2)
    assert "--format text" in told


# --- files


@pytest.mark.parametrize("ending", ["csv", "tsv", "json", "jsonl", "md", "txt", "xlsx", "csv.gz"])
def test_the_ending_says_how_a_file_is_written(export, tmp_path, ending):
    out = tmp_path / f"scores.{ending}"
    assert done("score", export, "-q", "-o", out) == ""
    data = out.read_bytes()
    text = (gzip.decompress(data) if ending == "csv.gz" else data).decode("utf-8", "replace")
    starts = {"md": "# NPS", "txt": "NPS", "json": '{\n  "nps"', "jsonl": '{"metric"', "xlsx": "PK"}
    assert text.startswith(starts.get(ending, "metric"))


def test_a_text_file_holds_the_tables_too(export, tmp_path):
    out = tmp_path / "scores.txt"
    done("score", export, "-q", "-o", out)
    page = out.read_text("utf-8")
    assert "\x1b" not in page
    assert re.search(r"North +[+−]?\d+\.\d .* 40\n", page)
    assert re.search(r"2025-03 +[+−]?\d", page)
    assert "fuzzymath.com/resources/ux-glossary/nps" in re.sub(r"\s", "", page)


@pytest.mark.parametrize(
    ("name", "form"),
    [("a.csv", "json"), ("a.json", "csv"), ("a.xlsx", "text"), ("a.parquet", "csv"),
     ("a.csv.gz", "json"), ("a.gz", "md"), ("a.md", "text"), ("a.tsv", "csv")],
)  # fmt: skip
def test_a_name_and_a_format_that_contradict_each_other(export, tmp_path, name, form):
    told = refused("score", export, "-o", tmp_path / name, "--format", form, code=2)
    assert "contradict" in told
    assert [file.name for file in tmp_path.iterdir()] == ["export.csv"]


@pytest.mark.parametrize("name", ["a.md", "a.MD", "notes"])
def test_a_name_and_a_format_that_agree(export, tmp_path, name):
    done("score", export, "-q", "-o", tmp_path / name, "--format", "md")
    assert (tmp_path / name).read_text("utf-8").startswith("# NPS")


def test_nothing_in_the_way_is_touched(export, tmp_path):
    before = export.read_bytes()
    taken = tmp_path / "taken.md"
    taken.write_text("mine")
    (tmp_path / "folder.md").mkdir()
    assert "--force" in refused("score", export, "-o", taken)
    assert taken.read_text() == "mine"
    done("score", export, "-q", "-o", taken, "--force")
    assert taken.read_text("utf-8").startswith("# NPS")
    for out, says in (
        (tmp_path / "folder.md", "is a folder"), (tmp_path / "no" / "a.md", "no folder"),
        (tmp_path / "a.pdf", "the ending"), ("", "no name"), (export, "overwrite"),
    ):  # fmt: skip
        assert says in refused("score", export, "-o", out, "--force")
    assert export.read_bytes() == before
    assert {f.name for f in tmp_path.iterdir()} == {"export.csv", "taken.md", "folder.md"}


# --- options with nonsense


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ("--method foo", 1), ("--level 95", 1), ("--level 0", 1), ("--level nan", 1),
        ("--level x", 2), ("--period decade", 2), ("--population 0", 2), ("--population 5", 1),
        ("--min-n 0", 2), ("--by nope", 1), ("--by text", 1), ("--by date", 1), ("--by id", 1),
        ("--weights nope", 1), ("--weights Shop", 1), ("--format pdf", 2), ("--scale nps=foo", 1),
        ("--rating nps", 2), ("--rating nps=nope", 1), ("--rating csat=Shop", 1),
        ("--by Shop --population 500 --format csv", 2),
    ],
)  # fmt: skip
def test_options_with_nonsense_are_one_line(export, options, code):
    assert refused("score", export, "-q", *options.split(), code=code)


def test_a_rating_named_twice_is_asked_about(export):
    twice = ("--rating", f"nps={RECOMMEND}", "--rating", "nps=Shop")
    assert "'nps' is given twice" in refused("score", export, *twice, code=2)


def test_dates_are_split_by_periods_and_headers_of_ratings_are_known(tmp_path):
    path, _ = survey(tmp_path / "e.csv", 60, Satisfaction=[1 + i % 5 for i in range(60)])
    assert "month" in refused("score", path, "--by", "date")
    table = table_of(done("score", path, "-q", "--rating", f"nps={RECOMMEND}", "--rating",
                          "csat=Satisfaction", "--by", "Satisfaction", "--min-n", "1"))  # fmt: skip
    assert table["n"].sum() == 120


# --- odd surveys


def test_one_answer_one_date_and_none(tmp_path):
    path, _ = survey(tmp_path / "one.csv", 1)
    page = done("score", path, "-q", "--format", "text")
    assert "n = 1;" in page
    assert "Only one answer has a date" in page
    scores = ["" if i else 9 for i in range(30)]
    path, _ = survey(tmp_path / "few.csv", 30, **{RECOMMEND: scores})
    row = table_of(done("score", path, "-q", "--format", "csv")).iloc[0]
    assert (row["n"], row["n_missing"], row["value"]) == (1, 29, 100)
    path, _ = survey(tmp_path / "none.csv", 30, **{RECOMMEND: [""] * 30})
    assert "--rating" in refused("score", path)


@pytest.mark.parametrize("value", [0, 10])
def test_all_alike_keeps_an_interval(tmp_path, value):
    path, _ = survey(tmp_path / "same.csv", 60, **{RECOMMEND: [value] * 60})
    for form in ("text", "md", "json"):
        assert done("score", path, "-q", "--format", form)
    row = table_of(done("score", path, "-q", "--format", "csv")).iloc[0]
    assert row["low"] < row["high"]


def test_words_are_read_and_shown_with_their_score(tmp_path):
    words = ["Very satisfied", "satisfied", "Neutral", "dissatisfied", "VERY DISSATISFIED", ""]
    frame = {"id": range(60), "How satisfied are you?": words * 10, WHY: TEXTS * 15}
    pd.DataFrame(frame).to_csv(tmp_path / "words.csv", index=False)
    row = table_of(done("score", tmp_path / "words.csv", "-q")).iloc[0]
    assert (row["metric"], row["method"], row["value"], row["n"]) == ("csat", "top2", 40, 50)
    odd = [*words[:5], "Excellent-ish"]
    pd.DataFrame(frame | {"How satisfied are you?": odd * 10}).to_csv(tmp_path / "odd.csv")
    assert "Excellent-ish" in refused("score", tmp_path / "odd.csv")
    row = table_of(done("score", tmp_path / "odd.csv", "-q", "--set-aside", "--text", WHY)).iloc[0]
    assert (row["n"], row["n_missing"]) == (50, 10)


EVIL = ("<script>alert(1)</script>", "a|b", "=1+1", "\x1b[31mRed", "**bold**", "\u202egnp",
        "[x](javascript:1)", "two\nlines", "`$x$`", "[red]rich[/]")  # fmt: skip


def test_hostile_names_harm_no_output(tmp_path):
    shops = [EVIL[i % len(EVIL)] for i in range(300)]
    path, _ = survey(tmp_path / "evil.csv", 300, Shop=shops)
    pages = {
        form: done("score", path, "-q", "--by", "Shop", "--format", form)
        for form in ("text", "md", "json", "csv")
    }
    for form in ("text", "md"):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", pages[form]), form
    assert "<script>" not in pages["md"]
    assert r"a\|b" in pages["md"]
    assert r"\*\*bold\*\*" in pages["md"]
    assert "[red]rich[/]" in pages["text"]
    assert "\n'=1+1," in pages["csv"]
    rows = json.loads(pages["json"])["nps"]["segments"]["Shop"]
    assert {row["Shop"] for row in rows} == set(EVIL)
    assert sum(row["n"] for row in rows) == 300


@pytest.mark.parametrize("header", EVIL[:7])
def test_hostile_headers_harm_no_output(tmp_path, header):
    shops = [("North", "South")[i % 2] for i in range(60)]
    path, _ = survey(tmp_path / "evil.csv", 60, Shop=[""] * 60, **{header: shops})
    for form in ("text", "md"):
        page = done("score", path, "-q", "--by", header, "--format", form)
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", page)
        assert form == "text" or "<script>" not in page
