"""What a user and an administrator get for files of rows that name foreign locations, as rows from before may do.

Usage: foreign_rows.py stock|checked FOLDER, a folder outside of the artifacts, in an environment for a server with a
login. Prints a line for each request: the user, what is asked, of what, the kind of its location, the location, the
status, and whether the response shows a file that is there.
"""

import json
import os
import sys

from asking import with_users
from traces import start_trace
from tricks import FILE, SECRET

API, PAGE = "/api/2.0/mlflow", "/ajax-api/2.0/mlflow"


def locations(folder, artifacts):
    """Foreign ones, another bucket, and the server's own."""
    closed = "127.0.0.1:9"
    foreign = [
        *(f"http://{closed}/x", f"http://{closed}/api/2.0/mlflow-artifacts/artifacts/1"),
        *(f"mlflow-artifacts://{closed}/1", folder, f"file://{folder}", f"FILE:{folder}", "relative"),
        *(f"{artifacts}/..{folder}", f"{artifacts}/%2e%2e{folder}", "sftp://127.0.0.1/x", "r2://bucket@127.0.0.1/x"),
    ]
    own = ["mlflow-artifacts:/1", "mlflow-artifacts:///1", f"{artifacts}/1"]
    for kind, found in (("foreign", foreign), ("bucket", ["s3://other/x", "S3://other/x?y=#z"]), ("own", own)):
        yield from ((kind, each) for each in found)


def write(folder, *names):
    """A file in a folder below another one."""
    path = os.path.join(folder, *names)
    os.makedirs(path, exist_ok=True)
    with open(os.path.join(path, FILE), "w") as file:
        file.write(SECRET)


def requests_of(thing, ids):
    """Each way to the files of a thing: a name for it, method, path and options."""
    run, model, version, trace = (ids[each] for each in ("run", "logged model", "version", "trace"))
    file = {"run_id": run, "run_uuid": run, "path": FILE}
    query = f'query {{ mlflowListArtifacts(input: {{runId: "{run}"}}) {{ files {{ path }} }} }}'
    files = f"{PAGE}/logged-models/{model}/artifacts"
    upload = {"query_string": {**file, "path": "new"}, "data": "text"}
    return {
        "run": [
            ("file", "GET", "/get-artifact", {"query_string": file}),
            ("list", "GET", f"{API}/artifacts/list", {"query_string": {"run_id": run}}),
            ("query", "POST", "/graphql", {"json": {"query": query}}),
            ("upload", "POST", f"{PAGE}/upload-artifact", upload),
        ],
        "logged model": [
            ("file", "GET", f"{files}/files", {"query_string": {"artifact_file_path": FILE}}),
            ("list", "GET", f"{files}/directories", {}),
        ],
        "version": [
            ("file", "GET", "/model-versions/get-artifact", {"query_string": {**version, "path": FILE}}),
        ],
        "trace": [("file", "GET", f"{PAGE}/get-trace-artifact", {"query_string": {"request_id": trace}})],
    }[thing]


def main(way, folder):
    from mlflow.server.handlers import _get_tracking_store
    from sqlalchemy import text

    _, ask = with_users(("user",), checked=way == "checked")

    def must(path, **json):
        response = ask("user", "POST", f"{API}/{path}", json=json)
        assert response.status_code == 200, response.get_data()
        return response.json

    experiment = must("experiments/create", name="own")["experiment_id"]
    run = must("runs/create", experiment_id=experiment)["run"]["info"]["run_id"]
    model = must("logged-models", experiment_id=experiment, name="own")["model"]["info"]["model_id"]
    must("registered-models/create", name="own")
    must("model-versions/create", name="own", source=f"mlflow-artifacts:/{experiment}/{run}/artifacts", run_id=run)
    trace, _ = start_trace(ask, "user", experiment, "tr-0123456789", "own")
    ids = {"run": run, "logged model": model, "version": {"name": "own", "version": "1"}, "trace": trace}
    statements = {
        "run": "UPDATE runs SET artifact_uri = :location WHERE run_uuid = :run",
        "logged model": "UPDATE logged_models SET artifact_location = :location WHERE model_id = :model",
        "version": "UPDATE model_versions SET storage_location = :location, source = :location",
        "trace": "UPDATE trace_tags SET value = :location WHERE key = 'mlflow.artifactLocation'",
    }
    below = {
        "run": f"{run}/artifacts",
        "logged model": f"models/{model}/artifacts",
        "version": "",
        "trace": "",
    }

    def put(thing, location):
        with _get_tracking_store().engine.begin() as connection:
            values = {"location": location, "run": run, "model": model}
            connection.execute(text(statements[thing]), values)

    def tell(thing, kind, location):
        put(thing, location)
        for user in ("user", "admin"):
            for name, method, path, options in requests_of(thing, ids):
                if name == "upload" and (user == "admin" or way == "stock"):  # it would write there
                    continue
                response = ask(user, method, path, **options)
                content = response.get_data(as_text=True)
                shown = SECRET in content or (name == "query" and '"path"' in content)
                print("ROW", json.dumps([user, name, thing, kind, location, response.status_code, shown]))
                response.close()

    for each in below.values():
        write(folder, each)
    with open(os.path.join(folder, "traces.json"), "w") as file:
        json.dump({"spans": [], "request": SECRET, "response": ""}, file)
    artifacts = os.environ["_MLFLOW_SERVER_ARTIFACT_DESTINATION"]
    for thing, suffix in below.items():
        for kind, location in locations(folder, artifacts):
            path, mark, rest = location.partition("?")
            tell(thing, kind, f"{path}/{suffix}{mark}{rest}" if suffix else location)
    # What an administrator put into another bucket.
    put("run", f"s3://other/x/{run}/artifacts")
    for kind, inside in (("its own", ""), ("its own", "/model"), ("foreign", "/../x"), ("foreign", f"/../../{run}2")):
        tell("version", kind, f"s3://other/x/{run}/artifacts{inside}")
    tell("trace", "its own", f"s3://other/x/traces/{trace}/artifacts")
    tell("trace", "its own", f"mlflow-artifacts:/{experiment}/traces/{trace}/artifacts")
    tell("trace", "foreign", f"mlflow-artifacts:/{experiment}/traces/tr-other/artifacts")


if __name__ == "__main__":
    main(*sys.argv[1:])
