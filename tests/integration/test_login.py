"""Logins: Bindery as a service of a real JupyterHub, set up as docs/authentication.md says."""
import re
from urllib.parse import parse_qs, urlparse

import pytest
import requests

from .hub_with_logins import PASSWORD, HubWithLogins
from .launches import Launch, launch, last_of, phases


@pytest.fixture(scope="module")
def hub(stack, tmp_path_factory):
    running = HubWithLogins(stack, tmp_path_factory.mktemp("logins") / "hub")
    yield running
    running.stop()


@pytest.fixture
def bindery(hub, serve):
    return serve(hub.settings, environment=hub.environment)


@pytest.fixture(scope="module")
def cached_spec(stack):
    """A spec whose image is there already."""
    assert last_of(stack.url, stack.sample_spec)["phase"] == "ready"
    return stack.sample_spec


def log_in(hub, page, name):
    """A browser that asked for `page`, logged in, and was led back; with the last answer."""
    browser = requests.Session()
    asked = browser.get(page, timeout=60)
    assert asked.url.startswith(f"{hub.url}hub/login"), asked.url
    return browser, hub.fill_in(browser, asked.url, name)


def begin(hub, page, name):
    """As far as the hub's answer that leads back with a code; that address, not followed."""
    browser = hub.logged_in(name)
    way = browser.get(page, allow_redirects=False, timeout=60)
    back = browser.get(way.headers["Location"], allow_redirects=False, timeout=60)
    assert back.status_code == 302, back.text
    return browser, back.headers["Location"]


def by_token(token, scheme="token"):
    return {"Authorization": f"{scheme} {token}"}


def failed_with(status, events):
    assert [event["phase"] for event in events] == ["failed"], events
    assert events[0]["status_code"] == status, events
    return events[0]["message"]


def as_page(bindery, spec, browser, **headers):
    """What a page's script asks: cookies, and that the browser calls it one."""
    cookies = "; ".join(f"{c.name}={c.value}" for c in browser.cookies if c.path == "/")
    return launch(
        bindery.url, spec,
        headers={"Cookie": cookies, "Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin", **headers},
    )


def test_what_is_open_without_a_login_and_what_is_not(hub, bindery):
    for path in ("versions", "health", "metrics", "api/repoproviders", "badge.svg", "badge_logo.svg"):
        answer = requests.get(bindery.url + path, allow_redirects=False, timeout=60)
        assert answer.status_code == 200, path
    for path in ("", "v2/gh/a/b/HEAD", "repo/a/b", "no/such/page"):
        answer = requests.get(bindery.url + path, allow_redirects=False, timeout=60)
        assert answer.status_code == 302, path
        assert answer.headers["Location"].startswith(f"{hub.url}hub/api/oauth2/authorize?"), path


def test_a_login_leads_back_to_the_page_that_was_asked_for(hub, bindery):
    page = f"{bindery.url}v2/gh/some/repo/HEAD?urlpath=%2Flab"
    browser, arrived = log_in(hub, page, "alice")
    assert arrived.status_code == 200 and arrived.url == page
    home = browser.get(bindery.url, timeout=60)
    assert "alice" in home.text
    session = next(c for c in browser.cookies if c.name == "service-binder")
    assert session.has_nonstandard_attr("HttpOnly") and session.path == "/"
    assert not [c.name for c in browser.cookies if "oauth-state" in c.name], "the state was not cleared"


def test_a_wrong_password_lets_nobody_in(hub, bindery):
    browser = requests.Session()
    asked = browser.get(bindery.url, timeout=60)
    assert hub.fill_in(browser, asked.url, "alice", "wrong").status_code == 403
    assert browser.get(bindery.url, allow_redirects=False, timeout=60).status_code == 302


def test_a_launch_without_a_login_fails_by_an_event(bindery, cached_spec):
    stream = Launch(bindery.url, cached_spec)
    assert stream.status == 200 and stream.headers["content-type"] == "text/event-stream"
    assert "login" in failed_with(403, list(stream))
    failed_with(403, launch(bindery.url, cached_spec, headers=by_token("nonsense")))


def test_a_wrong_state_and_a_used_code_let_nobody_in(hub, bindery):
    browser, back = begin(hub, bindery.url, "alice")
    code = parse_qs(urlparse(back).query)["code"][0]
    forged = browser.get(f"{bindery.url}oauth_callback?code={code}&state={'A' * 22}", timeout=60)
    assert forged.status_code == 403
    # Somebody else's browser, led to the address of alice's login.
    assert requests.get(back, timeout=60).status_code == 403
    assert "service-binder" not in browser.cookies
    kept = {c.name: c.value for c in browser.cookies if "oauth-state" in c.name}
    assert browser.get(back, allow_redirects=False, timeout=60).status_code == 302
    assert "service-binder" in browser.cookies
    # Again, in a browser that still has the state.
    replayed = requests.get(back, cookies=kept, allow_redirects=False, timeout=60)
    assert replayed.status_code == 403 and "Set-Cookie: service-binder=" not in str(replayed.headers)
    assert "service-binder" not in replayed.cookies


def test_a_login_is_good_on_every_node_with_the_secret(hub, bindery, serve):
    browser, _ = log_in(hub, bindery.url, "frank")
    settings = {name: dict(section) for name, section in hub.settings.items()}
    settings["BinderHub"]["port"] = 0
    beside = serve(settings, environment=hub.environment)
    assert "frank" in browser.get(beside.url, allow_redirects=False, timeout=60).text
    stranger = serve(settings, environment={**hub.environment, "BINDERHUB_BUILD_TOKEN_SECRET": "ab" * 32})
    assert browser.get(stranger.url, allow_redirects=False, timeout=60).status_code == 302


def test_a_hostile_address_leads_to_no_other_site(hub, bindery):
    browser = hub.logged_in("alice")
    way = browser.get(f"http://127.0.0.1:{bindery.port}//evil.example/", allow_redirects=False, timeout=60)
    back = browser.get(way.headers["Location"], allow_redirects=False, timeout=60).headers["Location"]
    arrived = browser.get(back, allow_redirects=False, timeout=60)
    assert arrived.status_code == 302 and arrived.headers["Location"] == "/"


def test_a_token_without_the_scope_is_refused(hub, bindery, cached_spec):
    token = hub.token_of("alice", ["read:users:name!user"])
    page = requests.get(bindery.url, headers=by_token(token), allow_redirects=False, timeout=60)
    assert page.status_code == 403 and "alice" in page.text
    assert "alice" in failed_with(403, launch(bindery.url, cached_spec, headers=by_token(token)))


def test_a_services_token_has_no_server_to_launch(hub, bindery, cached_spec):
    # The hub gives Bindery's own token no access to itself.
    failed_with(403, launch(bindery.url, cached_spec, headers=by_token(hub.environment["JUPYTERHUB_API_TOKEN"])))


def test_a_program_launches_its_owners_one_server(hub, bindery, cached_spec):
    token = hub.token_of("bob")
    assert requests.get(bindery.url, headers=by_token(token, "Bearer"), timeout=60).status_code == 200
    events = launch(bindery.url, cached_spec, headers=by_token(token, "Bearer"))
    ready = events[-1]
    assert phases(events) == ["built", "launching", "ready"], events
    assert ready["url"] == f"{hub.url}user/bob/"
    there = requests.get(f"{ready['url']}api/status", headers=by_token(ready["token"]), timeout=60)
    assert there.status_code == 200
    again = launch(bindery.url, cached_spec, headers=by_token(token))
    assert again[-1]["phase"] == "failed" and again[-1]["status_code"] == 409
    assert "User bob already has a running server." in again[-1]["message"]
    assert f"{hub.url}hub/home" in again[-1]["message"]
    assert hub.api("GET", "users/bob").json()["servers"][""]["ready"], "the running server was touched"
    hub.api("DELETE", "users/bob/server")


def test_who_is_logged_in_is_not_rate_limited(stack, hub, serve):
    nothing = "git/git%3A%2F%2F127.0.0.1%3A1%2Fnothing/HEAD"

    def statuses(settings, **more):
        settings = {name: dict(section) for name, section in settings.items()}
        settings["RateLimiter"] = {"limit": 1}
        settings["BinderHub"]["port"] = 0
        node = serve(settings, environment=hub.environment)
        return [last_of(node.url, nothing, **more).get("status_code") for _ in range(3)]

    assert 429 not in statuses(hub.settings, headers=by_token(hub.token_of("alice")))
    assert statuses(stack.settings_with())[1:] == [429, 429], "the limit was not on"


def test_a_page_launches_with_its_proof_only(hub, bindery, cached_spec):
    browser, _ = log_in(hub, f"{bindery.url}", "carol")
    assert "_xsrf" in failed_with(403, as_page(bindery, cached_spec, browser))
    proof = next(c.value for c in browser.cookies if c.name == "_xsrf" and c.path == "/")
    assert "_xsrf" in failed_with(
        403, as_page(bindery, cached_spec, browser, **{"X-XSRFToken": proof[:-2] + "AA"})
    )
    events = as_page(bindery, cached_spec, browser, **{"X-XSRFToken": proof})
    assert events[-1]["phase"] == "ready" and "/user/carol/" in events[-1]["url"], events
    hub.api("DELETE", "users/carol/server")


def test_a_logout_ends_the_login_here_and_at_the_hub(hub, bindery):
    browser, home = log_in(hub, bindery.url, "dave")
    asks = browser.get(f"{bindery.url}logout", timeout=60)
    assert "Log out?" in asks.text
    assert browser.get(bindery.url, allow_redirects=False, timeout=60).status_code == 200
    way_out = re.search(r'href="/(logout\?_xsrf=[^"]+)"', home.text)[1]
    kept = dict(browser.cookies.items())
    browser.get(bindery.url + way_out, timeout=60)
    assert "service-binder" not in browser.cookies
    assert browser.get(bindery.url, timeout=60).url.startswith(f"{hub.url}hub/login")
    # Nor is a copy of the cookie good any more: the hub has taken the token back.
    stolen = requests.get(
        bindery.url, cookies={"service-binder": kept["service-binder"]}, allow_redirects=False, timeout=60
    )
    assert stolen.status_code == 302


def test_nobody_joins_another_users_launch(hub, bindery, cached_spec):
    alice, mallory = by_token(hub.token_of("alice")), by_token(hub.token_of("mallory"))
    stream = Launch(bindery.url, cached_spec, headers=alice)
    events = list(stream)
    assert events[-1]["phase"] == "ready"
    seen = {"Last-Event-ID": f"{stream.ids[0]}"}
    theirs = launch(bindery.url, cached_spec, headers={**mallory, **seen})
    assert f"{hub.url}user/mallory/" == theirs[-1].get("url"), theirs
    assert events[-1]["token"] not in str(theirs)
    hers = Launch(bindery.url, cached_spec, headers={**alice, **seen})
    assert list(hers)[-1]["token"] == events[-1]["token"], "the owner could not join again"
    for name in ("alice", "mallory"):
        hub.api("DELETE", f"users/{name}/server")


def test_named_servers_run_side_by_side_up_to_their_limit(stack, serve, tmp_path, cached_spec):
    hub = HubWithLogins(stack, tmp_path / "named", named_servers=True, base_url="/binder/")
    try:
        settings = {name: dict(section) for name, section in hub.settings.items()}
        settings["Launcher"]["named_server_limit_per_user"] = 2
        bindery = serve(settings, environment=hub.environment)
        token = by_token(hub.token_of("erin"))
        first, second = (last_of(bindery.url, cached_spec, headers=token) for _ in range(2))
        for ready in (first, second):
            assert re.fullmatch(rf"{hub.url}user/erin/[a-z0-9-]{{9,40}}/", ready.get("url", "")), ready
            there = requests.get(f"{ready['url']}api/status", headers=by_token(ready["token"]), timeout=60)
            assert there.status_code == 200
        assert first["url"] != second["url"]
        third = last_of(bindery.url, cached_spec, headers=token)
        assert third["phase"] == "failed" and third["status_code"] == 409
        assert "2 named servers" in third["message"]
        browser, arrived = log_in(hub, f"{bindery.url}v2/gh/a/b/HEAD", "erin")
        assert arrived.url == f"{bindery.url}v2/gh/a/b/HEAD"
        assert next(c for c in browser.cookies if c.name == "service-binder").path == "/binder/"
    finally:
        hub.stop()


def test_the_hub_is_down(hub, serve, cached_spec):
    """A login that cannot be checked is neither taken for good nor thrown away."""
    from .processes import free_port

    settings = {name: dict(section) for name, section in hub.settings.items()}
    settings["HubOAuth"]["api_url"] = f"http://127.0.0.1:{free_port()}/hub/api"
    bindery = serve(settings, environment=hub.environment)
    event = last_of(bindery.url, cached_spec, headers=by_token("some-token"))
    assert event["phase"] == "failed" and event["status_code"] == 503, event
    assert requests.get(bindery.url, headers=by_token("some-token"), timeout=60).status_code == 503


def test_no_secret_reaches_the_log(hub, bindery, cached_spec):
    token = hub.token_of("alice")
    launch(bindery.url, cached_spec, headers=by_token(token))
    log_in(hub, bindery.url, "alice")
    hub.api("DELETE", "users/alice/server")
    for secret in (token, hub.environment["JUPYTERHUB_API_TOKEN"], hub.environment["BINDERHUB_BUILD_TOKEN_SECRET"],
                   PASSWORD):
        assert secret not in bindery.output
