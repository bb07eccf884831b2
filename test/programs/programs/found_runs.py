"""Whether a search finds of each run what MLflow shows of it alone.

Usage: found_runs.py, in an environment for a server with a login. Prints a line for each search: how many runs it
found, whether each of their metrics, parameters and tags was read as a row, and whether they are as MLflow shows each
run alone; and how searches are answered that fail before and after that.
"""

import json
import random

from asking import with_users

API = "/api/2.0/mlflow"
RANDOM = random.Random(7)
VALUES = [0, 1, -1.5, 1e300, 5e-324, "NaN", "Infinity", "-Infinity"]


def text():
    return "".join(RANDOM.choice("aä𝄞'\"\\%_ 0") for _ in range(RANDOM.randrange(1, 30)))


def fill(must, run):
    """Metrics with several values, parameters, tags and datasets, or none."""
    metrics = [
        {"key": f"m{RANDOM.randrange(30)}", "value": RANDOM.choice(VALUES), "timestamp": index, "step": index - 3}
        for index in range(RANDOM.randrange(40))
    ]
    params = [{"key": f"p{index}", "value": text()} for index in range(RANDOM.randrange(20))]
    tags = [{"key": f"t{index}", "value": text()} for index in range(RANDOM.randrange(20))]
    must("runs/log-batch", {"run_id": run, "metrics": metrics, "params": params, "tags": tags})
    for index in range(RANDOM.randrange(3)):
        dataset = {"name": f"d{index}", "digest": "1", "source_type": "local", "source": text()}
        inputs = [{"tags": [{"key": "mlflow.data.context", "value": text()}], "dataset": dataset}]
        must("runs/log-inputs", {"run_id": run, "datasets": inputs})


def in_order(thing):
    """The same with lists in one order, which MLflow leaves open."""
    if isinstance(thing, dict):
        return {name: in_order(value) for name, value in thing.items()}
    return sorted(map(in_order, thing), key=json.dumps) if isinstance(thing, list) else thing


def main():
    _, ask = with_users(["user"], checked=True)
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
    from sqlalchemy.exc import OperationalError

    from server import found_runs

    found_runs.RUNS_PER_STATEMENT = 4  # so that several statements read the rows
    read = []

    class Row(found_runs.ConvertibleRow):
        def to_mlflow_entity(self):
            read.append(self)
            return super().to_mlflow_entity()

    found_runs.ConvertibleRow = Row

    def must(path, body):
        response = ask("user", "POST", f"{API}/{path}", json=body)
        assert response.status_code == 200, (path, response.text)
        return response.json

    experiments = [must("experiments/create", {"name": name})["experiment_id"] for name in ("one", "other", "empty")]
    for index in range(25):
        body = {"experiment_id": experiments[index % 2], "start_time": index, "run_name": text()}
        run = must("runs/create", body)["run"]["info"]["run_id"]
        fill(must, run)
        if index % 5 == 0:
            must("runs/delete", {"run_id": run})

    def search(title, ids, **more):
        read.clear()
        runs = must("runs/search", {"experiment_ids": ids, **more}).get("runs", [])
        by_row = len(read)
        rows, equal = 0, True
        for run in runs:
            query = {"run_id": run["info"]["run_id"]}
            alone = ask("user", "GET", f"{API}/runs/get", query_string=query).json["run"]
            rows += sum(map(len, run["data"].values()))
            parts = ("info", "data", "inputs")
            equal = equal and all(in_order(run.get(part)) == in_order(alone.get(part)) for part in parts)
        # Of one run more, if MLflow looks whether there is a next page.
        print("FOUND", json.dumps([title, len(runs), rows <= by_row, equal]))

    search("all", experiments, run_view_type="ALL")
    search("active", experiments[:1])
    search("deleted", experiments, run_view_type="DELETED_ONLY", order_by=["metrics.m1 DESC", "params.p0"])
    search("filtered", experiments, filter="metrics.m1 > -1 AND tags.t1 LIKE '%a%'")
    search("some", experiments, max_results=3)
    search("none", experiments[2:])

    def fail(*_, **__):
        raise OperationalError("SELECT", {}, Exception("away"))

    for owner, name in ((found_runs, "ConvertibleRow"), (SqlAlchemyStore, "_get_run_inputs")):
        stock = getattr(owner, name)
        setattr(owner, name, fail)
        failed = ask("user", "POST", f"{API}/runs/search", json={"experiment_ids": experiments})
        print("FAILED", json.dumps([name, failed.status_code, failed.json["error_code"]]))
        setattr(owner, name, stock)
        search("afterwards", experiments)


main()
