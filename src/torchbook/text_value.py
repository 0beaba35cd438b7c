"""A value that is written as text, by the type that it should have: behind an option or a data set's name."""

from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def converted(text: str, kind: Any) -> Any:
    """Returns what a text says, as a value of the type `kind` or as one element of it; `COLUMN=KIND` is a dictionary.

    Raises:
        ValueError: it is no such value; the message is what it must be.
    """
    kind = element(kind)
    if kind is bool:
        if text.lower() not in _TRUTHS:
            raise ValueError("must be true or false")
        return _TRUTHS[text.lower()]
    if get_origin(kind) is dict:
        key, _, value = text.rpartition("=")
        if not key:
            raise ValueError("must be COLUMN=KIND")
        return {key: value}
    if kind in (int, float):
        return _number(text, kind)
    if get_origin(kind) is Literal:
        if text not in get_args(kind):
            raise ValueError(f"must be one of {', '.join(map(repr, get_args(kind)))}")
        return text
    return kind(text) if isinstance(kind, type) else text


def _number(text: str, kind: type) -> Any:
    try:
        return kind(text)
    except ValueError:
        pass
    try:
        float(text)
    except ValueError:
        raise ValueError("must be a number") from None
    raise ValueError("must be a whole number")


def element(kind: Any) -> Any:
    """The type of one value: without `| None`, and that of the elements of a tuple."""
    if get_origin(kind) in (UnionType, Union):
        kind = next(member for member in get_args(kind) if member is not type(None))
    return element(get_args(kind)[0]) if get_origin(kind) is tuple else kind


def is_several(kind: Any) -> bool:
    """Tells whether a value of this type is written as several words."""
    if get_origin(kind) in (UnionType, Union):
        return any(map(is_several, get_args(kind)))
    return get_origin(kind) in (tuple, dict)


def is_truth(kind: Any) -> bool:
    """Tells whether a value of this type is true or false."""
    return element(kind) is bool
