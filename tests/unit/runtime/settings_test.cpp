#include <cstdlib>
#include <map>
#include <sstream>

#include <boost/test/unit_test.hpp>

#include "runtime/settings/load.hpp"

using namespace bindery;

namespace {

environment none() {
  return [](const std::string&) { return std::nullopt; };
}

settings_report read(const std::string& text) {
  return parse_settings(text, "test.yaml", none());
}

/// The only problem, or all of them joined where there is not exactly one.
std::string problem(const std::string& text) {
  std::string all;
  for (const auto& each : read(text).problems) all += (all.empty() ? "" : " | ") + each;
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(settings_file)

BOOST_AUTO_TEST_CASE(empty_file_is_all_defaults) {
  auto report = read("");
  BOOST_TEST(report.problems.empty());
  BOOST_TEST(report.values.binder_hub.port == 8585);
  BOOST_TEST(report.values.binder_hub.base_url == "/");
  BOOST_CHECK(report.values.launcher.retry_delay == std::chrono::seconds{4});
}

BOOST_AUTO_TEST_CASE(values_are_read_and_urls_get_their_slash) {
  auto report = read(
      "BinderHub:\n  port: 9000\n  base_url: binder\n  hub_url: https://hub.example.org\n"
      "  hub_api_token: abc\n  use_registry: false\n"
      "BuildExecutor:\n  memory_limit: 2G\n"
      "GitRepoProvider:\n  banned_specs: [\"^evil.*\"]\n"
      "Bindery:\n  keepalive_seconds: 7\n");
  BOOST_TEST(report.problems.empty());
  const auto& all = report.values;
  BOOST_TEST(all.binder_hub.port == 9000);
  BOOST_TEST(all.binder_hub.base_url == "/binder/");
  BOOST_TEST(all.binder_hub.hub_url == "https://hub.example.org/");
  BOOST_TEST(all.binder_hub.hub_url_local == "https://hub.example.org/");
  BOOST_TEST(all.binder_hub.hub_api_token.reveal() == "abc");
  BOOST_TEST(!all.binder_hub.use_registry);
  BOOST_TEST(all.build.memory_limit_bytes == 2ULL * 1024 * 1024 * 1024);
  BOOST_TEST(all.git.banned_specs.at(0) == "^evil.*");
  BOOST_CHECK(all.bindery.keepalive == std::chrono::seconds{7});
}

BOOST_AUTO_TEST_CASE(json_and_helm_values_are_read_too) {
  BOOST_TEST(read(R"({"BinderHub": {"port": 9001}})").values.binder_hub.port == 9001);
  BOOST_TEST(read("config:\n  BinderHub:\n    port: 9002\n").values.binder_hub.port == 9002);
}

BOOST_AUTO_TEST_CASE(wrong_types_name_path_and_line) {
  BOOST_TEST(problem("BinderHub:\n  port: abc\n") ==
             "BinderHub.port: expected an integer between 0 and 65535, got \"abc\" (line 2)");
  BOOST_TEST(problem("BinderHub:\n  port: 70000\n").find("BinderHub.port: expected") == 0U);
  BOOST_TEST(problem("BinderHub:\n  port: [1]\n").find("got a list") != std::string::npos);
  BOOST_TEST(problem("BinderHub:\n  use_registry: perhaps\n").find("true or false") !=
             std::string::npos);
  BOOST_TEST(problem("BuildExecutor:\n  memory_limit: much\n").find("size in bytes") !=
             std::string::npos);
  BOOST_TEST(problem("GitRepoProvider:\n  banned_specs: x\n").find("a list of texts") !=
             std::string::npos);
  BOOST_TEST(problem("Bindery:\n  log_format: xml\n").find("one of text, json") !=
             std::string::npos);
  BOOST_TEST(problem("BinderHub: 3\n").find("BinderHub: expected a map") == 0U);
}

BOOST_AUTO_TEST_CASE(unknown_names_get_a_hint) {
  BOOST_TEST(problem("BinderHub:\n  prot: 1\n") ==
             "BinderHub.prot: unknown setting; did you mean BinderHub.port? (line 2)");
  BOOST_TEST(problem("BinderHug:\n  port: 1\n") ==
             "BinderHug: unknown section; did you mean BinderHub? (line 1)");
}

BOOST_AUTO_TEST_CASE(every_problem_is_told_not_only_the_first) {
  BOOST_TEST(read("BinderHub:\n  port: x\n  nope: 1\nLauncher:\n  retries: 0\n").problems.size() ==
             3U);
}

BOOST_AUTO_TEST_CASE(python_is_refused_by_name) {
  BOOST_TEST(problem("extraConfig:\n  a: b\n").find("Python code") != std::string::npos);
  BOOST_TEST(problem("Launcher:\n  retries: \"lambda: 3\"\n").find("Python code") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(limits_are_read_from_their_old_and_new_places) {
  auto quota = [](const std::string& text) { return read(text).values.launch_quota.total_quota; };
  BOOST_TEST(!quota("").has_value());
  BOOST_TEST(quota("LaunchQuota:\n  total_quota: 5\n").value() == 5u);
  BOOST_TEST(quota("KubernetesLaunchQuota:\n  total_quota: 0\n").value() == 0u);
  BOOST_TEST(!quota("LaunchQuota:\n  total_quota: null\n").has_value());
  auto old = read(
      "BinderHub:\n  pod_quota: 7\n  per_repo_quota: 3\n  launch_quota_class: "
      "binderhub.quota.LaunchQuota\n");
  BOOST_TEST(old.problems.empty());
  BOOST_TEST(old.values.launch_quota.total_quota.value() == 7u);
  BOOST_TEST(old.values.binder_hub.per_repo_quota == 3u);
  BOOST_REQUIRE(old.warnings.size() == 1U);
  BOOST_TEST(old.warnings[0] ==
             "BinderHub.pod_quota is now called LaunchQuota.total_quota (line 2)");
  BOOST_TEST(quota("BinderHub:\n  pod_quota: 7\nLaunchQuota:\n  total_quota: 8\n").value() == 8u);
  BOOST_TEST(problem("LaunchQuota:\n  total_quota: many\n") ==
             "LaunchQuota.total_quota: expected an integer between 0 and 1000000, got \"many\" "
             "(line 2)");
  BOOST_TEST(problem("RateLimiter:\n  limit: -1\n").find("RateLimiter.limit: expected") == 0U);
  BOOST_TEST(problem("RateLimiter:\n  period_seconds: 1h\n")
                 .find("RateLimiter.period_seconds: expected") == 0U);
  BOOST_TEST(problem("BinderHub:\n  launch_quota_class: mine\n").find("one of") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_the_file_does_not_name_is_as_in_the_defaults) {
  settings defaults;
  defaults.rate_limiter.limit = 0;
  BOOST_TEST(parse_settings("", "x", none(), defaults).values.rate_limiter.limit == 0u);
  BOOST_TEST(parse_settings("RateLimiter:\n  limit: 10\n", "x", none(), defaults)
                 .values.rate_limiter.limit == 10u);
}

BOOST_AUTO_TEST_CASE(spec_config_is_a_list_of_patterns_and_configs) {
  auto report = read(
      "GitHubRepoProvider:\n  spec_config:\n    - pattern: ^a/.*\n      config:\n        quota: 5\n"
      "    - pattern: ^b/\n      config: {quota: null, other: 1}\n    - {pattern: c, config: "
      "{}}\n");
  BOOST_TEST(report.problems.empty());
  const auto& entries = report.values.github.spec_config;
  BOOST_REQUIRE(entries.size() == 3U);
  BOOST_TEST(entries[0].pattern == "^a/.*");
  BOOST_TEST(entries[0].quota.value() == 5u);
  BOOST_TEST(entries[1].quota.value() == 0u);
  BOOST_TEST(!entries[2].quota.has_value());
  BOOST_REQUIRE(report.warnings.size() == 1U);
  BOOST_TEST(report.warnings[0].find(
                 "GitHubRepoProvider.spec_config[1].config.other has no effect") == 0U);
  auto wrong = [](const std::string& entry) {
    return problem("GitRepoProvider:\n  spec_config: " + entry + "\n");
  };
  const std::string at = "GitRepoProvider.spec_config";
  BOOST_TEST(wrong("x").find(at + ": expected a list") == 0U);
  BOOST_TEST(wrong("[x]").find(at + "[0]: expected a map") == 0U);
  BOOST_TEST(wrong("[{config: {}}]").find(at + "[0].pattern: expected a text") == 0U);
  BOOST_TEST(wrong("[{pattern: [], config: {}}]").find(at + "[0].pattern: expected a text") == 0U);
  BOOST_TEST(wrong("[{pattern: a}]").find(at + "[0].config: expected a map") == 0U);
  BOOST_TEST(wrong("[{pattern: a, config: 3}]").find(at + "[0].config: expected a map") == 0U);
  BOOST_TEST(wrong("[{pattern: a, config: {quota: x}}]").find(at + "[0].config.quota: expected") ==
             0U);
  BOOST_TEST(wrong("[{pattern: a, config: {}, quota: 3}]").find(at + "[0].quota: unknown") == 0U);
}

BOOST_AUTO_TEST_CASE(the_hook_before_launches_is_a_url) {
  BOOST_TEST(
      problem("Launcher:\n  pre_launch_hook: my.hook\n") ==
      "Launcher.pre_launch_hook cannot be set: it holds Python code, which cannot be run here; "
      "Bindery.pre_launch_url names a service of yours that is asked before each launch "
      "(line 2)");
  BOOST_TEST(problem("Bindery:\n  pre_launch_url: check.example.org\n")
                 .find("Bindery.pre_launch_url: expected an http:// or https:// URL") == 0U);
  auto good = read(
      "Launcher:\n  pre_launch_hook: null\nBindery:\n  pre_launch_url: http://c/\n"
      "  pre_launch_timeout_seconds: 3\n");
  BOOST_TEST(good.problems.empty());
  BOOST_CHECK(good.values.bindery.pre_launch_timeout == std::chrono::seconds{3});
}

BOOST_AUTO_TEST_CASE(later_settings_warn_and_old_names_say_the_new_one) {
  auto report = read("KubernetesCleaner:\n  max_age: 1\nBinderHub:\n  sticky_builds: true\n");
  BOOST_TEST(report.problems.empty());
  BOOST_TEST(report.warnings.size() == 2U);
  auto old = read("BinderHub:\n  docker_image_prefix: r/x-\n");
  BOOST_TEST(old.problems.empty());
  BOOST_TEST(old.warnings.size() == 1U);
  BOOST_TEST(old.values.binder_hub.image_prefix == "r/x-");
}

BOOST_AUTO_TEST_CASE(older_places_of_build_settings_say_the_newer_ones) {
  auto report = read(
      "BinderHub:\n  appendix: RUN true\n  push_secret: s\n  build_memory_limit: 1K\n  "
      "pod_quota: 3\n");
  BOOST_TEST(report.problems.empty());
  std::string told;
  for (const auto& warning : report.warnings) told += warning + "\n";
  for (std::string words : {"BinderHub.appendix is now called BuildExecutor.appendix",
                            "BinderHub.push_secret is now called BuildExecutor.push_secret",
                            "BinderHub.build_memory_limit is now called BuildExecutor.memory_limit",
                            "BinderHub.pod_quota is now called LaunchQuota.total_quota"})
    BOOST_TEST(told.find(words) != std::string::npos, words + " is not in " + told);
  BOOST_TEST(report.values.binder_hub.appendix == "RUN true");
  BOOST_TEST(report.values.binder_hub.push_secret == "s");
  BOOST_TEST(report.values.build.memory_limit_bytes == 1024U);
}

BOOST_AUTO_TEST_CASE(what_holds_for_all_providers_gives_way_to_their_own) {
  auto report = read(
      "RepoProvider:\n  banned_specs: [^bad/.*]\n  git_credentials: password=x\n"
      "GitHubRepoProvider:\n  banned_specs: [^other/.*]\n");
  BOOST_TEST(report.problems.empty());
  const auto& all = report.values;
  BOOST_TEST((all.github.banned_specs == std::vector<std::string>{"^other/.*"}));
  BOOST_TEST(all.github.git_credentials.reveal() == "password=x");
  for (const provider_settings* one : std::initializer_list<const provider_settings*>{
           &all.git, &all.gist, &all.gitlab, &all.zenodo, &all.figshare, &all.hydroshare,
           &all.dataverse, &all.ckan})
    BOOST_TEST((one->banned_specs == std::vector<std::string>{"^bad/.*"}));
}

BOOST_AUTO_TEST_CASE(logins_need_to_know_whom_to_let_in) {
  auto told = [](const std::string& text) {
    auto report = read("BinderHub:\n  hub_url: http://hub/\n  hub_api_token: t\n" + text);
    require_serving(report);
    std::string all;
    for (const auto& problem : report.problems) all += problem + "\n";
    return all;
  };
  const std::string on = "  auth_enabled: true\n";
  BOOST_TEST(told("  auth_enabled: false\n").empty());
  BOOST_TEST(told(on).find("HubOAuth.oauth_client_id: ") == 0U);
  BOOST_TEST(told(on).find("HubOAuth.access_scopes: ") != std::string::npos);
  const std::string service =
      "HubOAuth:\n  oauth_client_id: service-binder\n  access_scopes: "
      "[\"access:services!service=binder\"]\n";
  BOOST_TEST(told(on + service).empty());
  BOOST_TEST(told(on + service + "  api_url: hub\n").find("HubOAuth.api_url: ") == 0U);
  BOOST_TEST(told(on + service + "Launcher:\n  create_user: false\n").empty());
  BOOST_TEST(told("Launcher:\n  create_user: false\n").find("auth_enabled") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_hub_tells_its_service_by_the_environment) {
  std::map<std::string, std::string> variables{
      {"JUPYTERHUB_CLIENT_ID", "service-b"},
      {"JUPYTERHUB_OAUTH_CALLBACK_URL", "https://b.example/oauth_callback"},
      {"JUPYTERHUB_API_URL", "http://hub:8081/hub/api"},
      {"JUPYTERHUB_SERVICE_PREFIX", "/services/b"},
      {"JUPYTERHUB_OAUTH_ACCESS_SCOPES", R"(["access:services!service=b"])"},
      {"JUPYTERHUB_ALLOW_NAMED_SERVERS", "true"},
      {"JUPYTERHUB_NAMED_SERVER_LIMIT_PER_USER", "5"}};
  environment env = [&](const std::string& name) -> std::optional<std::string> {
    auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional{found->second};
  };
  auto report = parse_settings("BinderHub:\n  auth_enabled: true\n", "t", env);
  BOOST_TEST(report.problems.empty());
  const auto& oauth = report.values.hub_oauth;
  BOOST_TEST(oauth.oauth_client_id == "service-b");
  BOOST_TEST(oauth.oauth_redirect_uri == "https://b.example/oauth_callback");
  BOOST_TEST(oauth.api_url == "http://hub:8081/hub/api");
  BOOST_TEST((oauth.access_scopes == std::vector<std::string>{"access:services!service=b"}));
  BOOST_TEST(report.values.binder_hub.base_url == "/services/b/");
  BOOST_TEST(report.values.launcher.allow_named_servers);
  BOOST_TEST(report.values.launcher.named_server_limit_per_user == 5U);
  // The service's name stands for its scope; without logins a prefix is somebody's own server's.
  variables.erase("JUPYTERHUB_OAUTH_ACCESS_SCOPES");
  BOOST_TEST(parse_settings("", "t", env).values.binder_hub.base_url == "/");
  variables["JUPYTERHUB_SERVICE_NAME"] = "c";
  auto named = parse_settings("", "t", env);
  BOOST_TEST((named.values.hub_oauth.access_scopes ==
              std::vector<std::string>{"access:services!service=c"}));
  BOOST_TEST(named.values.binder_hub.base_url == "/services/b/");
  for (const auto* name :
       {"JUPYTERHUB_OAUTH_ACCESS_SCOPES", "JUPYTERHUB_NAMED_SERVER_LIMIT_PER_USER"}) {
    variables[name] = "{";
    auto wrong = parse_settings("", "t", env);
    BOOST_REQUIRE(wrong.problems.size() == 1U);
    BOOST_TEST(wrong.problems[0].find(name) == 0U);
    variables.erase(name);
  }
}

BOOST_AUTO_TEST_CASE(what_is_read_and_not_used_yet_is_told) {
  auto report = read(
      "BinderHub:\n  static_path: x\n"
      "KubernetesBuildExecutor:\n  memory_limit: 3G\n");
  BOOST_TEST(report.problems.empty());
  BOOST_TEST(report.warnings.size() == 2U);
}

BOOST_AUTO_TEST_CASE(classes_are_named_in_every_spelling) {
  struct {
    const char *spelling, *name;
  } rows[] = {
      {"FakeRegistry", "FakeRegistry"},
      {"binderhub.registry.FakeRegistry", "FakeRegistry"},
      {"'FakeRegistry'", "FakeRegistry"},
      {"\"'binderhub.registry.FakeRegistry'\"", "FakeRegistry"},
      {"<class 'binderhub.registry.GoogleArtifactRegistry'>", "GoogleArtifactRegistry"},
      {"binderhub.registry.ExternalRegistryHelper", "ExternalRegistryHelper"},
  };
  for (const auto& row : rows) {
    auto report = read("BinderHub:\n  registry_class: " + std::string{row.spelling} + "\n");
    BOOST_TEST(report.problems.empty(), row.spelling);
    BOOST_TEST(report.values.binder_hub.registry_class == row.name);
  }
  for (std::string other :
       {"mine.DockerRegistry", "binderhub.registry.MyRegistry", "Docker", "''", "[DockerRegistry]",
        "binderhub.DockerRegistry()", "\"DockerRegistry\\n\"", "null"}) {
    auto words = problem("BinderHub:\n  registry_class: " + other + "\n");
    BOOST_TEST(words.find("BinderHub.registry_class: there is no such class here") == 0U, other);
    BOOST_TEST(words.find("ExternalRegistryHelper") != std::string::npos);
  }
  auto fake = read("BinderHub:\n  build_class: binderhub.build.FakeBuild\n");
  BOOST_TEST(fake.values.binder_hub.build_class == "FakeBuild");
  auto local = read("BinderHub:\n  build_class: binderhub.build_local.LocalRepo2dockerBuild\n");
  BOOST_TEST(local.values.binder_hub.build_class == "LocalRepo2dockerBuild");
  auto later = problem("BinderHub:\n  build_class: binderhub.build.KubernetesBuildExecutor\n");
  BOOST_TEST(later.find("BinderHub.build_class: builds in Kubernetes") == 0U);
}

BOOST_AUTO_TEST_CASE(providers_are_chosen_in_the_files_order) {
  auto report = read(
      "BinderHub:\n  repo_providers:\n    zenodo: binderhub.repoproviders.ZenodoProvider\n"
      "    gh: FakeProvider\n    a-b: 'GitRepoProvider'\n");
  BOOST_TEST(report.problems.empty());
  const auto& chosen = report.values.binder_hub.repo_providers;
  BOOST_REQUIRE(chosen.size() == 3U);
  BOOST_TEST(chosen[0].first == "zenodo");
  BOOST_TEST(chosen[0].second == "ZenodoProvider");
  BOOST_TEST(chosen[1].second == "FakeProvider");
  BOOST_TEST(chosen[2].first == "a-b");
  for (std::string bad : {"{}", "[gh]", "null", "gh", "{g/h: GitRepoProvider}",
                          "{\"\": GitRepoProvider}", "{gh: }", "{gh: mine.Provider}"})
    BOOST_TEST(
        problem("BinderHub:\n  repo_providers: " + bad + "\n").find("BinderHub.repo_providers") ==
            0U,
        bad);
}

BOOST_AUTO_TEST_CASE(the_section_of_the_registry_in_use_adds_to_dockers) {
  const std::string sections =
      "DockerRegistry:\n  url: https://one\n  username: u\n  not_found_401: true\n"
      "GoogleArtifactRegistry:\n  url: https://two\n  not_found_401: false\n"
      "ExternalRegistryHelper:\n  url: https://three\n  service_url: http://helper:1\n";
  auto plain = read(sections);
  BOOST_TEST(plain.problems.empty());
  BOOST_TEST(plain.warnings.empty());
  BOOST_TEST(plain.values.docker_registry.url == "https://one");
  BOOST_TEST(plain.values.docker_registry.not_found_401 == "yes");
  auto google = read(sections + "BinderHub:\n  registry_class: GoogleArtifactRegistry\n");
  BOOST_TEST(google.values.docker_registry.url == "https://two");
  BOOST_TEST(google.values.docker_registry.username == "u");
  BOOST_TEST(google.values.docker_registry.not_found_401 == "no");
  BOOST_TEST(google.values.registry_helper.service_url == "http://helper:1");
  BOOST_TEST(read("").values.docker_registry.not_found_401 == "");
  BOOST_TEST(problem("DockerRegistry:\n  not_found_401: maybe\n").find("true or false") !=
             std::string::npos);
  BOOST_TEST(problem("ExternalRegistryHelper:\n  service_url: helper:8080\n")
                 .find("ExternalRegistryHelper.service_url: expected an http://") == 0U);
}

BOOST_AUTO_TEST_CASE(what_pushes_images) {
  BOOST_TEST(read("").values.binder_hub.push_secret == "binder-build-docker-config");
  BOOST_TEST(read("BinderHub:\n  push_secret: null\n").values.binder_hub.push_secret == "");
  BOOST_TEST(read("BuildExecutor:\n  push_secret:\n").values.binder_hub.push_secret == "");
  BOOST_TEST(read("BuildExecutor:\n  push_secret: s\n").values.binder_hub.push_secret == "s");
  auto report =
      read("BuildExecutor:\n  registry_credentials:\n    registry: r.example\n    password: p\n");
  BOOST_TEST(report.problems.empty());
  BOOST_TEST(report.values.build.registry_credentials.at("password").reveal() == "p");
  auto wrong = problem("BuildExecutor:\n  registry_credentials: user:hunter2\n");
  BOOST_TEST(wrong == "BuildExecutor.registry_credentials: expected a map of texts (line 2)");
}

BOOST_AUTO_TEST_CASE(of_tornado_settings_only_headers_are_taken) {
  auto report = read(
      "BinderHub:\n  tornado_settings:\n    headers: {X-Frame-Options: DENY}\n    debug: true\n");
  BOOST_TEST(report.problems.empty());
  BOOST_TEST(report.warnings.size() == 1U);
  BOOST_TEST(report.warnings.at(0).find("BinderHub.tornado_settings.debug is not honoured: use "
                                        "BinderHub.debug") == 0U);
  BOOST_TEST(report.values.binder_hub.headers.at("X-Frame-Options") == "DENY");
  BOOST_TEST(read("BinderHub:\n  tornado_settings: ~\n  port: 1\n").values.binder_hub.port == 1);
  auto told = [](const std::string& inner) {
    return problem("BinderHub:\n  tornado_settings: " + inner + "\n");
  };
  BOOST_TEST(told("{xheaders: true}").find("Bindery.trusted_proxies") != std::string::npos);
  BOOST_TEST(told("{heders: {a: b}}") ==
             "BinderHub.tornado_settings.heders: unknown setting; did you mean "
             "BinderHub.tornado_settings.headers? (line 2)");
  BOOST_TEST(told("[1]").find("BinderHub.tornado_settings: expected a map, got a list") == 0U);
  BOOST_TEST(told("{headers: {a: [1]}}")
                 .find("BinderHub.tornado_settings.headers: expected a map "
                       "of texts") == 0U);
}

BOOST_AUTO_TEST_CASE(what_only_python_could_set_is_refused_by_name) {
  for (std::string value :
       {"\"lambda handler: handler.request.host\"", "!!python/name:badges.base_url ''", "badges"}) {
    auto told = problem("BinderHub:\n  badge_base_url: " + value + "\n");
    BOOST_TEST(told.find("BinderHub.badge_base_url: ") == 0U, told);
  }
  BOOST_TEST(
      read("BinderHub:\n  badge_base_url: https://b.example\n").values.binder_hub.badge_base_url ==
      "https://b.example/");
  BOOST_TEST(problem("BinderHub:\n  google_analytics_code: UA-1\n") ==
             "BinderHub.google_analytics_code cannot be set: load such scripts with "
             "extra_footer_scripts (line 2)");
  BOOST_TEST(read("BinderHub:\n  google_analytics_code: ''\n").problems.empty());
}

BOOST_AUTO_TEST_CASE(hostile_files_are_refused) {
  BOOST_TEST(problem("a: [").find("not valid YAML") != std::string::npos);
  BOOST_TEST(problem(std::string(2'000'000, 'x')).find("larger than") != std::string::npos);
  std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 9; ++i) {
    auto before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int k = 0; k < 9; ++k) bomb += "," + before;
    bomb += "]\n";
  }
  BOOST_TEST(problem(bomb).find("nested too deep or too large") != std::string::npos);
  std::string deep;
  for (int i = 0; i < 60; ++i) deep += "[";
  BOOST_TEST(!problem(deep + std::string(60, ']')).empty());
  BOOST_TEST(problem("just words").find("expected a map") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(base_urls_of_archives) {
  auto report = read("ZenodoProvider:\n  doi_base_url: http://doi.intern:8080\n");
  BOOST_TEST(report.problems.empty());
  BOOST_TEST(report.warnings.empty());
  BOOST_TEST(report.values.zenodo.doi_base_url == "http://doi.intern:8080");
  BOOST_TEST(report.values.dataverse.doi_base_url == "https://doi.org");
  BOOST_TEST(problem("ZenodoProvider:\n  doi_base_url: doi.intern\n") ==
             "ZenodoProvider.doi_base_url: expected an http:// or https:// URL, got "
             "\"doi.intern\"");
  for (std::string path : {"GitHubRepoProvider.raw_base_url", "GitLabRepoProvider.raw_base_url",
                           "FigshareProvider.doi_base_url", "FigshareProvider.api_base_url",
                           "HydroshareProvider.api_base_url", "DataverseProvider.doi_base_url"}) {
    auto dot = path.find('.');
    auto text = path.substr(0, dot) + ":\n  " + path.substr(dot + 1) + ": ";
    BOOST_TEST(read(text + "https://mirror.example").problems.empty());
    BOOST_TEST(problem(text + "ftp://mirror.example").find(path + ": expected an http://") == 0U);
  }
  auto ckan = read("CKANProvider:\n  private_hosts: [ckan.intern]\n  banned_specs: [x]\n");
  BOOST_TEST(ckan.problems.empty());
  BOOST_TEST(ckan.warnings.empty());
  BOOST_TEST(ckan.values.ckan.private_hosts.at(0) == "ckan.intern");
}

BOOST_AUTO_TEST_CASE(environment_brings_secrets_and_engine) {
  // Each variable's value is its own name.
  environment env = [](const std::string& name) { return std::optional{name}; };
  const auto all = parse_settings("", "t", env).values;
  BOOST_TEST(all.binder_hub.hub_api_token.reveal() == "JUPYTERHUB_API_TOKEN");
  BOOST_TEST(all.binder_hub.build_token_secret.reveal() == "BINDERHUB_BUILD_TOKEN_SECRET");
  BOOST_TEST(all.bindery.container_engine == "DOCKER_HOST");
  BOOST_TEST(all.registry_helper.auth_token.reveal() ==
             "BINDERHUB_CONTAINER_REGISTRY_HELPER_AUTH_TOKEN");
  for (const auto* one : {&all.github, static_cast<const github_settings*>(&all.gist)}) {
    BOOST_TEST(one->access_token.reveal() == "GITHUB_ACCESS_TOKEN");
    BOOST_TEST(one->client_id == "GITHUB_CLIENT_ID");
    BOOST_TEST(one->client_secret.reveal() == "GITHUB_CLIENT_SECRET");
  }
  BOOST_TEST(all.gitlab.access_token.reveal() == "GITLAB_ACCESS_TOKEN");
  BOOST_TEST(all.gitlab.private_token.reveal() == "GITLAB_PRIVATE_TOKEN");
}

BOOST_AUTO_TEST_CASE(an_empty_variable_leaves_the_files_secret) {
  environment empty = [](const std::string&) { return std::optional<std::string>{""}; };
  auto values = parse_settings(
                    "BinderHub:\n  hub_api_token: t1\n  build_token_secret: 00ff\n"
                    "GitHubRepoProvider:\n  access_token: t2\n  client_secret: t3\n"
                    "GitLabRepoProvider:\n  access_token: t4\n  private_token: t5\n"
                    "ExternalRegistryHelper:\n  auth_token: t6\n",
                    "t", empty)
                    .values;
  BOOST_TEST(values.binder_hub.hub_api_token.reveal() == "t1");
  BOOST_TEST(values.binder_hub.build_token_secret.reveal() == "00ff");
  BOOST_TEST(values.github.access_token.reveal() == "t2");
  BOOST_TEST(values.github.client_secret.reveal() == "t3");
  BOOST_TEST(values.gitlab.access_token.reveal() == "t4");
  BOOST_TEST(values.gitlab.private_token.reveal() == "t5");
  BOOST_TEST(values.registry_helper.auth_token.reveal() == "t6");
}

BOOST_AUTO_TEST_CASE(children_inherit_no_secret_that_was_read) {
  ::setenv("JUPYTERHUB_API_TOKEN", "sekret", 1);
  ::setenv("GITLAB_PRIVATE_TOKEN", "sekret", 1);
  BOOST_TEST(parse_settings("", "t", process_environment()).values.gitlab.private_token.reveal() ==
             "sekret");
  ::setenv("JUPYTERHUB_API_TOKEN_X", "kept", 1);
  const char* token = std::getenv("JUPYTERHUB_API_TOKEN");
  forget_secret_variables();
  BOOST_TEST(token[0] == '\0');  // the C library keeps the place of what was set
  BOOST_TEST((process_environment()("JUPYTERHUB_API_TOKEN_X") == "kept"));
  BOOST_TEST(!process_environment()("JUPYTERHUB_API_TOKEN"));
  BOOST_TEST(!process_environment()("GITLAB_PRIVATE_TOKEN"));
  BOOST_TEST(process_environment()("PATH").has_value());
}

BOOST_AUTO_TEST_CASE(serving_needs_a_hub) {
  auto report = read("");
  require_serving(report);
  BOOST_TEST(report.problems.size() == 2U);
  auto file = load_settings("/nonexistent/x.yaml", none());
  BOOST_TEST(file.problems.at(0).find("cannot be read") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(secrets_never_print) {
  std::ostringstream out;
  out << secret{"hunter2"};
  BOOST_TEST(out.str() == "***");
  auto wrong = problem("BinderHub:\n  hub_api_token: [hunter2]\n");
  BOOST_TEST(wrong.find("hunter2") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
