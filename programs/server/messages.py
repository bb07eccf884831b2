"""Messages of MLflow's REST API as JSON values, each read in one pass.

MLflow uses protobuf's printer, which looks at the description of a field whenever it has a value, and below 3.16 it
reads each message once more, for integers of 64 bits. Here a description is looked at once for each type of message.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

# What makes a JSON value of a field's value. None: it is one.
Converter = Callable[[Any], Any] | None
Reader = Callable[[Any], dict[str, Any]]
# By the names of their types. None: MLflow reads this type itself.
Readers = dict[str, Reader | None]

SPECIAL_NUMBERS = {math.inf: "Infinity", -math.inf: "-Infinity"}
PROTOBUF = "google.protobuf."
# Of protobuf's own types, those that MLflow reads as protobuf's printer does. Below 3.16, MLflow fails for a structure
# with a key that is the name of a field of these types.
PRINTED = {f"{PROTOBUF}{name}" for name in ("Timestamp", "Duration", "Value", "Struct", "ListValue")}


class UnknownTypeError(Exception):
    """A type of message with something that MLflow reads itself."""


class Messages:
    """Reads messages of the types that it knows, which it learns when they come."""

    def __init__(self) -> None:
        from google.protobuf.descriptor import FieldDescriptor
        from google.protobuf.json_format import MessageToDict

        self.kinds = FieldDescriptor
        self.printed: Converter = MessageToDict
        integers = [f"{kind}{bits}" for kind in ("INT", "UINT", "FIXED", "SFIXED", "SINT") for bits in (32, 64)]
        same = [getattr(FieldDescriptor, f"TYPE_{name}") for name in ("STRING", "BOOL", *integers)]
        self.scalars: dict[int, Converter] = {**dict.fromkeys(same), FieldDescriptor.TYPE_DOUBLE: convert_number}
        self.readers: Readers = {}

    def read(self, message: Any) -> dict[str, Any] | None:
        """The JSON value of a message, or None where its type is left to MLflow."""
        descriptor, readers = message.DESCRIPTOR, self.readers
        reader = readers[descriptor.full_name] if descriptor.full_name in readers else self.learn(descriptor)
        return None if reader is None else reader(message)

    def learn(self, descriptor: Any) -> Reader | None:
        """Create the reader of a type, with those of all types in it."""
        # Other threads use what there is.
        readers = dict(self.readers)
        try:
            reader = self.create_reader(descriptor, readers)
        except UnknownTypeError:
            readers, reader = {**self.readers, descriptor.full_name: None}, None
        self.readers = readers
        return reader

    def create_reader(self, descriptor: Any, readers: Readers) -> Reader:
        """The reader of a type, which is also put into `readers`.

        Raises:
            UnknownTypeError: MLflow has to read it.

        """
        if descriptor.full_name in readers:
            reader = readers[descriptor.full_name]
            if reader is None:
                raise UnknownTypeError
            return reader
        if descriptor.extension_ranges or descriptor.full_name.startswith(PROTOBUF):
            raise UnknownTypeError
        fields: dict[int, tuple[str, Converter]] = {}

        def read(message: Any) -> dict[str, Any]:
            value = {}
            for field, given in message.ListFields():
                name, convert = fields[field.number]
                value[name] = given if convert is None else convert(given)
            return value

        # Before its fields, because types contain themselves.
        readers[descriptor.full_name] = read
        for field in descriptor.fields:
            fields[field.number] = field.name, self.field_converter(field, readers)
        return read

    def field_converter(self, field: Any, readers: Readers) -> Converter:
        """The converter of all that a field has: a value, a list or a map."""
        if not is_repeated(field):
            return self.value_converter(field, readers)
        if field.type != self.kinds.TYPE_MESSAGE or not field.message_type.GetOptions().map_entry:
            return list_converter(self.value_converter(field, readers))
        entry = field.message_type.fields_by_name
        if entry["key"].type != self.kinds.TYPE_STRING:
            raise UnknownTypeError
        return map_converter(self.value_converter(entry["value"], readers))

    def value_converter(self, field: Any, readers: Readers) -> Converter:
        """The converter of one value of a field."""
        if field.type == self.kinds.TYPE_MESSAGE:
            is_printed = field.message_type.full_name in PRINTED
            return self.printed if is_printed else self.create_reader(field.message_type, readers)
        if field.type == self.kinds.TYPE_ENUM:
            return enum_converter(field.enum_type)
        if field.type not in self.scalars:
            raise UnknownTypeError
        return self.scalars[field.type]


def list_converter(convert: Converter) -> Converter:
    """The converter of a list whose values have this one."""
    return list if convert is None else lambda values: [convert(value) for value in values]


def map_converter(convert: Converter) -> Converter:
    """The converter of a map whose values have this one."""
    return dict if convert is None else lambda values: {key: convert(value) for key, value in values.items()}


def enum_converter(enum: Any) -> Converter:
    """The converter of numbers of an enumeration to their names. One that it does not know stays."""
    # protobuf 7 has an option for another name.
    if enum.full_name.startswith(PROTOBUF) or any(value.has_options for value in enum.values):
        raise UnknownTypeError
    # The first of several names of a number.
    names = {value.number: value.name for value in reversed(list(enum.values))}
    return lambda number: names.get(number, number)


def convert_number(value: float) -> float | str:
    """A finite number as it is, others by name: JSON has no numbers for them."""
    return value if math.isfinite(value) else SPECIAL_NUMBERS.get(value, "NaN")


def is_repeated(field: Any) -> bool:
    """Whether a field has several values. Older releases of protobuf say it by its label."""
    if hasattr(field, "is_repeated"):
        return bool(field.is_repeated)
    return bool(field.label == field.LABEL_REPEATED)


def create_writer(stock: Callable[..., str]) -> Callable[..., str]:
    """MLflow's `message_to_json`, which remains for types of message that are not known here."""
    messages = Messages()
    write = json.JSONEncoder(separators=(",", ":")).encode

    def message_to_json(message: Any, **options: Any) -> str:
        value = messages.read(message) if options.get("convert_int64_to_number", True) else None
        return stock(message, **options) if value is None else write(value)

    return message_to_json
