"""`bindery up` from start to end: what it starts, finds again, and leaves behind (nothing)."""
import re
import signal
import subprocess
import time

import pytest

from .processes import PATIENCE, Process


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    return tmp_path_factory.mktemp("up") / "state"


def up(program, state, *more):
    return Process([program, "up", "--port", "0", "--state", str(state), *more])


def left_behind(state):
    """Processes that name the state folder, and bridges and rules of its network."""
    folder = str(state)
    processes = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True)
    found = [line for line in processes.stdout.splitlines() if folder in line and "pytest" not in line]
    mounts = open("/proc/mounts", encoding="utf-8").read()
    found += [line for line in mounts.splitlines() if folder in line]
    return found


def network():
    """Bridges and firewall rules, as far as this user may see them."""
    links = subprocess.run(["ip", "-o", "link"], capture_output=True, text=True, check=False).stdout
    rules = "".join(
        subprocess.run(command, capture_output=True, text=True, check=False).stdout
        for command in (["iptables", "-S"], ["iptables", "-t", "nat", "-S"])
    )
    # Another stack's servers may come and go meanwhile.
    bridges = set(re.findall(r"^\d+: (bindery-\w+|docker0)", links, re.MULTILINE))
    forward = open("/proc/sys/net/ipv4/ip_forward", encoding="utf-8").read().strip()
    return bridges, set(rules.splitlines()), forward


def test_check_launches_prints_each_phase_and_leaves_nothing(program, state, measured):
    before = network()
    began = time.monotonic()
    run = up(program, state, "--check")
    assert run.wait(600) == 0, run.output
    measured("bindery up --check, nothing there yet", f"{time.monotonic() - began:.1f} s")
    for phase in ("waiting", "fetching", "building", "pushing", "built", "launching", "ready"):
        assert re.search(rf"\] {phase}\s", run.output), f"{phase} is missing:\n{run.output}"
    assert "The server answers 200" in run.output
    assert left_behind(state) == []
    assert network() == before


def test_a_second_start_finds_everything_again(program, state, measured):
    began = time.monotonic()
    run = up(program, state, "--check")
    run.wait_for_line("Bindery is ready at")
    ready = time.monotonic() - began
    measured("second start, until Bindery is ready", f"{ready:.1f} s")
    assert ready < 10  # the product's promise
    assert run.wait() == 0, run.output
    assert "Found built image" in run.output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_everything(program, state, number):
    before = network()
    run = up(program, state)
    run.wait_for_line("Ctrl-C ends it")
    run.signal(number)
    assert run.wait() == 0, run.output
    assert left_behind(state) == []
    assert network() == before


def test_a_signal_during_the_start_ends_it(program, state):
    run = up(program, state)
    run.wait_for_line("container engine")
    run.signal(signal.SIGTERM)
    assert run.wait() in (0, 1)
    assert left_behind(state) == []


def test_a_killed_bindery_takes_its_parts_along_and_the_next_one_works(program, state):
    run = up(program, state)
    run.wait_for_line("Ctrl-C ends it")
    run.signal(signal.SIGKILL)
    run.wait()
    deadline = time.monotonic() + PATIENCE
    while left_behind(state):  # the parts end on their own; nobody tells when
        assert time.monotonic() < deadline, left_behind(state)
    again = up(program, state, "--check")
    assert again.wait() == 0, again.output


def test_a_part_that_dies_is_started_again(program, state):
    run = up(program, state)
    run.wait_for_line("Ctrl-C ends it")
    hub = subprocess.run(
        ["pgrep", "-f", rf"jupyterhub.*--config"], capture_output=True, text=True, check=True
    ).stdout.split()
    ours = [pid for pid in hub if f"{state}" in open(f"/proc/{pid}/environ", encoding="utf-8", errors="replace").read()]
    assert ours, "the hub's process was not found"
    subprocess.run(["kill", "-KILL", ours[0]], check=True)
    run.wait_for_line(r"[Hh]ub.*(again|restart|ended)")
    assert run.stop() == 0, run.output
    assert left_behind(state) == []
