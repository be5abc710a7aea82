"""What limits launches, on real parts: rate limit, quotas, the operator's own check."""
import json
import re
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from .launches import Launch, last_of, launch, phases, together
from .processes import free_port

DOCKERFILE = "FROM bindery/base\n"
# Fails at once, and is counted as any launch is.
QUICK = "gh/only-user"


@pytest.fixture(scope="module")
def repository(stack, git_server):
    made = git_server.publish("limited", {"Dockerfile": DOCKERFILE})
    assert launch(stack.url, made.spec())[-1]["phase"] == "ready"
    return made


@pytest.fixture(scope="module")
def other_repository(stack, git_server):
    made = git_server.publish("not-limited", {"Dockerfile": DOCKERFILE + "LABEL other=1\n"})
    assert launch(stack.url, made.spec())[-1]["phase"] == "ready"
    return made


class Hub:
    def __init__(self, stack):
        hub = stack.settings["BinderHub"]
        self._api = f"{hub['hub_url']}hub/api/users"
        self._headers = {"Authorization": f"token {hub['hub_api_token']}"}

    def running(self):
        """Users with a server, as the hub tells them."""
        answer = requests.get(f"{self._api}?state=active", headers=self._headers, timeout=30)
        answer.raise_for_status()
        return {user["name"] for user in answer.json()}

    def remove(self, user):
        requests.delete(f"{self._api}/{user}/server", headers=self._headers, timeout=60)
        deadline = time.monotonic() + 60
        while user in self.running():  # nobody tells when it is gone
            assert time.monotonic() < deadline, f"the server of {user} does not stop"
        requests.delete(f"{self._api}/{user}", headers=self._headers, timeout=60)


@pytest.fixture
def hub(stack):
    """The hub without any server, so that quotas are round numbers."""
    made = Hub(stack)
    for user in made.running():
        made.remove(user)
    yield made
    for user in made.running():
        made.remove(user)


class Check:
    """An operator's service; `say` is its next answers' status and JSON body."""

    def __init__(self):
        self.say = (200, {})
        self.asked = []
        check = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                check.asked.append(json.loads(body))
                status, answer = check.say
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/launch"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def check():
    made = Check()
    yield made
    made.stop()


def count(url, spec=QUICK, query="", **headers):
    """The headers of a launch and its last event."""
    stream = Launch(url, spec, headers={name.replace("_", "-"): value for name, value in headers.items()}, query=query)
    last = list(stream)[-1]
    stream.close()
    return stream.headers, last


def user_of(ready):
    assert ready["phase"] == "ready", ready
    return re.search(r"/user/([^/]+)/", ready["url"])[1]


def test_a_client_over_the_rate_limit_is_refused(stack, serve):
    # Loopback is no proxy here, so what it says of others is not believed.
    node = serve(stack.settings_with(RateLimiter={"limit": 3}, Bindery={"trusted_proxies": ["192.0.2.0/24"]}))
    for left in ("2", "1", "0"):
        headers, last = count(node.url)
        assert headers["x-ratelimit-limit"] == "3"
        assert headers["x-ratelimit-remaining"] == left
        assert 3500 < int(headers["x-ratelimit-reset"]) - time.time() < 3700
        assert last["status_code"] == 400, last
    for forged in (
        {},
        {"X_Forwarded_For": "198.51.100.7"},
        {"X_Real_IP": "198.51.100.7"},
        {"X_Forwarded_For": "198.51.100.7, 203.0.113.1"},
        {"Last_Event_ID": "aaaaaaaaaaaaaaaa.3"},
    ):
        headers, last = count(node.url, **forged)
        assert last["phase"] == "failed" and last["status_code"] == 429, (forged, last)
        assert re.fullmatch(r"Rate limit exceeded\. Try again in 3[56]\d\d seconds\.\n", last["message"])
        assert headers["x-ratelimit-remaining"] == "0"


def test_whoever_comes_from_a_page_is_not_counted(stack, serve):
    node = serve(stack.settings_with(RateLimiter={"limit": 1}))
    assert count(node.url)[1]["status_code"] == 400
    assert count(node.url)[1]["status_code"] == 429
    page = requests.get(f"{node.url}v2/{QUICK}", timeout=30).text
    token = re.search(r'bindery-build-token"\s+content="([^"]+)"', page)[1]
    for _ in range(3):
        headers, last = count(node.url, query=f"?build_token={token}")
        assert last["status_code"] == 400, last
        assert "x-ratelimit-limit" not in headers
    assert count(node.url, query="?build_token=a.b.c")[1]["status_code"] == 403


def test_clients_behind_a_proxy_are_told_apart_and_ipv6_ones_by_their_network(stack, serve):
    node = serve(stack.settings_with(RateLimiter={"limit": 1}, Bindery={"trusted_proxies": ["127.0.0.0/8"]}))

    def refused(address):
        return count(node.url, X_Forwarded_For=address)[1]["status_code"] == 429

    assert not refused("198.51.100.1")
    assert refused("198.51.100.1")
    assert not refused("198.51.100.2")
    # A client may write what it likes before the address that the proxy adds.
    assert refused("203.0.113.9, 198.51.100.1")
    assert not refused("2001:db8:1:2::1")
    assert refused("2001:db8:1:2:ffff:ffff:ffff:ffff")
    assert refused("2001:0DB8:1:2::5")
    assert not refused("2001:db8:1:3::1")


def test_bindery_up_counts_nobody(stack):
    headers, _ = count(stack.url)
    assert "x-ratelimit-limit" not in headers


def test_a_full_hub_lets_nobody_in_until_a_server_ends(stack, serve, hub, repository, git_server):
    node = serve(stack.settings_with(LaunchQuota={"total_quota": 1}))
    user = user_of(last_of(node.url, repository.spec()))
    refused = launch(node.url, repository.spec())
    assert phases(refused) == ["built", "failed"]
    assert refused[-1] == {"phase": "failed", "message": "Too many users on this BinderHub! Try again soon.\n"}
    # What is not there is not built either.
    new = git_server.publish("never-built", {"Dockerfile": DOCKERFILE})
    assert phases(launch(node.url, new.spec())) == ["failed"]
    assert "build began" not in node.output
    metrics = requests.get(f"{node.url}metrics", timeout=30).text
    assert re.search(r'binderhub_launch_count_total\{[^}]*status="pod_quota"[^}]*\} [12]', metrics), metrics
    health = requests.get(f"{node.url}health", timeout=60)
    assert health.status_code == 200
    line = next(one for one in health.json()["checks"] if one["service"] == "Pod quota")
    assert line == {
        "service": "Pod quota", "total_pods": 1, "build_pods": 0, "user_pods": 1, "quota": 1, "ok": True,
        "_ignore_failure": True,
    }
    hub.remove(user)
    # A list of the hub's servers may refuse launches for a second after it was asked for.
    deadline = time.monotonic() + 30
    while (end := last_of(node.url, repository.spec()))["phase"] != "ready":
        assert "Too many users on this BinderHub" in end["message"] and time.monotonic() < deadline, end


def test_many_launches_at_once_cannot_pass_a_quota(stack, serve, hub, repository):
    node = serve(stack.settings_with(KubernetesLaunchQuota={"total_quota": 3}))
    ends = together(12, lambda _: last_of(node.url, repository.spec()))
    ready = [end for end in ends if end["phase"] == "ready"]
    refused = [end["message"] for end in ends if end["phase"] == "failed"]
    assert len(ready) == 3, refused
    assert set(refused) == {"Too many users on this BinderHub! Try again soon.\n"}
    assert hub.running() == {user_of(end) for end in ready}


def test_a_repository_has_its_own_quota(stack, serve, hub, repository, other_repository):
    node = serve(stack.settings_with(BinderHub={"per_repo_quota": 1}))
    user_of(last_of(node.url, repository.spec()))
    words = f"Too many users running {repository.url}! Try again soon.\n"
    assert last_of(node.url, repository.spec())["message"] == words
    assert last_of(node.url, repository.spec(repository.head))["message"] == words
    user_of(last_of(node.url, other_repository.spec()))
    metrics = requests.get(f"{node.url}metrics", timeout=30).text
    assert 'status="repo_quota"' in metrics


def test_spec_config_and_high_quota_specs_set_quotas_of_their_own(stack, serve, hub, repository, other_repository):
    provider = {
        "high_quota_specs": [".*%2Fnot-limited/"],
        "spec_config": [{"pattern": r".*%2Flimited/", "config": {"quota": 1}}],
    }
    quotas = {"per_repo_quota": 5, "per_repo_quota_higher": 2}
    node = serve(stack.settings_with(BinderHub=quotas, GitRepoProvider=provider))
    user_of(last_of(node.url, repository.spec()))
    assert "Too many users running" in last_of(node.url, repository.spec())["message"]
    for _ in range(2):
        user_of(last_of(node.url, other_repository.spec()))
    assert "Too many users running" in last_of(node.url, other_repository.spec())["message"]


def test_the_operators_check_decides(stack, serve, hub, check, repository):
    node = serve(stack.settings_with(Bindery={"pre_launch_url": check.url}))
    check.say = (200, {"allow": False, "message": "Not on Sundays"})
    assert last_of(node.url, repository.spec()) == {
        "phase": "failed", "status_code": 403, "message": "Not on Sundays\n",
    }
    asked = check.asked[-1]
    assert re.fullmatch(r"limited-.*|.*limited.*", asked.pop("user"))
    assert asked.pop("image").endswith(":" + repository.head)
    assert asked == {
        "provider": "git", "spec": repository.spec()[len("git/"):], "ref": repository.head,
        "repo_url": repository.url, "client_ip": "127.0.0.1",
    }
    check.say = (403, {"message": "Ask first"})
    assert last_of(node.url, repository.spec())["message"] == "Ask first\n"
    check.say = (500, {})
    message = last_of(node.url, repository.spec())["message"]
    assert "it answered 500" in message and "Bindery.pre_launch_url" not in message
    assert "Bindery.pre_launch_url" in node.output
    assert hub.running() == set()
    check.say = (200, {"allow": True})
    user_of(last_of(node.url, repository.spec()))


def test_a_check_that_cannot_be_asked_lets_nobody_in(stack, serve, hub, repository):
    node = serve(stack.settings_with(Bindery={"pre_launch_url": f"http://127.0.0.1:{free_port()}/"}))
    end = last_of(node.url, repository.spec())
    assert end["phase"] == "failed" and end["status_code"] == 502, end
    assert "could not be asked" in end["message"] and "Try again" in end["message"]
    assert hub.running() == set()


@pytest.mark.parametrize(
    "settings, words",
    [
        ("LaunchQuota: {total_quota: lots}", "LaunchQuota.total_quota: expected an integer"),
        ("RateLimiter: {limit: -3}", "RateLimiter.limit: expected an integer"),
        ("BinderHub: {per_repo_quota: [1]}", "BinderHub.per_repo_quota: expected an integer"),
        ("GitRepoProvider: {spec_config: [{pattern: x}]}", "GitRepoProvider.spec_config[0].config: expected a map"),
        ("GitRepoProvider: {spec_config: [{pattern: '(', config: {}}]}", "GitRepoProvider.spec_config[0].pattern"),
        ("GitHubRepoProvider: {banned_specs: [fine, '(?<=a*)b']}", "GitHubRepoProvider.banned_specs[1]"),
        ("GitHubRepoProvider: {allowed_specs: ['x{,3}']}", "GitHubRepoProvider.allowed_specs[0]"),
        ("Launcher: {pre_launch_hook: my.hook}", "Bindery.pre_launch_url"),
        ("Bindery: {pre_launch_url: example.org}", "Bindery.pre_launch_url: expected an http://"),
    ],
)
def test_bad_limits_are_told_with_their_path(program, tmp_path, settings, words):
    file = tmp_path / "bindery.yaml"
    file.write_text(f"{settings}\n")
    done = subprocess.run(
        [program, "check", "--settings", str(file)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1 and words in done.stderr, done.stderr
