"""Parts that are missing, broken or go away: one clear error each, and nothing left behind."""
import os
import pathlib
import re
import subprocess
import threading

import pytest
import requests

from stubs.cloud import Cloud
from stubs.relay import UnixRelay

from .launches import Launch, last_of, launch, phases
from .processes import Node, Process, free_port

QUICK = {"Launcher": {"retries": 2, "retry_delay": 0, "launch_timeout": 3}}


@pytest.fixture
def hub(program):
    """The stub cloud's hub, which fails on command."""
    stub = Hub(program)
    yield stub
    stub.stop()


class Hub(Cloud):
    def __init__(self, program):
        super().__init__(program)
        self.url = self.urls["hub"] + "/"

    def wait_until_user_is_deleted(self):
        self.wait_for("hub", "DELETE /hub/api/users/{name}")

    def wait_until_followed(self):
        self.wait_for("hub", "GET /hub/api/users/{name}/server/progress")


@pytest.fixture(scope="module")
def cached_spec(stack):
    """A spec whose image is there already."""
    assert last_of(stack.url, stack.sample_spec)["phase"] == "ready"
    return stack.sample_spec


def beside(stack, hub_url, **sections):
    """Settings of a node that shares the stack's engine and registry, with another hub."""
    merged = stack.settings_with(**{**QUICK, **sections})
    merged["BinderHub"].update({"hub_url": hub_url, "hub_url_local": hub_url})
    return merged


def test_the_hub_is_down(stack, serve, cached_spec):
    hub_url = f"http://127.0.0.1:{free_port()}/"
    node = serve(beside(stack, hub_url, Launcher={"retries": 1, "retry_delay": 0}))
    health = requests.get(f"{node.url}health", timeout=60)
    assert health.status_code == 503
    checks = {check["service"]: check["ok"] for check in health.json()["checks"]}
    assert checks["JupyterHub API"] is False and checks["Docker registry"] is True
    events = launch(node.url, cached_spec)
    assert events[-1]["phase"] == "failed" and "JupyterHub cannot be reached" in events[-1]["message"], events[-1]
    assert "http://" not in events[-1]["message"]
    assert re.search(f"launch failed.*launch_id=.*{hub_url}", node.output), node.output


def test_the_hub_answers_500(stack, serve, hub, cached_spec):
    hub.faults("hub", kind="status", status=500, route="users")
    node = serve(beside(stack, hub.url, Launcher={"retries": 1, "retry_delay": 0}))
    event = last_of(node.url, cached_spec)
    assert event["phase"] == "failed"
    assert "500" in event["message"] and "the stub's own fault" in event["message"], event


def test_the_hub_says_that_the_server_failed(stack, serve, hub, cached_spec):
    hub.behave("hub", spawn="failed")
    node = serve(beside(stack, hub.url))
    events = launch(node.url, cached_spec)
    assert events[-1]["phase"] == "failed" and "no room left" in events[-1]["message"]
    assert any(e["message"] == "Launch attempt 1 failed, retrying...\n" for e in events), events
    hub.wait_until_user_is_deleted()


@pytest.mark.parametrize("behaviour", ["never", "garbage"])
def test_the_hub_never_says_that_the_server_is_ready(stack, serve, hub, cached_spec, behaviour):
    hub.behave("hub", spawn=behaviour)
    node = serve(beside(stack, hub.url, Launcher={"retries": 1, "retry_delay": 0, "launch_timeout": 2}))
    event = last_of(node.url, cached_spec)
    assert event["phase"] == "failed", event
    hub.wait_until_user_is_deleted()


def test_the_client_leaves_while_the_server_starts(stack, serve, hub, cached_spec):
    hub.behave("hub", spawn="never")
    node = serve(beside(stack, hub.url, Launcher={"launch_timeout": 60}))
    stream = Launch(node.url, cached_spec)
    for event in stream:
        if event["phase"] == "launching":
            break
    stream.close()
    hub.wait_until_user_is_deleted()


def test_the_registry_is_down(stack, serve, hub, cached_spec):
    registry_url = f"http://127.0.0.1:{free_port()}"
    node = serve(beside(stack, hub.url, DockerRegistry={"url": registry_url}))
    event = last_of(node.url, cached_spec)
    assert event["phase"] == "failed" and "the registry cannot be reached" in event["message"], event
    assert registry_url not in event["message"] and registry_url in node.output
    assert requests.get(f"{node.url}health", timeout=60).status_code == 503


def test_repo2docker_is_missing(stack, serve, hub, git_server):
    repository = git_server.publish("unbuilt", {"Dockerfile": "FROM bindery/base\n"})
    node = serve(beside(stack, hub.url, Bindery={"repo2docker": "no-such-repo2docker"}))
    event = last_of(node.url, repository.spec())
    assert event["phase"] == "failed"
    assert "no-such-repo2docker" in event["message"] and "Install repo2docker" in event["message"]


def test_the_engine_goes_away_in_the_middle_of_a_build(stack, serve, hub, git_server, tmp_path):
    engine = stack.settings["Bindery"]["container_engine"].removeprefix("unix://")
    relay = UnixRelay(tmp_path / "e.sock", engine)
    repository = git_server.publish("engine-gone", {"Dockerfile": "FROM bindery/base\nRUN echo begun && sleep 30\n"})
    node = serve(beside(stack, hub.url, Bindery={"container_engine": f"unix://{relay.path}"}))
    stream = Launch(node.url, repository.spec())
    for event in stream:
        if "begun" in event["message"] and "RUN" not in event["message"]:
            relay.stop()
    assert stream.events[-1]["phase"] == "failed", stream.events[-1]
    stream.close()


def test_ending_the_node_ends_its_builds(stack, program, hub, git_server, tmp_path):
    repository = git_server.publish("interrupted", {"Dockerfile": "FROM bindery/base\nRUN echo begun && sleep 60\n"})
    node = Node(program, tmp_path / "node", beside(stack, hub.url)).wait_until_serving()
    stream = Launch(node.url, repository.spec())
    for event in stream:
        if "begun" in event["message"]:
            break
    assert node.stop() == 0, node.output
    stream.close()
    left = subprocess.run(["pgrep", "-f", repository.url], capture_output=True, text=True, check=False)
    assert left.stdout == "", f"processes are left: {left.stdout}"


def test_ending_the_node_deletes_what_its_launches_had_started(stack, program, hub, cached_spec, tmp_path):
    hub.behave("hub", spawn="never")
    node = Node(program, tmp_path / "node", beside(stack, hub.url, Launcher={"launch_timeout": 60})).wait_until_serving()
    stream = Launch(node.url, cached_spec)
    for event in stream:
        if event["phase"] == "launching":
            break
    hub.wait_until_followed()
    assert node.stop() == 0, node.output
    stream.close()
    assert "DELETE /hub/api/users/{name}" in hub.counters("hub")["routes"], "the user was left at the hub"


def test_the_port_is_taken(stack, serve, program, tmp_path, hub):
    node = serve(beside(stack, hub.url))
    settings = beside(stack, hub.url)
    settings["BinderHub"]["port"] = node.port
    second = Node(program, tmp_path / "second", settings)
    assert second.wait() == 1
    assert f"127.0.0.1:{node.port}" in second.output, second.output


def test_the_state_folder_cannot_be_written(program, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    up = Process([program, "up", "--port", "0", "--state", str(blocked / "state")])
    assert up.wait() == 1
    assert str(blocked) in up.output, up.output


def test_two_stacks_cannot_share_a_state_folder(stack, program):
    second = Process([program, "up", "--port", "0", "--state", str(stack.state)])
    assert second.wait() == 1
    assert str(stack.pid) in second.output, second.output


SETTINGS = {
    "unknown key": ("BinderHub:\n  prot: 1\n", "BinderHub.prot"),
    "unknown section": ("BinderHbu:\n  port: 1\n", "BinderHbu"),
    "wrong type": ("BinderHub:\n  port: many\n", "BinderHub.port"),
    "out of range": ("BinderHub:\n  port: 70000\n", "BinderHub.port"),
    "not yaml": ("BinderHub: [\n", "not valid YAML"),
    "not a map": ("- a\n- b\n", "map"),
    "missing secret": ("BinderHub:\n  hub_url: http://127.0.0.1:1/\n", "hub_api_token"),
    "bad regular expression": (
        "BinderHub:\n  hub_url: http://127.0.0.1:1/\n  hub_api_token: x\nGitHubRepoProvider:\n  banned_specs: ['(']\n",
        "GitHubRepoProvider.banned_specs",
    ),
}


@pytest.mark.parametrize("command", ["check", "serve"])
@pytest.mark.parametrize("fault", SETTINGS)
def test_settings_that_cannot_be_used(program, tmp_path, fault, command):
    text, named = SETTINGS[fault]
    file = tmp_path / "bindery.yaml"
    file.write_text(text)
    done = subprocess.run(
        [program, command, "--settings", str(file)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={name: value for name, value in os.environ.items() if not name.startswith("JUPYTERHUB")},
    )
    assert done.returncode == 1
    assert named in done.stderr, done.stderr


def test_secrets_are_nowhere_in_what_a_node_says(stack, cached_spec):
    token = stack.settings["BinderHub"]["hub_api_token"]
    last = launch(stack.url, cached_spec)[-1]
    # What is printed for the person who launched is printed once, at the launch's end.
    for secret in (token, last["token"]):
        assert secret not in stack.output
    commands = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    assert token not in commands.stdout
