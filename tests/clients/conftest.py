"""Clients as they are, and a node with real launches for them."""
import functools
import http.server
import json
import os
import pathlib
import subprocess
import threading

import pytest

from browser.chromium import chromium
from integration.launches import last_of
from integration.processes import Node
from stubs.forge import Forge

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAMS = pathlib.Path(__file__).resolve().parent / "programs"
DOCKERFILE = "FROM bindery/base\nWORKDIR /home/jovyan\nCOPY --chown=1000:1000 . .\nUSER jovyan\n"


@pytest.fixture(scope="package")
def packages():
    """Where the clients' npm packages are."""
    done = subprocess.run(
        [SOURCE / "local/setup/node-env", "clients", SOURCE / "local/dependencies/clients"],
        check=True, stdout=subprocess.PIPE, text=True,
    )
    return pathlib.Path(done.stdout.strip()) / "node_modules"


@pytest.fixture(scope="package")
def bundle(packages, tmp_path_factory):
    """`bundle(program, ...)`: the program of this folder with all that it imports, as one file."""
    folder = tmp_path_factory.mktemp("bundles")

    def make(name, *options):
        made = folder / name
        subprocess.run(
            [packages / ".bin/esbuild", PROGRAMS / name, "--bundle", f"--outfile={made}", "--log-level=warning", *options],
            check=True, env={**os.environ, "NODE_PATH": str(packages)},
        )
        return made

    return make


@pytest.fixture(scope="package")
def in_node(bundle):
    """`in_node(program, arguments...)`: what the program prints in Node."""
    ready = {}

    def run(name, *arguments, told=""):
        if name not in ready:
            made = bundle(name, "--platform=node", "--format=esm")
            ready[name] = made.rename(made.with_suffix(".mjs"))
        done = subprocess.run(
            ["node", ready[name], *arguments], input=told, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="package")
def upstream_addresses(in_node):
    """Where BinderHub's client leads for each (query, server, token)."""

    def ask(asked):
        told = json.dumps([{"query": query, "server": server, "token": token} for query, server, token in asked])
        return json.loads(in_node("addresses.js", told=told))

    return ask


@pytest.fixture(scope="package")
def foreign_page(bundle, packages, tmp_path_factory):
    """Address of a page of another origin than Bindery's; beside it the clients' scripts."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "index.html").write_text("<!doctype html><title>A page with a client</title>")
    bundle("client.js", "--format=iife", "--global-name=binderhub").rename(folder / "client.js")
    (folder / "thebe").symlink_to(packages / "thebe-core/dist/lib")

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=folder)
    )
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="package")
def forge(git_server):
    running = Forge(git_server)
    yield running
    running.stop()


@pytest.fixture(scope="package")
def binder(stack, program, forge, tmp_path_factory):
    """A node beside the stack that pages of every origin may ask, with a GitHub within reach."""
    node = Node(
        program,
        tmp_path_factory.mktemp("binder") / "node",
        stack.settings_with(
            BinderHub={"port": 0, "cors_allow_origin": "*"},
            # The stack's own node keeps the defaults; here an event must come without others behind it.
            Bindery={"keepalive_seconds": 600, "stream_linger_seconds": 600},
            GitHubRepoProvider=forge.settings,
        ),
        environment=forge.environment,
    ).wait_until_serving()
    yield node
    node.stop()


@pytest.fixture(scope="package")
def repository(forge):
    """`gh/alice/notebooks` with files of every kind of name."""
    files = {
        "Dockerfile": DOCKERFILE,
        "index.ipynb": NOTEBOOK,
        "a plan.ipynb": NOTEBOOK,
        "Übersicht.ipynb": NOTEBOOK,
        "what?.ipynb": NOTEBOOK,
    }
    published = forge.publish("alice/notebooks", files)
    published.git("branch", "topic/x")
    return published


@pytest.fixture(scope="package")
def cached(binder, repository):
    """The spec of a repository whose image is there already."""
    assert last_of(binder.url, "gh/alice/notebooks/HEAD")["phase"] == "ready"
    return "gh/alice/notebooks/HEAD"


@pytest.fixture(scope="package")
def failing(forge):
    """The spec of a repository that does not build, and words of its log."""
    forge.publish("alice/broken", {"Dockerfile": "FROM bindery/base\nRUN echo these-words-are-told && exit 7\n"})
    return "gh/alice/broken/HEAD", "these-words-are-told"


@pytest.fixture(scope="package")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser):
    context = browser.new_context()
    context.set_default_timeout(120_000)
    tab = context.new_page()
    yield tab
    context.close()


NOTEBOOK = json.dumps({
    "cells": [{"cell_type": "code", "execution_count": None, "id": "one", "metadata": {}, "outputs": [], "source": "6 * 7"}],
    "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
    "nbformat": 4,
    "nbformat_minor": 5,
})
