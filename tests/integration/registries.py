"""Real registries that want a login, and what stands beside them: token servers, helpers."""
import base64
import hashlib
import http.server
import json
import pathlib
import subprocess
import threading
import time
from urllib.parse import parse_qs, urlsplit

import yaml

from .processes import Process, free_port

USER, PASSWORD = "binder", "open-sesame"
# bcrypt of PASSWORD: the only form of htpasswd that docker-registry reads.
HTPASSWD = f"{USER}:$2b$05$Fb3eEM3TwulC2CJq7CmyTuElanO63R/HRPE6GLMivN4Gv3gOEb1rO\n"


class Registry(Process):
    """Debian's docker-registry with the given `auth` section."""

    def __init__(self, folder, auth):
        folder.mkdir(parents=True, exist_ok=True)
        self.host = f"127.0.0.1:{free_port()}"
        self.url = f"http://{self.host}"
        file = folder / "registry.yml"
        file.write_text(
            yaml.safe_dump(
                {
                    "version": 0.1,
                    "log": {"level": "info"},
                    "storage": {"filesystem": {"rootdirectory": str(folder / "data")}},
                    "http": {"addr": self.host, "secret": "s"},
                    "auth": auth,
                }
            )
        )
        super().__init__(["docker-registry", "serve", str(file)])
        self.wait_for_line("listening on")


def with_passwords(folder):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "htpasswd").write_text(HTPASSWD)
    return Registry(folder, {"htpasswd": {"realm": "r", "path": str(folder / "htpasswd")}})


class Answers(http.server.BaseHTTPRequestHandler):
    """Answers by `self.server.answer(method, path, headers, body)` -> (status, object)."""

    def serve(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.server.requests.append((self.command, self.path, dict(self.headers), body))
        status, answer = self.server.answer(self.command, self.path, self.headers, body)
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = serve

    def log_message(self, *_):
        pass


class Service:
    """A small HTTP service on a thread of its own."""

    def __init__(self, answer):
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self._server.answer = answer
        self.requests = self._server.requests = []
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


def may_log_in(headers):
    expected = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    return headers.get("Authorization") == f"Basic {expected}"


def url64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class TokenServer(Service):
    """Distribution's token authentication: signs what a user with the right password asks for."""

    def __init__(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        self.key, self.certificate = folder / "key.pem", folder / "certificate.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=tokens",
             "-days", "2", "-keyout", str(self.key), "-out", str(self.certificate)],
            check=True, capture_output=True,
        )
        super().__init__(self.grant)

    def auth(self):
        return {
            "token": {
                "realm": f"{self.url}/token", "service": "registry", "issuer": "tokens",
                "rootcertbundle": str(self.certificate),
            }
        }

    def sign(self, claims):
        lines = self.certificate.read_text().splitlines()
        header = {"typ": "JWT", "alg": "RS256", "x5c": ["".join(lines[1:-1])]}
        text = ".".join(url64(json.dumps(part).encode()) for part in (header, claims))
        signature = subprocess.run(
            ["openssl", "dgst", "-sha256", "-sign", str(self.key)],
            input=text.encode(), check=True, capture_output=True,
        ).stdout
        return f"{text}.{url64(signature)}"

    def grant(self, method, path, headers, body):
        asked = parse_qs(urlsplit(path).query if method == "GET" else body)
        if not may_log_in(headers) and asked.get("password", [""])[0] != PASSWORD:
            return 401, {"details": "incorrect username or password"}
        access = []
        for scope in " ".join(asked.get("scope", [])).split():
            kind, name, actions = scope.split(":", 2)
            access.append({"type": kind, "name": name, "actions": actions.split(",")})
        now = int(time.time())
        claims = {
            "iss": "tokens", "sub": USER, "aud": "registry", "iat": now, "nbf": now - 10,
            "exp": now + 300, "jti": hashlib.sha256(str(time.time_ns()).encode()).hexdigest(), "access": access,
        }
        token = self.sign(claims)
        return 200, {"token": token, "access_token": token, "expires_in": 300}


class Helper(Service):
    """What `ExternalRegistryHelper` speaks to, with the answers of its Amazon flavour."""

    TOKEN = "token-of-the-helper"

    def __init__(self, registry, credentials=True):
        self.registry, self.credentials, self.repositories = registry, credentials, set()
        super().__init__(self.reply)

    def reply(self, method, path, headers, body):
        if path == "/health":
            return 200, {"version": "0.3.0"}
        if headers.get("Authorization") != f"Bearer {self.TOKEN}":
            return 403, {"error": "not authorised"}
        kind, name = path.lstrip("/").split("/", 1)
        if kind == "repo" and method == "POST":
            self.repositories.add(name)
        if kind == "repo":
            return (200, {"RepositoryName": name}) if name in self.repositories else (404, None)
        if kind == "token" and method == "POST" and self.credentials:
            return 200, {"username": USER, "password": PASSWORD, "registry": self.registry.url,
                         "expires": "2030-01-01T00:00:00Z"}
        if kind == "image":
            name, tag = name.rsplit(":", 1)
            return (200, {"ImageTags": [tag]}) if tag in tags_of(self.registry, name) else (404, None)
        return 404, None


def tags_of(registry, name):
    import requests

    answer = requests.get(f"{registry.url}/v2/{name}/tags/list", auth=(USER, PASSWORD), timeout=30)
    return answer.json().get("tags") or [] if answer.status_code == 200 else []


def docker_config(folder, auths, name="config.json"):
    """A file as docker writes it."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps({"auths": auths}))
    return folder / name


def auth_of(user, password):
    return base64.b64encode(f"{user}:{password}".encode()).decode()
