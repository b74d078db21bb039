"""The page on file formats lists the answer scales as they are, and what it says of them is so."""

from pathlib import Path

from feedback_nlp.exports import parse_ratings
from feedback_nlp.exports.answer_scales import load_answer_scales, no_answers

PAGE = Path(__file__).resolve().parents[2] / "docs" / "file_formats.md"
LANGUAGES = ("en", "nl", "nb", "lv", "de", "fr", "es")


def scale_table():
    """The table of scales as it must stand in the page; paste it there when a scale changes."""
    lines = [
        f"| scale | points | best | {' | '.join(LANGUAGES)} |",
        "|---" * (3 + len(LANGUAGES)) + "|",
    ]
    for scale in load_answer_scales():
        best = "low" if scale.reversed else "high"
        if "xx" in scale.examples and scale.kind == "symbol":
            shown = [" ".join(scale.examples["xx"]), *[""] * 6]
        else:
            shown = [
                f"{scale.examples[code][0]} … {scale.examples[code][-1]}" for code in LANGUAGES
            ]
        lines.append(f"| `{scale.id}` | {scale.low}–{scale.high} | {best} | {' | '.join(shown)} |")
    return "\n".join(lines)


def test_the_page_has_the_table_of_scales():
    assert scale_table() in PAGE.read_text("utf-8")


def test_the_page_names_the_number_of_scales_and_labels():
    scales = load_answer_scales()
    labels = {label for scale in scales for label in scale.labels}
    assert f"{len(scales)} scales" in PAGE.read_text("utf-8")
    assert f"more than {len(labels) // 500 * 500:,} labels" in PAGE.read_text("utf-8")


def test_the_page_names_every_reason_for_no_answer():
    page = PAGE.read_text("utf-8")
    for reason in set(no_answers().values()):
        assert reason in page, reason


def test_the_examples_of_the_page_are_read_as_it_says():
    section = PAGE.read_text("utf-8").split("## Answers in words")[1].split("## Dates")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `") and " → " in line]
    assert len(rows) >= 8
    for row in rows:
        told = row.split("|")[1].strip()
        answers, _, numbers = told.partition(" → ")
        asked = [answer.strip().strip("`") for answer in answers.split(",")]
        wanted = [number.strip().strip("`") for number in numbers.split(",")]
        parsed = parse_ratings(asked).table
        got = [
            missing or (f"{value:g}" if value == value else "set aside")
            for value, missing in zip(parsed["value"], parsed["missing"], strict=True)
        ]
        assert got == wanted, told
