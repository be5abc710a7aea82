"""Real git repositories on a real git daemon."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
from urllib.parse import quote

from .processes import Process

IDENTITY = {
    "GIT_AUTHOR_NAME": "Test",
    "GIT_AUTHOR_EMAIL": "test@example.org",
    "GIT_COMMITTER_NAME": "Test",
    "GIT_COMMITTER_EMAIL": "test@example.org",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_SYSTEM": "/dev/null",
}


def git(folder, *arguments):
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**os.environ, **IDENTITY},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


class Repository:
    def __init__(self, folder, url):
        self.folder = folder
        self.url = url

    def commit(self, files, message="Change"):
        """Writes the files and commits them; the commit's hash."""
        for name, text in files.items():
            (self.folder / name).write_text(text)
        git(self.folder, "add", "-A")
        git(self.folder, "commit", "-q", "--allow-empty", "-m", message)
        return git(self.folder, "rev-parse", "HEAD")

    def git(self, *arguments):
        return git(self.folder, *arguments)

    def spec(self, ref="HEAD"):
        return f"git/{quote(self.url, safe='')}/{ref}"


class GitServer:
    def __init__(self, folder, port):
        self.folder = folder
        self.base = f"git://127.0.0.1:{port}"
        self._daemon = Process(
            [
                "git", "daemon", "--verbose", "--listen=127.0.0.1", f"--port={port}",
                f"--base-path={folder}", "--export-all", "--reuseaddr",
            ],
            start_new_session=True,
        )
        self._daemon.wait_for_line("Ready to rumble")

    def publish(self, name, files):
        folder = self.folder / name
        folder.mkdir()
        git(folder, "init", "-q", "-b", "main")
        repository = Repository(folder, f"{self.base}/{name}")
        repository.head = repository.commit(files)
        return repository

    def stop(self):
        # `git daemon` is a child of `git`.
        os.killpg(self._daemon.pid, signal.SIGTERM)
        self._daemon.wait()
