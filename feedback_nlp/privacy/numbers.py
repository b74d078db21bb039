"""Which runs of digits are personal: phones, bank accounts, payment cards, national numbers.

A run of digits and separators is cut into its groups; windows of groups are judged by length,
grouping and check digits.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

Shape = tuple[int, ...]

IBAN_LENGTHS = {
    "AT": 20, "BE": 16, "CH": 21, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18,
    "FR": 27, "GB": 22, "IE": 22, "IT": 27, "LT": 20, "LU": 20, "LV": 21, "NL": 18, "NO": 15,
    "PL": 28, "PT": 25, "SE": 24,
}  # fmt: skip
# Digits after the country code, without the trunk zero (ITU E.164, the national numbering plans).
_COUNTRY_LENGTHS = {
    "1": (10,), "31": (9,), "33": (9,), "34": (9,), "371": (8,), "44": (9, 10), "47": (8,),
    "49": tuple(range(6, 12)),
}  # fmt: skip
_AMERICAN: tuple[Shape, ...] = ((3, 3, 4), (1, 3, 3, 4))
_NORWEGIAN: tuple[Shape, ...] = ((8,), (2, 2, 2, 2), (3, 2, 3))
_LATVIAN: tuple[Shape, ...] = ((2, 3, 3), (4, 4))
_SPANISH: tuple[Shape, ...] = ((9,), (3, 3, 3), (3, 2, 2, 2), (2, 3, 2, 2))
_BSN: tuple[Shape, ...] = ((9,), (3, 3, 3), (4, 2, 3))
_ELEVEN: tuple[Shape, ...] = ((11,), (6, 5))
_INSEE: tuple[Shape, ...] = ((1, 2, 2, 2, 3, 3), (1, 2, 2, 2, 3, 3, 2))
_CARD: tuple[Shape, ...] = (
    (15,), (16,), (17,), (18,), (19,), (4, 6, 5), (4, 4, 4, 4), (4, 4, 4, 4, 3),
)  # fmt: skip
_SHAPES = frozenset(
    (*_AMERICAN, *_NORWEGIAN, *_LATVIAN, *_SPANISH, *_BSN, *_ELEVEN, *_INSEE, *_CARD, (3, 2, 4))
)
_MAX_GROUPS = 8

_IBAN = re.compile(r"(?<!\w)[A-Z]{2}[0-9]{2}(?=[ -]?[A-Z0-9])", re.IGNORECASE)
_RUN = re.compile(r"(?:\(?\+ ?\(?|\()?[0-9][0-9 \u00a0\u202f.\-\u2010\u2011\u2013/()]{4,}[0-9]")
_GROUP = re.compile("[0-9]+")
_MONEY_AFTER = re.compile(
    r"\s?(?:€|£|\$|%|eur|kr\b|kr\.|kron|nok|gbp|usd|pound|dollar)", re.IGNORECASE
)
_MONEY_BEFORE = re.compile(r"(?:€|£|\$|\beur|\beuro|\bkr\.?|\bnok|\bgbp|\busd)\s?$", re.IGNORECASE)


def find_ibans(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield bank account numbers whose check digits are right (ISO 13616, modulo 97).

    Example:
        >>> list(find_ibans("Storneer op NL91 ABNA 0417 1643 00 graag"))
        [('bank account', 12, 34)]
    """
    for match in _IBAN.finditer(text):
        length = IBAN_LENGTHS.get(match[0][:2].upper())
        if length is None:
            continue
        after = re.match(
            rf"(?:[A-Z0-9][ -]?){{{length}}}", text[match.start() :][:80], re.IGNORECASE
        )
        iban = re.sub("[ -]", "", after[0]).upper() if after else ""
        if after and iban.isascii() and _is_iban(iban):
            yield "bank account", match.start(), match.start() + len(after[0].rstrip(" -"))


def find_numbers(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield phone numbers, payment cards and national numbers.

    Example:
        >>> list(find_numbers("Ring meg på 912 34 567 eller +47 22 12 34 56"))
        [('phone', 12, 22), ('phone', 29, 44)]
    """
    for run in _RUN.finditer(text):
        groups = _whole_groups(text, run)
        lengths = [end - start for start, end in groups]
        first = 0
        while first < len(groups):
            opened = first == 0 and run[0][0] in "+("
            plus = opened and "+" in run[0][:3]
            leading = plus or text[groups[first][0]] == "0"
            for last in range(min(first + _MAX_GROUPS, len(groups)), first, -1):
                shape = tuple(lengths[first:last])
                if not (8 <= sum(shape) <= 19 and (leading or shape in _SHAPES)):
                    continue
                kind = _judge(text, groups[first:last], shape, plus=plus)
                if kind is not None:
                    end = groups[last - 1][1]
                    whole = opened and (plus or ")" in text[run.start() : end])
                    yield kind, run.start() if whole else groups[first][0], end
                    first = last
                    break
            else:
                first += 1


def _whole_groups(text: str, run: re.Match[str]) -> list[tuple[int, int]]:
    """Return where the groups of digits are, without those that are part of a word or a decimal."""
    groups = [(run.start() + m.start(), run.start() + m.end()) for m in _GROUP.finditer(run[0])]
    before, after = text[: run.start()][-2:], text[run.end() : run.end() + 2]
    if re.search(r"\w$|[0-9][.,:]$", before) and run[0][0] not in "+(":
        groups = groups[1:]
    if re.match(r"\w|[.,:][0-9]", after):
        groups = groups[:-1]
    return groups


def _judge(text: str, groups: Sequence[tuple[int, int]], shape: Shape, *, plus: bool) -> str | None:
    """Return the kind of number that a window of groups makes, or nothing."""
    parts = [text[a:b] for a, b in groups]
    digits = "".join(parts)
    between = [text[a[1] : b[0]] for a, b in pairwise(groups)]
    gaps = [gap.strip(" \u00a0\u202f()") or " " for gap in between]
    if any(len(gap) > 1 for gap in gaps) or any(len(gap) > 3 for gap in between):
        return None
    if plus:
        return "phone" if _is_international(digits, parts) else None
    kind = _kind(digits, parts, gaps, shape)
    return None if kind and _is_money(text, groups[0][0], groups[-1][1]) else kind


def _kind(digits: str, parts: Sequence[str], gaps: Sequence[str], shape: Shape) -> str | None:
    if shape in _CARD and _is_card(digits):
        return "payment card"
    if _is_national_number(digits, shape, gaps):
        return "national number"
    return "phone" if _is_phone(digits, parts, gaps, shape) else None


def _is_money(text: str, start: int, end: int) -> bool:
    if _MONEY_AFTER.match(text, end):
        return True
    return _MONEY_BEFORE.search(text[max(0, start - 6) : start]) is not None


def _is_phone(digits: str, parts: Sequence[str], gaps: Sequence[str], shape: Shape) -> bool:
    if digits.startswith("00"):
        return _is_international(digits[2:], [parts[0][2:], *parts[1:]]) or len(digits) > 9
    if digits[0] == "0":
        return 9 <= len(digits) <= 12 and min(shape) >= 2 and not _has_date(parts, gaps)
    if shape in _AMERICAN:
        return digits[-10] >= "2" and digits[-7] >= "2" and digits[:-10] in {"", "1"}
    if digits.endswith("000") or set(gaps) - {" ", "-"}:
        return False
    return not (_is_series(parts) or _has_date(parts, gaps)) and _is_short_phone(digits, shape)


def _is_short_phone(digits: str, shape: Shape) -> bool:
    """Return whether digits without trunk zero are a Norwegian, Latvian or Spanish number."""
    if shape in _NORWEGIAN:
        return digits[0] in "23456789"
    if shape in _LATVIAN:
        return digits[0] in "26"
    return shape in _SPANISH and digits[0] in "6789"


def _is_international(digits: str, parts: Sequence[str]) -> bool:
    if len(parts) > 1 and parts[1] == "0":  # +31 (0)6 …
        digits = parts[0] + "".join(parts[2:])
    for code, lengths in _COUNTRY_LENGTHS.items():
        if digits.startswith(code):
            return len(digits[len(code) :].removeprefix("0")) in lengths
    return digits[0] != "0" and 9 <= len(digits) <= 15


def _is_series(parts: Sequence[str]) -> bool:
    """Return whether the groups are years, or numbers that follow each other: sizes, ratings."""
    numbers = [int(part) for part in parts]
    if len(parts) > 1 and all(len(part) == 4 and 1900 <= int(part) < 2100 for part in parts):
        return True
    steps = {b - a for a, b in pairwise(numbers)}
    return len(steps) == 1 and len(parts) > 2


def _has_date(parts: Sequence[str], gaps: Sequence[str]) -> bool:
    if len(parts) == 1:
        d = parts[0]
        return _is_date(d[:4], d[4:6], d[6:]) or _is_date(d[4:], d[2:4], d[:2])
    if len(parts) < 3 or gaps[0] != gaps[1] or gaps[0] == " ":
        return False
    if len(parts) > 3 and gaps[2] == gaps[0]:
        return False
    return _is_date(parts[2], parts[1], parts[0]) or _is_date(parts[0], parts[1], parts[2])


def _is_date(year: str, month: str, day: str) -> bool:
    if len(year) == 2:
        year = f"20{year}"
    if len(year) != 4 or not "1900" <= year < "2100" or len(month) > 2 or len(day) > 2:
        return False
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def _is_iban(iban: str) -> bool:
    turned = iban[4:] + iban[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


def _is_card(digits: str) -> bool:
    """Return whether digits are a card: an issuer's first digit (ISO/IEC 7812), Luhn's check."""
    if not digits.startswith(("34", "37") if len(digits) == 15 else ("2", "4", "5", "6")):
        return False
    doubled = [int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _is_national_number(digits: str, shape: Shape, gaps: Sequence[str]) -> bool:
    if len(digits) == 9:
        if shape == (3, 2, 4):  # United States
            return gaps == ["-", "-"] and digits[0] != "9" and digits[:3] not in {"000", "666"}
        return shape in _BSN and _is_bsn(digits)
    if shape in _ELEVEN:
        return _is_fodselsnummer(digits) or _is_personas_kods(digits, dashed=gaps == ["-"])
    return shape in _INSEE or (shape == (15,) and _is_insee(digits))


def _is_bsn(digits: str) -> bool:
    """Return whether nine digits pass the Dutch eleven-test (weights 9 to 2, last −1)."""
    total = sum(int(d) * (9 - i) for i, d in enumerate(digits[:8])) - int(digits[8])
    return total % 11 == 0 and int(digits) > 0


def _is_fodselsnummer(digits: str) -> bool:
    """Return whether eleven digits pass both checks of a Norwegian national number or D-number."""
    day = int(digits[:2]) - (40 if digits[0] >= "4" else 0)
    if not (1 <= day <= 31 and 1 <= int(digits[2:4]) % 40 <= 12):
        return False
    first = _weighted(digits, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1))
    second = _weighted(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1))
    return first % 11 == 0 and second % 11 == 0


def _weighted(digits: str, weights: Sequence[int]) -> int:
    return sum(w * int(d) for w, d in zip(weights, digits, strict=False))


def _is_personas_kods(digits: str, *, dashed: bool) -> bool:
    """Return whether digits look like a Latvian personal code: 32…, or a birth date first."""
    if digits.startswith("32"):
        return dashed
    born = 1 <= int(digits[:2]) <= 31 and 1 <= int(digits[2:4]) <= 12 and digits[6] in "012"
    check = (1101 - _weighted(digits, (1, 6, 3, 7, 9, 10, 5, 8, 4, 2))) % 11
    return born and (dashed or check == int(digits[10]))


def _is_insee(digits: str) -> bool:
    """Return whether fifteen digits are a French social security number with the right key."""
    return digits[0] in "12" and 97 - int(digits[:13]) % 97 == int(digits[13:])
