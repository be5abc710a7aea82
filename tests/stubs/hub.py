"""A JupyterHub that fails on command: what the real one cannot be brought to do at will."""
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class StubHub:
    """Its `behaviour` is looked at for every request:

    ready    serves as a hub does; servers are ready at once
    error    every request but the check is answered 500
    failed   servers are accepted, then their start fails
    silent   servers are accepted, then their progress says nothing
    garbage  servers are accepted, then their progress is not an event stream
    """

    def __init__(self):
        self.behaviour = "ready"
        self.requests = []
        self.deleted = threading.Event()
        self.followed = threading.Event()  # somebody looks at a server's progress
        self._end = threading.Event()
        hub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self, status, body):
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def take(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                hub.requests.append((self.command, self.path, body))
                if hub.behaviour == "error":
                    self.answer(500, {"message": "the hub's own fault"})
                    return False
                return True

            def do_GET(self):
                if self.path.rstrip("/").endswith("/hub/api"):
                    return self.answer(200, {"version": "5"})
                if not self.take():
                    return None
                if not self.path.endswith("/progress"):
                    return self.answer(404, {"message": "no such thing"})
                hub.followed.set()
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Connection", "close")
                self.end_headers()
                if hub.behaviour == "silent":
                    hub._end.wait()
                elif hub.behaviour == "garbage":
                    self.wfile.write(b"\x00\xff<html>" + b"x" * 100)
                elif hub.behaviour == "failed":
                    self.event({"progress": 100, "failed": True, "message": "Spawn failed: no room left"})
                else:
                    self.event({"progress": 50, "message": "Starting"})
                    self.event({"progress": 100, "ready": True, "message": "Ready", "url": "/user/x/"})
                self.close_connection = True
                return None

            def event(self, body):
                self.wfile.write(b"data: " + json.dumps(body).encode() + b"\n\n")
                self.wfile.flush()

            def do_POST(self):
                if self.take():
                    self.answer(201 if "/server" not in self.path else 202, {})

            def do_DELETE(self):
                if self.take():
                    self.send_response(204)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    hub.deleted.set()

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        self._end.set()
        self._server.shutdown()
        self._server.server_close()
