"""The filters of the page: what they count, what they show, what the address keeps."""

import json
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import pytest

from feedback_nlp.records import Mention
from feedback_nlp.report import build
from feedback_nlp.report.page.html import to_html
from feedback_nlp.report.sections import explore, reasons
from feedback_nlp.schema import mentions_table
from feedback_nlp.scores import definition_of, score_of
from feedback_nlp.scores.choosing import metric_of
from feedback_nlp.wordings import wording_in

pytestmark = pytest.mark.browser
READ = """async hashes => {
  const out = [];
  for (const hash of hashes) {
    await new Promise(done => { addEventListener('hashchange', done, { once: true }); location.hash = hash });
    const score = document.querySelector('#explorer .explore-score data');
    const row = r => [r.querySelector('button').textContent, ...[...r.querySelectorAll('.num')].map(n => parseInt(n.firstChild.textContent.replace(/\\\\D/g, '')))];
    out.push({
      score: score && [Number(score.value), Number(score.dataset.low), Number(score.dataset.high), Number(score.dataset.n)],
      shown: document.querySelector('#explorer .explore-score').textContent,
      rows: [...document.querySelectorAll('#explorer .about:not([hidden]) tbody tr')].map(row),
      comments: document.querySelectorAll('#explorer blockquote').length,
      found: document.querySelector('#explorer .found').textContent,
    });
  }
  return out;
}"""


@pytest.fixture(scope="module", autouse=True)
def few_sections():
    """Leaves out the sections that the filters have nothing to do with: they take time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "SECTIONS", (reasons.build, explore.build))
        yield


def write(path, *args, **options):
    """Write the page of a report and return the report."""
    report = build.build_report(*args, **options)
    path.write_text(to_html(report), "utf-8")
    return report


def made(n, seed, answers, rating):
    """Return a survey of four themes, two segments and eight months."""
    rng = np.random.default_rng(seed)
    words = {
        "delivery.speed": "parcel late", "delivery.damage": "box broken", "price": "too dear",
        "service.staff": "staff rude",
    }  # fmt: skip
    names = list(words)
    comments = pd.DataFrame(
        {
            "comment_id": [f"c{i}" for i in range(n)],
            "date": pd.Timestamp("2025-01-05") + pd.to_timedelta(rng.integers(0, 240, n), "D"),
            rating: rng.choice(answers, n).astype(float),
            "shop": pd.Categorical(rng.choice(["north", "south", "été & <b>"], n)),
            "plan": pd.Categorical(rng.choice(["basic", "plus", None], n)),
            "language": pd.Categorical(rng.choice(["nl", "en"], n)),
        }
    )
    found, texts = [], []
    for i in range(n):
        own = rng.choice(4, int(rng.integers(0, 4)), replace=False)
        texts.append(f"Visit {i}: " + " and ".join(words[names[t]] for t in own))
        for t in own:
            start = texts[-1].index(words[names[t]])
            polarity = [*["negative"] * 5, *["positive"] * 3, "neutral", None][rng.integers(10)]
            mention = Mention(
                theme=names[t], polarity=polarity, theme_confidence=0.9,
                polarity_confidence=0.9 if polarity else None, start=start,
                end=start + len(words[names[t]]),
            )  # fmt: skip
            found.append((f"c{i}", texts[-1], mention))
    return comments.assign(text=texts), mentions_table(found, names)


def chosen(comments, mentions, choice, rating):
    """Return which comments a choice keeps, worked out from the tables alone."""
    keep = comments[rating].notna()
    if "group" in choice:
        definition = definition_of(comments, rating)
        keep &= definition.group(comments[rating].to_numpy()) == definition.groups.index(
            choice["group"]
        )
    theme, polarity = choice.get("theme", ""), choice.get("polarity")
    if theme or polarity:
        own = mentions["theme"].astype(str)
        hit = (own == theme) | own.str.startswith(theme + ".") if theme else own.notna()
        if polarity:
            hit &= mentions["polarity"].astype("object").fillna("unknown") == polarity
        keep &= comments["comment_id"].isin(mentions.loc[hit, "comment_id"])
    for key in ("shop", "plan"):
        if f"by.{key}" in choice:
            keep &= comments[key].astype("object").fillna("not given") == choice[f"by.{key}"]
    if "language" in choice:
        keep &= comments["language"] == choice["language"]
    month = comments["date"].dt.strftime("%Y-%m")
    return keep & (month >= choice.get("from", "")) & (month <= choice.get("to", "9"))


def choices(comments, rating):
    """Return many views: one by one, and drawn by chance."""
    values = {
        "group": definition_of(comments, rating).groups,
        "theme": ("delivery", "delivery.speed", "price", "service"),
        "polarity": ("negative", "positive", "neutral", "unknown"),
        "by.shop": ("north", "été & <b>"), "by.plan": ("plus", "not given"),
        "language": ("nl",), "from": ("2025-03",), "to": ("2025-06",),
    }  # fmt: skip
    yield {}
    yield from ({key: value} for key, options in values.items() for value in options)
    rng = np.random.default_rng(5)
    for _ in range(20 if rating == "nps" else 5):
        keys = rng.choice(list(values), int(rng.integers(2, 5)), replace=False)
        yield {key: str(rng.choice(values[key])) for key in keys}


@pytest.mark.parametrize(
    ("rating", "answers"),
    [("nps", range(11)), ("csat", range(1, 6)), ("ces", range(1, 8))],
)
def test_the_page_counts_as_python_does(opened, tmp_path, rating, answers):
    comments, mentions = made(700, 3, list(answers), rating)
    path = tmp_path / "report.html"
    write(path, comments, mentions, rating, by=["shop", "plan"])
    asked = list(choices(comments, rating))
    with opened(path) as page:
        seen = page.evaluate(READ, ["#explore?" + urlencode(choice) for choice in asked])
    scored = 0
    for choice, shown in zip(asked, seen, strict=True):
        kept = chosen(comments, mentions, choice, rating)
        if kept.sum() < 10:
            assert (shown["score"], shown["shown"], shown["rows"]) == (None, "too few", [])
            continue
        scored += 1
        scale = definition_of(comments, rating).scale
        score = score_of(
            comments.loc[kept, rating], rating, metric=metric_of(comments, rating), scale=scale
        )
        expected = [score.value, score.low, score.high, score.n]
        assert shown["score"] == pytest.approx(expected, abs=1e-6), choice
        for name, bad, good in shown["rows"]:
            theme = {"Delivery": "delivery", "Price": "price", "Service": "service"}.get(name)
            if theme:
                for polarity, n in (("negative", bad), ("positive", good)):
                    spoke = chosen(
                        comments, mentions, {"theme": theme, "polarity": polarity}, rating
                    )
                    assert n == (kept & spoke).sum(), (choice, theme, polarity)
    assert scored > 15


@pytest.fixture(scope="module")
def path(tables, tmp_path_factory):
    out = tmp_path_factory.mktemp("page") / "report.html"
    write(out, *tables)
    return out


def until(page, expression):
    """Wait until an expression is true; the page's own policy forbids Playwright's way to."""
    for _ in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(expression)


def eventually(page, read, wanted):
    """Wait until what is read is what is wanted: the address changes before the page is drawn for it."""
    for _ in range(100):
        if read() == wanted:
            return
        page.wait_for_timeout(50)
    assert read() == wanted


def texts(page):
    return page.locator("#explorer blockquote p").all_text_contents()


def test_choices_stand_in_the_address_and_come_back(opened, path):
    with opened(path) as page:
        assert page.locator("#explorer .matching").text_content() == "354 of 354 respondents match."
        page.get_by_label("Theme", exact=True).select_option(label="Delivery")
        until(page, "location.hash.includes('theme=delivery')")
        page.get_by_label("Group", exact=True).select_option(label="Detractors")
        until(page, "location.hash === '#explore?group=detractors&theme=delivery'")
        matching = page.locator("#explorer .matching").text_content
        until(page, "document.querySelectorAll('#explorer .active li').length === 2")
        both = matching()
        page.go_back()
        until(page, "location.hash === '#explore?theme=delivery'")
        eventually(page, page.get_by_label("Group", exact=True).input_value, "-1")
        assert matching() != both
        page.go_forward()
        until(page, "location.hash.includes('group')")
        eventually(page, matching, both)
        page.get_by_role("button", name="Remove the filter Theme: Delivery").click()
        until(page, "location.hash === '#explore?group=detractors'")
        until(page, "document.activeElement.tagName === 'SELECT'")
        page.get_by_role("button", name="Clear filters").click()
        until(page, "location.hash === '#explore?'")
        eventually(page, matching, "354 of 354 respondents match.")


def test_an_address_opens_its_view(opened, path):
    fragment = "#explore?group=promoters&polarity=positive&by.shop=north&from=2025-Q2&q=STAFF"
    with opened(path, fragment) as page:
        assert (
            page.get_by_label("Group", exact=True).locator(":checked").text_content() == "Promoters"
        )
        assert page.get_by_label("Search these comments").input_value() == "STAFF"
        shown = texts(page)
        assert shown
        assert all("Friendly staff" in text for text in shown)
        assert page.locator("#explorer .hit").first.text_content() == "staff"
        assert page.evaluate("document.activeElement.id") == "explore-h"
        assert page.evaluate("scrollY") > 1000


@pytest.mark.parametrize(
    "fragment",
    [
        "#explore?theme=<img src=x onerror=alert(1)>&group=nobody&from=1&q=<script>alert(1)</script>",
        "#explore?theme=__proto__&polarity=constructor&to=%E0%A4%A",
        "#explore?%%%&=&q=" + "%F0%9F%98%80" * 300,
        "#explore",
    ],
)
def test_an_address_that_makes_no_sense_is_left_alone(opened, path, fragment):
    with opened(path, fragment) as page:
        assert page.locator("#explorer .matching").text_content() == "354 of 354 respondents match."
        assert page.locator("#explorer .active li").count() == 0
        assert (
            page.evaluate("document.querySelectorAll('#explorer img, #explorer script').length")
            == 0
        )


def test_search_knows_no_case_and_no_accents(opened, tmp_path):
    said = ["Café fermé, très déçu", "CAFE ferme tôt", "Grønn kø på løkka", "Te laat, te duur"] * 5
    comments = pd.DataFrame({"comment_id": [f"c{i}" for i in range(20)], "text": said})
    comments["nps"] = [3.0, 9.0] * 10
    path = tmp_path / "report.html"
    write(path, comments, mentions_table([], ["price"]))
    with opened(path) as page:
        search = page.get_by_label("Search these comments")
        search.fill("ferme cafe")
        until(page, "document.querySelectorAll('#explorer blockquote').length === 10")
        hits = page.locator("#explorer blockquote").first.locator(".hit").all_text_contents()
        assert hits == ["Café", "fermé"]
        search.fill("GRONN ko")
        until(page, "document.querySelectorAll('#explorer blockquote').length === 5")
        assert page.locator("#explorer .hit").first.text_content() == "Grønn"
        before = page.evaluate("history.length")
        search.fill("nothing like it")
        until(page, "document.querySelectorAll('#explorer blockquote').length === 0")
        assert page.locator("#explorer .found").text_content().startswith("None of the 20 comments")
        assert page.evaluate("history.length") == before


def test_hostile_comments_are_text(opened, path):
    with opened(path, "#explore?q=late") as page:
        while page.get_by_role("button", name="Show").count():
            page.get_by_role("button", name="Show").click()
        shown = "\n".join(" ".join(text.split()) for text in texts(page))
        assert (
            '</script><script>document.title="owned"</script><img src=x onerror=alert(1)>' in shown
        )
        assert "<b>late</b> {{ 7*7 }} ]]>" in shown
        assert "reversed zerowidth bell nul, late isolate" in shown
        assert "\u202e" not in shown
        assert max(map(len, texts(page))) < 410
        assert page.title().startswith("What lies behind the score: Net Promoter Score")
        assert page.evaluate("document.querySelectorAll('#explorer img, #explorer b').length") == 0


def test_twenty_comments_at_a_time(opened, path):
    with opened(path) as page:
        assert len(texts(page)) == 20
        page.get_by_role("button", name="Show 20 more").click()
        assert len(texts(page)) == 40
        place = (
            "[...document.querySelectorAll('#explorer blockquote')].indexOf(document.activeElement)"
        )
        assert page.evaluate(place) == 20


def test_evidence_is_marked_by_polarity_and_by_name(opened, path):
    with opened(path, "#explore?theme=delivery.speed&polarity=positive") as page:
        quote = page.locator("#explorer blockquote").first
        assert quote.locator("mark.m-positive").text_content() == "Fast delivery"
        assert quote.locator(".tags li").text_content() == "+Speed (positive)"
        assert quote.locator("p").get_attribute("lang") == "en"


def test_the_link_is_copied_or_shown(opened, path):
    with opened(
        path, "#explore?theme=price", permissions=["clipboard-read", "clipboard-write"]
    ) as page:
        page.get_by_role("button", name="Copy link").click()
        until(page, "document.querySelector('.copied').textContent === 'The link is copied.'")
        assert page.evaluate("navigator.clipboard.readText()") == page.url
        page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject() }")
        page.get_by_role("button", name="Copy link").click()
        field = page.get_by_label("Copy the link from this field:")
        assert field.input_value() == page.url
        assert page.evaluate("getSelection().toString()") == page.url


def test_a_theme_elsewhere_leads_to_its_comments(opened, path):
    with opened(path) as page:
        link = page.locator('.reason a[href^="#explore?"]').first
        link.click()
        until(page, "document.activeElement.id === 'explore-h'")
        assert page.locator("#explorer .active li").count() == 2


def test_a_bar_opens_its_parts_and_keeps_the_focus(opened, path):
    with opened(path) as page:
        button = page.locator("#explorer .about").get_by_role("button", name="Delivery", exact=True)
        button.focus()
        page.keyboard.press("Enter")
        until(page, "location.hash === '#explore?theme=delivery'")
        eventually(page, lambda: button.get_attribute("aria-pressed"), "true")
        assert page.evaluate("document.activeElement.textContent") == "Delivery"
        parts = page.locator("#explorer .about tr.sub button").all_text_contents()
        assert sorted(parts) == ["Damage", "Speed"]
        page.keyboard.press("Enter")
        until(page, "location.hash === '#explore?'")
        eventually(page, page.locator("#explorer .about tr.sub").count, 0)


def test_many_choices_fold_on_a_phone(opened, tmp_path):
    path = tmp_path / "report.html"
    write(path, *made(300, 3, [2, 9], "nps"), by=["shop", "plan"])
    with opened(path, width=360) as page:
        assert page.locator("#explorer select:visible").count() == 3
        page.get_by_text("More filters").click()
        assert page.locator("#explorer select:visible").count() == 8
    with opened(path, "#explore?by.shop=north", width=360) as page:
        assert page.get_by_label("shop").locator(":checked").text_content() == "north"
        page.get_by_text("More filters").click()
        page.get_by_role("button", name="Remove the filter shop: north").click()
        until(page, "document.activeElement.labels?.[0].textContent === 'shop'")
    with opened(path) as page:
        assert page.locator("#explorer select:visible").count() == 8


def test_without_script_the_section_says_so(browser, path):
    page = browser.new_context(java_script_enabled=False, offline=True).new_page()
    page.goto(path.as_uri())
    assert "switched off here" in page.locator("noscript").inner_text()
    assert page.locator("#toc a").first.is_visible()
    assert not page.locator("#explorer").is_visible()
    page.context.close()


def test_nothing_of_single_people_is_held_when_that_is_asked_for(opened, tables, tmp_path):
    path = tmp_path / "report.html"
    report = write(path, *tables, max_comments=0)
    assert "explore" not in [section.id for section in report.sections]
    assert any("without single comments" in part.why for part in report.absent)
    assert "explore-data" not in path.read_text("utf-8").partition("<script>")[0]
    with opened(path) as page:
        assert page.evaluate("document.querySelectorAll('a[href^=\"#explore\"]').length") == 0


@pytest.mark.parametrize("n", [12, 400])
def test_no_mentions_and_few_people(opened, tmp_path, n):
    comments = pd.DataFrame({"comment_id": [f"c{i}" for i in range(n)], "text": "Te laat"})
    comments["nps"] = [3.0, 9.0] * (n // 2)
    path = tmp_path / "report.html"
    report = write(path, comments, mentions_table([], ["price"]), language="lv")
    data = report.section("explore").blocks[0].data
    json.dumps(data)
    with opened(path) as page:
        assert page.locator("#explorer .about").is_hidden()
        assert page.locator("#explorer select").count() == 1
        assert len(texts(page)) == min(n, 20)
        page.evaluate("location.hash = '#explore?group=detractors'")
        until(page, "document.querySelectorAll('#explorer .active li').length === 1")
        few = page.locator("#explorer .few").count()
        assert few == (1 if n == 12 else 0)


@pytest.mark.parametrize(
    ("language", "rating"), [("nl", "nps"), ("nb", "csat"), ("lv", "nps"), ("lv", "csat")]
)
def test_numbers_are_written_as_on_the_first_screen(opened, tmp_path, language, rating):
    comments, mentions = made(1_250, 4, [0, 1, 1, 2, 9] if rating == "nps" else [1, 2, 4], rating)
    path = tmp_path / "report.html"
    report = write(path, comments, mentions, rating, language=language)
    with opened(path) as page:
        shown = page.locator("#explorer .explore-score")
        assert shown.locator("data").text_content() == report.answer.value
        between = shown.locator("small").text_content()
        assert between.replace("\u00a0", " ") == report.answer.between.replace("\u00a0", " ")
        assert (
            wording_in(language).count(1_250) in page.locator("#explorer .matching").text_content()
        )
