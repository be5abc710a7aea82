"""Launches as clients see them: the event stream, read strictly."""
import json
import threading

import requests

PHASES = {"waiting", "fetching", "building", "pushing", "built", "launching", "ready", "failed", "unknown"}
# Longer than any launch here takes, so that a hang fails the test.
PATIENCE = 300


class Launch:
    """An open event stream. Iterating yields events until the last one."""

    def __init__(self, base_url, spec, headers=None, query=""):
        self._response = requests.get(
            f"{base_url}build/{spec}{query}",
            headers={"Accept": "text/event-stream", **(headers or {})},
            stream=True,
            timeout=PATIENCE,
        )
        self.status = self._response.status_code
        self.headers = self._response.headers
        self.events = []
        self.ids = []

    def __iter__(self):
        for line in self._response.iter_lines(chunk_size=1):
            text = line.decode()
            if text.startswith("id: "):
                self.ids.append(text[4:])
                continue
            if not text or text.startswith(":"):
                continue
            assert text.startswith("data: "), f"not an event: {text!r}"
            event = json.loads(text[len("data: "):])
            assert event["phase"] in PHASES, event
            assert event["message"].endswith("\n"), event
            self.events.append(event)
            yield event
            if event["phase"] in ("ready", "failed"):
                return

    def close(self):
        self._response.close()


def launch(base_url, spec, **more):
    """The events of a launch, all of them."""
    stream = Launch(base_url, spec, **more)
    try:
        return list(stream)
    finally:
        stream.close()


def last_of(base_url, spec, **more):
    events = launch(base_url, spec, **more)
    assert events, "the stream ended without an event"
    return events[-1]


def phases(events):
    """The phases in order, repetitions left out."""
    order = []
    for event in events:
        if not order or order[-1] != event["phase"]:
            order.append(event["phase"])
    return order


def together(count, work):
    """Runs `work(i)` in so many threads at once; the results in order."""
    results = [None] * count
    start = threading.Barrier(count)

    def run(index):
        start.wait()
        try:
            results[index] = work(index)
        except BaseException as fault:  # told by the test, not by the thread
            results[index] = fault

    threads = [threading.Thread(target=run, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results
