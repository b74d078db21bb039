"""What objects show of themselves in a notebook: right, safe, and readable on any ground."""

import copy
import pickle
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import feedback_nlp as fn
from feedback_nlp.display import Share, Span, interval_bar, length_bar, marked, stacked_bar
from feedback_nlp.display.tones import COLOURS
from feedback_nlp.records import Mention, Score, TaggedComment
from feedback_nlp.schema import mentions_table
from feedback_nlp.tagging import Tagging

EVIL = (
    "<script>alert(1)</script> </section> \"' onload=x &lt; <img src=http://e.example/x> "
    "\u202eesrever\u202c \u2066i\u2069 zero\u200bwidth \x1b[31m late"
)
LATE = "It was late again and nobody called me back"
UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u202a-\u202e\u2066-\u2069]")
VOID = {"br", "path", "rect", "circle"}
TAGS = VOID | {
    "section", "h3", "h4", "div", "p", "span", "small", "strong", "em", "sup", "mark", "svg",
    "table", "thead", "tbody", "tr", "th", "td", "ol", "ul", "li", "blockquote", "details",
    "summary",
}  # fmt: skip


KINDS = ("score", "comment", "tagging", "drivers", "explanation", "sheet", "reasons")


class Reader(HTMLParser):
    """Reads a page, keeps its text and the tags that are open, and objects to what is unsafe."""

    def __init__(self, page):
        super().__init__()
        self.open, self.said = [], ""
        self.marks = []
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        assert tag in TAGS
        for name, value in attrs:
            assert not name.startswith("on")
            assert name not in ("src", "href", "srcdoc", "id", "class")
            assert "url(" not in (value or "")
        if tag == "mark":
            self.marks.append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.said += data
        if "mark" in self.open:
            self.marks[-1] += data


def read(shown):
    page = shown if isinstance(shown, str) else shown._repr_html_()
    assert not UNSAFE.search(page)
    assert not re.search(r"<(?!/?[a-z])|&(?!#?\w+;)", page)
    assert not re.search(r"\bnan\b|\bNone\b|\binf\b", page)
    return Reader(page)


def mention(start, end, polarity="negative", theme="delivery"):
    sure = None if polarity is None else 0.8
    return Mention(
        theme=theme, polarity=polarity, theme_confidence=0.9, polarity_confidence=sure,
        start=start, end=end,
    )  # fmt: skip


def survey(text, n=24):
    """Half are detractors who all wrote the text, and half promoters who did not."""
    comments = pd.DataFrame({
        "comment_id": [f"<b>{i}" for i in range(n)], "nps": [2, 10] * (n // 2),
        "text": [text, "Fine"] * (n // 2), "shop": ["<i>north</i>"] * n,
    })  # fmt: skip
    rows = [(f"<b>{i}", text, mention(0, len(text))) for i in range(0, n, 2)]
    return comments, mentions_table(rows, ["delivery"])


@cache
def everything(text):
    comments, mentions = survey(text)
    score = Score(metric=text, method=text, value=20, low=3, high=36, n=3, interval=text,
                  counts={text: 3}, notes=(text,))  # fmt: skip
    found = (mention(2, 30), mention(10, 60, None, text))
    return {
        "score": score,
        "comment": TaggedComment(text=text, mentions=found, language=text, comment_id=text),
        "tagging": Tagging(comments.assign(status=text, language=text), mentions),
        "drivers": fn.driver_table(comments, mentions, n_boot=50),
        "explanation": fn.explain_detractors(comments, mentions, n_boot=50),
        "sheet": fn.score_sheet(comments),
        "reasons": fn.load_tagger("rules")(f"{text} too expensive").explain(),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_what_strangers_typed_is_never_markup(kind):
    read(everything(EVIL)[kind])


@pytest.mark.parametrize("ground", ["#ffffff", "#1e1e1e", "#111111", "#0d1117"])
def test_colours_stand_out_from_light_and_dark_grounds(ground):
    for colour in COLOURS.values():
        one, other = sorted((luminance(colour), luminance(ground)))
        assert (other + 0.05) / (one + 0.05) >= 3


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * p for weight, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("kind", KINDS)
def test_text_has_the_colour_of_its_surroundings(kind):
    page = everything(LATE)[kind]._repr_html_()
    for colour in re.findall(r"(?<![-\w])color:([^;\"]+)", page):
        assert colour == "inherit" or colour in COLOURS.values()
    for ground in re.findall(r"background(?:-color)?:([^;\"]+)", page):
        assert ground in ("none", "transparent") or float(ground.rsplit(",", 1)[1][:-1]) <= 0.3


# Score


def test_a_score_shows_all_that_is_needed_to_quote_it():
    said = read(fn.nps([9, 10, 9, 7, 3, None])).said
    for part in ("NPS (standard)", "+40.0", "95% interval (score): ", "n = 5, 1 missing"):
        assert part in said
    for part in ("detractors 1 (20%)", "passives 1 (20%)", "promoters 3 (60%)"):
        assert part in said


@pytest.mark.parametrize(
    ("score", "ends"),
    [
        (fn.csat([5, 4, 2]), ("0", "100")),
        (fn.csat([5, 4, 2], method="mean"), ("1", "5")),
        (fn.nps([5, 9]), ("−100", "100")),
    ],
)
def test_the_bar_of_a_score_is_on_its_own_scale(score, ends):
    page = score._repr_html_()
    assert page.count("<svg") == 2
    assert [one.strip() for one in re.findall(r"<small>([^<]*)</small>", page)[:2]] == list(ends)


def test_a_score_of_one_answer_has_no_interval_that_is_drawn():
    score = Score(metric="x", method="y", value=3, low=float("nan"), high=float("nan"), n=1)
    found = read(score)
    assert "without an interval" in found.said
    assert "fill-opacity" not in score._repr_html_()


def test_what_is_off_the_scale_is_not_drawn():
    assert interval_bar(120, 90, 130, (0, 100), label="") == ""
    assert interval_bar(2, -5, 9, (0, 100), label="") == ""
    assert length_bar(float("nan"), 3, label="") == length_bar(1, 0, label="") == ""
    growth = Score(metric="growth", method="x", value=2.5, low=-1, high=6, n=9, unit="percent",
                   counts={"new": 30, "lost": 20})  # fmt: skip
    assert "<svg" not in growth._repr_html_()
    assert "−1.0% to 6.0%" in read(growth).said


def test_the_parts_of_a_bar_fill_it():
    bar = stacked_bar([Share(name=str(n), n=n, tone="neutral") for n in (3, 0, 1)], width=100)
    assert re.findall(r'x="([\d.]+)" width="([\d.]+)"', bar) == [("0.0", "74.0"), ("75.0", "24.0")]
    assert stacked_bar([Share(name="a", n=0, tone="neutral")]) == ""


# Comment


def test_evidence_is_marked_with_sign_and_number():
    text = "Friendly staff but far too late"
    found = (mention(0, 14, "positive", "staff"), mention(19, 31))
    page = read(TaggedComment(text=text, mentions=found, language="en"))
    assert page.marks == ["Friendly staff", "far too late"]
    assert "Friendly staff▲1 but far too late▼2" in page.said
    for part in ("staff", "▲ positive", "delivery", "▼ negative", "0.90", "0.80", "language en"):
        assert part in page.said


def test_overlapping_evidence_shows_each_word_once():
    found = (mention(0, 9), mention(4, 14, "positive"), mention(4, 9, None))
    page = read(TaggedComment(text="The waiting room", mentions=found, language="en"))
    assert page.marks == ["The ", "waiti", "ng ro"]
    assert page.said.startswith("CommentThe waiti▼1?3ng ro▲2om")


@given(st.text("ab <&\u202e\u200b\n'", max_size=30), st.data())
def test_marks_keep_every_word_in_its_order(text, data):
    places = st.integers(-3, 35)
    spans = [
        Span(start=data.draw(places), end=data.draw(places), tone="negative") for _ in range(3)
    ]
    kept = re.sub(r"\s", "", UNSAFE.sub("", text))
    assert re.sub(r"\s", "", Reader(marked(text, spans)).said) == kept


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("ok", "No theme was found"), ("blank", "The comment is blank"),
        ("uninformative", "says nothing"), ("unknown_language", "language of the comment"),
    ],
)  # fmt: skip
def test_a_comment_without_themes_says_why(status, why):
    assert why in read(TaggedComment(text="x", status=status)).said


def test_what_is_unknown_is_never_neutral():
    said = read(TaggedComment(text="Price", mentions=(mention(0, 5, None),), language="en")).said
    assert "? unknown" in said
    assert "neutral" not in said
    assert "–" in said
    assert "sentiment unknown" in said


def test_a_very_long_comment_is_shown_whole():
    text = "late " * 2000
    page = read(TaggedComment(text=text, mentions=(mention(9_990, 9_994),), language="en"))
    assert page.marks == ["late"]
    assert page.said.count("late") == 2001


# Tagging


@pytest.fixture(scope="module")
def tagging(tmp_path_factory):
    path = tmp_path_factory.mktemp("sample") / "sample.csv"
    fn.write_table(fn.make_sample(120), path)
    return fn.load_tagger("rules").tag_frame(fn.read_comments(path))


def test_tagging_counts_add_up(tagging):
    said = read(tagging).said
    listed = re.search(r"Status: (.*?)Language", said)[1]
    assert sum(int(n) for n in re.findall(r"\d+", listed)) == 120
    tagged = tagging.mentions["comment_id"].nunique()
    assert f"A theme was found in {tagged} of 120 comments" in said


def test_tagging_hides_personal_data():
    text = "Too late, call Sanne Bakker on 06-12345678"
    comments = pd.DataFrame({"comment_id": ["a"], "text": [text]})
    shown = Tagging(comments, mentions_table([("a", text, mention(0, 8))], ["delivery"]))
    assert "12345678" not in shown._repr_html_()
    assert read(shown).marks == ["Too late"]


def test_tagging_of_a_part_of_the_comments_is_shown(tagging):
    part = Tagging(tagging.comments.tail(5).assign(status=None), tagging.mentions.head(30))
    assert "Status: not known 5" in read(part).said
    assert not read(part).marks


@pytest.mark.parametrize("texts", [[], ["", " "], ["zzz qqq"]])
def test_tagging_of_nothing_is_shown(texts):
    comments = pd.DataFrame({"comment_id": [str(i) for i in range(len(texts))], "text": texts})
    said = read(fn.load_tagger("rules").tag_frame(comments.astype({"text": "str"}))).said
    assert f"A theme was found in 0 of {len(texts)} comment" in said


# Drivers


@pytest.fixture(scope="module")
def drivers(tagging):
    return fn.driver_table(tagging.comments, tagging.mentions, n_boot=50, min_n=3)


def test_drivers_are_a_plain_table_to_all_that_is_done_with_them(drivers, tmp_path):
    assert isinstance(drivers, pd.DataFrame)
    made = [
        drivers.copy(), drivers.head(2), drivers[["theme", "n"]], drivers[drivers["n"] > 3],
        drivers.sort_values("n"), drivers.assign(x=1), pd.concat([drivers, drivers]), drivers.T,
        drivers.merge(drivers, on="theme"), copy.copy(drivers), copy.deepcopy(drivers),
    ]  # fmt: skip
    assert {type(table) for table in made} == {pd.DataFrame}
    assert type(drivers["theme"]) is pd.Series
    assert drivers.copy().attrs == drivers.attrs
    back = pickle.loads(pickle.dumps(drivers))
    assert back.attrs == drivers.attrs
    pd.testing.assert_frame_equal(back, drivers)
    fn.write_table(drivers, tmp_path / "drivers.parquet")
    pd.testing.assert_frame_equal(
        pd.read_parquet(tmp_path / "drivers.parquet"), drivers.copy(), check_dtype=False
    )


def test_drivers_show_their_figures_with_intervals(drivers):
    said = read(drivers).said
    first = drivers.iloc[0]
    lost = f"{first['points_lost']:.1f}{first['points_lost_low']:.1f} to "
    assert first["theme"] + lost in said
    assert (
        f"{first['n_detractors']} of {drivers.attrs['drivers']['n_groups']['detractors']}" in said
    )
    assert "not shown to cause" in said


def test_shares_under_a_percent_are_shown_as_such():
    comments, mentions = survey(LATE, 602)
    few = mentions.head(3)
    comments["nps"] = 10.0
    comments.loc[comments["comment_id"] == "<b>300", "nps"] = 2
    said = read(fn.driver_table(comments, few, n_boot=0, min_n=1)).said
    assert "<1%" in said
    assert "3 of 601" in said


def test_the_points_shown_add_up(drivers):
    page = drivers._repr_html_()
    total = float(re.search(r"Points lost of ([\d.]+)", page)[1])
    shown = re.findall(r'aria-label="([\d.]+)"', page)
    assert sum(map(float, shown)) == pytest.approx(total, abs=0.05 * len(shown))


def test_small_themes_are_named_and_not_ranked(tagging):
    drivers = fn.driver_table(tagging.comments, tagging.mentions, n_boot=0, min_n=8)
    small = drivers.loc[drivers["suppressed"], "theme"]
    assert not small.empty
    above, below = read(drivers).said.split(
        "Not shown, since fewer than 8 respondents blame them: "
    )
    for theme in small:
        assert f"{theme} (" in below
        assert theme not in above


@pytest.mark.parametrize("change", ["columns", "attrs"])
def test_drivers_that_were_changed_show_what_is_left(drivers, change):
    changed = pickle.loads(pickle.dumps(drivers))
    if change == "columns":
        del changed["points_lost"]
    else:
        changed.attrs.clear()
    page = changed._repr_html_()
    assert "<table" in page
    assert "share_detractors_low" in page


@pytest.mark.parametrize("ratings", [[9] * 12, [2] * 12, [2, 9] * 6])
@pytest.mark.parametrize("level", ["top", "sub"])
def test_drivers_of_little_are_shown(ratings, level):
    comments = pd.DataFrame({
        "comment_id": [str(i) for i in range(12)], "text": ["late"] * 12, "nps": ratings,
    })  # fmt: skip
    for rows in ([], [(str(i), "late", mention(0, 4)) for i in range(12)]):
        mentions = mentions_table(rows, ["delivery"])
        table = fn.driver_table(comments, mentions, n_boot=0, level=level)
        assert "12 respondents" in read(table).said
        read(fn.explain_detractors(comments, mentions, level=level, n_boot=20))


def test_other_scores_name_their_own_groups():
    comments, mentions = survey(LATE)
    comments["csat"] = [1, 5] * 12
    said = read(fn.driver_table(comments, mentions, "csat", n_boot=0)).said
    assert "Dissatisfied who blame it" in said
    assert "etractors" not in said


# Explanation


def test_an_explanation_shows_score_gains_and_evidence():
    comments, mentions = survey(LATE)
    found = fn.explain_detractors(comments, mentions, n_boot=50)
    page, gain = read(found), found.reasons[0].adjusted_gain
    assert f"{gain.value:.1f} points (95% interval {gain.low:.1f}–{gain.high:.1f})" in page.said
    assert page.marks
    assert found._repr_html_().count("<svg") == 1 + len(found.reasons)
    assert "<details><summary>What this cannot say</summary>" in found._repr_html_()


# Notebooks

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_stored_without_outputs(path):
    import json

    notebook = json.loads(path.read_text("utf-8"))
    assert not any(cell.get("outputs") for cell in notebook["cells"])
    assert notebook["cells"][0]["cell_type"] == "markdown"
    assert notebook["cells"][0]["source"][0].startswith("# ")
