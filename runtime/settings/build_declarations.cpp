#include <map>
#include <vector>

#include "runtime/settings/declarations.hpp"

namespace bindery {

namespace {

void declare_registry(field_visitor& v, docker_registry_settings& s) {
  v.text("url", s.url, "Base URL; else as image_prefix, then docker's config.json, has it");
  v.text("docker_config_path", s.docker_config_path,
         "docker's config.json with the login; else config.json in DOCKER_CONFIG or ~/.docker");
  v.text("auth_config_url", s.auth_config_url, "Key of the login in that file; else as the url");
  v.text("username", s.username, "Name for the registry; else from docker's config.json");
  v.hidden("password", s.password, "Password for the registry; else from docker's config.json");
  v.text("token_url", s.token_url, "Where bearer tokens come from; else as the registry says");
  v.yes_or_no("not_found_401", s.not_found_401,
              "The registry answers 401 for images that are not there; else only docker.io does");
}

}  // namespace

void declare_builds(field_visitor& v, build_settings& s, std::string& push_secret) {
  for (const char* name : {"BuildExecutor", "LocalRepo2dockerBuild", "FakeBuild"}) {
    v.section(name, "How images are built");
    v.bytes("memory_limit", s.memory_limit_bytes, "Memory that a build may take; 0 for no limit");
    v.text("appendix", s.appendix, "Lines that repo2docker appends to each Dockerfile");
    v.texts("repo2docker_extra_args", s.repo2docker_extra_args, "Further repo2docker arguments");
    v.pairs("builder_info", s.builder_info, "What /versions says of the builder");
    v.text_or_none("push_secret", push_secret, push_secret_doc);
    v.hidden_pairs("registry_credentials", s.registry_credentials,
                   "registry, username and password for pushing, where not the registry's login");
    v.not_yet("git_credentials", "set them for the provider that they belong to");
  }
}

void declare_kubernetes(field_visitor& v) {
  constexpr std::string_view later = "builds in Kubernetes come with a later release";
  std::string text;
  uint64_t bytes = 0;
  uint32_t count = 0;
  bool flag = false;
  std::vector<std::string> texts;
  std::map<std::string, std::string> pairs;
  v.section("KubernetesBuildExecutor", "How images are built in Kubernetes");
  for (const char* key : {"build_image", "namespace", "docker_host", "push_secret", "appendix"}) {
    v.text_or_none(key, text, "");
    v.not_yet(key, later);
  }
  for (const char* key : {"memory_limit", "memory_request"}) {
    v.bytes(key, bytes, "");
    v.not_yet(key, later);
  }
  for (const char* key : {"node_selector", "extra_envs", "builder_info"}) {
    v.pairs(key, pairs, "");
    v.not_yet(key, later);
  }
  v.texts("repo2docker_extra_args", texts, "");
  v.not_yet("repo2docker_extra_args", later);
  v.integer("log_tail_lines", count, 0, many, "");
  v.not_yet("log_tail_lines", "whoever joins a build is told all of its log");
  v.boolean("sticky_builds", flag, "");
  v.not_yet("sticky_builds", later);
  for (const char* key :
       {"resources", "image_pull_secrets", "registry_credentials", "git_credentials"})
    v.not_yet(key, later);
  v.section("KubernetesCleaner", "How builds in Kubernetes are cleaned up");
  v.integer("max_age", count, 0, many, "");
  v.not_yet("max_age", later);
  v.text("namespace", text, "");
  v.not_yet("namespace", later);
}

void declare_registries(field_visitor& v, settings& all) {
  v.section("DockerRegistry", "Where images are kept");
  declare_registry(v, all.docker_registry);
  // BinderHub's other registries are kinds of that one: the section of the kind in use adds to it.
  auto kind = [&](const std::string& name) {
    docker_registry_settings unused;
    declare_registry(v, all.binder_hub.registry_class == name ? all.docker_registry : unused);
  };
  v.section("GoogleArtifactRegistry",
            "As DockerRegistry, with tokens of the Google Cloud machine that Bindery runs on");
  kind("GoogleArtifactRegistry");
  v.section("ExternalRegistryHelper",
            "As DockerRegistry, with a service that makes repositories and logins");
  v.text("service_url", all.registry_helper.service_url, "Base URL of the service");
  v.hidden("auth_token", all.registry_helper.auth_token,
           "Token for it (BINDERHUB_CONTAINER_REGISTRY_HELPER_AUTH_TOKEN)");
  kind("ExternalRegistryHelper");
  v.section("FakeRegistry", "A registry without images, for work on the pages");
  kind("FakeRegistry");
}

}  // namespace bindery
