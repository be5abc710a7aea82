"""Clients whose connection breaks all the time: nothing is lost, nothing comes twice, nothing starts twice."""
import json
import os
import random
import re
import socket
import struct
import subprocess
import threading
import time

from .launches import Launch
from .test_launch import hub_users

CUTS = 1000
VIEWERS = 10
PATIENCE = 240


class Viewer:
    """A client that reads a little, loses its connection, and comes back with the last id it has."""

    def __init__(self, port, spec, last_id, seed):
        self._port = port
        self._path = f"/build/{spec}"
        self._chance = random.Random(seed)
        self.last_id = last_id
        self.events = []
        self.ids = []
        self.cuts = 0
        self.told_to_stop = False

    @property
    def ended(self):
        return bool(self.events) and self.events[-1]["phase"] in ("ready", "failed")

    def read_and_break_off(self):
        """One connection. It breaks after some bytes or some time, wherever that is."""
        bytes_left = self._chance.choice([0, 1, self._chance.randrange(400), self._chance.randrange(20_000)])
        deadline = time.monotonic() + self._chance.uniform(0, 0.05)
        with socket.create_connection(("127.0.0.1", self._port), timeout=PATIENCE) as connection:
            connection.sendall(
                f"GET {self._path} HTTP/1.0\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
                f"Last-Event-ID: {self.last_id}\r\n\r\n".encode()
            )
            received = self._read(connection, bytes_left, deadline)
            if self._chance.random() < 0.5:  # like a cable that is pulled: no good-bye
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.cuts += 1
        self._take(received)

    @staticmethod
    def _read(connection, bytes_left, deadline):
        received = b""
        while bytes_left > 0:
            connection.settimeout(max(0.001, deadline - time.monotonic()))
            try:
                more = connection.recv(min(bytes_left, 4096))
            except TimeoutError:
                break
            if not more:
                break
            received += more
            bytes_left -= len(more)
        return received

    def _take(self, received):
        head, _, body = received.partition(b"\r\n\r\n")
        if b" 204 " in head.split(b"\r\n")[0]:
            self.told_to_stop = True
        # Only what ends with an empty line is an event; the rest is lost with its connection.
        for block in body.split(b"\n\n")[:-1]:
            fields = dict(line.split(b": ", 1) for line in block.split(b"\n") if not line.startswith(b":"))
            if not fields:
                continue
            self.last_id = fields[b"id"].decode()
            self.ids.append(self.last_id)
            self.events.append(json.loads(fields[b"data"]))


def let_the_build_go_on(stack, container):
    engine = stack.settings["Bindery"]["container_engine"]
    subprocess.run(
        ["docker", "exec", container, "touch", "/tmp/go-on"],
        env={**os.environ, "DOCKER_HOST": engine},
        check=True,
        capture_output=True,
    )


def test_a_thousand_broken_connections_lose_and_double_nothing(stack, git_server, measured):
    gate = "i=0; until [ -e /tmp/go-on ]; do i=$((i+1)); echo log line $i; sleep 0.3; done; seq 1 200"
    repository = git_server.publish("torn", {"Dockerfile": f"FROM bindery/base\nRUN {gate}\n"})
    before = hub_users(stack)
    began = time.monotonic()
    opener = Launch(stack.url, repository.spec())
    for event in opener:
        running = re.search(r"Running in (\w+)", event["message"])
        if running:
            break
    launch_id = opener.ids[0].split(".")[0]
    viewers = [Viewer(stack_port(stack), repository.spec(), f"{launch_id}.0", seed) for seed in range(VIEWERS)]
    first_reads = threading.Barrier(VIEWERS + 1)
    enough = threading.Event()
    faults = []

    def view(viewer):
        try:
            viewer.read_and_break_off()
            first_reads.wait(PATIENCE)
            while not viewer.ended:
                viewer.read_and_break_off()
                if sum(one.cuts for one in viewers) >= CUTS:
                    enough.set()
                assert time.monotonic() - began < PATIENCE, "the launch did not come to its end"
            while not viewer.told_to_stop:  # it must be told not to launch again
                viewer.read_and_break_off()
                assert time.monotonic() - began < PATIENCE, "a client that saw the end was not told to stop"
        except BaseException as fault:
            faults.append(fault)
            enough.set()

    threads = [threading.Thread(target=view, args=(viewer,)) for viewer in viewers]
    for thread in threads:
        thread.start()
    first_reads.wait(PATIENCE)
    opener.close()  # from now on there are moments in which nobody watches
    assert enough.wait(PATIENCE)
    let_the_build_go_on(stack, running[1])
    for thread in threads:
        thread.join(PATIENCE)
    assert not faults, faults[0]

    cuts = sum(viewer.cuts for viewer in viewers)
    assert cuts >= CUTS
    for viewer in viewers:
        numbers = [int(one.split(".")[1]) for one in viewer.ids]
        assert {one.split(".")[0] for one in viewer.ids} == {launch_id}
        assert numbers == list(range(1, len(numbers) + 1)), "events are missing, doubled or out of order"
        assert viewer.events == viewers[0].events
    events = viewers[0].events
    assert events[-1]["phase"] == "ready", events[-1]
    lines = [event["message"] for event in events if re.fullmatch(r"log line \d+\n", event["message"])]
    assert lines == [f"log line {i}\n" for i in range(1, len(lines) + 1)]
    builds = [line for line in stack.lines if "build began" in line and repository.url in line]
    assert len(builds) == 1
    assert len(hub_users(stack) - before) == 1, "not exactly one server was started"
    measured(f"{cuts} broken connections during one launch of {len(events)} events", f"{time.monotonic() - began:.1f} s")


def stack_port(stack):
    return int(re.search(r":(\d+)/", stack.url)[1])


def test_who_comes_late_to_a_long_log_gets_all_of_it(stack, git_server):
    words = "x" * 60
    # The step's own line, which is told too, does not have the words that this prints.
    log = f"seq -f '%g {words}' 1 8000 && sleep 0.5 && echo all $((8000)) lines"
    gate = "until [ -e /tmp/go-on ]; do sleep 0.05; done"
    repository = git_server.publish(
        "long", {"Dockerfile": f"FROM bindery/base\nRUN {log} && {gate} && exit 3\n"}
    )
    first = Launch(stack.url, repository.spec())
    container = None
    first_events = iter(first)
    for event in first_events:
        running = re.search(r"Running in (\w+)", event["message"])
        container = running[1] if running else container
        if "all 8000 lines" in event["message"]:
            break
    launch_id = first.ids[0].split(".")[0]
    late = Launch(stack.url, repository.spec(), headers={"Last-Event-ID": f"{launch_id}.0"})
    late_events = iter(late)
    for event in late_events:
        if "all 8000 lines" in event["message"]:
            break
    let_the_build_go_on(stack, container)
    for stream, rest in ((first, first_events), (late, late_events)):
        last = list(rest)[-1]
        assert last["phase"] == "failed", last
        numbers = [int(one.split(".")[1]) for one in stream.ids]
        assert numbers == list(range(1, len(numbers) + 1))
        stream.close()
    assert sum(len(event["message"]) for event in first.events) > 500_000
    assert late.events == first.events
