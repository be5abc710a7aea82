"""Refs as `git ls-remote` has them, asked from a real git daemon by the program's own resolver."""
import json
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
    def ask(url, ref):
        done = subprocess.run(
            [program, "git-resolve"],
            input=json.dumps({"url": url, "ref": ref}),
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
