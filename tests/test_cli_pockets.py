"""Pockets and disagreements on the command line."""

import numpy as np
import pandas as pd
import pytest
from command_line import done, refused, run, shown_at_a_terminal, table_of

RECOMMEND = "How likely are you to recommend us? (0-10)"
WHY = "Why did you give that score?"
LATE = "The delivery was far too late"
GOOD = "Very friendly staff, great service"


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    """Customers of the app, and of no other channel, complain of late deliveries."""
    rng = np.random.default_rng(0)
    path = tmp_path_factory.mktemp("pockets") / "export.csv"
    channel = rng.choice(["App", "Shop", "Web"], 240)
    late = rng.random(240) < np.where(channel == "App", 0.7, 0.1)
    frame = pd.DataFrame(
        {
            "id": [f"R{i}" for i in range(240)],
            "date": [f"2025-{1 + i % 6:02d}-{1 + i % 28:02d}" for i in range(240)],
            "Channel": channel,
            "Customer": rng.choice(["New", "Old"], 240),
            RECOMMEND: np.where(late, 2, 10),
            WHY: np.where(late, LATE, GOOD),
        }
    )
    frame.loc[0, [RECOMMEND, WHY]] = [0, "Wonderful staff and lovely service, just what I needed"]
    frame.loc[1, [RECOMMEND, WHY]] = [10, LATE]
    frame.to_csv(path, index=False)
    return path


def test_pockets_are_printed_and_counted(export):
    result = run("pockets", export, "--model", "rules")
    assert result.exit_code == 0, result.output
    table = table_of(result.stdout)
    assert table[["segment", "theme", "pocket"]].to_numpy().tolist() == [
        ["Channel App", "delivery", True]
    ]
    assert "1 theme weighs clearly more in a segment than elsewhere" in result.stderr


def test_all_that_was_looked_at_can_be_asked_for(export):
    every = table_of(done("pockets", export, "--model", "rules", "--all", "-q"))
    assert set(every["segment"]) >= {"Channel App", "Channel App and Customer New"}
    singles = table_of(done("pockets", export, "--model", "rules", "--all", "--depth", "1", "-q"))
    assert singles["column_2"].isna().all()
    named = table_of(done("pockets", export, "--model", "rules", "--by", "Customer", "--all", "-q"))
    assert set(named["column_1"]) == {"Customer"}
    months = table_of(
        done("pockets", export, "--model", "rules", "--by", "month", "--all", "--min-n", "3", "-q")
    )
    assert set(months["column_1"]) == {"month"}


def test_disagreements_are_listed_with_their_reason(export, tmp_path):
    out = tmp_path / "disagree.csv"
    result = run("disagree", export, "--model", "rules", "-o", out)
    assert result.exit_code == 0, result.output
    assert "detractors praise" in result.stderr
    table = pd.read_csv(out).set_index("comment_id")
    assert table.loc["R0", ["says", "reason"]].tolist() == ["praises", "sarcasm_candidate"]
    assert table.loc["R1", ["says", "text"]].tolist() == ["complains", LATE]
    assert len(table) == 2


HOSTILE = (
    '=HYPERLINK("http://x") Wonderful staff and lovely\n\x1b[2Jservice, <b>call</b> 06\u200b12345678',
    "-2+3 Wonderful staff and lovely service, mail sanne\x07.bakker@example.com",
)


@pytest.fixture(scope="module")
def hostile(export, tmp_path_factory):
    """The same export with words and names made to harm a spreadsheet or a terminal."""
    frame = pd.read_csv(export).drop(columns="Customer")
    frame["Channel"] = frame["Channel"].replace("App", "=cmd|' /C calc'!A0\x1b[31m")
    frame.loc[[0, 2], RECOMMEND] = 0
    frame.loc[[0, 2], WHY] = HOSTILE
    path = tmp_path_factory.mktemp("hostile") / "hostile.csv"
    frame.to_csv(path, index=False)
    return path


def at_a_terminal(*arguments):
    """Run as at a terminal 100 columns wide, and return what it shows on stdout."""
    return shown_at_a_terminal(*arguments, stderr=False, COLUMNS="100")


def test_words_of_customers_are_harmless_and_masked_in_a_spreadsheet(hostile):
    told = done("disagree", hostile, "--model", "rules", "-q")
    assert "\x1b" not in told
    assert "\u200b" not in told
    table = table_of(told).set_index("comment_id")
    assert table.loc["R0", "text"].startswith("'=HYPERLINK")
    assert table.loc["R0", "text"].endswith("[2Jservice, <b>call</b> [phone]")
    assert table.loc["R2", "text"].startswith("'-2+3 ")
    assert table.loc["R2", "text"].endswith("mail [e-mail]")
    found = table_of(done("pockets", hostile, "--model", "rules", "-q", "--by", "Channel"))
    assert found.loc[0, "value_1"].startswith("'=cmd")
    assert "\x1b" not in found.loc[0, "sentence"]


def test_at_a_terminal_both_are_for_reading(hostile):
    shown = at_a_terminal("disagree", hostile, "--model", "rules", "-q")
    assert "\x1b[2J" not in shown
    assert "06" not in shown.replace("\u200b", "")
    assert "3 comments; a list to read, not errors to mend." in shown
    for words in ("R0", "=HYPERLINK", "[2Jservice", "[phone]", "[e-mail]", "praises"):
        assert words in shown
    shown = at_a_terminal("pockets", hostile, "--model", "rules", "-q", "--by", "Channel")
    assert "1 pocket" in shown
    assert "Channel =cmd|' /C calc'!A0[31m: Delivery goes with" in shown
    assert "\x1b[31m" not in shown


def test_what_was_not_looked_at_is_said(export, tmp_path):
    many = tmp_path / "many.csv"
    frame = pd.read_csv(export)
    frame = pd.concat([frame] * 5, ignore_index=True)
    frame["id"] = [f"R{i}" for i in range(len(frame))]
    frame["Shop"] = [f"S{i % 1001}" for i in range(len(frame))]
    frame.to_csv(many, index=False)
    for command in ("pockets", "disagree"):
        told = run(command, many, "--model", "rules", "--by", "Shop").stderr
        assert "Note: Shop has 1,001 different values, more than 1,000, and was not looked" in told


def test_wrong_names_are_refused_in_one_line(export, tmp_path):
    assert "No column 'Chanel'" in refused("pockets", export, "--model", "rules", "--by", "Chanel")
    line = refused("disagree", export, "--model", "rules", "-o", export)
    assert str(export) in line
    assert run("pockets", export, "--depth", "3").exit_code == 2
    undated = tmp_path / "undated.csv"
    pd.read_csv(export).drop(columns="date").to_csv(undated, index=False)
    told = refused("pockets", undated, "--model", "rules", "--by", "month", "-q")
    assert "no column of dates was found" in told
