"""The program bindery as a process, and the whole stack that `bindery up` brings up."""
import os
import pathlib
import queue
import re
import signal
import socket
import subprocess
import threading
import time

import yaml

# Debug builds on a busy machine are slow; a healthy run needs a fraction of it.
PATIENCE = 120


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    """A child process whose output is kept, line by line, and can be waited for."""

    def __init__(self, command, environment=None, **more):
        self.lines = []
        self._news = queue.Queue()
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**os.environ, **(environment or {})},
            **more,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self._process.stdout:
            self.lines.append(line.rstrip("\n"))
            self._news.put(line)
        self._news.put(None)

    @property
    def pid(self):
        return self._process.pid

    @property
    def output(self):
        return "\n".join(self.lines)

    def wait_for_line(self, pattern, patience=PATIENCE):
        """The match of the first line, past ones too, that has `pattern`."""
        deadline = time.monotonic() + patience
        looked_at = 0
        while True:
            while looked_at < len(self.lines):
                found = re.search(pattern, self.lines[looked_at])
                looked_at += 1
                if found:
                    return found
            try:
                if self._news.get(timeout=max(0, deadline - time.monotonic())) is None:
                    self._news.put(None)
                    if looked_at >= len(self.lines):
                        raise AssertionError(f"ended before it said {pattern!r}:\n{self.output}")
            except queue.Empty:
                raise AssertionError(f"did not say {pattern!r} in time:\n{self.output}") from None

    def signal(self, number):
        self._process.send_signal(number)

    def wait(self, patience=PATIENCE):
        return self._process.wait(patience)

    def stop(self, patience=PATIENCE):
        """SIGTERM; its exit status."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise AssertionError(f"did not end after SIGTERM:\n{self.output}") from None


class Node(Process):
    """`bindery serve` with the given settings (a dict of sections)."""

    def __init__(self, program, folder, settings, environment=None):
        folder.mkdir(parents=True)
        file = folder / "bindery.yaml"
        self.settings = settings = {name: dict(section) for name, section in settings.items()}
        settings.setdefault("BinderHub", {}).setdefault("port", 0)
        settings.setdefault("Bindery", {}).setdefault("state_folder", str(folder / "state"))
        file.write_text(yaml.safe_dump(settings))
        super().__init__([program, "serve", "--settings", str(file)], environment)

    def wait_until_serving(self):
        self.url = self.wait_for_line(r"serving.*url=(\S+)")[1]
        self.port = int(re.search(r":(\d+)/", self.url)[1])
        return self


class Stack(Process):
    """`bindery up`, ready. Its parts' settings let further nodes serve beside it."""

    def __init__(self, program, folder):
        self.state = folder / "state"
        super().__init__([program, "up", "--port", "0", "--state", str(self.state)])
        began = time.monotonic()
        self.url = self.wait_for_line(r"Bindery is ready at (\S+)", 600)[1]
        self.seconds_to_ready = time.monotonic() - began
        self.sample_spec = self.wait_for_line(r"sample launch link: \S*?/v2/(\S+)")[1]
        self.settings = yaml.safe_load((self.state / "node.yaml").read_text())

    def settings_with(self, **sections):
        """The stack's own settings, with some of them changed."""
        merged = {name: dict(section) for name, section in self.settings.items()}
        for name, section in sections.items():
            merged.setdefault(name, {}).update(section)
        return merged
