"""Follow the imports of programs in a folder, as Python's own parser reads them.

Reads one JSON object from standard input: `all`, the folder of all programs, and `pods`, each with the `folder` of what
is mounted and the `started` programs. Prints for each pod what an import needs and the folder lacks, and what nothing
reaches.
"""

import ast
import json
import os
import sys


def imported(path):
    """The dotted names that a program imports: the module, and each member, which may be a module too."""
    with open(path, encoding="utf-8") as file:
        tree = ast.parse(file.read(), path)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                raise SystemExit(f"{path}:{node.lineno}: a relative import, which this does not follow")
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def files(name):
    """What importing a dotted name runs: the packages above it, and the module or package itself."""
    parts = name.split(".")
    for end in range(1, len(parts) + 1):
        yield os.path.join(*parts[:end], "__init__.py")
    yield f"{os.path.join(*parts)}.py"


def follow(every, folder, started):
    reached, missing, rest = set(), set(), list(started)
    while rest:
        path = rest.pop()
        if path in reached:
            continue
        if not os.path.isfile(os.path.join(folder, path)):
            missing.add(path)
            continue
        reached.add(path)
        if not path.endswith(".py"):
            continue
        # `python -m a` runs a/__init__.py first; a program started by its path runs alone.
        names = [*imported(os.path.join(folder, path)), os.path.dirname(path).replace("/", ".")]
        for name in names:
            rest += [file for file in files(name) if os.path.isfile(os.path.join(every, file))]
    there = {os.path.relpath(os.path.join(root, file), folder) for root, _, found in os.walk(folder) for file in found}
    return {"missing": sorted(missing), "unused": sorted(there - reached)}


given = json.load(sys.stdin)
print(json.dumps([follow(given["all"], pod["folder"], pod["started"]) for pod in given["pods"]]))
