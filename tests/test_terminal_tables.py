"""Tables at narrow and wide terminals."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from feedback_nlp.markup import Part
from feedback_nlp.terminal import print_pairs, print_parts, print_table
from feedback_nlp.terminal.bar import Bar, clock
from feedback_nlp.terminal.tables import widths_for

CELLS = st.text("ab é語😀-", max_size=40)
TABLES = st.integers(1, 6).flatmap(
    lambda columns: st.lists(
        st.lists(CELLS, min_size=columns, max_size=columns), min_size=1, max_size=5
    )
)
FIGURES = pd.DataFrame(
    {
        "theme": ["environment", "price of spare parts"],
        "before → after": ["−3.2 → −31.0", "26.7 → 27.0"],
        "change": ["−27.8 (−67.9 to −16.3)", "0.4 (−36.0 to 35.6)"],
        "difference": ["−27.8 (−67.9 to −16.3)", "0.4 (−36.0 to 35.6)"],
    }
)


def lines(capsys, stderr=False):
    captured = capsys.readouterr()
    return (captured.err if stderr else captured.out).splitlines()


@given(TABLES, st.integers(1, 120), st.integers(1, 3))
def test_columns_fit_and_break_no_word_that_is_not_long(rows, width, between):
    widths = widths_for(rows, width, between=between)
    columns = list(zip(*rows, strict=True))
    words = [
        max(cell_len(word) for cell in column for word in cell.split(" ")) for column in columns
    ]
    short = [min(word, 16) for word in words]
    assert bool(widths) == (sum(short) + between * len(columns) <= width)
    if widths:
        assert sum(widths) + between * len(columns) <= width
        assert all(wide >= few for wide, few in zip(widths, short, strict=True))
        assert all(
            wide <= max(map(cell_len, column)) for wide, column in zip(widths, columns, strict=True)
        )


@given(TABLES)
def test_with_room_for_all_every_column_is_as_wide_as_its_longest_cell(rows):
    longest = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    assert widths_for(rows, sum(longest) + 3 * len(longest), between=3) == longest


@pytest.mark.parametrize("columns", [40, 60, 80, 120, 200])
def test_figures_stay_whole_at_any_width(columns, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", str(columns))
    print_table(FIGURES, title="Change", right={"before → after", "change", "difference"})
    shown = lines(capsys)
    assert max(cell_len(line) for line in shown) <= columns
    page = "\n".join(shown)
    for whole in ("−3.2 → −31.0", "(−67.9 to −16.3)", "(−36.0 to 35.6)", "environment"):
        assert whole in page


def test_lines_go_first_and_then_columns(monkeypatch, capsys):
    for columns, lined, blocks in ((120, True, False), (66, False, False), (40, False, True)):
        monkeypatch.setenv("COLUMNS", str(columns))
        print_table(FIGURES, right={"before → after", "change", "difference"})
        page = capsys.readouterr().out
        assert ("│" in page) == lined, columns
        assert (page.count("difference") == len(FIGURES)) == blocks, columns


def test_hostile_cells_in_blocks_are_harmless(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "40")
    frame = pd.DataFrame([{f"column {n}": f"\x1b[2J[bold]{'w' * 15}" for n in range(6)}] * 2)
    print_table(frame)
    page = capsys.readouterr().out
    assert "\x1b" not in page
    assert page.count("[bold]") == 12


def test_parts_without_room_are_blocks_too(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "40")
    heads = tuple(f"measurement {n}" for n in range(5))
    print_parts("Figures", [Part(title="All", heads=heads, rows=(("1", "2", "", "4", "5"),))])
    assert "measurement 3  4" in capsys.readouterr().out


def test_pairs_stand_beneath_each_other(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "26")
    print_pairs(
        "All", [("rows", "12 read"), ("written", "a\u00a0(1\u00a0kB), b\u00a0(22\u00a0kB)\x1b[2J")]
    )
    assert lines(capsys, stderr=True) == [
        "", "All", "  rows     12 read", "  written  a (1 kB),", "           b (22 kB)[2J",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["名前" * 30, "x" * 200, "", "\x1b[2J"])
@pytest.mark.parametrize("width", [10, 20, 40, 80, 200])
def test_the_line_of_a_step_fits_whatever_is_read(name, width):
    bar = Bar(f"1 of 2 reading {name}")
    bar.console.width = width
    for told in ((0, 0), (5, 1_000_000), (1_000_000, 1_000_000)):
        bar.tell(*told)
        segments = bar.console.render_lines(next(iter(bar.get_renderables())))
        assert len(segments) == 1
        assert "\x1b" not in "".join(segment.text for segment in segments[0])


def test_clock_has_hours_where_there_are_any():
    assert [clock(s) for s in (0, 59.9, 60, 3599, 3600)] == [
        "0:00", "0:59", "1:00", "59:59", "1:00:00",
    ]  # fmt: skip
