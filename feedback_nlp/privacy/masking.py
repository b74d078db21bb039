"""Find and mask personal data in comments, before a quote leaves the table.

Numbers are checked by form, length and check digits, so that prices, years, ratings, dates and
versions stay. A name is found only after a cue ("my name is", "mevrouw", "Dr"); a bare name may
remain, and ``docs/privacy.md`` says so. Every pattern is bounded: the time grows with the length of
the text and no faster.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from feedback_nlp.errors import FeedbackError
from feedback_nlp.privacy.names import find_names
from feedback_nlp.privacy.numbers import find_ibans, find_numbers

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One stretch of personal data.

    Attributes:
        kind: ``e-mail``, ``phone``, ``bank account``, ``payment card``, ``national number``,
            ``link``, ``IP address``, ``reference number``, ``birth date``, ``address``,
            ``account name`` or ``name``.
        start: First character.
        end: One past the last character.
    """

    kind: str
    start: int
    end: int


_EMAIL = re.compile(
    r"[\w.+%-]{1,64}(?:@|\s?[\[(]at[\])]\s?)[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}", re.IGNORECASE
)
_LINK = re.compile(
    r"(?<!\w)(?:https?://|www\.)[^\s<>\"]{2,2000}"
    r"|(?<![\w.])[a-z0-9-]{2,63}\.(?:com|org|net|nl|no|lv|de|fr|es|eu|uk|io|example)/"
    r"[^\s<>\"]{2,2000}",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@/.])@[^\W\d][\w.]{1,30}")
_IPV4 = re.compile(r"(?<![\w.])(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?!\.?\w)")
_IPV6 = re.compile(r"(?<![\w:])[0-9a-f]{1,4}:[0-9a-f:]{4,34}(?![\w:])", re.IGNORECASE)
_VERSION = re.compile(
    r"(?:version|versi\w{1,3}|versjon\w{0,2}|release|update|build|\bv)\.?\s?$", re.I
)
_IP_CUE = re.compile(r"\bip\b\W{0,3}(?:\w{1,8}\W{1,3}){0,2}$", re.IGNORECASE)

# Letters decide: Spanish DNI and NIE, British national insurance number.
_DNI = re.compile(r"(?<!\w)([XYZ]|[0-9])([0-9]{7})[- ]?([A-Z])(?!\w)", re.IGNORECASE)
_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_NINO = re.compile(r"(?<!\w)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?: ?[0-9]{2}){3} ?[A-D](?!\w)")

_NUMBER_WORD = r"(?:nummer|number|numurs?|numuru|num[eé]ro|número|num|nrs?|no|n[º°])"
_CUE_WORDS = (
    r"order|ordre|commande|bestel|bestil|pedido|pasūt|auftrag|klant|kunde|customer|client|klient|"
    r"account|invoice|factu|faktur|rechnung|rēķin|ticket|billett|biļet|case|dossier|expediente|"
    r"zaak|sak|vorgang|pieteikum|incidencia|ref[eé]r|ref(?!\w)|kenmerk|aktenzeichen|atsauc|contract|"
    r"contrat|kontrakt|vertrag|līgum|avtale|poli[cs]|póliza|booking|boeking|buchung|r[eé]serv|"
    r"tracking|sporing|sendung|sūtījum|colis|parcel|pakket|zending|retour|member|lidmaatschap|"
    r"medlem|mitglied|relatie|claim|r[eé]clam|meter|nummer|number|numur|num[eé]ro"
)
_REFERENCE = re.compile(
    rf"(?<!\w)(?:{_CUE_WORDS})\w{{0,16}}[\s:#.\-]{{0,3}}(?:{_NUMBER_WORD}(?!\w)\.?[\s:#]{{0,3}})?"
    r"(?:(?:is|was|er|var|ir|bija|ist|war|est|était|es)\s)?#?"
    r"(?P<ref>[A-Z]{0,5}[-/]?[0-9][0-9A-Z/\-]{2,24})(?!\w|[.,][0-9])",
    re.IGNORECASE,
)
_NUMBERED = re.compile(rf"#|{_NUMBER_WORD}\W{{0,4}}$", re.IGNORECASE)
_MONEY = re.compile(r"\s?(?:€|£|\$|%|eur|kr|nok|gbp|usd|pound|dollar|cent|ct\b)", re.IGNORECASE)
_DATE = re.compile(
    r"[0-9]{1,2}[-/.][0-9]{1,2}(?:[-/.][0-9]{2,4})?|[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}"
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")

_NO_POSTCODE = re.compile(
    r"(?:19|20)[0-9]{2} [A-Z]{2}|"
    r"[0-9]{4} ?(?:AM|PM|GB|MB|KB|TB|CM|MM|KM|KG|HZ|KW|KR|EU|UK|US)(?!\w)"
)

_BIRTH = re.compile(
    r"(?<!\w)(?:born|date of birth|dob|geboren|geboortedatum|født|fødselsdato|dzim(?:is|usi|šanas)|"
    r"geburtsdatum|née?|date de naissance|nacid[oa]|fecha de nacimiento)"
    r"(?:\W{1,3}[a-z]{1,7}){0,2}\W{1,3}"
    r"(?P<date>[0-9]{1,2}[-/.\s][0-9]{1,2}[-/.\s][0-9]{2,4}|[0-9]{4}-[0-9]{2}-[0-9]{2}|"
    r"[0-9]{1,2}\.? [^\W\d_]{3,12} [0-9]{4})",
    re.IGNORECASE,
)

_CAPITAL = "[A-ZÀ-ÞĀČĒĢĪĶĻŅŠŪŽ]"
_HOUSE = r"[0-9]{1,4}(?:[ -]?[a-zA-Z](?!\w)|-[0-9]{1,4})?"
_ADDRESS = re.compile(
    # a street, a house number, and a postcode with its town: Storgata 5, 0155 Oslo
    rf"(?<!\w){_CAPITAL}\w{{1,40}}\.?(?: [^\W\d_]{{1,20}}\.?){{0,3}} {_HOUSE}"
    rf"(?:, ?(?:[0-9]{{4}} ?[A-Z]{{2}}|LV-?[0-9]{{4}}|[0-9]{{4,5}}(?= {_CAPITAL}))"
    r"| LV-[0-9]{4}| [0-9]{4} ?[A-Z]{2})(?!\w)"
    r"|(?<!\w)[0-9]{1,4}(?: ?bis| ?ter)?,? "
    r"(?:rue|avenue|boulevard|bd|chemin|impasse|allée|route)(?: [\w'’-]{1,20}){1,6},? "
    r"[0-9]{5}(?!\w)"
    # a postcode that is nearly an address: Dutch (a house number may follow), British, Latvian
    r"|(?<!\w)[1-9][0-9]{3} ?(?!SA|SD|SS)[A-Z]{2}(?!\w)"
    rf"(?:,? (?:(?:huis)?nummer |nr\.? ?)?{_HOUSE}(?!\w))?"
    r"|(?<!\w)[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}(?!\w)"
    r"|(?<!\w)LV-[0-9]{4}(?!\w)"
)


def find_personal_data(text: str) -> tuple[Found, ...]:
    """Return the personal data found in a text, in order, none overlapping another.

    Args:
        text: A comment in any of the seven languages.

    Returns:
        What was found; where two kinds claim the same characters the better checked one wins.

    Example:
        >>> find_personal_data("Mail me: kari@example.com")
        (Found(kind='e-mail', start=9, end=25),)
        >>> find_personal_data("4/5, paid 1 299,00 kr on 12-03-2024 for version 2.4.1")
        ()
    """
    has_digit = re.search("[0-9]", text) is not None
    taken = bytearray(len(text))
    found: list[Found] = []
    for needed, find in _FINDERS:
        if (needed == "digit" and not has_digit) or (len(needed) == 1 and needed not in text):
            continue
        for kind, start, end in find(text):
            if taken.find(1, start, end) == -1:
                taken[start:end] = b"\x01" * (end - start)
                found.append(Found(kind=kind, start=start, end=end))
    return tuple(sorted(found, key=lambda item: item.start))


def mask_text(text: str) -> str:
    """Return the text with each piece of personal data replaced by its kind in brackets.

    Args:
        text: A comment in any of the seven languages.

    Returns:
        The masked text. A name without a cue before it may remain.

    Example:
        >>> mask_text("Ik heet Sanne Bakker, bel 06-12345678 over order 4471902")
        'Ik heet [name], bel [phone] over order [reference number]'
    """
    return mask_with_spans(text, ())[0]


def mask_with_spans(text: str, spans: Sequence[Span]) -> tuple[str, list[Span]]:
    """Return the masked text, and where given spans of the original are in it.

    Args:
        text: A comment.
        spans: Start and end of stretches of the text, such as the evidence of mentions.

    Returns:
        The masked text and one span for each given; a span that cuts into a mask grows to hold it.

    Raises:
        FeedbackError: A span does not lie within the text.

    Example:
        >>> mask_with_spans("Call 0612345678: too slow", [(17, 25)])
        ('Call [phone]: too slow', [(14, 22)])
    """
    check_spans(text, spans)
    pieces: list[str] = []
    moved: list[tuple[int, int, int, int]] = []  # start and end, before and after
    position = length = 0
    for item in find_personal_data(text):
        mask = f"[{item.kind}]"
        pieces += [text[position : item.start], mask]
        length += item.start - position
        moved.append((item.start, item.end, length, length + len(mask)))
        position, length = item.end, length + len(mask)
    pieces.append(text[position:])
    return "".join(pieces), [_shift(span, moved) for span in spans]


def check_spans(text: str, spans: Sequence[Span]) -> None:
    """Raise if a span does not lie within a text."""
    for start, end in spans:
        if not 0 <= start <= end <= len(text):
            raise FeedbackError(
                f"Span ({start}, {end}) does not lie within a text of {len(text)} characters; "
                "give the text it was made from."
            )


def _shift(span: Span, moved: Sequence[tuple[int, int, int, int]]) -> Span:
    start, end = span
    new_start, new_end = start, end
    for old_from, old_to, new_from, new_to in moved:
        if old_from < start < old_to:
            new_start = new_from
        elif old_to <= start:
            new_start = start + new_to - old_to
        if old_from < end < old_to:
            new_end = new_to
        elif old_to <= end:
            new_end = end + new_to - old_to
    return new_start, max(new_start, new_end)


def _emails(text: str) -> Iterator[tuple[str, int, int]]:
    if "@" not in text and "at]" not in text.lower() and "at)" not in text.lower():
        return
    for match in _EMAIL.finditer(text):
        yield "e-mail", match.start(), match.end() - match[0].endswith(("-", "_"))


def _links(text: str) -> Iterator[tuple[str, int, int]]:
    if "/" not in text and "www." not in text.lower():
        return
    for match in _LINK.finditer(text):
        yield "link", match.start(), match.start() + len(match[0].rstrip(".,;:!?)]}'’»"))


def _handles(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _HANDLE.finditer(text):
        yield "account name", match.start(), match.start() + len(match[0].rstrip("."))


def _ip_addresses(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _IPV4.finditer(text):
        before = text[max(0, match.start() - 30) : match.start()]
        is_address = max(map(int, match[0].split("."))) >= 20 and not _VERSION.search(before)
        if _valid(IPv4Address, match[0]) and (is_address or _IP_CUE.search(before)):
            yield "IP address", match.start(), match.end()
    for match in _IPV6.finditer(text):
        if match[0].count(":") > 2 and _valid(IPv6Address, match[0]):
            yield "IP address", match.start(), match.end()


def _valid(kind: Callable[[str], object], text: str) -> bool:
    try:
        kind(text)
    except AddressValueError:
        return False
    return True


def _lettered_numbers(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _DNI.finditer(text):
        first = match[1].upper()
        number = int(str("XYZ".find(first) if first in "XYZ" else first) + match[2])
        if _DNI_LETTERS[number % 23] == match[3].upper():
            yield "national number", match.start(), match.end()
    for match in _NINO.finditer(text):
        yield "national number", match.start(), match.end()


def _references(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _REFERENCE.finditer(text):
        reference = match["ref"].rstrip("-/")
        digits = sum(character.isdigit() for character in reference)
        numbered = _NUMBERED.search(text[match.start() : match.start("ref")])
        is_plain = _DATE.fullmatch(reference) or (_YEAR.fullmatch(reference) and not numbered)
        if digits < (3 if numbered else 5) or is_plain or _MONEY.match(text, match.end("ref")):
            continue
        yield "reference number", match.start("ref"), match.start("ref") + len(reference)


def _birth_dates(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _BIRTH.finditer(text):
        yield "birth date", match.start("date"), match.end("date")


def _addresses(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _ADDRESS.finditer(text):
        if not _NO_POSTCODE.match(match[0]):
            yield "address", match.start(), match.end()


_FINDERS: tuple[tuple[str, Callable[[str], Iterator[tuple[str, int, int]]]], ...] = (
    ("", _emails),
    ("", _links),
    ("digit", find_ibans),
    ("@", _handles),
    ("digit", _ip_addresses),
    ("digit", _lettered_numbers),
    ("digit", _references),
    ("digit", _birth_dates),
    ("digit", find_numbers),
    ("digit", _addresses),
    ("", find_names),
)  # best checked first: where two claim the same characters, the first keeps them
