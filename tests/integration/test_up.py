"""`bindery up` from start to end: what it starts, finds again, and leaves behind (nothing)."""
import json
import os
import re
import signal
import subprocess
import time

import pytest
import requests
import yaml

from .processes import PATIENCE, Process


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    return tmp_path_factory.mktemp("up") / "state"


@pytest.fixture
def up(program, state):
    """`up(arguments...)` starts it; whatever a failed test leaves running is ended."""
    started = []

    def start(*more, **options):
        command = [program, "up", "--port", "0", "--state", str(state), *more]
        started.append(Process(command, **options))
        return started[-1]

    yield start
    for run in started:
        run.stop()


def left_behind(state):
    """Processes that name the state folder, and bridges and rules of its network."""
    folder = str(state)
    processes = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True)
    found = [line for line in processes.stdout.splitlines() if folder in line and "pytest" not in line]
    mounts = open("/proc/mounts", encoding="utf-8").read()
    found += [line for line in mounts.splitlines() if folder in line]
    return found


def network(state):
    """What is left of the stack's own bridge and of the firewall rules that carry its name."""
    engine = json.loads((state / "engine/docker.json").read_text())
    commands = (["ip", "-o", "link"], ["iptables", "-S"], ["iptables", "-t", "nat", "-S"])
    told = [subprocess.run(command, capture_output=True, text=True, check=False).stdout for command in commands]
    return [line for text in told for line in text.splitlines() if engine["bridge"] in line]


def test_check_launches_prints_each_phase_and_leaves_nothing(up, state, measured):
    began = time.monotonic()
    run = up("--check")
    assert run.wait(600) == 0, run.output
    measured("bindery up --check, nothing there yet", f"{time.monotonic() - began:.1f} s")
    for phase in ("waiting", "fetching", "building", "pushing", "built", "launching", "ready"):
        assert re.search(rf"\] {phase}\s", run.output), f"{phase} is missing:\n{run.output}"
    assert "The server answers 200" in run.output
    assert left_behind(state) == []
    assert network(state) == []


def test_a_second_start_finds_everything_again(up, state, measured):
    began = time.monotonic()
    run = up("--check")
    run.wait_for_line("Bindery is ready at")
    ready = time.monotonic() - began
    measured("second start, until Bindery is ready", f"{ready:.1f} s")
    assert ready < 10  # the product's promise
    assert run.wait() == 0, run.output
    assert "Found built image" in run.output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_everything(up, state, number):
    run = up()
    run.wait_for_line("Ctrl-C ends it")
    assert network(state) != []
    run.signal(number)
    assert run.wait() == 0, run.output
    assert left_behind(state) == []
    assert network(state) == []


def test_an_idle_server_is_stopped_and_its_user_deleted(up, state):
    quick = {"BINDERY_IDLE_SECONDS": "3", "BINDERY_CULL_EVERY_SECONDS": "1"}
    run = up("--launch", "sample", environment=quick)
    user = run.wait_for_line(r"ready .*/user/([^/]+)/")[1]
    run.wait_for_line("Ctrl-C ends it")
    hub = yaml.safe_load((state / "node.yaml").read_text())["BinderHub"]
    containers = ["docker", "ps", "--quiet", "--filter", f"name={user}"]
    engine = yaml.safe_load((state / "node.yaml").read_text())["Bindery"]["container_engine"]
    deadline = time.monotonic() + PATIENCE
    while True:  # the culler tells nobody
        answer = requests.get(
            f"{hub['hub_url']}hub/api/users/{user}",
            headers={"Authorization": f"token {hub['hub_api_token']}"},
            timeout=30,
        )
        if answer.status_code == 404:
            break
        assert time.monotonic() < deadline, answer.text
    left = subprocess.run(
        containers, capture_output=True, text=True, check=True, env={**os.environ, "DOCKER_HOST": engine}
    )
    assert left.stdout == ""
    assert run.stop() == 0, run.output


def test_a_signal_during_the_start_ends_it(up, state):
    run = up()
    run.wait_for_line("container engine")
    run.signal(signal.SIGTERM)
    assert run.wait() in (0, 1)
    assert left_behind(state) == []


def test_a_killed_bindery_takes_its_parts_along_and_the_next_one_works(up, state):
    run = up()
    run.wait_for_line("Ctrl-C ends it")
    run.signal(signal.SIGKILL)
    run.wait()
    deadline = time.monotonic() + PATIENCE
    while left_behind(state):  # the parts end on their own; nobody tells when
        assert time.monotonic() < deadline, left_behind(state)
    again = up("--check")
    assert again.wait() == 0, again.output


def test_a_part_that_dies_is_started_again(up, state):
    run = up()
    run.wait_for_line("Ctrl-C ends it")
    hub = subprocess.run(
        ["pgrep", "-f", "jupyterhub.*--config"], capture_output=True, text=True, check=True
    ).stdout.split()
    ours = [pid for pid in hub if str(state) in open(f"/proc/{pid}/environ", encoding="utf-8", errors="replace").read()]
    assert ours, "the hub's process was not found"
    subprocess.run(["kill", "-KILL", ours[0]], check=True)
    run.wait_for_line(r"[Hh]ub.*(again|restart|ended)")
    assert run.stop() == 0, run.output
    assert left_behind(state) == []
