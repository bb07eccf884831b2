"""The arguments: none of them is secret."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Arguments:
    """What the Secret and its copies shall contain."""

    name: str
    # Fixed values by key.
    text: Mapping[str, str]
    # Lengths of random values by key.
    random: Mapping[str, int]
    # Keys whose values are keys of Fernet. A Secret that exists gets those that it lacks.
    fernet: Sequence[str]
    # Keys that pods start without.
    optional: Sequence[str]
    labels: Mapping[str, str]
    # By namespace and name: the key of the Secret that each key of the copy has its value from.
    copies: Mapping[tuple[str, str], Mapping[str, str]]


def read_arguments(given: Sequence[str]) -> Arguments:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description="Create one Secret with random values, unless it exists.")
    parser.add_argument("name", help="the Secret")
    parser.add_argument("--text", action="append", default=[], metavar="KEY=VALUE", help="a key with a fixed value")
    parser.add_argument("--random", action="append", default=[], metavar="KEY=LENGTH", help="a key with a random value")
    parser.add_argument("--fernet", action="append", default=[], metavar="KEY", help="a key with a random Fernet key")
    parser.add_argument("--optional", action="append", default=[], metavar="KEY", help="a key that pods start without")
    parser.add_argument("--label", action="append", default=[], metavar="KEY=VALUE")
    metavar = "NAMESPACE/NAME/KEY=KEY"
    parser.add_argument("--copy", action="append", default=[], metavar=metavar, help="a key of a copy, and its source")
    options = parser.parse_args(given)
    return Arguments(
        name=options.name,
        text=pairs(options.text),
        random={key: int(length) for key, length in pairs(options.random).items()},
        fernet=options.fernet,
        optional=options.optional,
        labels=pairs(options.label),
        copies=copies(pairs(options.copy)),
    )


def pairs(given: Sequence[str]) -> dict[str, str]:
    """A map of KEY=VALUE."""
    return dict(each.split("=", 1) for each in given)


def copies(given: Mapping[str, str]) -> dict[tuple[str, str], dict[str, str]]:
    """The Secrets to copy to, each with its keys and the keys that these have their values from."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for target, source in given.items():
        namespace, name, key = target.split("/")
        found.setdefault((namespace, name), {})[key] = source
    return found
