"""What MLflow and Flask do for a request with a login, in addition to what a client asks for.

Usage: request_costs.py, in an environment for a server with a login. Prints what was counted, and whether what is
shortened still works.
"""

import json
import re

from asking import PASSWORD, with_users

API = "/api/2.0/mlflow"


def report(kind, *values):
    print(kind, json.dumps(values))


def count(owner, name, counts):
    stock = getattr(owner, name)

    def counted(*given, **named):
        counts[name] = counts.get(name, 0) + 1
        return stock(*given, **named)

    setattr(owner, name, counted)


def main():
    from flask.sessions import SecureCookieSessionInterface
    from mlflow.server import auth

    counts = {}
    count(auth, "authenticate_request", counts)
    application, ask = with_users(["user", "other"], checked=True)
    # Beside what the checks are installed with.
    from permissions import parameters

    count(parameters, "settle", counts)
    count(SecureCookieSessionInterface, "get_signing_serializer", counts)
    report_counts(ask, counts)
    report_logins(application)
    report_searches(ask)
    report_sign_up(application, ask)
    report_queue(application, ask)


def report_counts(ask, counts):
    """How often something was called during a request, one user after the other."""
    experiment = ask("user", "POST", f"{API}/experiments/create", json={"name": "of the user"}).json
    run = ask("user", "POST", f"{API}/runs/create", json={**experiment, "start_time": 1}).json["run"]["info"]
    metric = {"run_id": run["run_id"], "key": "score", "value": 1, "timestamp": 1, "step": 1}
    requests = (
        ("POST", "runs/log-metric", {"json": metric}),
        ("POST", "runs/search", {"json": {"experiment_ids": list(experiment.values())}}),
        ("GET", "experiments/get", {"query_string": experiment}),
    )
    for method, path, given in requests:
        for user in ("admin", "user", "other", "user"):
            counts.clear()
            status = ask(user, method, f"{API}/{path}", **given).status_code
            report("COUNTS", path, user, status, counts)


def report_logins(application):
    """Who a connection is for MLflow, with one login after the other."""
    client = application.test_client()
    for login in (("admin", PASSWORD), ("user", PASSWORD), ("user", "wrong"), None, ("admin", PASSWORD)):
        # Only administrators see another user.
        status = client.get(f"{API}/users/get", auth=login, query_string={"username": "admin"}).status_code
        report("LOGIN", login and login[0], status)


def report_searches(ask):
    """What a search finds, each of three times."""
    from sqlalchemy.orm import Session

    experiment = ask("user", "POST", f"{API}/experiments/create", json={"name": "searched"}).json
    for index in range(5):
        created = {**experiment, "run_name": f"run-{index}", "start_time": index}
        run = ask("user", "POST", f"{API}/runs/create", json=created).json["run"]["info"]
        metrics = [{"key": "score", "value": index, "timestamp": 1, "step": 1}]
        batch = {"metrics": metrics, "tags": [{"key": "tag", "value": str(index % 2)}]}
        ask("user", "POST", f"{API}/runs/log-batch", json={"run_id": run["run_id"], **batch})
    search = {"experiment_ids": list(experiment.values()), "order_by": ["metrics.score DESC"]}
    for text in (
        "metrics.score > 1 AND tags.tag = '1'",
        "attributes.run_name LIKE '%-4' AND metrics.score > 1",
        "attributes.start_time <= 3",
        "score !",
    ):
        found = []
        for _ in range(3):
            response = ask("user", "POST", f"{API}/runs/search", json={**search, "filter": text})
            runs = response.json.get("runs", [])
            found.append([response.status_code, *(run["data"]["metrics"][0]["value"] for run in runs)])
        report("SEARCH", text, *found)
    report("LISTENERS", bool(Session().dispatch.do_orm_execute))


def report_sign_up(application, ask):
    """Whether a browser can create a user, which takes a session."""
    for title, cookies in (("with cookies", True), ("without", False)):
        client = application.test_client(use_cookies=cookies)
        login = ("admin", PASSWORD)
        page = client.get("/signup", auth=login).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        form = {"csrf_token": token, "username": title, "password": PASSWORD}
        created = client.post(f"{API}/users/create-ui", auth=login, data=form)
        exists = ask("admin", "GET", f"{API}/users/get", query_string={"username": title}).status_code
        report("SIGNUP", title, created.status_code, exists)


def report_queue(application, ask):
    """Whether a rule of MLflow that holds for administrators, too, still does."""
    paths = [rule.rule for rule in application.url_map.iter_rules() if rule.endpoint == "_create_review_queue"]
    for path in paths[:1]:
        for name in ("free", "user"):
            body = {"experiment_id": "0", "name": name, "queue_type": "CUSTOM"}
            report("QUEUE", name, ask("admin", "POST", path, json=body).status_code)


main()
