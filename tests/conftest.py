"""What every test on real parts stands on: the program, a whole stack, repositories."""
import os
import pathlib

import pytest

from integration.processes import Node, Stack, free_port
from integration.repositories import GitServer

MEASURED = []
SOURCE = pathlib.Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def measured():
    """`measured("what", "figure")` is told at the end of the run; it decides nothing."""
    return lambda what, figure: MEASURED.append(f"{what}: {figure}")


def pytest_terminal_summary(terminalreporter):
    if MEASURED:
        terminalreporter.section("measured on this run")
        for line in MEASURED:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def program():
    path = os.environ.get("BINDERY_PROGRAM", str(SOURCE / "build/release/bindery"))
    assert os.access(path, os.X_OK), f"{path} is not there; run 'make build' first"
    return path


@pytest.fixture(scope="session")
def stack(program, tmp_path_factory):
    """`bindery up` with every real part, one for all tests."""
    running = Stack(program, tmp_path_factory.mktemp("stack"))
    yield running
    running.stop()


@pytest.fixture
def serve(program, tmp_path):
    """Starts nodes of their own, with settings that the test names: `serve(settings)`."""
    started = []

    def start(settings, **more):
        node = Node(program, tmp_path / f"node-{len(started)}", settings, **more)
        started.append(node)
        return node.wait_until_serving()

    yield start
    for node in started:
        node.stop()


@pytest.fixture(scope="session")
def git_server(tmp_path_factory):
    """A real git daemon; `git_server.publish(name, files)` makes a repository on it."""
    server = GitServer(tmp_path_factory.mktemp("git"), free_port())
    yield server
    server.stop()
