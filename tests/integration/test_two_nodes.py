"""Two `bindery` processes: one holds the clients' streams, the other runs their launches."""
import signal

import pytest

from .launches import Launch, launch, phases
from .processes import Node, free_port


@pytest.fixture
def pair(stack, program, tmp_path):
    port = free_port()
    runner = Node(
        program,
        tmp_path / "runner",
        stack.settings_with(BinderHub={"port": 0}, Bindery={"cluster_listen": f"127.0.0.1:{port}"}),
    ).wait_until_serving()
    front = Node(
        program,
        tmp_path / "front",
        stack.settings_with(BinderHub={"port": 0}, Bindery={"runners": [f"127.0.0.1:{port}"]}),
    ).wait_until_serving()
    yield front, runner
    front.stop()
    runner.stop()


def test_a_launch_runs_on_the_other_node_and_streams_here(stack, pair, git_server):
    front, runner = pair
    repository = git_server.publish("elsewhere", {"Dockerfile": "FROM bindery/base\nRUN echo on-the-runner\n"})
    events = launch(front.url, repository.spec())
    assert events[-1]["phase"] == "ready", events[-1]
    assert phases(events)[-3:] == ["built", "launching", "ready"]
    assert events[-1]["binder_launch_host"] == front.url
    runner.wait_for_line(r"build began.*elsewhere")
    runner.wait_for_line(r"launch is ready.*elsewhere")
    assert "elsewhere" not in front.output.replace("spec=", "") or "build began" not in front.output
    stream = Launch(front.url, repository.spec())
    assert phases(list(stream)) == ["built", "launching", "ready"]
    # Numbered by the supervisor there, without a gap.
    numbers = [int(one.rsplit(".", 1)[1]) for one in stream.ids]
    assert numbers == list(range(1, len(numbers) + 1))
    stream.close()


def test_a_build_that_fails_on_the_other_node_names_no_log_that_is_not_here(pair, git_server):
    front, runner = pair
    repository = git_server.publish("fails-elsewhere", {"Dockerfile": "FROM bindery/base\nRUN exit 3\n"})
    there = launch(front.url, repository.spec())[-1]
    assert there["phase"] == "failed" and "exit status 3" in there["message"], there
    assert "build-log" not in there["message"], there
    here = launch(runner.url, repository.spec())[-1]
    assert f"The whole log: {runner.url}build-log/" in here["message"], here


def test_a_runner_that_dies_is_told_and_the_front_node_lives(stack, pair, git_server):
    front, runner = pair
    repository = git_server.publish("dies", {"Dockerfile": "FROM bindery/base\nRUN echo begun && sleep 60\n"})
    stream = Launch(front.url, repository.spec())
    for event in stream:
        if "begun" in event["message"] and "RUN" not in event["message"]:
            runner.signal(signal.SIGKILL)
    assert stream.events[-1]["phase"] == "failed"
    assert "Launch again" in stream.events[-1]["message"], stream.events[-1]
    events = launch(front.url, stack.sample_spec)
    assert events[-1]["phase"] == "failed" and "No node could take this launch" in events[-1]["message"]


def test_a_front_node_that_dies_ends_its_launches_on_the_runner(pair, git_server):
    front, runner = pair
    repository = git_server.publish("orphaned", {"Dockerfile": "FROM bindery/base\nRUN echo begun && sleep 5\n"})
    stream = Launch(front.url, repository.spec())
    for event in stream:
        if "begun" in event["message"]:
            front.signal(signal.SIGKILL)
            break
    runner.wait_for_line(r"launch ended: its client left.*orphaned")
    stream.close()
