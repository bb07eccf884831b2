"""What becomes of grants on a registered model that is renamed, deleted and created again."""

API = "/api/2.0/mlflow/registered-models"
READER = "reader"


def tales(ask):
    """Each tells what happened, and whether the reader may read a model of a name then. None with roles (3.13)."""

    def must(user, method, path, **json):
        response = ask(user, method, f"{API}/{path}", json=json)
        assert response.status_code == 200, (path, json, response.get_data())

    def grant(name):
        # An administrator may grant on a name that no model has.
        must("admin", "POST", "permissions/create", name=name, username=READER, permission="READ")

    def may(user, name):
        return ask(user, "GET", f"{API}/get", query_string={"name": name}).status_code == 200

    if ask("admin", "GET", f"{API}/permissions/get").status_code == 404:
        return
    must("owner", "POST", "create", name="first")
    yield "not granted", may(READER, "first")
    grant("first")
    yield "granted", may(READER, "first")
    must("owner", "POST", "rename", name="first", new_name="second")
    yield "renamed", may(READER, "second")
    yield "renamed, for its owner", may("owner", "second")
    must("owner", "PATCH", "update", name="second", description="of the owner")
    must("owner", "POST", "create", name="first")
    yield "another of the former name", may(READER, "first")
    must("owner", "POST", "rename", name="second", new_name="third")
    yield "renamed again", may(READER, "third")
    must("owner", "DELETE", "delete", name="third")
    must("owner", "POST", "create", name="third")
    yield "deleted and created again", may(READER, "third")
    grant("taken")
    must("owner", "POST", "create", name="fourth")
    must("owner", "POST", "rename", name="fourth", new_name="taken")
    yield "renamed to a name with a grant", may(READER, "taken")
    yield "renamed to a name with a grant, for its owner", may("owner", "taken")
    grant("free")
    must("owner", "POST", "create", name="free")
    yield "created with a name with a grant", may(READER, "free")
