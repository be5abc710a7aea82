"""JupyterHub for Bindery on one machine: temporary users, servers as containers, idle ones culled.

Everything comes from the environment (see README.md beside this file).
"""

import asyncio
import os

from dockerspawner import DockerSpawner
from traitlets import List

env = os.environ
state = env["BINDERY_HUB_STATE"]
api_port = env["BINDERY_HUB_API_PORT"]
label = env["BINDERY_STATE_LABEL"]


class BinderContainerSpawner(DockerSpawner):
    """Starts the image that the user options name, open to who holds the token they carry."""

    binder_variables = {
        "BINDER_REPO_URL": "repo_url",
        "BINDER_REF_URL": "binder_ref_url",
        "BINDER_LAUNCH_HOST": "binder_launch_host",
        "BINDER_REQUEST": "binder_request",
        "BINDER_PERSISTENT_REQUEST": "binder_persistent_request",
        "BINDER_CLIENT_IP": "binder_client_ip",
    }

    steps = List(help="Progress messages so far.")

    def tell(self, message):
        self.steps = [*self.steps, message]
        self.told.set()

    async def start(self):
        self.steps = []
        self.told = asyncio.Event()
        self.image = self.user_options["image"]
        self.tell(f"Starting a server of {self.image}")
        where = await super().start()
        self.tell("The server's container is running, waiting for Jupyter to answer")
        return where

    async def pull_image(self, image):
        """As the parent does, and says so where it takes time."""
        try:
            await self.docker("inspect_image", image)
        except Exception:
            self.tell(f"Pulling image {image}")
        await super().pull_image(image)

    async def progress(self):
        seen = 0
        while not hasattr(self, "told"):
            await asyncio.sleep(0.05)
        while True:
            for message in self.steps[seen:]:
                seen += 1
                yield {"progress": min(90, 20 * seen), "message": message}
            self.told.clear()
            await self.told.wait()

    def get_env(self):
        variables = super().get_env()
        for variable, option in self.binder_variables.items():
            variables[variable] = str(self.user_options.get(option, ""))
        # In the environment, not among the arguments: those show in process lists.
        variables["JUPYTER_TOKEN"] = self.user_options["token"]
        return variables

    def get_args(self):
        return [
            "--ip=0.0.0.0",
            f"--port={self.port}",
            f"--NotebookApp.base_url={self.server.base_url}",
            "--NotebookApp.trust_xheaders=True",
            "--NotebookApp.allow_origin=*",
            "--no-browser",
        ]


c = get_config()  # noqa: F821

c.JupyterHub.bind_url = f"http://127.0.0.1:{env['BINDERY_HUB_PORT']}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{api_port}"
c.JupyterHub.db_url = f"sqlite:///{state}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = f"{state}/cookie_secret"
c.JupyterHub.pid_file = f"{state}/jupyterhub.pid"
c.JupyterHub.authenticator_class = "null"
c.JupyterHub.spawner_class = BinderContainerSpawner
c.JupyterHub.cleanup_servers = False
c.JupyterHub.concurrent_spawn_limit = 0
# Answer a start request at once; the progress stream tells the rest.
c.JupyterHub.tornado_settings = {"slow_spawn_timeout": 0}
c.JupyterHub.log_level = "INFO"

# Proxy and culler run beside the hub, not below it: the hub may end and come back without them.
c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{env['BINDERY_PROXY_API_PORT']}"
c.ConfigurableHTTPProxy.auth_token = env["CONFIGPROXY_AUTH_TOKEN"]
# How long a proxy that was started again may be without its routes.
c.JupyterHub.last_activity_interval = 5
c.JupyterHub.cleanup_proxy = False

c.JupyterHub.services = [
    {"name": "binder", "api_token": env["JUPYTERHUB_API_TOKEN"]},
    {"name": "idle-culler", "api_token": env["BINDERY_CULLER_TOKEN"]},
]
c.JupyterHub.load_roles = [
    {
        "name": "binder",
        "services": ["binder"],
        "scopes": ["admin:users", "admin:servers", "servers", "access:servers", "tokens", "read:hub"],
    },
    {
        "name": "idle-culler",
        "services": ["idle-culler"],
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers", "admin:users"],
    },
]

# JupyterLab where the image has it; the arguments are understood by all three.
c.Spawner.cmd = [
    "sh",
    "-c",
    'exec "$(command -v jupyter-lab || command -v jupyter-notebook || echo jupyter-server)" "$@"',
    "jupyter",
]
c.Spawner.start_timeout = 300
c.Spawner.http_timeout = 120
c.Spawner.mem_limit = env.get("BINDERY_SERVER_MEMORY", "2G")
c.DockerSpawner.host_ip = "127.0.0.1"
# Whether the containers' own addresses can be reached from here; else each publishes a port.
c.DockerSpawner.use_internal_ip = env.get("BINDERY_INTERNAL_ADDRESSES") == "1"
c.DockerSpawner.remove = True
c.DockerSpawner.notebook_dir = ""
c.DockerSpawner.allowed_images = "*"
c.DockerSpawner.pull_policy = "ifnotpresent"
c.DockerSpawner.name_template = "bindery-{username}-{servername}"
c.DockerSpawner.extra_create_kwargs = {"labels": {"io.bindery.state": label}}
c.DockerSpawner.extra_host_config = {
    "security_opt": ["no-new-privileges"],
    "cap_drop": ["ALL"],
    "pids_limit": 1024,
}
