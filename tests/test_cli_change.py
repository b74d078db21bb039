"""``feedback-nlp change`` and ``spikes``, on a small export."""

import pandas as pd
import pytest
from command_line import done, refused, run, table_of

from feedback_nlp.samples import make_sample

PARTS = ["change_volume", "change_score", "change_total"]


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    path = tmp_path_factory.mktemp("change") / "export.csv"
    make_sample(400, seed=3).to_csv(path, index=False)
    return path


def test_the_change_between_two_periods(export):
    result = run("change", export, "--before", "2025-01..2025-03", "--after", "2025-06..2025-08")
    assert result.exit_code == 0, result.output
    table = table_of(result.stdout)
    assert table["theme"].tolist()[-2:] == ["no_negative_theme", "no_comment"]
    assert (table["change_volume"] + table["change_score"]).tolist() == pytest.approx(
        table["change_total"].tolist()
    )
    said = " ".join(result.stderr.split())
    assert "NPS from " in said
    assert said.index("NPS from ") < said.index("respondents on neither side.")


def test_the_change_between_two_groups(export, tmp_path):
    out = tmp_path / "change.csv"
    done("change", export, "--column", "Channel", "--before", "Shop", "--after", "App", "-q",
         "--min-n", "5", "--level", "sub", "-o", out)  # fmt: skip
    table = pd.read_csv(out)
    comments = make_sample(400, seed=3)
    answered = comments.iloc[:, 5].notna()
    whole = {}
    for side, name in (("before", "Shop"), ("after", "App")):
        own = comments[answered & (comments["Channel"] == name)].iloc[:, 5]
        whole[side] = 100 * ((own >= 9).mean() - (own <= 6).mean())
    assert table["change_total"].sum() == pytest.approx(whole["after"] - whole["before"])


def test_a_measure(export):
    result = run("change", export, "--measure", "2025-05-12", "--window", "60", "--by", "Channel",
                 "--unaffected", "Channel=Shop")  # fmt: skip
    assert result.exit_code == 0, result.output
    table = table_of(result.stdout)
    assert table.loc[0, ["figure", "group"]].tolist() == ["score", "all"]
    assert {"Channel=App", "Channel=App less Channel=Shop"} <= set(table["group"])
    said = " ".join(result.stderr.split())
    assert said.index("60 days before 2025-05-12") < said.index("Before and after is not cause")


def test_spikes(export):
    result = run("spikes", export, "--period", "quarter", "--min-n", "5")
    assert result.exit_code == 0, result.output
    table = table_of(result.stdout)
    assert set(table["period"]) == {"2025-Q4"}
    assert table["p_value"].notna().any()
    assert table["alert"].dtype == bool
    assert "faster than chance" in result.stderr.lower()
    short = run("spikes", export, "--period", "year")
    assert "are no history" in " ".join(short.stderr.split())


def test_names_of_strangers_do_no_harm(tmp_path):
    frame = make_sample(400, seed=3)
    names = {"App": "=cmd|'/c calc'!A0", "Shop": "Shop\x1b[2J\u202e", "Web shop": "-1+1\n@SUM(A1)"}
    frame = frame.assign(Channel=frame["Channel"].map(names)).rename(columns={"Channel": "=Where"})
    export, out = tmp_path / "export.csv", tmp_path / "out.csv"
    frame.to_csv(export, index=False)
    result = run("change", export, "--measure", "2025-05-12", "--by", "=Where", "-o", out)
    assert result.exit_code == 0, result.output
    groups = pd.read_csv(out)["group"].unique()
    assert len(groups) == 4
    assert not any(group.startswith(("=", "+", "-", "@")) for group in groups)
    asked = ("change", export, "--column", "=Where", "--before", names["App"], "--after")
    told = run(*asked, names["Shop"])
    assert "\x1b" not in told.stderr + told.stdout
    assert "\x1b" not in refused(*asked, "none\x1b[2J")


def test_quiet_says_nothing(export):
    result = run("spikes", export, "-q", "--period", "year")
    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "--measure"),
        (("--before", "2025-01"), "Give both"),
        (("--before", "2025-01", "--after", "2025-02", "--measure", "2025-05-12"), "either"),
        (("--before", "2025-01", "--after", "2025-02", "--window", "7"), "--window goes with"),
        (("--measure", "2025-05-12", "--column", "Channel"), "--column goes with"),
    ],
)
def test_options_that_do_not_go_together(export, arguments, said):
    assert said in refused("change", export, *arguments, code=2)


def test_what_cannot_be_read_is_one_line(export):
    ask = ("change", export, "-q")
    assert "'soon' cannot be read" in refused(*ask, "--before", "soon", "--after", "2025-02")
    assert "Chanel" in refused(*ask, "--column", "Chanel", "--before", "Shop", "--after", "App")
    assert "one side" in refused(*ask, "--measure", "2031-01-01")


def test_without_dates_it_says_how_to_name_them(export, tmp_path):
    pd.read_csv(export).drop(columns="Date").to_csv(tmp_path / "undated.csv", index=False)
    for ask in (("spikes",), ("change", "--measure", "2025-05-12")):
        assert "--date COLUMN" in refused(ask[0], tmp_path / "undated.csv", "-q", *ask[1:])
