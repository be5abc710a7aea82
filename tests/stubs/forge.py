"""A GitHub of our own: its API answers on loopback, its repositories come from a git daemon."""
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

from integration.repositories import git


class Forge:
    """`settings` and `environment` make a node take it for GitHub."""

    def __init__(self, git_server):
        self._git_server = git_server
        self.remaining = 5000
        forge = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                status, body = forge.commit_at(self.path)
                forge.remaining -= 1
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.send_header("X-RateLimit-Limit", "5000")
                self.send_header("X-RateLimit-Remaining", str(forge.remaining))
                self.end_headers()
                self.wfile.write(data)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.settings = {"hostname": self.host, "api_base_path": f"http://{self.host}"}
        # Git finds at the daemon what its address says is here.
        self.environment = {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"url.{git_server.base}/.insteadOf",
            "GIT_CONFIG_VALUE_0": f"https://{self.host}/",
        }
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def publish(self, name, files):
        """A repository named `user/repository`."""
        (self._git_server.folder / name).parent.mkdir(exist_ok=True)
        return self._git_server.publish(name, files)

    def commit_at(self, path):
        parts = path.split("/", 5)
        if len(parts) != 6 or parts[1] != "repos" or parts[4] != "commits":
            return 404, {"message": "Not Found"}
        folder = self._git_server.folder / unquote(parts[2]) / unquote(parts[3])
        if not folder.is_dir():
            return 404, {"message": "Not Found"}
        try:
            return 200, {"sha": git(folder, "rev-parse", "--verify", "--end-of-options", unquote(parts[5]) + "^{commit}")}
        except Exception:
            return 422, {"message": f"No commit found for SHA: {unquote(parts[5])}"}

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
