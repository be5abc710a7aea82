"""BinderHub's own JavaScript client, the published package, in Node and in Chromium."""
import json

import requests

# What the page of a client does with it. Ends as the client's users do: by close() at ready or failed.
FOLLOW = """async ([base, spec, options]) => {
    const repository = new binderhub.BinderRepository(spec, new URL("build/", base), options);
    const events = [];
    for await (const event of repository.fetch()) {
        events.push(event);
        if (event.phase === "ready" || event.phase === "failed") repository.close();
    }
    return events;
}"""


def events_in_node(in_node, base, spec):
    lines = in_node("follow.js", base, spec).splitlines()
    return [json.loads(line[len("event "):]) for line in lines if line.startswith("event ")]


def events_in_page(page, foreign_page, base, spec, options=None):
    page.goto(foreign_page)
    page.add_script_tag(url="/client.js")
    return page.evaluate(FOLLOW, [base, spec, options])


def told(events):
    return "".join(event["message"] for event in events)


def answers(event):
    """Whether the server lets in who has the client's token."""
    return requests.get(f"{event['url']}api/status", params={"token": event["token"]}, timeout=30).status_code == 200


def test_node_launches_a_new_image_to_ready(binder, forge, in_node):
    forge.publish("alice/for-node", {"Dockerfile": "FROM bindery/base\nRUN echo built-for-node\n"})
    events = events_in_node(in_node, binder.url, "gh/alice/for-node/HEAD")
    assert events[0]["phase"] == "waiting"
    assert {"fetching", "building", "pushing", "built", "launching"} <= {event["phase"] for event in events}
    assert "built-for-node" in told(events)
    assert events[-1]["phase"] == "ready" and answers(events[-1]), events[-1]


def test_node_launches_an_image_that_is_there(binder, cached, in_node):
    events = events_in_node(in_node, binder.url, cached)
    assert [events[0]["phase"], events[-1]["phase"]] == ["built", "ready"], events


def test_node_is_told_why_a_build_failed(binder, failing, in_node):
    spec, words = failing
    events = events_in_node(in_node, binder.url, spec)
    assert events[-1]["phase"] == "failed" and "7" in events[-1]["message"], events[-1]
    assert words in told(events)
    # The client's own complaints about a stream begin like this.
    assert "event stream" not in told(events).lower()


def test_a_page_of_another_origin_launches_to_ready(binder, cached, page, foreign_page):
    events = events_in_page(page, foreign_page, binder.url, cached)
    assert [events[0]["phase"], events[-1]["phase"]] == ["built", "ready"], events
    assert answers(events[-1])


def test_a_page_is_told_why_a_build_failed(binder, failing, page, foreign_page):
    spec, words = failing
    events = events_in_page(page, foreign_page, binder.url, spec)
    assert events[-1]["phase"] == "failed" and words in told(events), events[-3:]
    assert "event stream" not in told(events).lower()


def test_a_bad_build_token_is_told_as_an_event(binder, cached, page, foreign_page):
    events = events_in_page(page, foreign_page, binder.url, cached, {"buildToken": "no.such.token"})
    assert len(events) == 1 and events[0]["phase"] == "failed" and events[0]["status_code"] == 403, events


def test_build_only_is_told_to_be_forbidden_here(binder, cached, page, foreign_page):
    events = events_in_page(page, foreign_page, binder.url, cached, {"buildOnly": True})
    assert len(events) == 1 and events[0]["phase"] == "failed" and events[0]["status_code"] == 400, events


def test_a_client_that_closes_early_ends_its_launch(binder, cached, page, foreign_page):
    page.goto(foreign_page)
    page.add_script_tag(url="/client.js")
    seen = page.evaluate(
        """async ([base, spec]) => {
            const repository = new binderhub.BinderRepository(spec, new URL("build/", base));
            for await (const event of repository.fetch()) {
                repository.close();
                return event.phase;
            }
        }""",
        [binder.url, cached],
    )
    assert seen == "built"
    binder.wait_for_line("launch ended: its client left.*alice/notebooks")
