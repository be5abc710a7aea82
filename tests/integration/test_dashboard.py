"""The dashboard's queries, asked of a real Prometheus that scrapes real nodes after real launches."""
import json
import math
import pathlib
import time

import pytest
import requests
import yaml

from stubs.cloud import Cloud
from stubs.forge import Forge

from .launches import last_of
from .processes import Node, Process, free_port

DASHBOARD = pathlib.Path(__file__).resolve().parent.parent.parent / "helm/dashboards/bindery.json"
BOARD = json.loads(DASHBOARD.read_text())
PANELS = [panel for panel in BOARD["panels"] if panel["type"] != "row"]
QUERIES = {
    f"{panel['title']} {target['refId']}": target["expr"] for panel in PANELS for target in panel["targets"]
}
# What has no series before it happens for the first time, and does not happen here.
NOTHING_YET = {"Refused by a quota A"}
# The forms in which dashboards made for BinderHub ask.
ELSEWHERE = [
    'sum(increase(binderhub_launch_time_seconds_count{status="success"}[1m]))'
    ' / sum(increase(binderhub_launch_time_seconds_count{status!="retry"}[1m]))',
    'histogram_quantile(0.9, sum(rate(binderhub_launch_time_seconds_bucket{status="success"}[1m]))'
    " without (instance, repo, provider, retries)) > 0",
    "histogram_quantile(0.5, sum(rate(binderhub_build_time_seconds_bucket[1m])) without (instance, provider, repo)) > 0",
    'binderhub_launch_time_seconds_bucket{status="success",retries="0",le="10.0"}',
    "topk(5, sum(increase(binderhub_launch_count_total{status=\"success\"}[1m])) by (repo))",
    "sum(increase(binderhub_build_count_total{repo!~\".*(one|two).*\"}[1m])) by (repo)",
    "min(binderhub_github_rate_limit_remaining) without (instance)",
    "sum(binderhub_inprogress_launches)",
]


class Prometheus:
    def __init__(self, folder, nodes):
        self.url = f"http://127.0.0.1:{free_port()}"
        file = folder / "prometheus.yml"
        targets = [f"127.0.0.1:{node.port}" for node in nodes]
        file.write_text(yaml.safe_dump({
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s"},
            "scrape_configs": [{"job_name": "bindery", "static_configs": [{"targets": targets}]}],
        }))
        self._process = Process([
            "prometheus", f"--config.file={file}", f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address={self.url[len('http://'):]}",
        ])
        self._process.wait_for_line("Server is ready to receive web requests")
        self.stop = self._process.stop

    def ask(self, query):
        """The values of an instant vector, by their labels."""
        answer = requests.get(f"{self.url}/api/v1/query", params={"query": query}, timeout=30).json()
        assert answer["status"] == "success", f"{query}: {answer}"
        assert answer["data"]["resultType"] == "vector", f"{query}: {answer}"
        return [(sample["metric"], float(sample["value"][1])) for sample in answer["data"]["result"]]

    def until(self, query, value, patience=60):
        """Asks until the query's one value is this; Prometheus tells nobody when it has scraped."""
        deadline = time.monotonic() + patience
        while [found for _, found in self.ask(query)] != [value]:
            assert time.monotonic() < deadline, f"{query} is {self.ask(query)}, not {value}"
            time.sleep(0.2)


@pytest.fixture(scope="module")
def prometheus(stack, program, git_server, tmp_path_factory):
    """Has seen two launches that succeeded (one of a new image), one build and one launch that failed."""
    folder = tmp_path_factory.mktemp("dashboard")
    forge, cloud = Forge(git_server), Cloud(program)
    forge.publish("carol/works", {"Dockerfile": "FROM bindery/base\nRUN echo dashboard\n"})
    forge.publish("carol/fails", {"Dockerfile": "FROM bindery/base\nRUN exit 3\n"})
    settings = stack.settings_with(BinderHub={"port": 0}, GitHubRepoProvider=forge.settings)
    good = Node(program, folder / "good", settings, environment=forge.environment)
    settings["Launcher"] = {"retries": 2, "retry_delay": 0}
    settings["BinderHub"] = {**settings["BinderHub"], "hub_url": cloud.urls["hub"] + "/", "hub_url_local": cloud.urls["hub"] + "/"}
    bad = Node(program, folder / "bad", settings, environment=forge.environment)
    cloud.behave("hub", spawn="failed")
    running = None
    try:
        good.wait_until_serving()
        bad.wait_until_serving()
        running = Prometheus(folder, [good, bad])
        running.until("sum(up)", 2)
        assert last_of(good.url, "gh/carol/works/HEAD")["phase"] == "ready"
        assert last_of(good.url, "gh/carol/fails/HEAD")["phase"] == "failed"
        assert last_of(bad.url, "gh/carol/works/HEAD")["phase"] == "failed"
        running.until('sum(binderhub_launch_count_total{status="success"})', 1)
        running.until('sum(binderhub_launch_count_total{status="failure"})', 1)
        assert last_of(good.url, "gh/carol/works/HEAD")["phase"] == "ready"
        running.until('sum(binderhub_launch_count_total{status="success"})', 2)
        running.until('sum(binderhub_build_count_total{status="failure"})', 1)
        yield running
    finally:
        for part in (running, good, bad, cloud, forge):
            if part is not None:
                part.stop()


def as_grafana_asks(query):
    for name, value in {"$__rate_interval": "1m", "$__range": "5m", "$provider": ".*"}.items():
        query = query.replace(name, value)
    assert "$" not in query, query
    return query


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_finds_what_it_asks_for(prometheus, name):
    found = prometheus.ask(as_grafana_asks(QUERIES[name]))
    if name in NOTHING_YET:
        assert found == []
    else:
        assert found and not any(math.isnan(value) for _, value in found), (QUERIES[name], found)


@pytest.mark.parametrize("query", ELSEWHERE)
def test_dashboards_made_for_binderhub_find_what_they_ask_for(prometheus, query):
    found = prometheus.ask(query)
    assert found and not any(math.isnan(value) for _, value in found), found


def test_the_numbers_are_those_of_the_launches(prometheus):
    def value(query):
        return [value for _, value in prometheus.ask(query)]

    assert value('sum(binderhub_launch_time_seconds_count{status="success",retries="0"})') == [2]
    assert value('sum(binderhub_launch_time_seconds_count{status="failure",retries="-1"})') == [1]
    assert value('sum(binderhub_launch_time_seconds_count{status="retry",retries="-1"})') == [1]
    assert value('sum(binderhub_build_time_seconds_count{status="success"})') == [1]
    assert value('sum(binderhub_build_time_seconds_count{status="failure"})') == [1]
    ratio = value(as_grafana_asks(QUERIES["Success ratio of launches A"]))[0]
    assert 0.3 < ratio < 0.9, ratio  # two of three; Prometheus extrapolates
    assert {labels["provider"] for labels, _ in prometheus.ask("binderhub_launch_count_total")} == {"GitHub"}
    assert 0 < value("min(binderhub_github_rate_limit_remaining)")[0] < 5000


def test_the_dashboard_is_one_that_grafana_takes():
    assert BOARD["schemaVersion"] >= 38 and BOARD["title"] and BOARD["uid"]
    variables = {one["name"]: one["type"] for one in BOARD["templating"]["list"]}
    assert variables == {"datasource": "datasource", "provider": "query"}
    ids = [panel["id"] for panel in BOARD["panels"]]
    assert len(ids) == len(set(ids))
    assert len({panel["title"] for panel in PANELS}) == len(PANELS)
    taken = set()
    for panel in BOARD["panels"]:
        place = panel["gridPos"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        assert max(x for x, _ in cells) < 24 and not cells & taken, panel["title"]
        taken |= cells
    for panel in PANELS:
        assert panel["type"] in {"timeseries", "stat", "table"} and panel["description"]
        assert panel["fieldConfig"]["defaults"]["unit"]
        for target in [panel, *panel["targets"]]:
            assert target["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
        refs = [target["refId"] for target in panel["targets"]]
        assert refs == sorted(set(refs)) and all(target["expr"] for target in panel["targets"])


def test_the_dashboard_shows_every_metric_that_binderhub_has():
    asked = " ".join(QUERIES.values())
    for name in (
        "build_time_seconds_bucket", "launch_time_seconds_bucket", "build_count_total", "launch_count_total",
        "inprogress_builds", "inprogress_launches", "github_rate_limit_remaining",
    ):
        assert f"binderhub_{name}" in asked, name
