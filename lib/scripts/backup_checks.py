"""What keeps a backup that succeeds from doing harm: of a schema that no release reads, or in place of better ones."""

import ast
import glob
import importlib.util
import os
from importlib import metadata

from program import Failure


def own_heads():
    """The revisions of this image's release, from its files: to import them as alembic does takes seconds."""
    place = importlib.util.find_spec("mlflow").submodule_search_locations[0]
    folders = {"tracking": ("store", "db_migrations"), "auth": ("server", "auth", "db", "migrations")}
    return {schema: head_of(os.path.join(place, *folder, "versions")) for schema, folder in folders.items()}


def head_of(folder):
    """The one revision that no other one follows."""
    noted = {"revision": set(), "down_revision": set()}
    for path in sorted(glob.glob(os.path.join(glob.escape(folder), "*.py"))):
        with open(path, encoding="utf-8") as file:
            tree = ast.parse(file.read())
        for node in tree.body:
            for target in getattr(node, "targets", [getattr(node, "target", None)]):
                if isinstance(target, ast.Name) and target.id in noted:
                    value = ast.literal_eval(node.value)
                    noted[target.id].update(value if isinstance(value, tuple) else [value])
    [head] = noted["revision"] - noted["down_revision"]
    return head


def check_schema(settings, ours, found):
    """A backup is named by the image's release, and a restore offers it to that release, which must be able to read it."""
    theirs = {"tracking": found["tracking"].get("alembic_version")}
    if settings.auth_database:
        heads = found.get("auth", found["tracking"])
        # Releases before 3.6 note it in a table of the other name, which stays when they are upgraded.
        theirs["auth"] = heads.get("alembic_version_auth") or ("auth" in found and heads.get("alembic_version"))
    for schema, revision in theirs.items():
        if revision != ours[schema]:
            raise Failure("schema-differs", f"the {schema} schema is at revision {revision or 'none'}, and MLflow {metadata.version('mlflow')} of this image has "
                          f"{ours[schema]}: the backup would be of neither (finish the upgrade, or back up with the image of the servers)")


def holds_much_less(existing):
    """Whether the newest backup looks as if its databases had been lost and made anew: then no other may go. Compared with all that
    are kept, back to the last that somebody accepted, so that it does not become the measure itself the next time."""
    def count(manifest, *tables):
        return sum(database.get("rows", {}).get(table, 0) for database in manifest["databases"].values() for table in tables)

    compared = []
    for manifest in reversed(existing.values()):
        compared.append(manifest)
        if manifest.get("accepted"):
            break
    most = max(compared, key=lambda manifest: count(manifest, "experiments", "runs"))
    return count(most, "runs") >= 10 and 2 * count(compared[0], "experiments", "runs") < count(most, "experiments", "runs")
