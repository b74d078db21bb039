"""``analyze --report-language``: the answer in words in the language that was asked for."""

import json

import pytest
from command_line import done, refused

pytestmark = pytest.mark.usefixtures("small_pictures")

REVIEWS = [
    ("Het pakket kwam veel te laat aan", 2), ("The parcel arrived two weeks late", 3),
    ("Lovely staff, thank you", 10), ("Alles prima, vriendelijk personeel", 9), ("I went there once with my sister", 8),
]  # fmt: skip


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    path = tmp_path_factory.mktemp("export") / "shop.csv"
    lines = [f"{i},{REVIEWS[i % 5][0]},{REVIEWS[i % 5][1]}" for i in range(150)]
    path.write_text("\n".join(["id,comment,nps", *(line.replace(", ", " ") for line in lines)]))
    return path


def test_the_answer_is_written_and_printed_in_the_language(export, tmp_path):
    out = tmp_path / "lv"
    printed = done("analyze", export, "--out", out, "--report-language", "lv", "--quiet")
    written = (out / "detractors.md").read_text("utf-8")
    assert written.startswith("# Kāpēc kritiķi ir neapmierināti\n")
    assert "## 1. Piegāde\n" in written
    assert "Jo īpaši: Piegādes ātrums (60;" in written
    assert printed.startswith("Kāpēc kritiķi ir neapmierināti\n")
    assert printed.rstrip().splitlines()[-1] == f"Pārskats: {out / 'report.html'}"
    assert json.loads((out / "run.json").read_text("utf-8"))["report_language"] == "lv"
    page = (out / "report.html").read_text("utf-8")
    assert "Kāpēc kritiķi ir neapmierināti" in page
    assert "Delivery" not in page


def test_other_languages_are_refused(export, tmp_path):
    command = ("analyze", export, "--out", tmp_path / "x", "--report-language", "fr")
    assert "'fr' is not one of 'en', 'nl', 'nb', 'lv'" in refused(*command, code=2)
