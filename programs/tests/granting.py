"""Requests of a user, and a world of which the user may use a part."""

from types import SimpleNamespace

from permissions.granted import Granted


class Arguments(dict[str, list[str]]):
    """A query, with all values of each name."""

    def getlist(self, name):
        return self.get(name, [])


def request(method="POST", body=None, endpoint="_log_metric", view_args=None, is_json=True, **query):
    return SimpleNamespace(
        method=method,
        endpoint=endpoint,
        view_args=view_args,
        args=Arguments(query),
        headers={},
        is_json=is_json,
        content_length=None if body is None else 10,
        get_json=lambda **_: body,
    )


def permission(*actions):
    return SimpleNamespace(**{f"can_{each}": each in actions for each in ("read", "update", "delete", "manage")})


READ, NOTHING, ALL = permission("read"), permission(), permission("read", "update", "delete", "manage")


def get_user(name):
    if name == "deleted":
        raise ValueError(name)
    return SimpleNamespace(is_admin=name == "admin")


class World(Granted):
    """Experiment 1 is the sender's, 2 may be read, and others are hidden."""

    def __init__(self, environment=None, *, admin=False):
        auth = SimpleNamespace(
            sender_is_admin=lambda: admin,
            get_permission=lambda _: NOTHING,
            auth_config=SimpleNamespace(default_permission="NO_PERMISSIONS"),
            store=SimpleNamespace(get_user=get_user),
        )
        super().__init__(auth, None, environment or {})

    def experiment(self, experiment_id, _username=None):
        return {"1": ALL, "2": READ}.get(experiment_id, NOTHING)

    def run(self, run_id, _username=None):
        return self.experiment(run_id.removeprefix("run"))

    def model(self, name):
        return self.experiment(name.removeprefix("model").partition("@")[0])

    def trace(self, trace_id):
        return self.experiment(trace_id.removeprefix("trace"))

    def trace_location(self, trace_id):
        return f"of {trace_id}"

    def logged_model(self, model_id):
        return self.experiment(model_id.removeprefix("m-"))

    def dataset(self, dataset_id):
        return [self.experiment(each) for each in dataset_id.split("+") if each]
