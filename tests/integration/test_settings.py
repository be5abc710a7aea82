"""Settings on the command line, and their reference in the docs."""
import pathlib
import re
import subprocess

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent

# The `config:` of a federation member's values file, in its documented names.
FEDERATION = """
config:
  BinderHub:
    hub_url: https://hub.example.org
    hub_api_token: from-a-secret
    image_prefix: registry.example.org/binder/r2d-
    build_image: quay.io/jupyterhub/repo2docker:2024.07.0
    per_repo_quota: 100
    per_repo_quota_higher: 200
    build_memory_limit: 3G
    about_message: <p>Run by the example federation</p>
    banner_message: Hello
    badge_base_url: https://mybinder.example.org/
    cors_allow_origin: "*"
    use_registry: true
    sticky_builds: true
  GitHubRepoProvider:
    banned_specs:
      - ^ines/spacy-binder.*
      - "^soft4voip/.*"
    high_quota_specs:
      - ^jupyterlab/.*
    spec_config: []
  GitLabRepoProvider:
    banned_specs: ["^x/.*"]
  Launcher:
    retries: 3
"""


def run(program, *arguments):
    return subprocess.run(
        [program, *arguments], capture_output=True, text=True, timeout=60, check=False
    )


def test_the_reference_in_the_docs_is_the_programs_own(program):
    told = run(program, "settings")
    assert told.returncode == 0
    page = (SOURCE / "docs/configuration.md").read_text()
    assert told.stdout == page, "run: build/release/bindery settings >docs/configuration.md"


def test_a_federation_members_values_are_accepted_and_what_has_no_effect_is_told(program, tmp_path):
    file = tmp_path / "values.yaml"
    file.write_text(FEDERATION)
    done = run(program, "check", "--settings", str(file))
    assert done.returncode == 0, done.stderr
    for key in ("BinderHub.sticky_builds", "BinderHub.build_image"):
        assert re.search(rf"warning: .*{re.escape(key)}", done.stderr), done.stderr


def test_every_setting_of_binderhubs_is_known(program, tmp_path):
    """None is an unknown key; of each that has no effect the warning names the way that has one."""
    for folder in ("static", "templates"):
        (tmp_path / folder).mkdir()
    (tmp_path / "config.json").write_text("{}")
    every = (pathlib.Path(__file__).parent / "every_trait.yaml").read_text()
    file = tmp_path / "values.yaml"
    file.write_text(every.replace("FOLDER", str(tmp_path)))
    done = run(program, "check", "--settings", str(file))
    assert done.returncode == 0, done.stderr
    for key in ("KubernetesBuildExecutor.memory_limit", "KubernetesCleaner.max_age", "BinderHub.build_image",
                "BinderHub.build_cleaner_class"):
        assert re.search(rf"warning: .*{re.escape(key)}", done.stderr), done.stderr


def test_a_mistake_in_what_has_no_effect_yet_is_told_too(program, tmp_path):
    file = tmp_path / "settings.yaml"
    file.write_text("KubernetesBuildExecutor: {memory_limit: much, sticky: true}")
    done = run(program, "check", "--settings", str(file))
    assert done.returncode != 0
    assert "KubernetesBuildExecutor.memory_limit: expected" in done.stderr
    assert "KubernetesBuildExecutor.sticky: unknown setting" in done.stderr


def test_help_of_every_command_teaches(program):
    for command in ([], ["serve"], ["up"], ["check"], ["settings"], ["version"]):
        done = run(program, *command, "--help")
        assert done.returncode == 0 and "Usage" in done.stdout


def test_a_wrong_command_line_is_told_on_standard_error(program):
    for arguments in (["bogus"], ["serve", "--port"], ["up", "--port", "99999"], ["check", "--settings", "/nowhere"]):
        done = run(program, *arguments)
        assert done.returncode == 2 and done.stderr and not done.stdout
