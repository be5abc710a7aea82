"""Specs and refs that cannot be launched: one clear `failed` event each, never a build."""
from urllib.parse import quote

import pytest

from .launches import last_of, launch, phases


def escaped(text):
    return quote(text, safe="")


SHA = "a" * 40

REFUSED = {
    # spec: (status code, words in the message)
    "nosuch/x/y": (404, "No provider found for prefix"),
    "gh/only-user": (400, "user/repo/ref"),
    "gh/user/repo": (400, "user/repo/HEAD"),
    "gh/user/": (400, "user/repo/ref"),
    "gist/only-user": (400, "gist"),
    "gl/no-ref": (400, "ref"),
    "git/no-ref": (400, "ref"),
    f"git/{escaped('ext::sh -c touch% /tmp/pwned')}/HEAD": (None, "ext"),
    f"git/{escaped('file:///etc')}/HEAD": (None, "file"),
    f"git/{escaped('/etc')}/HEAD": (None, "/etc"),
    f"git/{escaped('--upload-pack=touch /tmp/pwned')}/HEAD": (None, ""),
    f"git/{escaped('-u')}/HEAD": (None, ""),
    f"git/{escaped('ssh://-oProxyCommand=touch/x')}/HEAD": (None, ""),
    f"git/{escaped('https://user:sekret@example.org/x')}/HEAD": (None, "credentials"),
    f"git/{escaped('https://example.org/x')}/--upload-pack=x": (None, ""),
    f"git/{escaped('https://example.org/x' + chr(10) + 'y')}/HEAD": (400, ""),
    "git/%E0%A4%A/HEAD": (400, ""),
    "gh/%2e%2e/%2e%2e/HEAD": (400, ""),
}


@pytest.mark.parametrize("spec", REFUSED)
def test_a_spec_of_the_wrong_form_is_refused_at_once(stack, spec):
    status, words = REFUSED[spec]
    events = launch(stack.url, spec)
    assert phases(events) == ["failed"], events
    message = events[-1]["message"]
    assert words.lower() in message.lower(), message
    assert "sekret" not in message
    if status:
        assert events[-1]["status_code"] == status, events[-1]
    else:
        assert events[-1]["status_code"] in (400, 403), events[-1]


def test_a_repository_that_does_not_exist(stack, git_server):
    event = last_of(stack.url, f"git/{escaped(git_server.base + '/nothing-here')}/HEAD")
    assert event["phase"] == "failed" and event["status_code"] in (404, 502), event
    assert "/nothing-here" in event["message"]


def test_a_ref_that_does_not_resolve(stack, git_server):
    repository = git_server.publish("refs", {"README.md": "x"})
    event = last_of(stack.url, repository.spec("no-such-branch"))
    assert event["phase"] == "failed" and event["status_code"] == 404
    assert "no-such-branch" in event["message"]


def test_a_host_where_nobody_listens(stack):
    event = last_of(stack.url, f"git/{escaped('git://127.0.0.1:1/x')}/HEAD")
    assert event["phase"] == "failed" and event["status_code"] == 502, event


@pytest.mark.parametrize("host", ["10.0.0.1", "[fd00::1]", "gitea", "169.254.169.254", "git.svc.cluster.local"])
def test_a_host_of_a_private_network_is_not_asked(stack, host):
    """The stack itself allows the host of its own git daemon, and no other."""
    event = last_of(stack.url, f"git/{escaped(f'http://{host}/x')}/HEAD")
    assert event["phase"] == "failed" and event["status_code"] == 400, event
    assert "GitRepoProvider.private_hosts" in event["message"], event


def test_the_stack_still_launches_afterwards_and_nothing_was_run(stack):
    import os

    assert not os.path.exists("/tmp/pwned")
    assert last_of(stack.url, stack.sample_spec)["phase"] == "ready"
