"""What reads metrics and event log: every name, label, bucket and field, on launches that succeed and fail."""
import datetime
import json
import re

import pytest
import requests

from integration.launches import Launch, last_of
from integration.processes import Node
from stubs.cloud import Cloud

BUILD_BOUNDS = ["60.0", "120.0", "300.0", "600.0", "1800.0", "3600.0", "7200.0", "+Inf"]
LAUNCH_BOUNDS = ["2.0", "5.0", "10.0", "20.0", "30.0", "60.0", "120.0", "300.0", "600.0", "+Inf"]
TYPES = {
    "binderhub_build_time_seconds": "histogram",
    "binderhub_launch_time_seconds": "histogram",
    "binderhub_build_count_total": "counter",
    "binderhub_launch_count_total": "counter",
    "binderhub_inprogress_builds": "gauge",
    "binderhub_inprogress_launches": "gauge",
    "binderhub_github_rate_limit_remaining": "gauge",
}
FIELDS = [
    "timestamp", "schema", "version", "provider", "spec", "ref", "status", "build_token", "origin", "request_origin",
]


def samples(node):
    """{(name, labels): value}; labels as a sorted tuple of pairs."""
    text = requests.get(f"{node.url}metrics", timeout=30).text
    found = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        name, labels, value = re.fullmatch(r"(\w+)(?:\{(.*)\})? (\S+)", line).groups()
        key = (name, tuple(sorted(re.findall(r'(\w+)="([^"]*)"', labels or ""))))
        assert key not in found, f"twice: {line}"
        found[key] = float(value)
    return text, found


def events_of(file):
    return [json.loads(line) for line in file.read_text().splitlines()]


@pytest.fixture(scope="module")
def observed(stack, program, forge, repository, cached, failing, tmp_path_factory):
    """Nodes with launches behind them: on the real hub, and on one whose servers never start."""
    folder = tmp_path_factory.mktemp("observed")
    cloud = Cloud(program)
    cloud.behave("hub", spawn="failed")
    elsewhere = cloud.urls["hub"] + "/"
    nodes = []
    for name, changes in {"real": {}, "broken": {"hub_url": elsewhere, "hub_url_local": elsewhere}}.items():
        settings = stack.settings_with(
            BinderHub={"port": 0, **changes},
            Bindery={"event_log_file": str(folder / f"{name}.log")},
            GitHubRepoProvider=forge.settings,
            Launcher={"retries": 2, "retry_delay": 0} if changes else {},
        )
        nodes.append(Node(program, folder / name, settings, environment=forge.environment))
    real, broken = [node.wait_until_serving() for node in nodes]
    forge.publish("alice/observed", {"Dockerfile": "FROM bindery/base\nRUN echo observed\n"})
    page = requests.get(f"{real.url}v2/{cached}", timeout=30).text
    token = re.search(r"eyJ[\w-]+\.[\w-]+\.[\w-]+", page)[0]
    ends = [
        last_of(real.url, "gh/alice/observed/HEAD"),
        last_of(real.url, cached, query=f"?build_token={token}", headers={"Sec-Fetch-Site": "same-origin"}),
        last_of(real.url, cached, headers={"Origin": "https://docs.example.org"}),
        last_of(real.url, failing[0]),
        last_of(real.url, "gh/alice/nothing-here/HEAD"),
        last_of(real.url, "nosuch/x/y"),
    ]
    assert [end["phase"] for end in ends] == ["ready"] * 3 + ["failed"] * 3, ends
    assert last_of(broken.url, cached)["phase"] == "failed"
    yield real, broken, folder
    for node in nodes:
        node.stop()
    cloud.stop()


def test_every_metric_has_its_type(observed):
    text, _ = samples(observed[0])
    for name, kind in TYPES.items():
        assert re.search(rf"^# TYPE {name} {kind}$", text, re.M), name


def test_histograms_have_their_labels_and_buckets(observed):
    for node, name, bounds, labels in (
        (observed[0], "binderhub_build_time_seconds", BUILD_BOUNDS, {"status": "success"}),
        (observed[0], "binderhub_build_time_seconds", BUILD_BOUNDS, {"status": "failure"}),
        (observed[0], "binderhub_launch_time_seconds", LAUNCH_BOUNDS, {"status": "success", "retries": "0"}),
        (observed[1], "binderhub_launch_time_seconds", LAUNCH_BOUNDS, {"status": "failure", "retries": "-1"}),
        (observed[1], "binderhub_launch_time_seconds", LAUNCH_BOUNDS, {"status": "retry", "retries": "-1"}),
    ):
        _, found = samples(node)
        buckets = [
            dict(with_labels)["le"] for (sample, with_labels) in found
            if sample == f"{name}_bucket" and labels.items() <= dict(with_labels).items()
        ]
        assert buckets == bounds, (name, labels)
        assert found[(f"{name}_count", tuple(sorted(labels.items())))] > 0, (name, labels)


def test_counters_name_status_provider_and_repository(observed, forge):
    real, broken, _ = observed
    repo = f"https://{forge.host}/alice/"

    def counted(node, name):
        return {
            (dict(labels)["status"], dict(labels)["provider"], dict(labels)["repo"].removeprefix(repo)): value
            for (sample, labels), value in samples(node)[1].items() if sample == name
        }

    assert counted(real, "binderhub_launch_count_total") == {
        ("success", "GitHub", "observed"): 1, ("success", "GitHub", "notebooks"): 2,
    }
    assert counted(real, "binderhub_build_count_total") == {
        ("success", "GitHub", "observed"): 1, ("failure", "GitHub", "broken"): 1,
    }
    assert counted(broken, "binderhub_launch_count_total") == {("failure", "GitHub", "notebooks"): 1}
    for (sample, labels), _ in samples(real)[1].items():
        if sample.endswith("_count_total"):
            assert [name for name, _ in labels] == ["provider", "repo", "status"], labels


def test_gauges_come_back_to_rest_and_show_what_goes_on(observed, forge):
    real = observed[0]
    _, found = samples(real)
    assert found[("binderhub_inprogress_builds", ())] == 0
    assert found[("binderhub_inprogress_launches", ())] == 0
    assert found[("binderhub_github_rate_limit_remaining", ())] <= 5000
    forge.publish("alice/under-way", {"Dockerfile": "FROM bindery/base\nRUN echo under-way && sleep 3\n"})
    stream = Launch(real.url, "gh/alice/under-way/HEAD")
    events = iter(stream)  # kept: a reader that goes ends its stream
    assert any(event["phase"] == "building" for event in events)
    _, found = samples(real)
    assert found[("binderhub_inprogress_builds", ())] == 1
    assert found[("bindery_open_event_streams", ())] >= 1
    assert list(events)[-1]["phase"] == "ready"
    stream.close()


def test_each_launch_is_one_event_with_exactly_its_fields(observed, repository, cached, failing):
    real, _, folder = observed
    events = events_of(folder / "real.log")[:5]
    host = f"127.0.0.1:{real.port}"
    for event in events:
        assert list(event) == FIELDS, event
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", event["timestamp"])
        when = datetime.datetime.strptime(event["timestamp"], "%Y-%m-%dT%H:%M:%S.%f%z")
        assert abs(datetime.datetime.now(datetime.timezone.utc) - when) < datetime.timedelta(hours=1)
        assert event["schema"] == "binderhub.jupyter.org/launch" and event["version"] == 6
        assert event["provider"] == "GitHub" and event["origin"] == host
    spec = cached.removeprefix("gh/")
    told = [(e["spec"], e["status"], e["build_token"], e["request_origin"]) for e in events]
    assert told == [
        ("alice/observed/HEAD", "success", False, ""),
        (spec, "success", True, "same-origin"),
        (spec, "success", False, "https://docs.example.org"),
        (failing[0].removeprefix("gh/"), "failure", False, ""),
        ("alice/nothing-here/HEAD", "failure", False, ""),
    ]
    assert events[1]["ref"] == repository.head and re.fullmatch(r"[0-9a-f]{40}", events[3]["ref"])
    assert events[4]["ref"] == ""


def test_a_provider_that_is_not_there_is_no_event(observed):
    assert all("nosuch" not in line for line in (observed[2] / "real.log").read_text().splitlines())


def test_a_launch_that_the_hub_fails_is_an_event(observed, cached):
    (event,) = events_of(observed[2] / "broken.log")
    assert (event["spec"], event["status"]) == (cached.removeprefix("gh/"), "failure")
