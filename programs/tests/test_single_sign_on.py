"""server.single_sign_on: whom a proxy in front of the server logged in, and that only it can say so."""

import base64
import threading
from dataclasses import replace

import pytest

from server.single_sign_on import Claims
from tests.proxying import PASSWORD, Store, claims, people, proxied


def test_a_person_gets_an_account_once_and_no_permission_by_it():
    store = Store()
    each = people(store)
    assert each.login(claims()) == ("ann@example.com", each.token)
    assert each.login(claims()) == ("ann@example.com", each.token)
    [(name, password)] = store.created
    assert name == "ann@example.com"
    assert len(password) > 40
    assert PASSWORD not in password
    assert each.token != password
    # Once before it was created, once after.
    assert store.queries == 2


def test_many_first_requests_create_one_account():
    store = Store()
    each = people(store)
    threads = [threading.Thread(target=each.login, args=(claims(),)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.created) == 1


def test_another_process_may_be_first():
    class Busy(Store):
        def create(self, name, password):
            self.users["ann@example.com"] = True  # and create an administrator of that name
            super().create(name, password)

    assert people(Busy()).login(claims()) is None


@pytest.mark.parametrize(
    "name",
    [
        "a",
        "ann@example.com",
        "CORP\\ann",
        "Ann Example",
        "anna-marie.o'neil_2+x",
        "Пользователь",
        "密码",
        "é" * 255,
        "a,b",
        "Basic x",
    ],
)
def test_any_name_that_mlflow_can_have_comes_as_it_is(name):
    assert people().login(claims(name))[0] == name


@pytest.mark.parametrize(
    "name",
    [
        *["", " ", " ann", "ann ", "\tann", "a:b", "admin:x", ":", "é" * 256, "x" * 100_000],
        *["a\0b", "a\nb", "a\rb", "a\x1bb", "a\x7fb", "a\u202eb", "a\u2028b"],
    ],
)
def test_no_other_name_comes(name):
    store = Store(admin=True)
    assert people(store).login(claims(name)) is None
    assert store.created == []


@pytest.mark.parametrize(
    "values",
    [
        ("",),
        ("ann",),
        ("Basic",),
        ("Basic ",),
        ("Basic !!!",),
        ("Bearer x",),
        (base64.b64encode(f"ann:{PASSWORD}".encode()).decode(),),
        proxied("ann", password="wrong"),
        proxied("ann", password=""),
        proxied("ann", password=PASSWORD[:-1]),
        proxied("ann", password=PASSWORD + "x"),
        proxied("ann", password=PASSWORD.upper()),
        (f"Basic {base64.b64encode(PASSWORD.encode()).decode()}",),
        (f"Basic {base64.b64encode(b'ann').decode()}",),
        ("basic" + proxied("ann")[0][5:],),
        (proxied("ann")[0] + "x",),
        (proxied("ann")[0] + ",",),
        ("," + proxied("ann")[0],),
        # Of several, none counts.
        proxied("ann", "bob"),
        proxied("ann", "ann"),
        proxied("ann") + proxied("bob"),
        ("x", *proxied("ann")),
        (proxied("ann", password="wrong")[0] + "," + proxied("ann")[0],),
        ("Basic " + base64.b64encode(b"\xff\xfe:" + PASSWORD.encode()).decode(),),
        ("Basic \xff",),
    ],
)
def test_what_does_not_come_from_the_proxy_is_nobody(values):
    store = Store(admin=True)
    assert people(store, shared=frozenset(["admin"])).login(Claims(values)) is None
    assert store.queries == 0


def test_names_with_a_login_are_only_for_those_who_share_them():
    users = {"admin": True, "ci": False, "made-by-admin": False}
    usual = people(Store(**users), reserved=frozenset(["ci"]))
    assert [usual.login(claims(name)) is None for name in users] == [True, True, False]
    shared = people(Store(**users), reserved=frozenset(["ci"]), shared=frozenset(["admin", "ci"]))
    assert all(shared.login(claims(name)) for name in users)


def test_a_changed_account_is_looked_up_again():
    store = Store()
    each = people(store)
    assert each.login(claims())
    store.users["ann@example.com"] = True
    assert each.login(claims())
    each.forget("ann@example.com")
    assert not each.login(claims())
    store.users.clear()
    assert each.login(claims())
    assert len(store.created) == 2


def test_an_account_that_changes_while_it_is_looked_up_is_not_remembered():
    class Changing(Store):
        def find(self, name):
            found = super().find(name)
            each.forget(name)
            return found

    each = people(Changing(**{"ann@example.com": False}))
    assert each.login(claims())
    assert not each.is_known(claims())


def test_accounts_are_remembered_for_some_time():
    now = 0.0
    store = Store(**{"ann@example.com": False})
    each = people(store, seconds=10, clock=lambda: now)
    for later, queries in ((1, 1), (5, 1), (10.9, 1), (11.1, 2), (12, 2)):
        now = later
        assert each.login(claims())
        assert store.queries == queries
    assert people(store, seconds=0).login(claims())


@pytest.mark.parametrize(
    ("email", "is_admitted"),
    [
        (["ann@example.com"], True),
        (["ANN@Example.COM"], True),
        (["ann@sub.example.com"], False),
        (["ann@example.com.evil.org"], False),
        (["ann@evil.org@example.com"], False),
        (["example.com"], False),
        (["@example.com"], False),
        (["8f14e45f-ceea"], False),
        ([], False),
        (["ann@example.org"], True),
    ],
)
def test_a_person_has_an_address_of_a_domain(email, is_admitted):
    each = people(email_domains=("example.com", "Example.org"))
    assert bool(each.login(claims(email=email))) is is_admitted


@pytest.mark.parametrize(
    ("groups", "is_admitted"),
    [
        (["mlflow"], True),
        (["others", "mlflow"], True),
        (["cn=ml,ou=groups"], True),
        (["ou=groups"], False),
        (["others"], False),
        (["others,mlflow"], False),
        (["MLFLOW"], False),
        ([], False),
    ],
)
def test_a_person_is_in_a_group(groups, is_admitted):
    each = people(groups=frozenset(["mlflow", "cn=ml,ou=groups"]))
    assert bool(each.login(claims(groups=groups))) is is_admitted
    # Groups that the proxy did not send are none.
    assert each.login(replace(claims(), groups=("mlflow",))) is None
    assert each.login(replace(claims(), groups=proxied("mlflow", password="wrong"))) is None


def test_who_is_refused_is_logged_once_and_no_password_is():
    lines: list[str] = []
    each = people(Store(admin=True), log=lines.append, reserved=frozenset(["ci"]))
    for _ in range(3):
        for name in ("admin", "ci", "a:b"):
            assert each.login(claims(name)) is None
    assert len(lines) == 3
    assert not any(PASSWORD in line for line in lines)
    assert PASSWORD not in repr(each.admission)
