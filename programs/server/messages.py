"""Messages of MLflow's REST API as JSON values, each read in one pass.

MLflow uses protobuf's printer, which looks at the description of a field whenever it has a value, and below 3.16 it
reads each message once more, for integers of 64 bits. Here a description is looked at once for each type of message.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

Convert = Callable[[Any], Any]

# What JSON has no number for.
SPECIAL = {math.inf: "Infinity", -math.inf: "-Infinity"}
PROTOBUF = "google.protobuf."
# Of protobuf's own types, those that MLflow reads as protobuf's printer does.
PRINTED = {f"{PROTOBUF}{name}" for name in ("Timestamp", "Duration", "Value", "Struct", "ListValue")}


class UnknownTypeError(Exception):
    """A type of message with something that MLflow reads itself."""


class Messages:
    """What reads messages, by the names of their types."""

    def __init__(self) -> None:
        from google.protobuf.descriptor import FieldDescriptor
        from google.protobuf.json_format import MessageToDict

        self.printed: Convert = MessageToDict
        self.kinds = FieldDescriptor
        integers = [f"{kind}{bits}" for kind in ("INT", "UINT", "FIXED", "SFIXED", "SINT") for bits in (32, 64)]
        same = [getattr(FieldDescriptor, f"TYPE_{name}") for name in ("STRING", "BOOL", *integers)]
        # None: a value of this kind is one of JSON.
        self.scalars: dict[int, Convert | None] = {
            **dict.fromkeys(same),
            FieldDescriptor.TYPE_DOUBLE: convert_number,
        }
        self.readers: dict[str, Convert | None] = {}

    def read(self, message: Any) -> Any:
        """The JSON value of a message: an object, or None where its type is left to MLflow."""
        descriptor = message.DESCRIPTOR
        known = self.readers
        reader = known[descriptor.full_name] if descriptor.full_name in known else self.learn(descriptor)
        return reader and reader(message)

    def learn(self, descriptor: Any) -> Convert | None:
        """Make what reads a type, and each type in it."""
        # Other threads use what there is.
        readers = dict(self.readers)
        try:
            reader = self.create(descriptor, readers)
        except UnknownTypeError:
            readers, reader = {**self.readers, descriptor.full_name: None}, None
        self.readers = readers
        return reader

    def create(self, descriptor: Any, readers: dict[str, Convert | None]) -> Convert:
        """What reads a type. It is also put into `readers`."""
        if descriptor.full_name in readers:
            reader = readers[descriptor.full_name]
            if reader is None:
                raise UnknownTypeError
            return reader
        if descriptor.extension_ranges or descriptor.full_name.startswith(PROTOBUF):
            raise UnknownTypeError
        fields: dict[int, tuple[str, Convert | None]] = {}

        def read(message: Any) -> dict[str, Any]:
            value = {}
            for field, given in message.ListFields():
                name, convert = fields[field.number]
                value[name] = given if convert is None else convert(given)
            return value

        # Types contain themselves.
        readers[descriptor.full_name] = read
        for field in descriptor.fields:
            fields[field.number] = field.name, self.convert(field, readers)
        return read

    def convert(self, field: Any, readers: dict[str, Convert | None]) -> Convert | None:
        """What makes a JSON value of a field's."""
        if not is_repeated(field):
            return self.convert_one(field, readers)
        if field.type != self.kinds.TYPE_MESSAGE or not field.message_type.GetOptions().map_entry:
            return convert_list(self.convert_one(field, readers))
        entry = field.message_type.fields_by_name
        if entry["key"].type != self.kinds.TYPE_STRING:
            raise UnknownTypeError
        return convert_map(self.convert_one(entry["value"], readers))

    def convert_one(self, field: Any, readers: dict[str, Convert | None]) -> Convert | None:
        """What makes a JSON value of one that a field has."""
        if field.type == self.kinds.TYPE_MESSAGE:
            if field.message_type.full_name in PRINTED:
                return self.printed
            return self.create(field.message_type, readers)
        if field.type == self.kinds.TYPE_ENUM:
            values = field.enum_type.values
            # protobuf 7 has an option for another name.
            if field.enum_type.full_name.startswith(PROTOBUF) or any(each.has_options for each in values):
                raise UnknownTypeError
            names = {each.number: each.name for each in values}
            return lambda value: names.get(value, value)
        if field.type not in self.scalars:
            raise UnknownTypeError
        return self.scalars[field.type]


def convert_list(convert: Convert | None) -> Convert:
    """What makes a JSON value of a list, of what does of each value."""
    return list if convert is None else lambda values: [convert(value) for value in values]


def convert_map(convert: Convert | None) -> Convert:
    """What makes a JSON value of a map, of what does of each value."""
    return dict if convert is None else lambda values: {key: convert(value) for key, value in values.items()}


def convert_number(value: float) -> float | str:
    """A number, or the name of what is none."""
    return value if math.isfinite(value) else SPECIAL.get(value, "NaN")


def is_repeated(field: Any) -> bool:
    """Whether a field has several values. Older releases of protobuf say it by its label."""
    if hasattr(field, "is_repeated"):
        return bool(field.is_repeated)
    return bool(field.label == field.LABEL_REPEATED)


def writer(stock: Callable[..., str]) -> Callable[..., str]:
    """MLflow's `message_to_json`, with this reader where it knows the type of the message."""
    messages = Messages()
    write = json.JSONEncoder(separators=(",", ":")).encode

    def message_to_json(message: Any, **options: Any) -> str:
        value = messages.read(message) if options.get("convert_int64_to_number", True) else None
        return stock(message, **options) if value is None else write(value)

    return message_to_json
