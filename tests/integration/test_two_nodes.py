"""Two `bindery` processes: one holds the clients' streams, the other runs their launches."""
import re
import signal

import pytest
import requests

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


def log_link(url, event):
    assert event["phase"] == "failed" and "exit status 3" in event["message"], event
    found = re.search(rf"The whole log: ({re.escape(url)}build-log/[a-z0-9]+)", event["message"])
    assert found, event
    return found[1]


def test_the_log_of_a_build_that_fails_on_the_other_node_is_kept_where_its_client_is(pair, git_server):
    front, runner = pair
    dockerfile = "FROM bindery/base\nRUN echo said-elsewhere && sleep 2 && exit 3\n"
    repository = git_server.publish("fails-elsewhere", {"Dockerfile": dockerfile})
    # Two launches of one build, a third of the next one, and one on the node that builds.
    first, second = Launch(front.url, repository.spec()), Launch(front.url, repository.spec())
    there = [log_link(front.url, list(stream)[-1]) for stream in (first, second)]
    later = log_link(front.url, launch(front.url, repository.spec())[-1])
    here = log_link(runner.url, launch(runner.url, repository.spec())[-1])
    log = requests.get(there[0], timeout=30)
    assert log.status_code == 200 and "said-elsewhere" in log.text, log.text
    assert log.text == requests.get(there[0].replace(front.url, runner.url), timeout=30).text
    assert requests.get(here, timeout=30).status_code == 200
    assert there[0] == there[1] != later
    # Fetched once for both, and still there when its builder is gone.
    assert len(re.findall("build log of another node is kept", front.output)) == 2
    runner.signal(signal.SIGKILL)
    runner.wait()
    assert [requests.get(link, timeout=30).status_code for link in (*there, later)] == [200] * 3


def test_a_client_of_a_node_that_keeps_no_logs_is_told_of_none(stack, pair, serve, git_server):
    front, _ = pair
    runners = front.settings["Bindery"]["runners"]
    bare = serve(stack.settings_with(BinderHub={"port": 0}, Bindery={"runners": runners, "build_logs_bytes": 0}))
    repository = git_server.publish("fails-unread", {"Dockerfile": "FROM bindery/base\nRUN exit 3\n"})
    told = launch(bare.url, repository.spec())[-1]
    assert told["phase"] == "failed" and "exit status 3" in told["message"], told
    assert "build-log" not in told["message"], told


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
