"""What serves a request that has no login, of all routes of MLflow's application with our checks.

Usage: open_paths.py, in an environment for a server with a login. Prints a line with the name for each.
"""

import json
import re


def main():
    from mlflow.server import app as application
    from mlflow.server import auth

    auth.create_app()
    # After alembic has put the working directory first: `permissions.py` beside this file is another one.
    from permissions import checks

    checks.install()
    # What serves a request may take minutes, and whether it is reached is all that matters.
    application.view_functions = dict.fromkeys(application.view_functions, lambda **_: "")
    client = application.test_client()
    for rule in application.url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?(\w+)>", "1", rule.rule)
        for method in sorted(rule.methods - {"OPTIONS"}):
            response = client.open(path, method=method)
            if response.status_code != 401:
                print("OPEN", json.dumps([rule.endpoint]))
            response.close()


main()
