"""The answer in four languages: golden files, and every case in which little or nothing can be said.

After a change of wording that is meant, write the golden files anew and read them:
``UPDATE_GOLDEN=1 pytest tests/drivers/test_explanation_languages.py``.
"""

import os
import re
from itertools import cycle
from pathlib import Path

import pandas as pd
import pytest
from explained import LATE, NOTHING, row, survey

from feedback_nlp.drivers import explain_detractors, tell
from feedback_nlp.errors import FeedbackError
from feedback_nlp.records import REPORT_LANGUAGES, Mention
from feedback_nlp.schema import mentions_table, with_info
from feedback_nlp.taxonomy import load_taxonomy
from feedback_nlp.wordings import wording_in

GOLDEN = Path(__file__).resolve().parent.parent / "golden"

# What customers write, by theme: language, sub-theme, text with the evidence in brackets.
SAID = {
    "delivery": [
        ("nl", "speed", "Weer hetzelfde: [het pakket kwam twee weken te laat] en niemand belde."),
        ("en", "speed", "I took a day off and [the parcel never came]. Call me on 0612345678."),
        ("nb", "speed", "Pakken skulle komme på mandag, men [pakken kom tre uker for sent]."),
        ("lv", "damage", "[Sūtījums atnāca saplēsts], un kurjers par to tikai pasmējās."),
        ("nl", "damage", "[Het pakket lag open in de regen], alles was doorweekt."),
        ("en", "speed", "[The parcel was ten days late] and went to the neighbours."),
    ],
    "service": [
        ("nl", "waiting_time", "[Drie kwartier in de wacht] en toen werd er opgehangen."),
        ("en", "waiting_time", "[An hour on hold] to be told to write an e-mail instead."),
        ("lv", "waiting_time", "[Gaidīju uz atbildi divas nedēļas], rakstīju trīs reizes."),
        ("nb", "friendliness", "[Mannen i kassen var direkte uhøflig] da jeg spurte om hjelp."),
    ],
    "payment": [
        ("de", "refunds", "[Seit acht Wochen warte ich auf mein Geld], niemand antwortet."),
        ("nl", "refunds", "[Mijn geld is na twee maanden nog niet terug], schandalig."),
        ("en", "refunds", "[Still no refund] for the chair I sent back in March."),
    ],
    "price": [
        ("en", "level", "[A bit expensive], but that goes for every shop in town."),
        ("nl", "level", "[Aan de prijzige kant], zoals overal tegenwoordig."),
    ],
    "information": [("en", "clarity", "[Nobody could tell me] where the parcel was, four calls.")],
    "environment": [("nb", "facilities", "[Det er altfor få parkeringsplasser] utenfor butikken.")],
    "praise": [
        ("en", "", "[Lovely people], I will be back soon."),
        ("lv", "", "[Viss bija lieliski], paldies par palīdzību!"),
        ("nb", "", "[Hyggelig betjening] og godt utvalg."),
    ],
}
# Theme, how many detractors, passives and promoters write so; "" is who wrote nothing.
WRITERS = [
    ("delivery", 24, 2, 0), ("service", 20, 1, 1), ("payment", 15, 1, 0), ("price", 7, 9, 8),
    ("delivery information", 14, 1, 0), ("information", 2, 1, 1), ("delivery service", 4, 0, 0),
    ("delivery payment", 7, 0, 0), ("environment", 4, 0, 0), ("praise", 3, 12, 36), ("", 8, 12, 46),
]  # fmt: skip
UNSURE = [
    ("delivery", 10, 5, 6), ("price", 6, 4, 6), ("environment", 4, 1, 0), ("praise", 8, 9, 25),
]  # fmt: skip


def customers(writers):
    """Return comments and mentions of customers who wrote so."""
    rows, found = [], []
    turns = {theme: cycle(said) for theme, said in SAID.items()}
    for themes, *numbers in writers:
        for rating, number in zip((3, 7, 9), numbers, strict=True):
            for i in range(number):
                comment = f"c{len(rows):03d}"
                said = [(theme, *next(turns[theme])) for theme in themes.split()]
                marked = " ".join(text for *_, text in said)
                text = re.sub(r"[\[\]]", "", marked)
                language = said[0][1] if said else None
                rows.append((comment, text, language, rating + i % 2, ("north", "south")[i % 2]))
                for theme, _, part, words in said:
                    evidence = re.search(r"\[(.*)\]", words).group(1)
                    start = text.index(evidence)
                    where = (start, start + len(evidence))
                    found.append((comment, text, mention(theme, part, *where)))
    table = pd.DataFrame(rows, columns=["comment_id", "text", "language", "nps", "shop"])
    table["text"], table["nps"] = table["text"].astype("str"), table["nps"].astype(float)
    table["date"] = pd.Timestamp("2026-03-01") + pd.to_timedelta([i % 90 for i in table.index], "D")
    taxonomy = load_taxonomy()
    mentions = with_info(mentions_table(found, taxonomy.ids), taxonomy.noted())
    return with_info(table, {"segments": ["shop"]}), mentions


def mention(theme, part, start, end):
    theme, polarity = ("general", "positive") if theme == "praise" else (theme, "negative")
    return Mention(
        theme=f"{theme}.{part}" if part else theme, polarity=polarity, theme_confidence=0.9,
        polarity_confidence=0.9, start=start, end=end,
    )  # fmt: skip


@pytest.fixture(scope="module")
def answer():
    return explain_detractors(*customers(WRITERS), n_boot=400)


@pytest.fixture(scope="module")
def no_answer():
    return explain_detractors(*customers(UNSURE), n_boot=400)


@pytest.mark.parametrize("language", REPORT_LANGUAGES)
@pytest.mark.parametrize("name", ["answer", "no_answer"])
def test_the_answer_reads_as_the_golden_file(name, language, request):
    path = GOLDEN / f"{'explanation' if name == 'answer' else 'no_reason'}.{language}.md"
    text = tell(request.getfixturevalue(name).findings, language).to_markdown()
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


def test_names_of_themes_are_those_of_the_language(answer):
    names = {language: tell(answer.findings, language) for language in REPORT_LANGUAGES}
    assert [said.reasons[0].name for said in names.values()] == [
        "Delivery", "Bezorging", "Levering", "Piegāde",
    ]  # fmt: skip
    assert [said.reasons[0].parts[0][0] for said in names.values()] == [
        "Delivery time", "Levertijd", "Leveringstid", "Piegādes ātrums",
    ]  # fmt: skip


def test_own_themes_are_named_in_english_or_by_their_id_where_a_language_has_no_name(tmp_path):
    path = tmp_path / "mine.toml"
    theme = '[[theme]]\nid = "{}"\n{}[theme.phrases]\nen = ["{}"]\n'
    path.write_text(
        theme.format("parcels", '[theme.names]\nen = "Parcels"\nnl = "Pakjes"\n', "parcel")
        + theme.format("parcels.too_late", "", "late")
    )
    rows = [row(2, LATE[i % 5], "parcels.too_late") for i in range(30)]
    rows += [row(9, "Lovely people, I will be back soon.")] * 30
    comments, mentions = survey(rows)
    noted = with_info(mentions, load_taxonomy(path).noted())
    for given, english, dutch in ((noted, "Parcels", "Pakjes"), (mentions, "Parcels", "Parcels")):
        found = explain_detractors(comments, given, n_boot=20).findings
        told = [tell(found, language).reasons[0] for language in REPORT_LANGUAGES]
        assert [one.name for one in told] == [english, dutch, english, english]
        assert {one.parts[0][0].lower() for one in told} == {"too late"}
    own = explain_detractors(comments, mentions, n_boot=20, names={"parcels": "Pakker"})
    assert own.reasons[0].parts == (("too late", 30),)


def test_the_numbers_are_the_same_in_every_language(answer):
    figures = [
        re.findall(r"\d+", re.sub(r"(?<=\d)[.,\s](?=\d)", "", reason.sentence))
        for language in REPORT_LANGUAGES
        for reason in tell(answer.findings, language).reasons
    ]
    per_language = [figures[at : at + 3] for at in range(0, len(figures), 3)]
    assert len(per_language) == 4
    assert all(
        sorted(map(sorted, one)) == sorted(map(sorted, per_language[0])) for one in per_language
    )


def test_it_can_be_asked_for_at_once():
    found = explain_detractors(*customers(WRITERS), n_boot=20, report_language="lv")
    assert found.language == "lv"
    assert found._repr_html_().startswith('<section lang="lv"><h3>Kāpēc kritiķi ir neapmierināti')
    assert '<span lang="nl">' in found._repr_html_()
    assert "Ko šie skaitļi nepasaka" in str(found)


def test_quotes_are_of_different_respondents_masked_and_in_several_languages(answer):
    quotes = [quote for reason in answer.reasons for quote in reason.quotes]
    assert len({quote.comment_id for quote in quotes}) == len(quotes) == 9
    assert len({quote.language for quote in quotes}) >= 4
    assert "0612345678" not in str(answer)
    assert "[phone]" in answer.to_markdown().replace("\\", "") or "Call me" not in str(answer)


ENGLISH = re.compile(
    r"\b(the|and|with|from|they|which|not|than|since|comments|blamed?|detractors"
    r"|reason|score lies|theme|others|more|would|be)\b"
)


@pytest.mark.parametrize("metric", ["nps", "csat", "ces"])
@pytest.mark.parametrize("rows", NOTHING.values(), ids=NOTHING)
def test_every_case_is_said_in_every_language(rows, metric):
    low, high = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}[metric]
    given = [(round(low + rating * (high - low) / 10), *rest) for rating, *rest in rows[0]]
    found = explain_detractors(
        *survey(given, metric), rating=metric, n_boot=20,
        names={"delivery": "Tema A", "price": "Tema B", "staff": "Tema C", "service": "Tema D"},
    ).findings  # fmt: skip
    for language in REPORT_LANGUAGES:
        check(tell(found, language))


@pytest.mark.parametrize("language", REPORT_LANGUAGES)
@pytest.mark.parametrize("name", ["answer", "no_answer"])
def test_answers_have_no_leftovers(name, language, request):
    check(tell(request.getfixturevalue(name).findings, language), quotes=False)


def check(said, *, quotes=True):
    text = "\n".join([said.title, *said.sentences, *said.limits, said.why_none])
    text += "\n".join(line for reason in said.reasons for line in (reason.name, reason.sentence))
    assert not re.search(r"[{}]|\bnan\b|\binf\b|None|  |\.\.|\( ", text)
    assert said.sentences
    assert said.limits
    assert all(re.search(r"[.]$", line) for line in (*said.sentences, *said.limits))
    if said.language != "en":
        assert not ENGLISH.search(text), ENGLISH.search(text)
        english = tell(said.findings, "en")
        assert len(english.sentences) == len(said.sentences)
        assert len(english.limits) == len(said.limits)
    if quotes:
        for shown in (str(said), said.to_markdown(), said._repr_html_()):
            assert not re.search(r"[{}]|\bnan\b", shown)


def test_nothing_at_all_is_one_clear_error():
    comments, mentions = survey([row(None, LATE[0], "delivery")])
    for language in REPORT_LANGUAGES:
        with pytest.raises(FeedbackError, match="rating"):
            explain_detractors(comments, mentions, report_language=language)
    with pytest.raises(FeedbackError, match="rating"):
        explain_detractors(comments.head(0), mentions.head(0))


def test_customers_words_stay_words_in_every_language():
    comments, mentions = customers(WRITERS)
    comments["shop"] = "<b>{n}</b>"
    found = explain_detractors(comments, mentions, n_boot=20)
    for language in REPORT_LANGUAGES:
        page = tell(found.findings, language)._repr_html_()
        assert "<b>{n}" not in page
        assert "&lt;b&gt;{n}&lt;/b&gt;" in page


def test_an_interval_narrower_than_a_percent_keeps_two_different_ends():
    said = wording_in("en")
    assert said.shares(0.0304, 0.0329) == "3.0–3.3%"
    assert said.shares(0.03041, 0.03049) == "3.04–3.05%"
    assert said.shares(0.5, 0.5) == "50–50%"
    assert wording_in("nb").shares(0.0304, 0.0329) == "3,0–3,3\u00a0%"
