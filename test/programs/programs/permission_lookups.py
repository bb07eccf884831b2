"""How often the permission check of a request is looked up, with our checks.

Usage: permission_lookups.py, in an environment for a server with a login. Prints a line for each request: its user,
how often, and the status of the response.
"""

import json

from asking import with_users


def main():
    _, ask = with_users(("user", "other"), checked=True)
    # Beside what the checks are installed with.
    from permissions import parameters

    found = []
    settle = parameters.settle
    parameters.settle = lambda request: found.append(request) or settle(request)
    api = "/api/2.0/mlflow/experiments"
    experiment = ask("user", "POST", f"{api}/create", json={"name": "of the user"}).json
    for user in ("admin", "user", "other", "user"):
        found.clear()
        response = ask(user, "GET", f"{api}/get", query_string=experiment)
        print("LOOKUP", json.dumps([user, len(found), response.status_code]))


main()
