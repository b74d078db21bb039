"""Personal data in comments: what is masked, what stays, and that no text can stall it.

All numbers are invented or published as examples by those who issue them; check digits are right.
"""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_nlp.errors import FeedbackError
from feedback_nlp.privacy import find_personal_data, mask_text, mask_with_spans

MASKED = [
    ("Mail mij op jan.jansen@example.com aub", "Mail mij op [e-mail] aub"),
    ("kari (at) example.com svarer", "[e-mail] svarer"),
    ("See https://example.com/a?b=c.", "See [link]."),
    ("op www.example.com!", "op [link]!"),
    ("volg @janjansen", "volg [account name]"),
    ("vanaf ip 192.168.1.20 besteld", "vanaf ip [IP address] besteld"),
    ("from 2001:db8::ff00:42:8329", "from [IP address]"),
    # phones: the Netherlands
    ("Bel 06-12345678", "Bel [phone]"),
    ("bel +31 6 12 34 56 78 graag", "bel [phone] graag"),
    ("bel 0031612345678", "bel [phone]"),
    ("(020) 123 45 67", "[phone]"),
    ("(0201234567) does not work", "([phone]) does not work"),
    ("+31 (0)20 123 4567", "[phone]"),
    ("om 12 0612345678 gebeld", "om 12 [phone] gebeld"),
    # United Kingdom (numbers Ofcom keeps for drama) and United States (555-01xx)
    ("07700 900123", "[phone]"),
    ("020 7946 0958", "[phone]"),
    ("+44 7700 900123", "[phone]"),
    ("call (415) 555-0123", "call [phone]"),
    ("call 1-800-555-0199", "call [phone]"),
    # Norway, Latvia, Germany, France, Spain
    ("Ring 912 34 567", "Ring [phone]"),
    ("Ring 91234567", "Ring [phone]"),
    ("+47 22 12 34 56", "[phone]"),
    ("tālr. 29 123 456", "tālr. [phone]"),
    ("+371 29123456", "[phone]"),
    ("0000 123456", "[phone]"),
    ("0171/1234567", "[phone]"),
    ("+49 30 1234567", "[phone]"),
    ("06.12.34.56.78", "[phone]"),
    ("+33 6 12 34 56 78", "[phone]"),
    ("612 34 56 78", "[phone]"),
    ("+34 612 345 678", "[phone]"),
    # accounts and cards: examples of the IBAN registry, test numbers of the card schemes
    ("op NL91 ABNA 0417 1643 00 graag", "op [bank account] graag"),
    ("auf de89370400440532013000", "auf [bank account]"),
    ("til NO93 8601 1117 947", "til [bank account]"),
    ("4111 1111 1111 1111 12/26", "[payment card] 12/26"),
    ("378282246310005", "[payment card]"),
    # national numbers
    ("BSN 111222333", "BSN [national number]"),
    ("01010750160", "[national number]"),
    ("personas kods 010175-12345", "personas kods [national number]"),
    ("kods 320101-12345", "kods [national number]"),
    ("DNI 12345678Z", "DNI [national number]"),
    ("NIE X1234567L", "NIE [national number]"),
    ("1 85 05 78 006 084 36", "[national number]"),
    # numbers after a cue
    ("order 4471902", "order [reference number]"),
    ("bestelnummer: NH-44719", "bestelnummer: [reference number]"),
    ("My order number is 12345", "My order number is [reference number]"),
    ("ordrenr. 99812", "ordrenr. [reference number]"),
    ("pasūtījums Nr. 55123", "pasūtījums Nr. [reference number]"),
    ("Kundennummer 12-3456-78", "Kundennummer [reference number]"),
    ("commande n° 4432111", "commande n° [reference number]"),
    ("pedido número 887766", "pedido número [reference number]"),
    ("bestelling met nummer NH-0000-1234", "bestelling met nummer [reference number]"),
    ("ref: 4431-98", "ref: [reference number]"),
    ("invoice #2231", "invoice #[reference number]"),
    # names after a cue
    ("My name is Anna Smith and I wait", "My name is [name] and I wait"),
    ("ik heet jan en ben boos", "ik heet [name] en ben boos"),
    ("jeg heter Ola Nordmann", "jeg heter [name]"),
    ("Mani sauc Anna Kalniņa", "Mani sauc [name]"),
    ("ich heiße Jürgen Groß", "ich heiße [name]"),
    ("Je m'appelle Élodie", "Je m'appelle [name]"),
    ("me llamo José García", "me llamo [name]"),
    ("Dr. van der Berg was top", "Dr. [name] was top"),
    ("mevrouw De Vries hielp", "mevrouw [name] hielp"),
    ("Frau Schmidt war nett", "Frau [name] war nett"),
    ("Ozola kundze palīdzēja", "[name] kundze palīdzēja"),
    ("merci à M. Dupont", "merci à M. [name]"),
    ("Geholpen door Sandra van Dijk, top", "Geholpen door [name], top"),
    ("Mvh Ola Nordmann", "Mvh [name]"),
    # places and dates
    ("1234 AB 12", "[address]"),
    ("Storgata 5, 0155 Oslo", "[address] Oslo"),
    ("Brīvības iela 10-5, LV-1010", "[address]"),
    ("12 rue de la Paix, 75002 Paris", "[address] Paris"),
    ("geboren 12-03-1980", "geboren [birth date]"),
]

KEPT = [
    "number 1 in service", "nummer 2 keer", "000000",
    "Ordered 19/01", "reference 34-36", "refurbished B747-400", "booking 0800", "a dr. However",
    "spoke to a nurse. Every month", "2 hr EU flight", "open until 1730PM", "April 2015 BA 777",
    "1 299,00 kr", "25 000 000 kr", "20 000 000", "€ 1.299,00", "1500 kr og 2500 kr",
    "12 990,-", "in 2019-2020 was het beter", "2024-03-15", "15.03.2024 10:30", "20240315",
    "01-02-2024 10 uur", "05-03-24 14.30", "0 1 2 3 4 5 6 7 8 9 10", "4/5", "10/10 would",
    "24/7", "version 2.4.1", "versie 4.12.0.1", "v10.2.3.30", "klant sinds 2015",
    "order 2 weken geleden", "order 2024", "bestelling van 250 euro", "bestelling 2500 euro",
    "maten 36 37 38 39", "cost 12345678 eur", "12:30:45", "March 12, 2024", "In 2024 EN ik",
    "iPhone 15 128 GB", "1080 x 1920", "12.345.678", "MEVROUW WAS ERG AARDIG",
    "meine Frau war da", "Mevrouw was aardig", "the order was 3 days late",
    "mijn naam is niet belangrijk", "I miss London", "Thanks to the app", "0.123456789",
    "NL91ABNA0417164301", "4111 1111 1111 1112", "",
]  # fmt: skip

HOSTILE = {
    "letters": "a" * 100_000, "capitals": "A" * 100_000, "digits": "1" * 100_000,
    "pairs": "12 " * 33_333, "ones": "1 " * 50_000, "decimals": "1." * 50_000,
    "dashes": "1-" * 50_000,
    "ats": "@" * 100_000, "half addresses": "a@a." * 25_000, "dots": "." * 100_000,
    "plus": "+1" * 50_000, "brackets": "(" * 100_000, "ibans": "NL91 " * 20_000,
    "words": "Aa aa " * 16_666, "orders": "order: nr: " * 9_000, "names": "ik heet Jan " * 8_333,
    "links": "http://" * 14_285, "spaces": " " * 100_000, "lines": "\n" * 100_000,
    "phones": "0612345678 " * 9_090, "dates": "01/02/2003 " * 9_090, "colons": "a:" * 50_000,
    "particles": "mr " + "van " * 25_000,
    "streets": "1 rue " * 16_666, "born": "born a a " * 11_111,
}  # fmt: skip


@pytest.mark.parametrize(("text", "masked"), MASKED)
def test_masks_what_is_personal(text, masked):
    assert mask_text(text) == masked


@pytest.mark.parametrize("text", KEPT)
def test_keeps_what_is_not(text):
    assert mask_text(text) == text


@pytest.mark.parametrize("name", HOSTILE)
def test_time_grows_with_length_only(name, time_grows_with_length):
    assert time_grows_with_length(find_personal_data, HOSTILE[name])


PIECES = st.sampled_from([text for text, _ in MASKED] + KEPT + ["Too slow. ", "😡 ", "\n", "ē"])


@given(st.lists(PIECES, max_size=6).map(" ".join), st.data())
def test_spans_move_with_the_text(text, data):
    found = find_personal_data(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    masked, [(new_start, new_end)] = mask_with_spans(text, [(start, end)])
    assert masked == mask_text(text)
    assert 0 <= new_start <= new_end <= len(masked)
    if not any(item.start < end and item.end > start for item in found):
        assert masked[new_start:new_end] == text[start:end]


@given(st.text(max_size=200))
def test_any_text_is_accepted(text):
    masked = mask_text(text)
    outside = text
    for item in reversed(find_personal_data(text)):
        assert item.start < item.end
        outside = outside[: item.start] + f"[{item.kind}]" + outside[item.end :]
    assert masked == outside


def test_span_into_a_mask_holds_all_of_it():
    text = "Call 0612345678: too slow"
    assert mask_with_spans(text, [(8, 25), (0, 9), (5, 15), (0, 25)]) == (
        "Call [phone]: too slow",
        [(5, 22), (0, 12), (5, 12), (0, 22)],
    )


def test_span_outside_the_text_is_an_error():
    with pytest.raises(FeedbackError, match="does not lie within a text of 2 characters"):
        mask_with_spans("ab", [(1, 3)])
