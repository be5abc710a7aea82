"""An event stream read byte by byte, taking nothing that the protocol does not name."""
import json

PHASES = {"waiting", "fetching", "building", "pushing", "built", "launching", "ready", "failed", "unknown"}
READY = {
    "url", "token", "image", "repo_url", "binder_ref_url", "binder_launch_host", "binder_request",
    "binder_persistent_request", "binder_client_ip", "phase", "message",
}


class Strict(Exception):
    pass


def demand(true, what):
    if not true:
        raise Strict(what)


def read_block(block):
    """The event of one block (its blank line taken off), or None for a keepalive."""
    if block == b":keepalive":
        return None
    lines = block.split(b"\n")
    if lines[0].startswith(b"id: "):
        demand(len(lines[0]) > len(b"id: "), f"an empty id: {block!r}")
        lines = lines[1:]
    demand(len(lines) == 1, f"an event is one data line: {block!r}")
    demand(lines[0].startswith(b"data: {"), f"not exactly 'data: ' and an object: {block!r}")
    try:
        event = json.loads(lines[0][len(b"data: "):].decode("utf-8"))
    except ValueError as fault:
        raise Strict(f"not JSON in UTF-8: {block!r}") from fault
    demand(event.get("phase") in PHASES, f"a phase outside the closed set: {event}")
    demand(isinstance(event.get("message"), str), f"no message: {event}")
    demand(event["message"].endswith("\n"), f"a message without its line break: {event}")
    if event["phase"] == "ready":
        demand(READY <= event.keys(), f"ready lacks {READY - event.keys()}")
    if event["phase"] == "built":
        demand("imageName" in event, f"built lacks imageName: {event}")
    return event


def read_stream(pieces):
    """Yields the events of a stream (None for a keepalive) from its bytes, in pieces of any size."""
    left = b""
    for piece in pieces:
        left += piece
        demand(b"\r" not in left, f"a carriage return: {left!r}")
        while (end := left.find(b"\n\n")) >= 0:
            block, left = left[:end], left[end + 2:]
            demand(block and not block.startswith(b"\n"), f"an empty block before {left[:40]!r}")
            yield read_block(block)
    demand(left == b"", f"the stream ends within an event: {left!r}")
