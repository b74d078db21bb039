"""What the labels of a network mean. A label that nobody has explained is an error, never a guess.

Known are the usual words for negative, neutral, positive and mixed, and one to five stars.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from feedback_nlp.errors import ModelError, shorten_list

Side = Literal["negative", "neutral", "positive", "mixed"]
SIDES: tuple[Side, ...] = ("negative", "neutral", "positive", "mixed")
_WORDS: Mapping[Side, str] = {
    "negative": "negative neg negatief negativ négatif negativo negatīvs",
    "neutral": "neutral neu neutraal nøytral neutre neutro neitrāls",
    "positive": "positive pos positief positiv positif positivo pozitīvs",
    "mixed": "mixed conflict",
}
_STRONG = ("very", "extremely", "somewhat", "slightly")
_STARS: tuple[Side, ...] = ("negative", "negative", "neutral", "positive", "positive")
_KNOWN: dict[str, Side] = {word: side for side, words in _WORDS.items() for word in words.split()}
_KNOWN |= {f"{how} {word}": _KNOWN[word] for how in _STRONG for word in ("negative", "positive")}
_KNOWN |= {f"{n} star{end}": side for n, side in enumerate(_STARS, start=1) for end in ("", "s")}
_ENTAILS = ("entailment", "entail", "entails", "entailed")


def sides_of(
    names: Sequence[str], given: Mapping[str, str] | None = None, *, network: str = "the network"
) -> tuple[Side, ...]:
    """Return what each label of a network says.

    Args:
        names: Its labels, in order.
        given: What they mean, by label, where that is not known.
        network: What to call it in messages.

    Returns:
        ``negative``, ``neutral``, ``positive`` or ``mixed`` for each.

    Raises:
        ModelError: A label is not known, none is negative or positive, or what is given is no label
            of the network or no polarity.

    Example:
        >>> sides_of(["NEG", "NEU", "POS"])
        ('negative', 'neutral', 'positive')
        >>> sides_of(["LABEL_0", "LABEL_1"], {"LABEL_0": "negative", "LABEL_1": "positive"})
        ('negative', 'positive')
        >>> sides_of(["1 star", "2 stars", "3 stars", "4 stars", "5 stars"])[2]
        'neutral'
    """
    given = given or {}
    _check_given(names, given, network)
    found = [_meaning(given.get(name, name)) for name in names]
    odd = [name for name, side in zip(names, found, strict=True) if side is None]
    if odd:
        example = ", ".join(
            f'"{name}": "{side or "neutral"}"'
            for name, side in zip(names, _guesses(names), strict=True)
        )
        raise ModelError(
            f"The labels of {network} are {shorten_list(names)}; what {odd[0]!r} means is not "
            f"known. Say it: labels={{{example}}}, each negative, neutral, positive or mixed; or "
            "write such names in id2label of its config.json."
        )
    sides = tuple(side for side in found if side is not None)
    missing = [side for side in ("negative", "positive") if side not in sides]
    if missing:
        raise ModelError(
            f"No label of {network} is {missing[0]}; it has {shorten_list(names)}. Take a network "
            "that tells negative from positive."
        )
    return sides


def _check_given(names: Sequence[str], given: Mapping[str, str], network: str) -> None:
    for name, side in given.items():
        if name not in names:
            raise ModelError(
                f"labels= has {name!r}, which is no label of {network}; it has "
                f"{shorten_list(names)}."
            )
        if side not in SIDES:
            raise ModelError(f"labels= takes {', '.join(SIDES)}; {name!r} has {side!r}.")


def _meaning(name: str) -> Side | None:
    return _KNOWN.get(" ".join(name.lower().replace("_", " ").replace("-", " ").split()))


def _guesses(names: Sequence[str]) -> list[str]:
    """Return an example of what labels may mean: what is known, else the polarities in turn."""
    order = ("negative", "positive") if len(names) == 2 else SIDES[:3]
    return [_meaning(name) or order[at % len(order)] for at, name in enumerate(names)]


def entailment_of(
    names: Sequence[str], given: str | None = None, *, network: str = "the network"
) -> int:
    """Return the number of the label that says that the first text entails the second.

    Args:
        names: The labels of the network, in order.
        given: Its name, where it has another than ``entailment``.
        network: What to call it in messages.

    Raises:
        ModelError: There is no such label.

    Example:
        >>> entailment_of(["CONTRADICTION", "NEUTRAL", "ENTAILMENT"])
        2
    """
    wanted = _ENTAILS if given is None else (given.lower(),)
    found = [at for at, name in enumerate(names) if name.lower() in wanted]
    if len(found) == 1 and len(names) > 1:
        return found[0]
    if given is not None:
        raise ModelError(
            f"entailment= has {given!r}, which is no label of {network}; it has "
            f"{shorten_list(names)}."
        )
    raise ModelError(
        f"Which label of {network} is entailment is not known; it has {shorten_list(names)}. Name "
        f'it: entailment="{names[-1]}"; a network that tells no entailment finds no themes.'
    )


def entails(names: Sequence[str]) -> bool:
    """Return whether labels are those of a network that tells entailment.

    Example:
        >>> entails(["entailment", "not_entailment"]), entails(["negative", "positive"])
        (True, False)
    """
    return any(name.lower() in _ENTAILS for name in names)
