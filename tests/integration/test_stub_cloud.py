"""A node whose every upstream is the stub cloud: what real ones cannot be brought to do at will."""
import collections
import time
from urllib.parse import quote

import pytest

from .launches import PATIENCE, last_of, launch, phases, together
from .processes import Node

HYDRO = "8f7c2f0341ef4180b0dbe97f59130756"
# A node gives an upstream that says nothing three times its git_timeout_seconds.
DEADLINE = 40


def node_at(program, cloud, folder, **sections):
    more = {"RateLimiter": {"limit": 0}, **sections}
    return Node(program, folder, cloud.settings(**more), environment=cloud.environment).wait_until_serving()


@pytest.fixture(scope="module")
def node(program, running_cloud, tmp_path_factory):
    running = node_at(program, running_cloud, tmp_path_factory.mktemp("cloud") / "node",
                      Bindery={"git_timeout_seconds": 2})
    yield running
    assert running.stop() == 0, running.output


@pytest.fixture
def other_node(program, cloud, tmp_path):
    """Starts further nodes with other settings."""
    started = []

    def start(**sections):
        started.append(node_at(program, cloud, tmp_path / f"node-{len(started)}", **sections))
        return started[-1]

    yield start
    for each in started:
        each.stop()


def specs(cloud, name):
    """A spec of every provider; `name` keeps the tests' images apart."""
    number = sum(name.encode()) * 10 + 1
    dataset = quote(f"{cloud.urls['ckan']}/dataset/{name}", safe="")
    repository = quote(f"{cloud.urls['git']}/{name}", safe="")
    return {
        "gh": f"gh/ada/{name}/HEAD",
        "gist": f"gist/ada/{name}/HEAD",
        "gl": f"gl/group%2F{name}/main",
        "git": f"git/{repository}/v1",
        "zenodo": f"zenodo/10.5281/zenodo.{number}",
        "figshare": f"figshare/10.6084/m9.figshare.{number}",
        "dataverse": f"dataverse/10.7910/DVN/{name.upper()}",
        "hydroshare": f"hydroshare/{HYDRO}",
        "ckan": f"ckan/{dataset}",
    }


def test_every_provider_launches(cloud, node):
    wanted = list(specs(cloud, "every").items())
    told = together(len(wanted), lambda i: launch(node.url, wanted[i][1]))
    for (prefix, spec), events in zip(wanted, told):
        assert events[-1]["phase"] == "ready", (spec, events[-1])
        assert phases(events) == ["waiting", "fetching", "building", "pushing", "built", "launching", "ready"], spec
        assert events[-1]["binder_persistent_request"].startswith(f"v2/{prefix}/"), events[-1]
        assert events[-1]["url"].startswith(cloud.urls["hub"] + "/user/")
    assert cloud.counters("repo2docker")["requests"] == 9
    # Again, by the very same commits: nothing is built anew.
    again = together(len(told), lambda i: launch(node.url, told[i][-1]["binder_persistent_request"].removeprefix("v2/")))
    for events in again:
        assert phases(events) == ["built", "launching", "ready"], events
    assert cloud.counters("repo2docker")["requests"] == 9


def test_github_is_asked_whether_what_is_known_still_holds(cloud, node):
    for _ in range(3):
        assert last_of(node.url, "gh/ada/etag/HEAD")["phase"] == "ready"
    assert cloud.counters("github")["statuses"] == {"200": 1, "304": 2}
    cloud.behave("github", generation=2)
    assert last_of(node.url, "gh/ada/etag/HEAD")["phase"] == "ready"
    assert cloud.counters("github")["statuses"] == {"200": 2, "304": 2}
    assert cloud.counters("repo2docker")["requests"] == 2


@pytest.mark.parametrize("spec, status", [("gh/ada/missing-it/HEAD", "404"), ("gh/ada/refs/unknown-ref", "422")])
def test_github_is_asked_once_for_what_is_not_there(cloud, node, spec, status):
    for _ in range(3):
        event = last_of(node.url, spec)
        assert event["phase"] == "failed" and "Could not resolve" in event["message"], event
    assert cloud.counters("github")["statuses"] == {status: 1}


@pytest.mark.parametrize("reset_in, minutes", [(30, 5), (301, 10), (1700, 30)])
def test_the_github_rate_limit_tells_when_to_try_again(cloud, node, reset_in, minutes):
    cloud.behave("github", remaining=0, reset_in_seconds=reset_in)
    for spec in ("gh/ada/limited/HEAD", "gist/ada/limited"):
        event = last_of(node.url, spec)
        assert event["phase"] == "failed" and f"Try again in {minutes} minutes" in event["message"], event


def test_a_renamed_branch_is_explained_and_head_taken(cloud, node):
    for spec in ("gh/ada/renamed/master", "gh/ada/old-one/main"):
        events = launch(node.url, spec)
        assert events[-1]["phase"] == "ready", events[-1]
        branch = spec.rsplit("/", 1)[1]
        explained = [e for e in events if e["phase"] == "waiting" and f'"{branch}"' in e["message"]]
        assert len(explained) == 1 and "HEAD" in explained[0]["message"], events


def test_a_repository_that_moved_is_followed(cloud, node):
    assert last_of(node.url, "gh/ada/moved-one/HEAD")["phase"] == "ready"
    assert cloud.counters("github")["statuses"] == {"301": 1, "200": 1}


def test_github_enterprise_and_every_token(cloud, node, other_node):
    tokens = {"access_token": "gh-secret-1"}
    enterprise = other_node(
        GitHubRepoProvider={"hostname": "git.example.org", "api_base_path": cloud.urls["github"] + "/api/v3/", **tokens},
        GistRepoProvider={"client_id": "an-app", "client_secret": "gh-secret-2", "allow_secret_gist": True},
        GitLabRepoProvider={"private_token": "gl-secret-3"},
    )
    ready = last_of(enterprise.url, "gh/ada/private-one/HEAD")
    assert ready["phase"] == "ready" and ready["repo_url"] == "https://git.example.org/ada/private-one", ready
    asked = cloud.requests("github")[-1]
    assert asked["target"].startswith("/api/v3/repos/ada/private-one/commits/")
    assert asked["headers"]["authorization"] == "token gh-secret-1"
    assert last_of(enterprise.url, "gist/ada/secret-gist")["phase"] == "ready"
    assert cloud.requests("github")[-1]["headers"]["authorization"].startswith("Basic ")
    assert last_of(enterprise.url, "gl/group%2Fprivate-one/main")["phase"] == "ready"
    assert cloud.requests("gitlab")[-1]["headers"]["private-token"] == "gl-secret-3"
    oauth = other_node(GitLabRepoProvider={"access_token": "gl-secret-4"})
    assert last_of(oauth.url, "gl/group%2Fprivate-two/main")["phase"] == "ready"
    assert cloud.requests("gitlab")[-1]["headers"]["authorization"] == "Bearer gl-secret-4"
    for secret in ("gh-secret", "gl-secret"):
        assert secret not in enterprise.output and secret not in oauth.output
    # Without them none of it is there.
    for spec, words in {
        "gh/ada/private-one/HEAD": "Could not resolve",
        "gist/ada/secret-gist": "secret gists are not launched here",
        "gl/group%2Fprivate-one/main": "Could not resolve",
    }.items():
        event = last_of(node.url, spec)
        assert event["phase"] == "failed" and words in event["message"], event


def test_the_log_of_a_refused_login_names_the_setting(cloud, other_node):
    node = other_node(GitHubRepoProvider={"access_token": "bad"}, GitLabRepoProvider={"private_token": "bad"})
    for spec, setting in {"gh/a/b/HEAD": "GitHubRepoProvider.access_token", "gl/a%2Fb/HEAD": "GitLabRepoProvider.private_token"}.items():
        event = last_of(node.url, spec)
        assert event["phase"] == "failed" and "refuses this site's login" in event["message"], event
        assert setting not in event["message"] and setting in node.output


ABSENT = {
    "gist/ada/missing-gist": "There is no gist",
    "gl/group%2Fproject/unknown-ref": "Could not resolve",
    "gl/group%2Fmissing/HEAD": "Could not resolve",
    "zenodo/10.5281/zenodo.missing": "There is nothing under the DOI",
    "figshare/10.6084/m9.figshare.404404": "There is nothing under the DOI",
    "dataverse/10.7910/DVN/GONE": "no public dataset",
    "hydroshare/404c2f0341ef4180b0dbe97f59130756": "There is no public resource",
    "gh/ada/empty-one/HEAD": "is empty",
}


def test_what_is_not_there_is_told(cloud, node):
    wanted = {**ABSENT, specs(cloud, "missing-set")["ckan"]: "no public dataset", specs(cloud, "missing-git")["git"]: ""}
    wanted = list(wanted.items())
    for (spec, words), event in zip(wanted, together(len(wanted), lambda i: last_of(node.url, wanted[i][0]))):
        assert event["phase"] == "failed" and words in event["message"], (spec, event)


SERVER_FAULTS = {
    "status 500": {"kind": "status", "status": 500},
    "status 418": {"kind": "status", "status": 418},
    "too many requests": {"kind": "status", "status": 429},
    "disconnect": {"kind": "disconnect"},
    "cut": {"kind": "cut"},
    "garbage": {"kind": "garbage"},
    "endless headers": {"kind": "many_headers"},
    "redirect loop": {"kind": "redirect", "location": "/around/again"},
    "redirect to a file": {"kind": "redirect", "location": "file:///etc/passwd"},
    "redirect to nowhere": {"kind": "redirect", "location": "http:///"},
    "silent": {"kind": "silent"},
    "one byte at a time": {"trickle": {"bytes": 1, "every_ms": 500}},
}
JSON_FAULTS = {
    "truncated": {"kind": "truncated"},
    "not JSON": {"kind": "not_json"},
    "a list": {"kind": "body", "body": []},
    "wrong types": {"kind": "body", "body": {"sha": 17, "id": [], "result": "x", "data": 1, "dates": {}, "history": 0}},
    "hostile text": {"kind": "body", "body": {"sha": "--upload-pack=x", "id": "../../etc", "result": {"metadata_modified": "<b>"}}},
    "null": {"kind": "body", "body": None},
    "huge": {"kind": "huge", "bytes": 100_000_000},
}
# Where each provider's fault is put: the request that decides.
PLACES = {
    "gh": ("github", "/commits/"),
    "gist": ("github", "/gists/"),
    "gl": ("gitlab", ""),
    "git": ("git", ""),
    "zenodo": ("doi", ""),
    "figshare": ("figshare", "/versions"),
    "dataverse": ("dataverse", "/api/"),
    "hydroshare": ("hydroshare", ""),
    "ckan": ("ckan", ""),
}


@pytest.mark.parametrize("fault", [*SERVER_FAULTS, *JSON_FAULTS])
def test_hostile_answers_end_in_one_clear_failure(cloud, node, fault):
    plan = {**SERVER_FAULTS, **JSON_FAULTS}[fault]
    wanted = dict(specs(cloud, "hostile" + "".join(fault.split())))
    if fault == "truncated":
        del wanted["zenodo"]  # a redirect's page says nothing
    del wanted["gist"]  # shares GitHub with gh: by itself below
    for prefix in wanted:
        cloud.faults(PLACES[prefix][0], **{**plan, "route": "" if "redirect" in fault and prefix != "figshare" and prefix != "dataverse" else PLACES[prefix][1]})
    wanted = list(wanted.items())
    began = time.monotonic()
    told = together(len(wanted), lambda i: launch(node.url, wanted[i][1]))
    assert time.monotonic() - began < DEADLINE
    for (_, spec), events in zip(wanted, told):
        assert [e["phase"] for e in events] == ["failed"], (spec, events)
        words = events[0]["message"]
        assert 20 < len(words) < 2000 and "passwd:" not in words, (spec, words)
        assert not any(bad in words for bad in ("caf::", "nlohmann", "exception", "parse_error")), (spec, words)
    assert cloud.counters("repo2docker")["requests"] == 0 and cloud.counters("hub")["requests"] == 0


@pytest.mark.parametrize("fault", JSON_FAULTS)
def test_hostile_gists(cloud, node, fault):
    cloud.faults("github", **JSON_FAULTS[fault])
    events = launch(node.url, "gist/ada/hostile")
    assert [e["phase"] for e in events] == ["failed"], events


def test_strangers_pages_do_not_lead_into_the_private_network(cloud, node):
    wanted = specs(cloud, "inward")
    for prefix in ("zenodo", "hydroshare", "ckan"):
        cloud.faults(PLACES[prefix][0], kind="redirect", location="http://169.254.169.254/latest/meta-data/")
        event = last_of(node.url, wanted[prefix])
        assert event["phase"] == "failed" and "hosts of private networks are not asked" in event["message"], event


REGISTRY_FAULTS = {
    "status 403": {"kind": "status", "status": 403},
    "garbage": {"kind": "garbage"},
    "endless headers": {"kind": "many_headers"},
    "redirect loop": {"kind": "redirect", "location": "/v2/around"},
    "huge": {"kind": "huge", "bytes": 100_000_000},
    "status 500": {"kind": "status", "status": 500},
}


@pytest.mark.parametrize("fault", REGISTRY_FAULTS)
def test_hostile_registries(cloud, node, fault):
    cloud.faults("registry", **REGISTRY_FAULTS[fault])
    events = launch(node.url, "gh/ada/registry-faults/HEAD")
    assert [e["phase"] for e in events] == ["failed"] and "registry" in events[0]["message"], events
    if fault == "status 500":
        assert cloud.counters("registry")["requests"] == 3


def test_a_registry_with_a_login(cloud, other_node):
    for login, asked in {"basic": 0, "bearer": 1}.items():
        cloud.reset()
        cloud.behave("registry", login=login)
        node = other_node(DockerRegistry={"url": cloud.urls["registry"], "username": "me", "password": "pw-secret"})
        cloud.behave("repo2docker", failure="no push in this test")
        assert "no push in this test" in last_of(node.url, "gh/ada/login/HEAD")["message"]
        routes = cloud.counters("registry")["routes"]
        assert routes.get("GET /token", 0) == asked and routes["GET /v2/{name}/manifests/{tag}"] == 1, routes
        assert "pw-secret" not in node.output


def test_hostile_hubs(cloud, other_node):
    node = other_node(Launcher={"retries": 1, "launch_timeout": 3})
    assert last_of(node.url, "gh/ada/hubs/HEAD")["phase"] == "ready"
    for behaviour, words in {"failed": "no room left", "never": "not ready within 3 s", "garbage": "progress stream"}.items():
        cloud.behave("hub", spawn=behaviour)
        events = launch(node.url, "gh/ada/hubs/HEAD")
        assert phases(events) == ["built", "launching", "failed"] and words in events[-1]["message"], events
    cloud.behave("hub", spawn="ready")
    for plan in ({"kind": "status", "status": 403}, {"kind": "garbage"}, {"kind": "many_headers"}):
        cloud.faults("hub", route="POST", **plan)
        assert last_of(node.url, "gh/ada/hubs/HEAD")["phase"] == "failed"


def test_a_failing_build_is_told(cloud, node):
    cloud.behave("repo2docker", failure="The stub was told to fail", lines=2)
    events = launch(node.url, "gh/ada/fails/HEAD")
    assert events[-1]["phase"] == "failed" and "told to fail" in events[-1]["message"], events
    assert cloud.counters("hub")["requests"] == 0


def test_what_fails_in_passing_is_tried_again(cloud, node):
    """An answer that is lost after the hub has acted: 409, or "is pending spawn", to the second try."""
    cloud.faults("hub", kind="disconnect", times=1, route="POST /hub/api/users/{name}")
    cloud.faults("registry", kind="status", status=503, times=2, route="GET")
    events = launch(node.url, "gh/ada/again/HEAD")
    assert events[-1]["phase"] == "ready", events[-1]
    hub = cloud.counters("hub")["routes"]
    assert hub["POST /hub/api/users/{name}"] == 2 and hub["POST /hub/api/users/{name}/servers/{server}"] == 1, hub
    assert cloud.counters("registry")["routes"]["GET /v2/{name}/manifests/{tag}"] == 3
    cloud.faults("hub", kind="disconnect", times=1, route="/servers/{server}")
    assert last_of(node.url, "gh/ada/again/HEAD")["phase"] == "ready"
    hub = cloud.counters("hub")["routes"]
    assert hub["POST /hub/api/users/{name}/servers/{server}"] == 3, hub
    assert not any(route.startswith("DELETE") for route in hub), hub


def test_hundreds_of_launches_ask_for_nothing_twice(cloud, node, measured):
    count, repositories = 500, 20
    cloud.behave("repo2docker", lines=20, milliseconds=500)
    cloud.behave("hub", spawn_milliseconds=200)
    cloud.faults("hub", latency_ms=[0, 30])
    began = time.monotonic()
    told = together(count, lambda i: last_of(node.url, f"gh/ada/many-{i % repositories}/HEAD"))
    measured(f"{count} launches of {repositories} repositories against the stub cloud", f"{time.monotonic() - began:.1f} s")
    assert collections.Counter(e["phase"] for e in told) == {"ready": count}
    assert len({e["url"] for e in told}) == count
    assert cloud.counters("repo2docker")["requests"] == repositories
    pushes = {t: n for t, n in cloud.counters("registry")["targets"].items() if t.startswith("PUT")}
    assert len(pushes) == repositories and set(pushes.values()) == {1}
    hub = cloud.counters("hub")
    assert hub["routes"]["POST /hub/api/users/{name}"] == count, hub["routes"]
    assert hub["routes"]["POST /hub/api/users/{name}/servers/{server}"] == count
    assert hub["routes"]["GET /hub/api/users/{name}/server/progress"] == count
    assert set(hub["targets"].values()) == {1}, "a request was doubled"
    assert cloud.counters("github")["requests"] == count
