"""Builds that really fail: each names its cause, says what to do, and leaves its log behind."""
import os
import re
import signal
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, urlsplit

import pytest
import requests

from .launches import Launch, last_of, launch
from .processes import Process, free_port

BASE = "FROM bindery/base\n"
COMMIT = "0123456789012345678901234567890123456789"

STEPS = {
    "a failing step": (
        BASE + "RUN echo these-are-its-last-words && exit 3\n",
        ["step 2/", "RUN echo these-are-its-last-words", "exit status 3", "Its last words: these-are-its-last-words."],
    ),
    "a command that is not there": (
        BASE + "RUN nosuchcommand\n",
        ["exit status 127", "nosuchcommand: not found"],
    ),
    "a killed step": (
        BASE + "RUN sh -c 'kill -9 $$'; exit $?\n",
        ["exit status 137", "memory"],
    ),
    "no space left": (
        BASE + "RUN dd if=/dev/zero of=/dev/shm/x bs=1M count=200\n",
        ["no space left at step 2/", "No space left on device", "operator"],
    ),
    "a package that does not exist": (
        BASE + "RUN pip3 install --break-system-packages --no-index nosuchpackage-bindery==9\n",
        ["No matching distribution found for nosuchpackage-bindery==9", "requirements.txt"],
    ),
    "a file that is not there": (
        BASE + "COPY nosuchfile /x\n",
        ["COPY nosuchfile /x", "nosuchfile", "Dockerfile"],
    ),
    "an unknown instruction": (
        BASE + "FOO bar\n",
        ["cannot read the Dockerfile", "line 2: unknown instruction: FOO"],
    ),
    "an empty Dockerfile": ("# nothing\n", ["cannot read the Dockerfile", "no instructions"]),
    "a base image of a host that is not there": (
        "FROM nosuch.invalid/none:1\n",
        ["base image nosuch.invalid/none:1 could not be pulled", "FROM"],
    ),
}


def failure(base_url, spec):
    """The words of a launch's failure, which is an event of upstream's shape."""
    event = last_of(base_url, spec)
    assert event["phase"] == "failed", event
    assert set(event) == {"phase", "message"} and event["message"].endswith("\n"), event
    return event["message"]


def log_link(message):
    found = re.search(r"The whole log: (\S+)\n$", message)
    assert found, f"no link to the log: {message}"
    return found[1]


def node_beside(stack, serve, environment=None, **sections):
    return serve(stack.settings_with(**sections), environment=environment)


@pytest.mark.parametrize("fault", STEPS)
def test_a_build_that_fails_names_its_cause(stack, git_server, fault):
    dockerfile, told = STEPS[fault]
    repository = git_server.publish("fails-" + re.sub(r"\W", "-", fault), {"Dockerfile": dockerfile})
    message = failure(stack.url, repository.spec())
    assert repository.url in message
    for part in told:
        assert part in message, f"{part!r} is not in {message!r}"
    assert "Traceback" not in message and "\x1b" not in message
    log = requests.get(log_link(message), timeout=30)
    assert log.status_code == 200 and log.text.startswith(f"Build of {repository.url} at {repository.head}\n")


def test_a_base_image_that_the_registry_does_not_have(stack, git_server):
    registry = stack.settings["DockerRegistry"]["url"].removeprefix("http://")
    repository = git_server.publish("no-base", {"Dockerfile": f"FROM {registry}/none:1\n"})
    message = failure(stack.url, repository.spec())
    assert f"base image {registry}/none:1 could not be pulled" in message and "must be public" in message, message


def test_a_step_beyond_the_memory_limit(stack, serve, git_server):
    node = node_beside(stack, serve, LocalRepo2dockerBuild={"memory_limit": "128M"})
    repository = git_server.publish(
        "hungry", {"Dockerfile": BASE + 'RUN python3 -c "print(len(bytearray(400 * 1024 * 1024)))"\n'}
    )
    message = failure(node.url, repository.spec())
    assert "exit status 137" in message and "128 MiB" in message and "memory_limit" in message, message


def test_a_repository_that_git_does_not_find(stack, git_server):
    message = failure(stack.url, f"git/{quote(git_server.base + '/nosuch', safe='')}/{COMMIT}")
    assert "no repository was found there" in message and "Check the address" in message, message


def test_a_commit_that_is_gone(stack, git_server):
    repository = git_server.publish("overwritten", {"Dockerfile": BASE})
    message = failure(stack.url, repository.spec(COMMIT))
    assert f"commit {COMMIT} is not in the repository any more" in message, message


def test_a_git_host_that_is_down(stack):
    url = f"git://127.0.0.1:{free_port()}/x"
    message = failure(stack.url, f"git/{quote(url, safe='')}/{COMMIT}")
    assert "host could not be reached" in message and url in message, message


def test_a_repository_that_wants_credentials(stack):
    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="git"')
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_port}/private"
        message = failure(stack.url, f"git/{quote(url, safe='')}/{COMMIT}")
    finally:
        server.shutdown()
        server.server_close()
    assert "git was not let in" in message and "git_credentials" in message, message


@pytest.fixture
def strict_registry(tmp_path):
    """A real registry that lets nobody in without a password; `host:port`."""
    address = f"127.0.0.1:{free_port()}"
    config = tmp_path / "registry.yml"
    config.write_text(
        f"""
version: 0.1
log: {{level: warn, accesslog: {{disabled: true}}}}
storage: {{filesystem: {{rootdirectory: "{tmp_path}/registry"}}}}
http: {{addr: "{address}", secret: "x"}}
auth: {{htpasswd: {{realm: r, path: "{tmp_path}/htpasswd"}}}}
"""
    )
    running = Process(["docker-registry", "serve", str(config)])
    yield address
    running.stop()


def test_a_registry_that_refuses_the_image(stack, serve, git_server, strict_registry):
    # Asked for the image is the stack's registry; what is built goes to the strict one.
    login = {"username": "somebody", "password": "wrong-password"}
    node = node_beside(
        stack, serve, BinderHub={"image_prefix": f"{strict_registry}/x/"}, DockerRegistry=login
    )
    repository = git_server.publish("refused", {"Dockerfile": BASE})
    events = launch(node.url, repository.spec())
    message = events[-1]["message"]
    assert f"the registry {strict_registry} does not let it be stored" in message, message
    assert "wrong-password" not in str(events) and "DockerRegistry.username" in message
    assert "wrong-password" not in requests.get(log_link(message), timeout=30).text


def test_a_registry_that_is_down(stack, serve, git_server):
    gone = f"127.0.0.1:{free_port()}"
    node = node_beside(stack, serve, BinderHub={"image_prefix": f"{gone}/x/"})
    repository = git_server.publish("not-stored", {"Dockerfile": BASE})
    message = failure(node.url, repository.spec())
    assert f"The image was built, but the registry {gone} could not take it" in message, message
    assert "connection refused" in message


def test_a_build_that_takes_too_long(stack, serve, git_server):
    node = node_beside(stack, serve, Bindery={"build_timeout_seconds": 4})
    repository = git_server.publish("slow", {"Dockerfile": BASE + "RUN sleep 120\n"})
    message = failure(node.url, repository.spec())
    assert "ran out of time at step 2/" in message and "4 seconds" in message, message


def test_a_builder_that_is_killed(stack, git_server):
    repository = git_server.publish("killed", {"Dockerfile": BASE + "RUN echo begun && sleep 60\n"})
    stream = Launch(stack.url, repository.spec())
    for event in stream:
        if "begun" in event["message"] and "RUN" not in event["message"]:
            found = subprocess.run(["pgrep", "-f", f"repo2docker.*{repository.url}"], capture_output=True, text=True)
            for pid in found.stdout.split():
                os.kill(int(pid), signal.SIGKILL)
    message = stream.events[-1]["message"]
    stream.close()
    assert "killed by signal 9" in message and "at step 2/" in message and "Launch again" in message, message


def test_an_engine_that_is_not_there(stack, serve, git_server, tmp_path):
    node = node_beside(stack, serve, Bindery={"container_engine": f"unix://{tmp_path}/nothing.sock"})
    repository = git_server.publish("no-engine", {"Dockerfile": BASE})
    message = failure(node.url, repository.spec())
    assert f"no container engine answers at unix://{tmp_path}/nothing.sock" in message, message


def test_a_repo2docker_that_cannot_run(stack, serve, git_server, tmp_path):
    broken = tmp_path / "repo2docker"
    broken.write_text("#!/usr/bin/env python3\nimport there_is_no_such_module\n")
    broken.chmod(0o755)
    node = node_beside(stack, serve, Bindery={"repo2docker": str(broken)})
    repository = git_server.publish("no-builder", {"Dockerfile": BASE})
    message = failure(node.url, repository.spec())
    assert "repo2docker cannot run here" in message and "there_is_no_such_module" in message, message


# -- the log that stays ---------------------------------------------------------------------------


# With a line that the engine tells in two pieces.
LONG_WORDS = "seq 1 3000 && printf 30 && sleep 0.2 && printf '01\\n' && echo 'the <end>'"


@pytest.fixture
def failing(git_server, request):
    name = re.sub(r"\W", "-", request.node.name)
    return git_server.publish(name, {"Dockerfile": BASE + f"RUN {LONG_WORDS} && exit 3\n"})


def test_the_log_is_whole_plain_and_at_the_clients_own_address(stack, serve, failing):
    node = node_beside(stack, serve, BinderHub={"base_url": "/some/place/"})
    stream = Launch(node.url, failing.spec())
    events = list(stream)
    link = log_link(events[-1]["message"])
    assert link.startswith(f"{node.url}build-log/"), link
    log = requests.get(link, timeout=30)
    assert log.status_code == 200
    assert log.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert log.headers["X-Content-Type-Options"] == "nosniff"
    lines = log.text.splitlines()
    assert [line for line in lines if line.isdigit()] == [str(i) for i in range(1, 3002)]
    assert "the <end>" in lines
    # A later failure of the same repository has a log of its own; the older link stays.
    again = log_link(failure(node.url, failing.spec()))
    assert again != link and requests.get(link, timeout=30).text == log.text
    guessed = link[:-1] + ("a" if link[-1] != "a" else "b")
    assert requests.get(guessed, timeout=30).status_code == 404


def test_the_log_outlives_its_node(stack, serve, failing, tmp_path):
    settings = stack.settings_with(Bindery={"state_folder": str(tmp_path / "kept")})
    first = serve(settings)
    link = log_link(failure(first.url, failing.spec()))
    text = requests.get(link, timeout=30).text
    assert first.stop() == 0, first.output
    second = serve(settings)
    kept = requests.get(second.url.rstrip("/") + urlsplit(link).path, timeout=30)
    assert kept.status_code == 200 and kept.text == text and "the <end>" in text


def test_older_logs_make_room(stack, serve, failing):
    node = node_beside(stack, serve, Bindery={"build_logs_bytes": 30_000})
    links = [log_link(failure(node.url, failing.spec())) for _ in range(3)]
    found = [requests.get(link, timeout=30).status_code for link in links]
    assert found == [404, 404, 200] or found == [404, 200, 200], found


def test_without_a_folder_to_write_in_the_failure_is_told_without_a_link(stack, serve, failing, tmp_path):
    (tmp_path / "file").write_text("in the way")
    node = node_beside(stack, serve, Bindery={"state_folder": str(tmp_path / "file" / "state")})
    node.wait_for_line(rf"logs of failed builds are not kept.*Bindery.state_folder.*{tmp_path}/file")
    message = failure(node.url, failing.spec())
    assert "exit status 3" in message and "build-log" not in message


def test_credentials_reach_neither_stream_nor_log(stack, serve, git_server):
    credentials = "username=somebody\npassword=sekret-git-password"
    node = node_beside(stack, serve, GitRepoProvider={"git_credentials": credentials})
    words = "sekret-git-password http://me:sekret-url@host.example/x?access_token=sekret-token"
    repository = git_server.publish("secrets", {"Dockerfile": BASE + f"RUN echo '{words}' && exit 3\n"})
    events = launch(node.url, repository.spec())
    log = requests.get(log_link(events[-1]["message"]), timeout=30).text
    assert "http://***@host.example/x?access_token=***" in log
    for text in (str(events), log, node.output):
        assert "sekret" not in text
