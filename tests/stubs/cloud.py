"""The stub cloud as a process, and its control API (docs/stub-cloud.md)."""
import json
import os
import pathlib
import time

import requests

from integration.processes import Process


def programs_folder(program):
    """Where the build puts the programs of the tests, beside the program itself."""
    return pathlib.Path(program).resolve().parent / "tests"


class Cloud(Process):
    def __init__(self, program):
        folder = programs_folder(program)
        assert os.access(folder / "stub_cloud", os.X_OK), f"{folder}/stub_cloud is not there; run 'make build' first"
        self.repo2docker = str(folder / "fake_repo2docker")
        super().__init__([str(folder / "stub_cloud")])
        self.at = json.loads(self.wait_for_line(r"^\{.*")[0])
        self.urls = self.at["services"]
        self._session = requests.Session()

    def control(self, method, path, body=None):
        answer = self._session.request(method, f"{self.at['control']}{path}", json=body, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def reset(self):
        self.control("POST", "/reset")
        self.control("PUT", "/record", True)

    def faults(self, service, **plan):
        self.control("PUT", f"/{service}/faults", plan)

    def behave(self, service, **wanted):
        self.control("PUT", f"/{service}/behaviour", wanted)

    def counters(self, service):
        return self.control("GET", f"/{service}/counters")

    def requests(self, service):
        return self.control("GET", f"/{service}/requests")

    def wait_for(self, service, route, patience=60):
        """Returns once a request of that route has come."""
        deadline = time.monotonic() + patience
        while route not in self.counters(service)["routes"]:
            assert time.monotonic() < deadline, f"{service} was not asked for {route}: {self.counters(service)}"
            time.sleep(0.05)

    def settings(self, **sections):
        """Settings of a node whose every upstream is this cloud, merged with `sections`."""
        url = self.urls
        own = {
            "BinderHub": {
                "hub_url": url["hub"] + "/",
                "hub_url_local": url["hub"] + "/",
                "hub_api_token": "token-for-tests",
                "image_prefix": url["registry"].removeprefix("http://") + "/bindery-",
            },
            "DockerRegistry": {"url": url["registry"]},
            "Launcher": {"retries": 2, "retry_delay": 0, "launch_timeout": 5},
            "GitHubRepoProvider": {"api_base_path": url["github"], "raw_base_url": url["raw"]},
            "GistRepoProvider": {"api_base_path": url["github"]},
            "GitLabRepoProvider": {"api_base_url": url["gitlab"], "raw_base_url": url["raw"]},
            "ZenodoProvider": {"doi_base_url": url["doi"]},
            "FigshareProvider": {"doi_base_url": url["doi"], "api_base_url": url["figshare"]},
            "DataverseProvider": {"doi_base_url": url["doi"], "private_hosts": ["127.0.0.1"]},
            "GitRepoProvider": {"private_hosts": ["127.0.0.1"]},
            "HydroshareProvider": {"api_base_url": url["hydroshare"]},
            "CKANProvider": {"private_hosts": ["127.0.0.1"]},
            "Bindery": {
                "repo2docker": self.repo2docker,
                "container_engine": url["engine"],
                "github_rename_delay_seconds": 0,
                "git_timeout_seconds": 5,
                "stream_linger_seconds": 0,
            },
        }
        for name, section in sections.items():
            own.setdefault(name, {}).update(section)
        return own

    @property
    def environment(self):
        return {"STUB_CLOUD_REPO2DOCKER": self.urls["repo2docker"]}
