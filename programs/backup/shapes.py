"""What a manifest must be for the programs to use it: whatever else is in that file was written by something else."""

from __future__ import annotations

from collections.abc import Callable

Shape = Callable[[object], bool]

LONGEST_TEXT = 1_000
# More than any size or number of rows, and less than what cannot be written as one.
MOST = 2**63


def is_text(value: object) -> bool:
    """A text that a log can show in one line."""
    return isinstance(value, str) and len(value) <= LONGEST_TEXT and value.isprintable()


def is_count(value: object) -> bool:
    """A size or a number, which `true` is none of."""
    return type(value) is int and 0 <= value < MOST


def is_flag(value: object) -> bool:
    """True or false."""
    return isinstance(value, bool)


def is_file_name(value: object) -> bool:
    """A file right in the folder of a backup."""
    return is_text(value) and value not in ("", ".", "..") and "/" not in str(value)


def is_release(value: object) -> bool:
    """A release of MLflow, which others can be compared with."""
    from packaging.version import InvalidVersion, Version

    try:
        return is_text(value) and bool(Version(str(value)))
    except InvalidVersion:
        return False


def either(*shapes: Shape) -> Shape:
    """One of these."""
    return lambda value: any(shape(value) for shape in shapes)


def exactly(expected: object) -> Shape:
    """The same value, of the same type."""
    return lambda value: type(value) is type(expected) and value == expected


def sequence(shape: Shape) -> Shape:
    """A list of these."""
    return lambda value: isinstance(value, list) and all(map(shape, value))


def mapping(key: Shape, shape: Shape) -> Shape:
    """At least one of these, by keys of that shape."""
    return lambda value: (
        isinstance(value, dict) and bool(value) and all(map(key, value)) and all(map(shape, value.values()))
    )


def record(required: dict[str, Shape], optional: dict[str, Shape] | None = None) -> Shape:
    """An object with these keys, and any others."""

    def fits(value: object) -> bool:
        if not isinstance(value, dict) or not required.keys() <= value.keys():
            return False
        return all(shape(value[key]) for key, shape in {**required, **(optional or {})}.items() if key in value)

    return fits


def none_or_more(shape: Shape) -> Shape:
    """The same as `mapping`, by texts, or none at all."""
    return either(exactly({}), mapping(is_text, shape))
