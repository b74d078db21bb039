"""Dates as people write them, a column at a time: ISO, dd/mm/yyyy, "19th November 2023", serials.

Whether day or month comes first is decided by the whole column: a part above 12 settles it, for
all rows.
"""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from feedback_nlp.errors import ColumnError
from feedback_nlp.exports.wordings import plain

_MONTHS = (
    "jan january januari januar janvaris janvari janvier janv enero ene jaenner janner",
    "feb february februari februar februaris fevrier fevr fev febrero",
    "mar mrt march maart mars marts maerz marz marzo mrz",
    "apr april aprilis avril avr abril abr",
    "may mei mai maijs maij mayo",
    "jun june juni junijs junij juin junio",
    "jul july juli julijs julij juillet juil julio",
    "aug august augustus augusts aout agosto ago",
    "sep sept september septembris septembre septiembre setiembre",
    "oct okt october oktober oktobris octobre octubre",
    "nov november novembris novembre noviembre",
    "dec dez des december desember decembris dezember decembre diciembre dic",
)
MONTHS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_LATVIAN_CASES = {
    name[: -len(ending)] + case: number
    for name, number in MONTHS.items()
    for ending, cases in {"is": ("i", "a"), "ts": ("ta",), "js": ("ja",)}.items()
    if name.endswith(ending)
    for case in cases
} | {"augusta": 8}
MONTHS |= _LATVIAN_CASES

_CLOCK = r"(?P<time>\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:\.\d+)?) ?(?P<half>[ap]\.?m\.?)?"
_ZONE = r"[^\d]*(?P<zone>[+-]\d{2}:?\d{2})?"
_TIME = rf"(?:[t ,]+(?:(?:kl|um|om|at|a)\.? ?)?{_CLOCK}{_ZONE})?"
_NUMERIC = (
    rf"^(?P<a>\d{{1,4}})(?P<mark>[-/. ]) ?(?P<b>\d{{1,2}})[-/. ] ?(?P<c>\d{{1,4}})\.?{_TIME}$"
)
_COMPACT = rf"^(?P<a>(?:19|20)\d\d)(?P<b>\d\d)(?P<c>\d\d){_TIME}$"
_MONTH_ONLY = r"^(?P<a>(?:19|20)\d\d)-(?P<b>\d\d)$"
_ORDINAL = r"(?:st|nd|rd|th|er|e|º|ª|o|a)?\.?"
_WEEKDAY = r"^(?:[^\W\d]+[.,]* +)?"
_NAMED = (
    rf"{_WEEKDAY}(?P<day>\d{{1,2}}){_ORDINAL}[ .-]*(?:of |de )?(?P<month>[^\W\d]+)[.,]?[ -]*(?:de "
    rf"|del )?(?P<year>\d{{4}}|\d\d)\.?{_TIME}$",
    rf"{_WEEKDAY}(?P<month>[^\W\d]+)\.? +(?P<day>\d{{1,2}}){_ORDINAL},? +(?P<year>\d{{4}}){_TIME}$",
    rf"^(?P<year>\d{{4}})\.? ?(?:gada?|g)\.? +(?P<day>\d{{1,2}})\. *(?P<month>[^\W\d]+)\.?{_TIME}$",
)
_NAMED_MONTH_ONLY = r"^(?P<month>[^\W\d]+)\.?,? +(?:de )?(?P<year>(?:19|20)\d\d)$"
_NUMERIC_WAYS = tuple(map(re.compile, (_NUMERIC, _COMPACT, _MONTH_ONLY)))
_PLAIN_ISO = r"(19|20)\d\d-\d\d-\d\d([ t]\d\d:\d\d(:\d\d)?)?"
_NAMED_HINT = re.compile(r"\d.*[^\W\d]|[^\W\d].*\d", re.DOTALL)
_LONGEST = 60  # characters of a date with its weekday and time
_SERIALS = (20_000.0, 60_000.0)  # 1954 to 2064


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """A column of dates, and what had to be decided to read it.

    Attributes:
        days: Dates; missing where the cell is blank or cannot be read.
        unread: Number of cells that hold something that is no date.
        notes: Sentences for the analyst.
    """

    days: pd.Series
    unread: int
    notes: tuple[str, ...] = ()


def parse_dates(column: pd.Series, *, day_first: bool | None = None) -> Dates:
    """Return a column of text as dates.

    Args:
        column: Cells as text; blank cells are missing.
        day_first: Whether 03/04 is 3 April; ``None`` decides by the column, and says day first
            when nothing decides.

    Raises:
        ColumnError: Some rows can only be day first and others only month first.

    Example:
        >>> written = pd.Series(["19th November 2023", "03/12/2023 20:09"])
        >>> parse_dates(written).days.dt.month.tolist()
        [11, 12]
    """
    order, notes = day_leads(column, day_first)
    days, serial = read_dates(column, day_first=order)
    unread = int((days.isna() & column.str.strip().ne("")).sum())
    told = serial_note(column.name, int(serial.sum()))
    return Dates(days=days, unread=unread, notes=(*notes, *told))


def day_leads(column: pd.Series, asked: bool | None) -> tuple[bool, list[str]]:
    """Decide whether the day comes before the month in a column, with what to tell about it.

    Args:
        column: Cells as text.
        asked: What the user said, if anything.

    Raises:
        ColumnError: Some rows can only be day first and others only month first.
    """
    if asked is not None:
        return asked, []
    different = column.drop_duplicates()
    text = different.str.strip().str.lower()
    parts = _numeric_parts(text[~_is_plain_iso(text)])
    return _day_first(parts, different) if len(parts) else (True, [])


def read_dates(column: pd.Series, *, day_first: bool) -> tuple[pd.Series, pd.Series]:
    """Return a column of text as dates, and which of them are Excel's day numbers.

    Each different cell is read once.
    """
    codes, different = pd.factorize(column)
    text = pd.Series(different, dtype="str").str.strip().str.lower()
    dates, left = _plain_iso(text)
    if len(left):
        parts = _numeric_parts(left)
        if len(parts):
            dates.loc[parts.index] = _from_numbers(parts, day_first)
        rest = text[dates.isna() & text.ne("")]
        for found in _named_parts(rest):
            dates.loc[found.index] = _build(found)
    serial = pd.Series(False, index=text.index)
    serial.loc[_serials(text, dates)] = True
    spread = pd.Series(dates.to_numpy()[codes], index=column.index)
    return spread, pd.Series(serial.to_numpy()[codes], index=column.index)


def serial_note(name: object, count: int) -> list[str]:
    """Tell that dates were day numbers of Excel."""
    told = f"{count} dates in {name!r} are Excel's day numbers, counted from 1900."
    return [told] if count else []


def _plain_iso(text: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return plain ISO dates (2026-03-14, also with a time), and the cells left to be read."""
    dates = pd.Series(pd.NaT, index=text.index, dtype="datetime64[us]")
    plain = _is_plain_iso(text)
    try:
        written = text[plain].str.replace("t", " ", regex=False).to_numpy(dtype=object)
        dates[plain] = np.array(written, dtype="datetime64[us]")
    except ValueError:  # a 30th of February
        return dates, text
    return dates, text[~plain]


def _is_plain_iso(text: pd.Series) -> np.ndarray:
    return text.str.fullmatch(_PLAIN_ISO).to_numpy(dtype=bool)


def _numeric_parts(text: pd.Series) -> pd.DataFrame:
    """Return the three numbers, the mark between them and the time, of cells written so."""
    found = text.str.extract(_NUMERIC)
    rest = found["a"].isna()
    if rest.any():
        compact = text[rest].str.extract(_COMPACT).dropna(subset="a")
        months = text[rest].str.extract(_MONTH_ONLY).dropna(subset="a")
        found.loc[compact.index, ["a", "b", "c", "time", "half", "zone"]] = compact
        found.loc[months.index, ["a", "b"]] = months
        found.loc[months.index, "c"] = "1"
    return found.dropna(subset="a")


def _day_first(parts: pd.DataFrame, column: pd.Series) -> tuple[bool, list[str]]:
    """Decide the order of day and month for a column, with what to tell about it."""
    open_ones = parts[parts["a"].str.len() < 4]
    if open_ones.empty:
        return True, []
    first, second = open_ones["a"].astype(int), open_ones["b"].astype(int)
    day_leads, month_leads = first.gt(12), second.gt(12)
    if day_leads.any() and month_leads.any():
        one, other = (column[lead[lead].index].iloc[0] for lead in (day_leads, month_leads))
        raise ColumnError(
            f"Column {column.name!r} mixes two ways of writing dates: {one!r} can only be day "
            f"first and {other!r} "
            "only month first. Add --day-first or --month-first; dates of the other kind are then "
            "counted as unreadable."
        )
    if month_leads.any():
        shown = column[month_leads[month_leads].index].iloc[0]
        return False, [f"Dates in {column.name!r} are month first: {shown!r}."]
    if not day_leads.any() and not open_ones["mark"].eq(".").all():
        return True, [
            f"Nothing in {column.name!r} tells day from month ({column[open_ones.index[0]]!r}); "
            "read as day first. "
            "Add --month-first if the month comes first."
        ]
    return True, []


def _from_numbers(parts: pd.DataFrame, day_first: bool) -> pd.Series:
    year_leads = parts["a"].str.len() == 4
    day = parts["a"] if day_first else parts["b"]
    month = parts["b"] if day_first else parts["a"]
    return _build(
        parts.assign(
            year=parts["a"].where(year_leads, parts["c"]),
            month=parts["b"].where(year_leads, month),
            day=parts["c"].where(year_leads, day),
        )
    )


def _named_parts(text: pd.Series) -> list[pd.DataFrame]:
    """Return the parts of cells that name the month, one frame for each way to write it."""
    out: list[pd.DataFrame] = []
    text = text[text.str.contains(r"\d", regex=True) & text.str.len().le(_LONGEST)]
    for pattern in (*_NAMED, _NAMED_MONTH_ONLY):
        if text.empty:
            break
        found = text.str.extract(pattern).dropna(subset="month")
        if "day" not in found:
            found = found.assign(day="1", time=None, half=None)
        if found.empty:
            continue
        names = found["month"].unique()
        numbers = {name: MONTHS.get(plain(name)) for name in names}
        found["month"] = found["month"].map(numbers)
        found = found.dropna(subset="month")
        text = text.drop(found.index)
        out.append(found)
    return out


def _build(parts: pd.DataFrame) -> pd.Series:
    """Return dates from year, month, day, time and half (am or pm); impossible ones are missing."""
    year = pd.to_numeric(parts["year"], errors="coerce")
    short = parts["year"].astype("str").str.len() <= 2  # 0001 is the year 1, a mark for no date
    year = year.mask(short & year.lt(70), year + 2000)
    year = year.mask(short & year.between(70, 99), year + 1900)
    fields = pd.DataFrame(
        {
            "year": year.where(year.between(1900, 2100)),
            "month": pd.to_numeric(parts["month"]),
            "day": pd.to_numeric(parts["day"]),
        }
    )
    days = pd.to_datetime(fields, errors="coerce").astype("datetime64[us]")
    clock = parts["time"].astype("str").str.extract(r"^(\d+)[:.h](\d+)(?:[:.](\d+))?")
    hours, minutes, seconds = (pd.to_numeric(clock[i], errors="coerce").fillna(0) for i in range(3))
    half = parts["half"].astype("str").str[:1]
    hours = hours.mask(half.eq("a") & hours.eq(12), 0).mask(half.eq("p") & hours.lt(12), hours + 12)
    whole = (hours * 3600 + minutes * 60 + seconds).where(hours.lt(24) & minutes.lt(60), 0)
    return days + pd.to_timedelta(whole, unit="s").astype("timedelta64[us]")


def _serials(text: pd.Series, dates: pd.Series) -> pd.Index:
    """Read numbers between 20000 and 60000 as Excel's days, in place; return where they are."""
    open_ones = text[dates.isna() & text.ne("")]
    days = pd.to_numeric(open_ones, errors="coerce").dropna()
    days = days[days.between(*_SERIALS)]
    if days.empty:
        return days.index
    seconds = (days * 86_400).round()
    dates.loc[days.index] = pd.Timestamp("1899-12-30") + pd.to_timedelta(seconds, unit="s")
    return days.index


def looks_like_dates(sample: pd.Series) -> float:
    """Return the share of cells that read as dates with a day and a month in them, 0–1.

    Plain numbers do not count: nothing tells them from amounts.
    """
    texts = [text for text in sample.str.strip().str.lower() if text]
    if not texts:
        return 0.0
    rest = [text for text in texts if not any(way.match(text) for way in _NUMERIC_WAYS)]
    worth = pd.Series(
        [t for t in rest if len(t) <= _LONGEST and _NAMED_HINT.search(t)], dtype="str"
    )
    named = sum(len(found) for found in _named_parts(worth)) if len(worth) else 0
    return float((len(texts) - len(rest) + named) / len(texts))
