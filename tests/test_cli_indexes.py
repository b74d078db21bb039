"""Indexes, customers and sample sizes on the command line, as an analyst meets them."""

import pandas as pd
import pytest
from command_line import done, refused, run, shown_at_a_terminal, table_of

from feedback_nlp.scores import acsi, cronbach_alpha, csi_table, secure_customer_index


def shown(*arguments):
    return shown_at_a_terminal(*arguments, TERM="dumb", NO_COLOR="1", COLUMNS="80")


# --- index


@pytest.fixture
def items(tmp_path):
    frame = pd.DataFrame({"id": [f"R{i}" for i in range(60)]})
    frame["price"] = [1 + i % 5 for i in range(60)]
    frame["service"] = [1 + (i * i) % 5 for i in range(60)]
    frame["wanted_price"] = [1 + (i // 2) % 5 for i in range(60)]
    frame["wanted_service"] = [4 + i % 2 for i in range(60)]
    frame["stay"] = [1 + (i // 3) % 5 for i in range(60)]
    frame["ten"] = [1 + i % 10 for i in range(60)]
    frame["blank"] = ""
    frame["same"] = 5
    frame.to_csv(tmp_path / "items.csv", index=False)
    return tmp_path / "items.csv", frame


def named(*columns):
    return [part for column in columns for part in ("--rating", f"{column}={column}")]


def test_an_index_is_what_the_functions_say(items):
    path, frame = items
    two = frame[["price", "service"]]
    weights = ("--weight", "price=3", "--weight", "service=1")
    table = table_of(done("index", path, "--kind", "csi", *named("price", "service"), *weights))
    wanted = csi_table(two, weights={"price": 3, "service": 1}, scale=(1, 5))
    assert table["weighted_index"].tolist() == pytest.approx(wanted["weighted_index"].tolist())
    expected = ("--expectation", "price=wanted_price", "--expectation", "service=wanted_service")
    table = table_of(done("index", path, "--kind", "csi", *named("price", "service"), *expected))
    by_hand = frame["price"] - frame["wanted_price"] + frame["service"] - frame["wanted_service"]
    assert table["gap"].iloc[-1] == pytest.approx(by_hand.mean() / 2)
    row = table_of(done("index", path, "--kind", "alpha", *named("price", "service"))).iloc[0]
    assert row["value"] == pytest.approx(cronbach_alpha(two).value)
    three = frame[["price", "service", "stay"]]
    row = table_of(done("index", path, "--kind", "acsi", *named(*three))).iloc[0]
    assert row["value"] == pytest.approx(acsi(three, scale=(1, 5)).value)
    row = table_of(done("index", path, "--kind", "sci", *named(*three))).iloc[0]
    assert row["value"] == pytest.approx(secure_customer_index(three, scale=(1, 5)).value)
    assert row["at_risk"] + row["neutral"] + row["secure"] == row["n"] == 60


def test_items_may_be_called_as_figures_are(items):
    path, frame = items
    called = ("--rating", "value=price", "--rating", "n=service", "--rating", "low=stay")
    row = table_of(done("index", path, "--kind", "acsi", *called)).iloc[0]
    wanted = acsi(frame[["price", "service", "stay"]], scale=(1, 5))
    assert (row["value"], row["n"]) == (pytest.approx(wanted.value), 60)
    assert row["index_n"] == pytest.approx((frame["service"].mean() - 1) * 25)


@pytest.mark.parametrize(
    ("kind", "columns", "options", "code", "says"),
    [
        ("csi", "price", "", 2, "two or more"),
        ("csi", "price ten", "", 1, "one scale"),
        ("csi", "price blank", "", 1, "no answers"),
        ("csi", "price service", "--weight price=0 --weight service=1", 1, "positive"),
        ("csi", "price service", "--weight price=1", 1, "no weight"),
        ("csi", "price service", "--weight price=x", 2, "NAME=NUMBER"),
        ("csi", "price service", "--weight other=1", 1, "other"),
        ("csi", "price service", "--method gap", 1, "no expectations"),
        ("csi", "price service", "--method best", 1, "best"),
        ("csi", "price service", "--expectation price=wanted_price", 1, "service"),
        ("csi", "price service", "--expectation stay=wanted_price", 2, "stay"),
        ("csi", "price service", "--level 95", 1, "0.95"),
        ("alpha", "price", "", 2, "two or more"),
        ("alpha", "price service", "--method gap", 2, "--method"),
        ("alpha", "price service", "--weight price=2", 2, "--weight"),
        ("acsi", "price service", "--expectation price=wanted_price", 2, "--expectation"),
        ("sci", "price service", "--weight price=2", 2, "--weight"),
        ("sci", "price service", "--method best", 1, "best"),
        ("what", "price service", "", 2, "--kind"),
    ],
)
def test_an_index_that_cannot_be_made(items, kind, columns, options, code, says):
    called = ("--kind", kind, *named(*columns.split()), *options.split())
    assert says in refused("index", items[0], "-q", *called, code=code)


def test_expectations_are_not_left_out_in_silence(items):
    expected = ("--expectation", "price=wanted_price", "--expectation", "service=wanted_service")
    called = ("--kind", "csi", *named("price", "service"), *expected, "--method", "weighted")
    assert "--expectation" in refused("index", items[0], *called, code=2)


def test_items_that_never_vary(items):
    same = ("--rating", "a=same", "--rating", "b=same", "-q")
    table = table_of(done("index", items[0], "--kind", "csi", *same))
    assert table["index"].iloc[-1] == 100
    assert table["low"].iloc[-1] < 100
    assert "no spread" in refused("index", items[0], "--kind", "alpha", *same)


# --- customers won and lost

CUSTOMERS = "id,joined,left\na,2024-12-01,2025-02-01\nb,2025-01-05,\nc,2025-01-20,2025-03-02\n"


def customers(tmp_path, content=CUSTOMERS):
    (tmp_path / "customers.csv").write_text(content, "utf-8")
    return tmp_path / "customers.csv"


def test_lifecycle_by_month(tmp_path):
    table = table_of(done("lifecycle", customers(tmp_path), "--until", "2025-03-31"))
    assert table["period"].tolist() == ["2024-12", "2025-01", "2025-02", "2025-03"]
    assert table["start"].tolist() == [0, 1, 3, 2]
    assert table["new"].tolist() == [1, 2, 0, 0]
    assert table["lost"].tolist() == [0, 0, 1, 1]
    assert table["churn"].tolist()[1:] == pytest.approx([0, 100 / 3, 50])
    assert table["complete"].all()
    assert (table["end"] == table["start"] + table["new"] - table["lost"]).all()


def test_lifecycle_says_what_it_read(tmp_path):
    path = customers(tmp_path, CUSTOMERS + "d,,2025-02-02\ne,2025-05-01,\n")
    result = run("lifecycle", path, "--until", "2025-03-31")
    assert "5 customers read" in result.stderr
    assert "1 without a date of joining, 1 who join after" in result.stderr


@pytest.mark.parametrize(
    ("content", "options", "says"),
    [
        ("", "", "empty"),
        ("id,joined,left\n", "", "no rows"),
        ("id,joined,left\na,,\n", "", "no dates"),
        ("id,joined,left\na,2025-02-01,2025-01-01\n", "", "1 customer left before joining"),
        ("id,joined,left\na,soon,\n", "", "'soon' in row 1"),
        ("id,joined,left\na,2025-01-01,never\n", "", "'never' in row 1"),
        ("id,joined,left\na,2025-01-01,9999-12-31\n", "", "9999-12-31"),
        ("id,joined,left\na,13/01/2025,\nb,01/13/2025,\n", "", "mixes"),
        (CUSTOMERS, "--left joined", "another column"),
        (CUSTOMERS, "--left lef", "Did you mean 'left'"),
        (CUSTOMERS, "--until 03/04/2025", "2026-03-31"),
        (CUSTOMERS, "--until soon", "2026-03-31"),
        (CUSTOMERS, "--until 2020-01-01", "Nobody joined"),
    ],
)
def test_customers_that_cannot_be_counted(tmp_path, content, options, says):
    path = customers(tmp_path, content)
    told = refused("lifecycle", path, *options.split(), "-o", tmp_path / "out.csv")
    assert says in told
    assert not (tmp_path / "out.csv").exists()


def test_what_one_date_column_tells_of_days_and_months_goes_for_both(tmp_path):
    path = customers(tmp_path, "id,joined,left\na,03/04/2025,06/25/2025\nb,01/02/2025,\n")
    table = table_of(done("lifecycle", path))
    assert table["period"].iloc[0] == "2025-01"
    told = "id,joined,left\na,03/04/2025,25/06/2025\nb,01/02/2025,\n"
    assert table_of(done("lifecycle", customers(tmp_path, told)))["period"].iloc[0] == "2025-02"


def test_date_columns_written_in_two_ways_are_each_read_in_theirs(tmp_path):
    path = customers(tmp_path, "id,joined,left\na,13/04/2025,05/26/2025\nb,01/02/2025,\n")
    table = table_of(done("lifecycle", path)).set_index("period")
    assert table.loc["2025-04", "new"] == 1
    assert table.loc["2025-05", "lost"] == 1


def test_lifecycle_at_a_terminal_is_a_page(tmp_path):
    page = shown("lifecycle", customers(tmp_path), "--until", "2025-03-20")
    table = table_of(done("lifecycle", customers(tmp_path), "--until", "2025-03-20"))
    lines = [line.split() for line in page.splitlines()]
    counted, rates = (
        {line[0]: line for line in part if line and line[0] in set(table["period"])}
        for part in (lines[: lines.index(["Rates"])], lines[lines.index(["Rates"]) :])
    )
    assert list(counted) == list(table["period"])
    for row in table.to_dict("records"):
        wanted = [str(row[name]) for name in ("start", "new", "lost", "end")]
        assert counted[row["period"]][1:5] == wanted
        if row["start"]:  # a rate of nobody is none
            assert rates[row["period"]][1] == f"{row['churn']:.1f}%"
        else:
            assert row["period"] not in rates
    assert "not over yet" in page
    assert "so far" in " ".join(page.split())


def test_an_index_at_a_terminal_is_one_line_a_figure(items):
    page = shown("index", items[0], "-q", "--kind", "alpha", *named("price", "service"))
    told = dict(line.strip("│ ").split("│") for line in page.splitlines() if line.count("│") == 3)
    told = {name.strip(): value.strip() for name, value in told.items()}
    assert told["n"] == "60"
    assert float(told["value"]) == pytest.approx(
        cronbach_alpha(items[1][["price", "service"]]).value, abs=0.01
    )


# --- sample sizes


@pytest.mark.parametrize(
    ("options", "answers"),
    [
        ("--margin 5 --metric share", 385),  # the textbook 1.96² × 0.25 ÷ 0.05²
        ("--margin 5 --metric share --population 1000", 278),
        ("--margin 5 --variance 0.61", 935),
        ("--difference 10 --variance 0.61", 955),
        ("--margin 5 --population 3", 3),
    ],
)
def test_sample_sizes(options, answers):
    assert done("sample-size", *options.split()).startswith(f"{answers} answer")


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        ("", 2, "either"), ("--margin 5 --difference 5", 2, "either"), ("--margin 0", 2, "x>0"),
        ("--margin nan", 1, "nan"), ("--margin 1000", 1, "1000"), ("--margin 1e-300", 1, "too small"),
        ("--difference 1e-200", 1, "too small"), ("--margin 100 --metric share", 2, "less"),
        ("--margin 1e-200 --metric share", 1, "too small"), ("--margin 5 --level 95", 1, "0.95"),
        ("--difference 5 --power 1", 1, "power"), ("--margin 5 --power 0.9", 2, "--power"),
        ("--difference 5 --population 90", 2, "--population"),
        ("--difference 5 --metric share", 2, "--metric"),
        ("--margin 5 --metric share --variance 0.1", 2, "--variance"),
        ("--margin 5 --variance 2", 2, "--variance"), ("--margin 5 --population 0", 2, "x>=1"),
    ],
)  # fmt: skip
def test_sample_sizes_that_make_no_sense(options, code, says):
    assert says in refused("sample-size", *options.split(), code=code)
