"""A second real JupyterHub, where people log in. Set up as docs/authentication.md says."""
import os
import pathlib
import re

import requests
import yaml

from .processes import Process, free_port

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
CACHE = pathlib.Path(os.environ.get("BINDERY_CACHE") or pathlib.Path.home() / ".cache/bindery")
PASSWORD = "open sesame"
TOKEN = "the-services-token-" + "0" * 20


def from_the_docs(language, number=0):
    page = (SOURCE / "docs/authentication.md").read_text()
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)[number]


# Servers as the stack's own hub starts them; people log in with any name and one password.
CONFIG = """
load_subconfig({recipe!r})
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = {password!r}
c.Authenticator.allow_all = True
c.Authenticator.admin_users = {{"admin"}}
c.JupyterHub.allow_named_servers = {named}
c.JupyterHub.cleanup_servers = True
c.JupyterHub.cleanup_proxy = True
c.ConfigurableHTTPProxy.should_start = True
c.ConfigurableHTTPProxy.command = [{proxy!r}]
{documented}
"""


class HubWithLogins(Process):
    """The hub; `settings` are those of a Bindery beside it, which must listen on `port`."""

    def __init__(self, stack, folder, named_servers=False, base_url="/"):
        folder.mkdir()
        ports = [free_port() for _ in range(4)]
        self.url = f"http://127.0.0.1:{ports[0]}/"
        self.port = ports[3]
        self.bindery = f"http://127.0.0.1:{self.port}{base_url}"
        config = folder / "jupyterhub_config.py"
        config.write_text(
            CONFIG.format(
                recipe=str(SOURCE / "local/jupyterhub/jupyterhub_config.py"),
                password=PASSWORD,
                named=named_servers,
                proxy=str(CACHE / "node/node_modules/.bin/configurable-http-proxy"),
                documented=self._here(from_the_docs("python")),
            )
        )
        super().__init__(
            [str(CACHE / "stack/bin/jupyterhub"), "--config", str(config)],
            {
                "BINDERY_HUB_STATE": str(folder),
                "BINDERY_HUB_PORT": str(ports[0]),
                "BINDERY_HUB_API_PORT": str(ports[1]),
                "BINDERY_PROXY_API_PORT": str(ports[2]),
                "BINDERY_STATE_LABEL": "logins",
                "BINDERY_INTERNAL_ADDRESSES": "1",
                "BINDERY_CULLER_TOKEN": "culler-" + "1" * 32,
                "CONFIGPROXY_AUTH_TOKEN": "proxy-" + "2" * 32,
                "JUPYTERHUB_API_TOKEN": "unused-" + "3" * 32,
                "BINDER_API_TOKEN": TOKEN,
                "DOCKER_HOST": stack.settings["Bindery"]["container_engine"],
                "PATH": f"{CACHE / 'stack/bin'}:{os.environ['PATH']}",
            },
            cwd=folder,
        )
        self.wait_for_line("JupyterHub is now running")
        documented = yaml.safe_load(self._here(from_the_docs("yaml")))
        self.settings = stack.settings_with(**documented)
        if named_servers:
            self.settings.update(yaml.safe_load(from_the_docs("yaml", 1)))
        hub = self.settings["BinderHub"]
        hub.update({"port": self.port, "base_url": base_url, "hub_url_local": self.url})
        hub.pop("hub_api_token")
        self.environment = {"JUPYTERHUB_API_TOKEN": TOKEN, "BINDERHUB_BUILD_TOKEN_SECRET": "5e" * 32}

    def _here(self, text):
        return text.replace("https://binder.example.org/", self.bindery).replace(
            "https://hub.example.org/", self.url
        )

    def api(self, method, path, **more):
        """A request of Bindery's own to the hub."""
        return requests.request(
            method, f"{self.url}hub/api/{path}", headers={"Authorization": f"token {TOKEN}"}, timeout=60, **more
        )

    def logged_in(self, name):
        """A browser session that has logged in to the hub, not to Bindery."""
        browser = requests.Session()
        browser.get(f"{self.url}hub/login", timeout=60)
        self.fill_in(browser, f"{self.url}hub/login", name)
        return browser

    def fill_in(self, browser, address, name, password=PASSWORD):
        """Submits the hub's login form at `address`; the answer after all redirects."""
        xsrf = [cookie.value for cookie in browser.cookies if cookie.name == "_xsrf" and cookie.path == "/hub/"]
        return browser.post(
            address, data={"username": name, "password": password, "_xsrf": xsrf[-1]}, timeout=60
        )

    def token_of(self, name, scopes=None):
        """An API token that the person makes at the hub."""
        browser = self.logged_in(name)
        xsrf = [cookie.value for cookie in browser.cookies if cookie.name == "_xsrf" and cookie.path == "/hub/"]
        made = browser.post(
            f"{self.url}hub/api/users/{name}/tokens",
            json={"scopes": scopes} if scopes else {},
            headers={"X-XSRFToken": xsrf[-1]},
            timeout=60,
        )
        assert made.status_code == 201, made.text
        return made.json()["token"]
