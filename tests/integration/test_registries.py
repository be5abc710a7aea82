"""Registries that want logins, for looking and for pushing; the fakes; images without a registry."""
import signal
import subprocess

import pytest
import requests

from .launches import launch, phases
from .registries import (
    PASSWORD, USER, Helper, Registry, TokenServer, auth_of, docker_config, tags_of, with_passwords,
)

DOCKERFILE = "FROM bindery/base\n"
ONLY = "?build_only=true"


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    """docker-registry that wants a password for everything."""
    running = with_passwords(tmp_path_factory.mktemp("registry"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def tokens(tmp_path_factory):
    server = TokenServer(tmp_path_factory.mktemp("tokens"))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def token_registry(tmp_path_factory, tokens):
    """docker-registry that believes the tokens of another server."""
    running = Registry(tmp_path_factory.mktemp("token-registry"), tokens.auth())
    yield running
    running.stop()


@pytest.fixture
def repository(stack, git_server, request):
    name = "".join(c if c.isalnum() else "-" for c in request.node.name).lower()
    return git_server.publish(name, {"Dockerfile": DOCKERFILE + f"RUN echo {name}\n"})


def building(stack, registry, hub=None, **sections):
    """Settings of a node that builds for that registry, and starts no servers."""
    merged = stack.settings_with(**sections)
    merged["BinderHub"].update(
        {"image_prefix": f"{registry.host}/some/binder-", "enable_api_only_mode": True, **(hub or {})}
    )
    docker = {"docker_config_path": "", **sections.get("DockerRegistry", {})}
    merged["DockerRegistry"] = {key: value for key, value in docker.items() if value}
    return merged


def build(node, repository):
    return launch(node.url, repository.spec(), query=ONLY)


def check_that_it_is_pushed_and_found(node, registry, repository):
    events = build(node, repository)
    assert events[-1]["phase"] == "ready", events[-3:]
    assert events[-1]["message"] == "Done! Image built\n"
    assert "pushing" in phases(events)
    name = events[-1]["imageName"].removeprefix(f"{registry.host}/").rsplit(":", 1)[0]
    again = build(node, repository)
    assert [event["message"] for event in again] == ["Done! Found built image\n"]
    return name


def check_that_nothing_leaks(node, events):
    told = "".join(event["message"] for event in events)
    assert PASSWORD not in node.output and PASSWORD not in told
    assert "Traceback" not in events[-1]["message"]


LOGIN = {"username": USER, "password": PASSWORD}


def test_a_login_in_the_settings_looks_and_pushes(stack, serve, registry, repository):
    node = serve(building(stack, registry, DockerRegistry={"url": registry.url, **LOGIN}))
    name = check_that_it_is_pushed_and_found(node, registry, repository)
    assert tags_of(registry, name) == [repository.head]
    health = requests.get(f"{node.url}health", timeout=60)
    assert {"service": "Docker registry", "ok": True} in health.json()["checks"]
    check_that_nothing_leaks(node, build(node, repository))


@pytest.mark.parametrize("spelling", ["{host}", "http://{host}", "http://{host}/v2/", "http://{host}/v1/"])
def test_a_login_of_dockers_configuration_in_every_spelling(stack, serve, registry, repository, tmp_path, spelling):
    file = docker_config(tmp_path / "docker", {spelling.format(host=registry.host): {"auth": auth_of(USER, PASSWORD)}})
    node = serve(building(stack, registry), environment={"DOCKER_CONFIG": str(file.parent)})
    check_that_it_is_pushed_and_found(node, registry, repository)


def test_a_named_configuration_under_another_key(stack, serve, registry, repository, tmp_path):
    file = docker_config(tmp_path, {"the-login": LOGIN, "https://other.example": {}}, "logins.json")
    node = serve(
        building(stack, registry, DockerRegistry={"docker_config_path": str(file), "auth_config_url": "the-login"})
    )
    check_that_it_is_pushed_and_found(node, registry, repository)


def test_a_login_for_pushing_does_not_outlive_its_node(stack, serve, registry, tmp_path):
    (tmp_path / "temporary").mkdir()
    file = docker_config(tmp_path, {registry.host: {"auth": auth_of(USER, PASSWORD)}}, "logins.json")
    settings = building(stack, registry, DockerRegistry={"docker_config_path": str(file)})
    settings["Bindery"]["state_folder"] = str(tmp_path / "state")

    def folders():
        return [path for path in (tmp_path / "state/private").iterdir() if path.is_dir()]

    node = serve(settings, environment={"TMPDIR": str(tmp_path / "temporary")})
    [left] = folders()
    assert left.stat().st_mode & 0o777 == left.parent.stat().st_mode & 0o777 == 0o700
    assert (left / "config.json").read_text() == file.read_text()
    node.signal(signal.SIGKILL)
    node.wait()
    assert folders() == [left]
    again = serve(settings, environment={"TMPDIR": str(tmp_path / "temporary")})
    assert len(folders()) == 1 and folders() != [left]
    again.stop()
    assert folders() == [] and list((tmp_path / "temporary").iterdir()) == []


def test_a_wrong_password_fails_before_anything_is_built(stack, serve, registry, repository):
    node = serve(building(stack, registry, DockerRegistry={"url": registry.url, "username": USER, "password": "nope"}))
    events = build(node, repository)
    assert phases(events) == ["failed"], events
    assert "the registry refuses this site's login" in events[-1]["message"]
    assert registry.url not in events[-1]["message"]
    assert f"GET {registry.url}" in node.output and "check its user name and password" in node.output
    assert "nope" not in node.output and "nope" not in events[-1]["message"]


def test_without_a_login_the_log_says_where_to_set_one(stack, serve, registry, repository, tmp_path):
    node = serve(building(stack, registry), environment={"DOCKER_CONFIG": str(tmp_path)})
    events = build(node, repository)
    assert phases(events) == ["failed"], events
    assert "wants a login" in events[-1]["message"] and "config.json" not in events[-1]["message"]
    assert "config.json" in node.output


def test_a_password_that_only_pushing_finds_wrong(stack, serve, registry, repository):
    wrong = {"username": USER, "password": "not-this-one"}
    node = serve(
        building(
            stack, registry, DockerRegistry={"url": registry.url, **LOGIN},
            BuildExecutor={"registry_credentials": wrong},
        )
    )
    events = build(node, repository)
    assert events[-1]["phase"] == "failed", events
    assert "unauthorized" in events[-1]["message"].lower(), events[-1]
    assert "not-this-one" not in node.output
    assert all("not-this-one" not in event["message"] for event in events)


def test_tokens_of_another_server_look_and_push(stack, serve, token_registry, tokens, repository):
    node = serve(building(stack, token_registry, DockerRegistry={"url": token_registry.url, **LOGIN}))
    check_that_it_is_pushed_and_found(node, token_registry, repository)
    asked = [path for _, path, headers, _ in tokens.requests if "Bindery" in headers.get("User-Agent", "")]
    asked = asked or [path for _, path, _, _ in tokens.requests]
    assert any(":pull" in path and "service=registry" in path for path in asked), asked


def test_a_token_url_of_the_settings_is_asked_first(stack, serve, token_registry, tokens, repository):
    node = serve(
        building(
            stack, token_registry,
            DockerRegistry={"url": token_registry.url, "token_url": f"{tokens.url}/token?service=registry", **LOGIN},
        )
    )
    check_that_it_is_pushed_and_found(node, token_registry, repository)


def test_a_token_server_that_refuses_the_password(stack, serve, token_registry, repository):
    node = serve(
        building(stack, token_registry, DockerRegistry={"url": token_registry.url, "username": USER, "password": "no"})
    )
    events = build(node, repository)
    assert phases(events) == ["failed"], events
    assert "incorrect username or password" in events[-1]["message"]


def test_the_helper_makes_the_repository_and_the_login(stack, serve, registry, repository):
    helper = Helper(registry)
    node = serve(
        building(
            stack, registry, {"registry_class": "binderhub.registry.ExternalRegistryHelper", "push_secret": None},
            ExternalRegistryHelper={"service_url": helper.url, "auth_token": Helper.TOKEN},
        )
    )
    name = check_that_it_is_pushed_and_found(node, registry, repository)
    assert helper.repositories == {name}
    asked = [f"{method} {path}" for method, path, _, _ in helper.requests]
    assert asked[:3] == [f"GET /repo/{name}", f"POST /repo/{name}", f"POST /token/{name}:{repository.head}"], asked
    assert Helper.TOKEN not in node.output
    helper.stop()


def test_a_helper_that_refuses_us(stack, serve, registry, repository):
    helper = Helper(registry)
    node = serve(
        building(
            stack, registry, {"registry_class": "ExternalRegistryHelper"},
            ExternalRegistryHelper={"service_url": helper.url, "auth_token": "another"},
        )
    )
    events = build(node, repository)
    assert phases(events) == ["failed"], events
    assert "the registry helper answered 40" in events[-1]["message"], events
    for secret in (helper.url, "ExternalRegistryHelper.auth_token"):
        assert secret not in events[-1]["message"] and secret in node.output
    helper.stop()


def test_without_a_registry_the_engine_is_asked(stack, serve, registry, repository):
    node = serve(building(stack, registry, {"use_registry": False, "image_prefix": "unpushed/binder-"}))
    events = build(node, repository)
    assert events[-1]["message"] == "Done! Image built\n", events[-3:]
    assert "pushing" not in phases(events)
    again = build(node, repository)
    assert [event["message"] for event in again] == ["Done! Found built image\n"]


FAKES = {
    "build_class": "binderhub.build.FakeBuild",
    "registry_class": "'binderhub.registry.FakeRegistry'",
    "repo_providers": {"fake": "binderhub.repoproviders.FakeProvider"},
}


@pytest.mark.parametrize("hub", [FAKES, {**FAKES, "use_registry": False}], ids=["registry", "no-registry"])
def test_the_fakes_need_no_infrastructure(serve, hub):
    node = serve(
        {
            "BinderHub": {
                "hub_url": "http://127.0.0.1:1/", "hub_api_token": "x", "enable_api_only_mode": True, **hub,
            },
            "Bindery": {"container_engine": "unix:///nowhere/docker.sock", "repo2docker": "no-such-program"},
        }
    )
    for _ in range(2):  # no image is ever kept
        events = launch(node.url, "fake/any/thing", query=ONLY)
        assert events[-1]["phase"] == "ready", events
        assert phases(events) == ["waiting", "fetching", "building", "unknown", "building", "pushing", "ready"]
    assert launch(node.url, "fake/fail", query=ONLY)[-1]["phase"] == "failed"
    providers = requests.get(f"{node.url}api/repoproviders", timeout=30).json()
    assert [provider["id"] for provider in providers] == ["fake"]
    assert launch(node.url, "gh/a/b/HEAD", query=ONLY)[-1]["phase"] == "failed"
    assert requests.get(f"{node.url}versions", timeout=30).json()["builder_info"] == {}


def test_versions_tell_the_builders_own(stack, serve, registry):
    node = serve(building(stack, registry))
    info = requests.get(f"{node.url}versions", timeout=30).json()["builder_info"]
    assert info["repo2docker-version"][:2] == "20", info


def test_versions_name_the_image_that_builds(stack, serve, registry):
    image = "quay.example/repo2docker:2024.07.0"
    node = serve(building(stack, registry, LocalRepo2dockerBuild={"builder_info": {"build_image": image}}))
    versions = requests.get(f"{node.url}versions", timeout=30).json()
    assert versions["builder"] == image == versions["builder_info"]["build_image"]


@pytest.mark.parametrize(
    "section, key, value, words",
    [
        ("BinderHub", "build_class", "KubernetesBuildExecutor", "builds in Kubernetes"),
        ("BinderHub", "registry_class", "mine.Registry", "there is no such class here"),
        ("BinderHub", "repo_providers", {}, "at least one"),
        ("DockerRegistry", "docker_config_path", "/nowhere/config.json", "/nowhere/config.json"),
    ],
)
def test_what_cannot_be_honoured_stops_the_start(program, tmp_path, section, key, value, words):
    import yaml

    settings = {"BinderHub": {"hub_url": "http://127.0.0.1:1/", "hub_api_token": "x"}}
    settings.setdefault(section, {})[key] = value
    file = tmp_path / "bindery.yaml"
    file.write_text(yaml.safe_dump(settings))
    done = subprocess.run(
        [program, "check", "--settings", str(file)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert f"{section}.{key}: " in done.stderr and words in done.stderr, done.stderr
