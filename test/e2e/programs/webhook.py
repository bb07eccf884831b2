"""Makes a webhook with a secret, and reads it over many connections, so that every process of the server is asked.

Prints one line of JSON: how often each answer came. The server and the login come from MLFLOW_TRACKING_URI, _USERNAME
and _PASSWORD.
"""

import collections
import json
import os

import mlflow
import requests
from mlflow.entities.webhook import WebhookAction, WebhookEntity, WebhookEvent

# MLflow refuses names that it cannot resolve, and addresses that are not public. Nothing is sent there.
URL = "https://93.184.215.14/told"
TIMES = 40


def main():
    client = mlflow.MlflowClient()
    event = WebhookEvent(WebhookEntity.REGISTERED_MODEL, WebhookAction.CREATED)
    made = client.create_webhook(name="told", url=URL, events=[event], secret="of a webhook")
    url = f"{os.environ['MLFLOW_TRACKING_URI']}/api/2.0/mlflow/webhooks"
    login = os.environ["MLFLOW_TRACKING_USERNAME"], os.environ["MLFLOW_TRACKING_PASSWORD"]
    answers = collections.Counter()
    for _ in range(TIMES):
        answer = requests.get(url, auth=login, timeout=60)  # each over a connection of its own
        names = [webhook["name"] for webhook in answer.json().get("webhooks", [])]
        answers[(answer.status_code, *names)] += 1
    client.delete_webhook(made.webhook_id)
    print(json.dumps([[*answer, times] for answer, times in answers.items()]))


if __name__ == "__main__":
    main()
