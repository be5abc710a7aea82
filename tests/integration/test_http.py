"""Bad HTTP of every kind, sent to the real program."""
import socket

import pytest
import requests

from stubs.cloud import Cloud


@pytest.fixture(scope="module")
def node(program, tmp_path_factory):
    from .processes import Node

    cloud = Cloud(program)
    running = Node(
        program,
        tmp_path_factory.mktemp("http") / "node",
        {
            "BinderHub": {"hub_url": cloud.urls["hub"] + "/", "hub_api_token": "token-for-tests"},
            "Bindery": {"header_timeout_seconds": 1, "idle_timeout_seconds": 2},
        },
    ).wait_until_serving()
    yield running
    assert running.stop() == 0
    cloud.stop()


def talk(node, *pieces):
    """Sends the pieces, each on its own, and reads until the other side closes."""
    with socket.create_connection(("127.0.0.1", node.port), timeout=20) as peer:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        answer = b""
        try:
            for piece in pieces:
                peer.sendall(piece)
            while data := peer.recv(65536):
                answer += data
        except ConnectionResetError:
            pass
        return answer


BAD = {
    "no http": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "old version": b"GET / HTTP/0.9\r\n\r\n",
    "space in name": b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "folded field": b"GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n",
    "bare line feed in value": b"GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n",
    "nul": b"GET / HTTP/1.1\r\nHost: x\r\nA: b\x00c\r\n\r\n",
    "two lengths": b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "length and chunks": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "negative length": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
}


@pytest.mark.parametrize("kind", BAD)
def test_malformed_requests_are_answered_and_closed(node, kind):
    answer = talk(node, BAD[kind])
    status = int(answer.split()[1])
    assert 400 <= status < 600 and status != 500, answer


def test_a_request_in_single_bytes_is_understood(node):
    text = b"GET /versions HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = talk(node, *[bytes([byte]) for byte in text])
    assert answer.startswith(b"HTTP/1.1 200") and b"binderhub" in answer


def test_two_requests_in_one_packet_are_both_answered(node):
    one = b"GET /versions HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET /versions HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert talk(node, one + last).count(b"HTTP/1.1 200") == 2


def test_a_huge_head_is_refused(node):
    answer = talk(node, b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 200_000 + b"\r\n\r\n")
    assert b" 431 " in answer.split(b"\r\n")[0]


def test_a_huge_body_is_refused(node):
    answer = talk(node, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n")
    assert b" 413 " in answer.split(b"\r\n")[0]


def test_a_request_that_never_ends_is_timed_out(node):
    assert b" 408 " in talk(node, b"GET / HTTP/1.1\r\nHost: x\r\n").split(b"\r\n")[0]


def test_a_silent_connection_is_closed(node):
    with socket.create_connection(("127.0.0.1", node.port), timeout=20) as peer:
        answer = b""
        while data := peer.recv(1000):
            answer += data
        assert answer == b"" or b" 408 " in answer.split(b"\r\n")[0]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(node, method):
    assert requests.request(method, node.url, timeout=20).status_code == 405


@pytest.mark.parametrize("path", ["static/../../etc/passwd", "static/%2e%2e/%2e%2e/etc/passwd", "static/..%2f..%2fetc/passwd"])
def test_paths_cannot_leave_their_place(node, path):
    answer = talk(node, f"GET /{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert b"root:" not in answer and int(answer.split()[1]) in (400, 404)


def test_a_wrong_accept_is_an_event(node):
    answer = requests.get(f"{node.url}build/gh/a/b/HEAD", headers={"Accept": "text/html"}, timeout=20, stream=True)
    assert answer.status_code == 200
    line = next(answer.iter_lines()).decode()
    assert line.startswith("data: ") and '"status_code":400' in line.replace(" ", "")


def test_the_node_still_serves_afterwards(node):
    assert requests.get(f"{node.url}versions", timeout=20).status_code == 200
    assert requests.get(node.url, timeout=20).status_code == 200
