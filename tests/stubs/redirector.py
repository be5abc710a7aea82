"""A federation's front as mybinder.org has one: pages come from its prime member, launches go to a healthy one."""
import http.client
import json
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

HEADROOM = 10  # pods a member must have left


def refusal(member, prime_versions=None):
    """Why the federation would send nobody to this member, or None; the versions it told."""
    def read(path):
        with urllib.request.urlopen(f"{member}{path}", timeout=30) as answer:  # other than 2xx raises
            return json.loads(answer.read())

    versions = read("versions")
    if prime_versions is not None and versions != prime_versions:
        return "other versions than the prime member", versions
    for check in read("health")["checks"]:
        if not check["ok"]:
            return check["service"], versions
        if check["service"] == "Pod quota" and check["quota"] is not None:
            if check["total_pods"] + HEADROOM >= check["quota"]:
                return "close to its pod quota", versions
    return None, versions


class Redirector:
    """Listens on loopback; `prime` serves its pages, `member` its launches."""

    def __init__(self, prime, member):
        redirector = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                if self.path.startswith("/build/"):
                    self.send_response(307)
                    self.send_header("Location", member.rstrip("/") + self.path)
                    self.send_header("Access-Control-Allow-Origin", "*")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                target = http.client.HTTPConnection(urlsplit(prime).netloc, timeout=30)
                fields = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "accept-encoding")}
                fields["X-Forwarded-Host"] = self.headers["Host"]
                fields["Origin"] = redirector.url.rstrip("/")
                fields["X-Binder-Launch-Host"] = redirector.url
                target.request("GET", self.path, headers=fields)
                answer = target.getresponse()
                body = answer.read()
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                target.close()

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
