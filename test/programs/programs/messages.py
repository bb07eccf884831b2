"""Random messages of each type of MLflow's API: whether they are written as MLflow does.

Usage: messages.py, in an environment for a server with a login. Prints a line for each type: its name, whether it is
read in one pass, and the messages that are written differently; and one of the writer that MLflow's server has then.
"""

import importlib.util
import inspect
import json
import math
import pkgutil
import random

import mlflow.protos
from google.protobuf.descriptor import FieldDescriptor as Kinds
from google.protobuf.json_format import ParseDict
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.struct_pb2 import Value
from mlflow.server import auth, handlers
from mlflow.utils import proto_json_utils

from server.messages import Messages
from server.responses import write_fast

DEPTH = 4
SHORT = (Kinds.TYPE_INT32, Kinds.TYPE_UINT32, Kinds.TYPE_FIXED32)
LONG = (Kinds.TYPE_INT64, Kinds.TYPE_UINT64, Kinds.TYPE_FIXED64)


def scalar(field):
    if field.type in SHORT + LONG:
        bits = 32 if field.type in SHORT else 64
        signed = field.type in (Kinds.TYPE_INT32, Kinds.TYPE_INT64)
        low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
        return random.choice([low, 0, 1, 2**31 - 1, high])
    if field.type == Kinds.TYPE_STRING:
        return random.choice(["", "a", 'é"\\\n\u2028', "\U0001f600", "nan", "1", "seconds"])
    if field.type == Kinds.TYPE_BOOL:
        return random.random() < 0.5
    if field.type == Kinds.TYPE_ENUM:
        return random.choice(list(field.enum_type.values_by_number))
    if field.type == Kinds.TYPE_BYTES:
        return random.randbytes(5)
    numbers = [0.0, -0.0, 0.1, 1e300, 5e-324, 3.0, math.inf, -math.inf, math.nan]
    return random.choice(numbers if field.type == Kinds.TYPE_DOUBLE else numbers[:3])


def fill(message, depth=0):
    name = message.DESCRIPTOR.full_name
    if name in ("google.protobuf.Timestamp", "google.protobuf.Duration"):
        message.seconds, message.nanos = random.choice([(0, 0), (1_700_000_000, 123_000_000), (1, 1)])
        return
    if name == "google.protobuf.Value":
        message.CopyFrom(ParseDict(random.choice([None, 1, 0.5, "a", True, [1, "b", []], {"a": {"b": 1}}]), Value()))
        return
    for field in message.DESCRIPTOR.fields:
        if random.random() < 0.3:
            continue
        target = getattr(message, field.name)
        is_message = field.type == Kinds.TYPE_MESSAGE
        if is_message and field.message_type.GetOptions().map_entry:
            value = field.message_type.fields_by_name["value"]
            for key in ("a", "é", "1"):
                if value.type != Kinds.TYPE_MESSAGE:
                    target[key] = scalar(value)
                elif depth < DEPTH:
                    fill(target[key], depth + 1)
        elif not is_message and hasattr(target, "append"):
            target.extend(scalar(field) for _ in range(random.randrange(3)))
        elif not is_message:
            setattr(message, field.name, scalar(field))
        elif depth >= DEPTH:
            continue
        elif hasattr(target, "add"):
            for _ in range(random.randrange(3)):
                fill(target.add(), depth + 1)
        else:
            target.SetInParent()
            fill(target, depth + 1)


def all_types():
    pending = []
    for module in pkgutil.iter_modules(mlflow.protos.__path__):
        if module.name.endswith("_pb2"):
            file = importlib.import_module(f"mlflow.protos.{module.name}").DESCRIPTOR
            pending += file.message_types_by_name.values()
    while pending:
        descriptor = pending.pop()
        pending += descriptor.nested_types
        if not descriptor.GetOptions().map_entry:
            yield descriptor


def copy_of(module):
    """A module as it is in the image, whatever is changed in the one that MLflow has."""
    spec = importlib.util.spec_from_file_location(f"{module.__name__}_copy", module.__file__)
    copy = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(copy)
    return copy


def main():
    random.seed(1)
    stock = copy_of(proto_json_utils).message_to_json
    write_fast()
    messages = Messages()
    # What writes without them has no such options.
    options = [{}]
    if "pretty" in inspect.signature(stock).parameters:
        options += [{"pretty": False}, {"convert_int64_to_number": False}]
    for descriptor in all_types():
        message = GetMessageClass(descriptor)()
        different = []
        for _ in range(20):
            message.Clear()
            fill(message)
            for given in options:
                written = handlers._wrap_response(message, **given).get_data(as_text=True)
                # Text, because no value that is not a number is equal to itself.
                if json.dumps(json.loads(stock(message, **given))) != json.dumps(json.loads(written)):
                    different.append(written)
        print("TYPE", json.dumps([descriptor.full_name, messages.read(message) is not None, different[:3]]))
    print("WRITER", json.dumps([auth.message_to_json is handlers.message_to_json, handlers.message_to_json.__module__]))


main()
