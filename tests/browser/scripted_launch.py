"""A launch whose events a test tells one by one: for what a page shows of it, and when."""
import json
import queue
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CUT = object()


class ScriptedLaunch:
    """A server of one event stream. `say` tells an event, `cut` breaks the connection off."""

    def __init__(self):
        self.asked = []  # the addresses that pages asked
        self.last_ids = []  # of each connection, what it said it had
        self._left = threading.Event()
        self._connected = queue.Queue()
        self._told = queue.Queue()
        self._number = 0
        script = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                script.last_ids.append(self.headers.get("Last-Event-ID"))
                script._connected.put(True)
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.send_header("connection", "close")
                self.end_headers()
                self.close_connection = True
                while (text := script._told.get()) is not CUT:
                    try:
                        self.wfile.write(text)
                        self.wfile.flush()
                    except OSError:
                        script._left.set()
                        return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def follow_in(self, page):
        """Lets the page's launches be this one."""

        def lead(route):
            self.asked.append(route.request.url)
            route.continue_(url=self.url)

        page.route("**/build/**", lead)

    def say(self, phase, message="", launch="launch", **more):
        self._number += 1
        event = json.dumps({"phase": phase, "message": f"{message}\n", **more})
        self._told.put(f"id: {launch}.{self._number}\ndata: {event}\n\n".encode())

    def say_lines(self, lines):
        """Many events of a build, in one piece."""
        text = []
        for line in lines:
            self._number += 1
            text.append(f"id: launch.{self._number}\ndata: {json.dumps({'phase': 'building', 'message': line + chr(10)})}\n\n")
        self._told.put("".join(text).encode())

    def cut(self):
        self._told.put(CUT)

    def wait_for_connection(self, page, patience=60):
        """Until a page has connected; the browser's own events go on meanwhile."""
        deadline = time.monotonic() + patience
        while self._connected.empty():
            assert time.monotonic() < deadline, "the page does not follow its launch"
            page.wait_for_timeout(20)
        self._connected.get()

    def wait_until_left(self, page, patience=60):
        """Until nobody listens any more."""
        deadline = time.monotonic() + patience
        while not self._left.is_set():
            assert time.monotonic() < deadline, "the page still follows its launch"
            self._told.put(b":keepalive\n\n")
            page.wait_for_timeout(50)

    def stop(self):
        self._told.put(CUT)
        self._server.shutdown()
        self._server.server_close()
