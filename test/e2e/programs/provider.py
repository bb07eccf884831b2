"""Asks the OpenID provider of the tests, as its administrator and as a program with a person's consent do.

Usage: provider.py URL register REDIRECT_URL       prints {"id": ..., "secret": ...} of a new client
       provider.py URL set SUBJECT                 says of a person what CLAIMS has, a JSON object
       provider.py URL token SUBJECT REDIRECT_URL  prints {"token": ...} for the client in CLIENT, as register prints it
"""

import json
import os
import sys
import urllib.parse

import requests


def register(url, redirect):
    client = requests.post(f"{url}/oauth2/clients", json={"redirect_uris": [redirect]}, timeout=30).json()
    return {"id": client["client_id"], "secret": client["client_secret"]}


def set_claims(url, subject):
    claims = json.loads(os.environ["CLAIMS"])
    requests.put(f"{url}/users/{subject}", json=claims, timeout=30).raise_for_status()
    return {}


def token(url, subject, redirect):
    client = json.loads(os.environ["CLIENT"])
    query = {
        "response_type": "code",
        "client_id": client["id"],
        "redirect_uri": redirect,
        "scope": "openid email profile",
        "nonce": os.urandom(8).hex(),
    }
    answer = requests.post(
        f"{url}/oauth2/authorize", params=query, data={"sub": subject}, allow_redirects=False, timeout=30
    )
    [code] = urllib.parse.parse_qs(urllib.parse.urlsplit(answer.headers["Location"]).query)["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect}
    answer = requests.post(f"{url}/oauth2/token", data=form, auth=(client["id"], client["secret"]), timeout=30)
    return {"token": answer.json()["id_token"]}


COMMANDS = {"register": register, "set": set_claims, "token": token}

if __name__ == "__main__":
    url, command, *arguments = sys.argv[1:]
    print(json.dumps(COMMANDS[command](url, *arguments)))
