"""How things are said in a language: sentences from its catalog, numbers as it writes them."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from feedback_nlp.catalogs import Text, catalog
from feedback_nlp.showing import MINUS, NONE, round_half_up

if TYPE_CHECKING:
    from babel import Locale

_LOCALES = {"en": "en_GB"}
_WEEK = re.compile(r"(\d{4})-W(\d\d)")
_QUARTER = re.compile(r"(\d{4})-?Q([1-4])")
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Wording:
    """The way one language says it.

    Attributes:
        language: ISO 639-1 code.
        locale: How it writes numbers, dates and lists.
        texts: What its files say, by the full name of the entry, such as ``reason.share``.
    """

    language: str
    locale: "Locale"
    texts: Mapping[str, Text]

    def say(self, key: str, /, n: int | Decimal | None = None, **values: str | int) -> str:
        """Return an entry with its values.

        Args:
            key: Full name of the entry.
            n: The number that the plural form goes by; also the value ``n``.
            values: What goes where the braces are; whole numbers are written as the language does.

        Example:
            >>> wording_in("lv").say("people.plain", 21), wording_in("lv").say("people.plain", 30)
            ('21 respondents', '30 respondentu')
        """
        text = self.texts[key]
        if not isinstance(text, str):
            form = "other" if n is None else self.locale.plural_form(n)
            text = text.get(form, text["other"])
        shown = {name: self.count(v) if isinstance(v, int) else v for name, v in values.items()}
        if n is not None:
            shown["n"] = self._written(n)
        return text.format(**shown)

    def one_or_more(self, key: str, number: int, /, **values: str) -> str:
        """Return the entry for a single thing or for several of them."""
        return self.say(f"{key}.{'single' if number == 1 else 'several'}", None, **values)

    def count(self, n: int) -> str:
        """Return a whole number with its thousands set apart.

        Example:
            >>> wording_in("nl").count(12345), wording_in("en").count(12345)
            ('12.345', '12,345')
        """
        return self._written(n)

    def figure(self, value: float, unit: str) -> str:
        """Return a score as it is written: points with a sign, shares with a percent sign.

        Example:
            >>> wording_in("en").figure(-12.34, "points"), wording_in("nl").figure(74, "percent")
            ('−12.3', '74,0%')
        """
        rounded = _rounded(value, 2 if unit == "rating" else 1)
        if unit == "percent":
            return self._percent(rounded)
        plus = "+" if unit == "points" and rounded > 0 else ""
        return plus + self._written(rounded)

    def maximum(self, value: float, unit: str) -> str:
        """Return the best possible score, without digits that are not needed: ``+100``."""
        if unit == "percent":
            return self._percent(_bare_decimal(value))
        return ("+" if unit == "points" and value > 0 else "") + self.exactly(value)

    def bare(self, value: float, unit: str) -> str:
        """Return a difference of scores without its unit."""
        return self._written(_rounded(value, 2 if unit == "rating" else 1))

    def signed(self, value: float, unit: str) -> str:
        """Return a difference of scores with its sign."""
        return ("+" if _rounded(value, 2 if unit == "rating" else 1) > 0 else "") + self.bare(
            value, unit
        )

    def amount(self, value: float, unit: str, case: str = "plain") -> str:
        """Return a number of points with its unit, in the grammatical case that the entry has.

        Example:
            >>> wording_in("lv").amount(12.1, "points"), wording_in("en").amount(1, "percent")
            ('12,1 punkts', '1.0 percentage points')
        """
        rounded = _rounded(value, 2 if unit == "rating" else 1)
        return self.say(f"amount.{unit}.{case}", rounded)

    def share(self, part: float) -> str:
        """Return a share of 0–1 in percent; a small one that is not nothing stays visible.

        Example:
            >>> wording_in("en").share(0.344), wording_in("nl").share(0.001)
            ('34%', 'minder dan 1%')
        """
        if 0 < part < 0.005:
            return self.say("mark.under", share=self._percent(Decimal(1)))
        return self._percent(_rounded(part * 100, 0))

    def percent(self, part: float | None, digits: int = 0) -> str:
        """Return a share of 0–1 in percent for a table or figure: short, a dash for nothing known.

        Example:
            >>> said = wording_in("nl")
            >>> said.percent(0.344, 1), said.percent(0.95), said.percent(0.001), said.percent(None)
            ('34,4%', '95%', '<1%', '–')
        """
        if part is None or part != part:
            return NONE
        rounded = _rounded(part * 100, digits)
        if part > 0 and not rounded:
            return "<" + self._percent(Decimal(1).scaleb(-digits))
        return self._percent(rounded)

    def ratio(self, value: float | None) -> str:
        """Return a ratio: two digits below 10, one above, a dash for nothing known.

        Example:
            >>> wording_in("nl").ratio(2.345), wording_in("en").ratio(23.46)
            ('2,35', '23.5')
        """
        if value is None or value != value or value in (float("inf"), float("-inf")):
            return NONE
        return self._written(_rounded(value, 2 if abs(value) < 9.995 else 1))

    def chance(self, value: float | None) -> str:
        """Return a p- or q-value, never as nought.

        Example:
            >>> wording_in("nl").chance(0.0421), wording_in("en").chance(0.0000003)
            ('0,042', '<0.001')
        """
        if value is None or value != value:
            return NONE
        if value < 0.0005:
            return "<" + self._written(Decimal("0.001"))
        return self._written(_rounded(value, 3))

    def shares(self, low: float, high: float) -> str:
        """Return the ends of an interval of a share, with two digits at most if it is narrow.

        Example:
            >>> wording_in("en").shares(0.74, 0.95), wording_in("en").shares(0.0304, 0.0329)
            ('74–95%', '3.0–3.3%')
        """
        if high < 0.005:
            return self.share(high)
        digits = 0
        while low < high and digits < 2 and _same(low * 100, high * 100, digits):
            digits += 1
        first, last = (_rounded(end * 100, digits) for end in (low, high))
        return self.say("range.plain", low=self._written(first), high=self._percent(last))

    def span(self, low: float, high: float, unit: str) -> str:
        """Return the ends of an interval of points: signs if it goes below 0, never 0 if above.

        Example:
            >>> said = wording_in("en")
            >>> said.span(1.2, 3.4, "points"), said.span(0.03, 1.5, "points")
            ('1.2–3.4', '0.03–1.5')
        """
        if low < 0:
            return self.signed_span(low, high, unit)
        first = self.bare(low, unit)
        if low > 0 and not _rounded(low, 2 if unit == "rating" else 1):
            first = self._written(Decimal(f"{max(low, 0.001):.1g}"))
        return self.say("range.plain", low=first, high=self.bare(high, unit))

    def signed_span(self, low: float, high: float, unit: str) -> str:
        """Return the ends of an interval of a difference: ``−1.2 to +3.4``."""
        return self.say("range.signed", low=self.signed(low, unit), high=self.signed(high, unit))

    def figures(self, low: float, high: float, unit: str) -> str:
        """Return the ends of an interval of a score.

        Example:
            >>> wording_in("en").figures(30.8, 55.9, "percent")
            '30.8–55.9%'
        """
        if unit == "points":
            return self.signed_span(low, high, unit)
        first = self.bare(low, unit)
        return self.say("range.plain", low=first, high=self.figure(high, unit))

    def interval(self, level: float, span: str) -> str:
        """Return the ends of an interval with what they are.

        Example:
            >>> wording_in("nl").interval(0.95, "1–2")
            '95%-betrouwbaarheidsinterval 1–2'
        """
        return self.say("range.named", level=self._percent(_bare_decimal(level * 100)), range=span)

    def exactly(self, value: float) -> str:
        """Return a number with the digits it has, three at most.

        Example:
            >>> wording_in("nl").exactly(3.5), wording_in("nl").exactly(9.0)
            ('3,5', '9')
        """
        return self._written(_bare_decimal(value))

    def date(self, day: dt.date) -> str:
        """Return a day as it is written in running text.

        Example:
            >>> day = dt.date(2026, 5, 1)
            >>> wording_in("en").date(day), wording_in("nb").date(day)
            ('1 May 2026', '1. mai 2026')
        """
        from babel.dates import format_date

        return format_date(day, format="long", locale=self.locale)

    def short_date(self, day: dt.date) -> str:
        """Return a day as it is written in a table or figure.

        Example:
            >>> day = dt.date(2026, 5, 1)
            >>> wording_in("en").short_date(day), wording_in("nl").short_date(day)
            ('1 May 2026', '1 mei 2026')
        """
        from babel.dates import format_date

        return format_date(day, format="medium", locale=self.locale)

    def period(self, label: str) -> str:
        """Return a period as it is written, from its label in the tables.

        Args:
            label: ``2025-03-14``, ``2025-W11``, ``2025-03``, ``2025-Q1`` or ``2025``; anything else
                stays as it is.

        Example:
            >>> said = wording_in("nl")
            >>> said.period("2025-03"), said.period("2025-Q1"), said.period("2025")
            ('mrt 2025', 'K1 2025', '2025')
            >>> said.period("2025-W11"), said.period("2025-03-14")
            ('week 11 van 2025', '14 mrt 2025')
        """
        from babel.dates import format_skeleton

        if week := _WEEK.fullmatch(label):
            return self.say("period.week", year=week[1], week=str(int(week[2])))
        if quarter := _QUARTER.fullmatch(label):
            first = dt.date(int(quarter[1]), int(quarter[2]) * 3 - 2, 1)
            return str(format_skeleton("yQQQ", first, locale=self.locale))
        if month := _MONTH.fullmatch(label):
            first = dt.date(int(month[1]), int(month[2]), 1)
            return str(format_skeleton("yMMM", first, locale=self.locale))
        return self.short_date(dt.date.fromisoformat(label)) if _DAY.fullmatch(label) else label

    def listed(self, items: Iterable[str]) -> str:
        """Return items as they are listed in a sentence.

        Example:
            >>> wording_in("lv").listed(["cena", "vide", "serviss"])
            'cena, vide un serviss'
        """
        from babel.lists import format_list

        return format_list(list(items), locale=self.locale)

    def _written(self, number: int | Decimal) -> str:
        from babel.numbers import format_decimal

        digits = 0 if isinstance(number, int) else -int(number.as_tuple().exponent)
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return format_decimal(number, format=pattern, locale=self.locale).replace("-", MINUS)

    def _percent(self, number: Decimal) -> str:
        sign = str(self.locale.percent_formats[None].suffix[0])
        return self._written(number) + sign


@cache
def wording_in(language: str) -> Wording:
    """Return the wording of a language.

    Raises:
        FeedbackError: There are no wordings in that language.
    """
    from babel import Locale

    texts = catalog(language)
    locale = Locale.parse(_LOCALES.get(language, language))
    return Wording(language=language, locale=locale, texts=texts)


def _bare_decimal(value: float) -> Decimal:
    """Return a number with the digits it has, three at most."""
    return Decimal(f"{round_half_up(value, 3):.3f}".rstrip("0").rstrip("."))


def _same(one: float, other: float, digits: int) -> bool:
    """Tell whether two numbers are written alike."""
    return _rounded(one, digits) == _rounded(other, digits)


def _rounded(value: float, digits: int) -> Decimal:
    """Return a number rounded as people do, with the digits that are written."""
    return Decimal(f"{round_half_up(value, digits):.{digits}f}")
