"""What a proxy in front of the server says of people, and users in a store."""

from server.single_sign_on import Admission, Claims, SingleSignOn, basic

PASSWORD = "the proxy's: p%ss"


class Store:
    """Users, and how often they were looked up."""

    def __init__(self, **users):
        self.users, self.queries, self.created = users, 0, []

    def find(self, name):
        self.queries += 1
        return self.users.get(name)

    def create(self, name, password):
        self.created.append((name, password))
        self.users.setdefault(name, False)


def proxied(*texts, password=PASSWORD):
    """The values of a header, as the proxy joins them."""
    return (",".join(basic(text, password) for text in texts),) if texts else ()


def claims(name="ann@example.com", **more):
    return Claims(proxied(name), **{key: proxied(*values) for key, values in more.items()})


def people(store=None, seconds=60.0, clock=lambda: 0.0, log=lambda _: None, **admission):
    return SingleSignOn(Admission(PASSWORD, **admission), store or Store(), seconds, clock, log)
