"""Refs as `git ls-remote` has them, asked from a real git daemon by the program's own resolver."""
import json
import socket
import subprocess

import pytest


@pytest.fixture(scope="module")
def repository(git_server):
    made = git_server.publish("many-refs", {"a": "1"})
    made.git("tag", "light")
    made.git("tag", "-a", "annotated", "-m", "A release")
    made.git("tag", "-a", "nested", "-m", "A tag of a tag", "annotated")
    made.git("branch", "with/slash")
    made.first = made.head
    made.head = made.commit({"a": "2"})
    made.git("tag", "both")
    made.git("branch", "both", made.first)
    return made


@pytest.fixture
def resolve(program):
    def ask(url, ref, public_only=False):
        done = subprocess.run(
            [program, "git-resolve"],
            input=json.dumps({"url": url, "ref": ref, "public_only": public_only}),
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return json.loads(done.stdout)

    return ask


@pytest.mark.parametrize(
    "ref, which",
    [
        ("HEAD", "head"),
        ("main", "head"),
        ("refs/heads/main", "head"),
        ("light", "first"),
        ("annotated", "first"),
        ("nested", "first"),
        ("refs/tags/annotated", "first"),
        ("with/slash", "first"),
        ("both", "head"),  # a tag comes before a branch of the same name
    ],
)
def test_a_ref_becomes_its_commit(repository, resolve, ref, which):
    assert resolve(repository.url, ref) == {"commit": getattr(repository, which)}


@pytest.mark.parametrize("ref", ["nothing", "refs/heads/nothing", "main^", "", "mai"])
def test_a_ref_that_is_not_there(repository, resolve, ref):
    answer = resolve(repository.url, ref)
    assert "commit" not in answer and answer["message"], answer


@pytest.mark.parametrize(
    "url", ["file:///etc", "/etc", "ext::sh -c true", "-x", "", "git://127.0.0.1:1/x"]
)
def test_a_remote_that_cannot_be_asked(resolve, url):
    answer = resolve(url, "HEAD")
    assert "commit" not in answer and answer["message"], answer


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_host_of_a_private_network_is_not_connected_to(repository, resolve, host):
    """The address decides after the name is resolved, for every transport of the library."""
    with socket.create_server(("127.0.0.1", 0)) as trap:
        port = trap.getsockname()[1]
        for url in (f"git://{host}:{port}/x", f"http://{host}:{port}/x", f"https://{host}:{port}/x",
                    f"ssh://git@{host}:{port}/x"):
            answer = resolve(url, "HEAD", public_only=True)
            assert "private_hosts" in answer["message"], (url, answer)
        trap.settimeout(0.2)
        with pytest.raises(TimeoutError):
            trap.accept()
    assert resolve(repository.url.replace("127.0.0.1", host), "HEAD") == {"commit": repository.head}


def test_a_name_that_changes_where_it_leads_finds_the_same_guard(program, repository, tmp_path):
    """A name of the public internet that resolves to this machine."""
    hosts = tmp_path / "hosts"
    hosts.write_text("127.0.0.1 rebound.example.org\n")
    query = {"url": repository.url.replace("127.0.0.1", "rebound.example.org"), "ref": "HEAD"}

    def ask(public_only):
        done = subprocess.run(
            ["unshare", "--mount", "sh", "-c", f"mount --bind {hosts} /etc/hosts && exec {program} git-resolve"],
            input=json.dumps({**query, "public_only": public_only}), capture_output=True, text=True, timeout=60,
        )
        if done.returncode != 0:
            pytest.skip(f"no mount of one's own here: {done.stderr}")
        return json.loads(done.stdout)

    assert "private_hosts" in ask(public_only=True)["message"]
    assert ask(public_only=False) == {"commit": repository.head}
