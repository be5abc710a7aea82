#include "runtime/registry/docker_config.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "runtime/error.hpp"
#include "runtime/process/private_folder.hpp"
#include "runtime/registry/registry_plan.hpp"
#include "runtime/text/base64.hpp"

using namespace bindery;

namespace {

docker_config config_of(const std::string& text) {
  auto config = parse_docker_config(text);
  if (!config) BOOST_FAIL(describe(config.error()));
  return std::move(*config);
}

/// `{"auths": {KEY: {"auth": base64 of LOGIN}}}`
std::string with_auth(const std::string& key, const std::string& login) {
  return nlohmann::json{{"auths", {{key, {{"auth", to_base64(login)}}}}}}.dump();
}

registry_plan plan_of(const settings& all, const docker_config& docker = {}) {
  auto plan = plan_registry(all, docker);
  if (!plan) BOOST_FAIL(describe(plan.error()));
  return std::move(*plan);
}

settings prefixed(const std::string& image_prefix) {
  settings all;
  all.binder_hub.image_prefix = image_prefix;
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(docker_configuration)

BOOST_AUTO_TEST_CASE(base64_there_and_back) {
  struct {
    const char *plain, *encoded;
  } rows[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"\xff\xfe", "//4="}};
  for (const auto& row : rows) {
    BOOST_TEST(to_base64(row.plain) == row.encoded);
    BOOST_TEST(from_base64(row.encoded).value() == row.plain);
  }
  BOOST_TEST(from_base64("Zm\n9v\r\n").value() == "foo");
  for (auto bad : {"Z", "Zg", "Zg=", "Z===", "====", "Zg==Zg==", "Zm9v!", " Zg==", "Z-_=", "=Zg="})
    BOOST_TEST(!from_base64(bad), bad);
  for (const auto& row : rows)
    BOOST_TEST(from_base64url(to_base64url(row.plain)).value() == row.plain);
  for (auto bad : {"Z", "Zg==", "Z+8", "//4", "Zg\n", "Zg~"}) BOOST_TEST(!from_base64url(bad), bad);
}

BOOST_AUTO_TEST_CASE(logins_in_every_form) {
  auto config = config_of(R"({"auths": {
    "z.example": {"auth": "dTpw"},
    "https://a.example/v2/": {"username": "u2", "password": "p2"},
    "b.example:5000": {"auth": "MDAwOg==", "identitytoken": "idt"},
    "c.example": {}, "d.example": {"auth": "dTpwOnEA", "email": null}}, "credsStore": "desktop"})");
  BOOST_REQUIRE(config.logins.size() == 5u);
  BOOST_TEST(config.logins[0].key == "z.example");  // in the file's order
  BOOST_TEST(config.logins[0].username == "u");
  BOOST_TEST(config.logins[0].password.reveal() == "p");
  BOOST_TEST(config.logins[1].username == "u2");
  BOOST_TEST(config.logins[1].password.reveal() == "p2");
  BOOST_TEST(config.logins[2].identity_token.reveal() == "idt");
  BOOST_TEST(config.logins[3].empty());
  BOOST_TEST(config.logins[4].password.reveal() == "p:q");
  BOOST_TEST(config_of("{}").logins.empty());
  BOOST_TEST(config_of(R"({"auths": null})").logins.empty());
}

BOOST_AUTO_TEST_CASE(hostile_files_are_refused_by_the_place_and_never_show_a_password) {
  struct {
    std::string text, words;
  } rows[] = {
      {"", "it is not JSON"},
      {"{\"auths\":", "it is not JSON"},
      {"[]", "it is not a JSON object"},
      {R"({"auths": []})", "auths is not an object"},
      {R"({"auths": {"r": "x"}})", "auths[\"r\"] is not an object"},
      {R"({"auths": {"r": {"auth": 5}}})", "auths[\"r\"].auth is not a text"},
      {R"({"auths": {"r": {"auth": "hunter2"}}})", "auths[\"r\"].auth is not base64"},
      {R"({"auths": {"r": {"username": "u\r\nX: y"}}})", "auths[\"r\"].username holds a line"},
      {R"({"auths": {"r": {"identitytoken": ["hunter2"]}}})", "identitytoken is not a text"},
      {with_auth("r", "hunter2"), "auths[\"r\"].auth is not the base64 of a name, a colon"},
      {with_auth("r", ":hunter2"), "is not the base64 of a name, a colon"},
      {with_auth("r", "u\r\nX-Evil: 1:hunter2"), "auth holds a line break"},
      {with_auth("r", "u:hunter2\n"), "encoded together with the end of a line?"},
      {with_auth("r", "u\xff:hunter2"), "auth holds a line break or another character"},
      {std::string(2'000'000, ' '), "it is larger than 1048576 bytes"},
      {std::string(500'000, '['), "it is not JSON"},
  };
  for (const auto& row : rows) {
    auto config = parse_docker_config(row.text);
    BOOST_TEST_CONTEXT(row.words) {
      BOOST_REQUIRE(!config);
      BOOST_CHECK(code_of(config.error()) == errc::bad_settings);
      auto told = describe(config.error());
      BOOST_TEST(told.find(row.words) != std::string::npos, told);
      BOOST_TEST(told.find("hunter2") == std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(logins_are_found_under_every_spelling_of_their_registry) {
  struct {
    const char *key, *url;
    bool found;
  } rows[] = {
      {"https://r.example", "https://r.example", true},
      {"r.example", "https://r.example", true},
      {"https://r.example/v1/", "https://r.example", true},
      {"http://R.example/v2/", "https://r.example/", true},
      {"r.example:5000", "https://r.example:5000", true},
      {"r.example", "https://r.example:443", true},
      {"r.example", "https://r.example:5000", false},
      {"r.example:5000", "https://r.example", false},
      {"r.example:5000", "https://r.example:5001", false},
      {"other.example", "https://r.example", false},
      {"https://index.docker.io/v1/", "https://registry-1.docker.io", true},
      {"docker.io", "https://registry-1.docker.io", true},
      {"https://index.docker.io/v1/", "https://notdocker.io", false},
      {"r.example.evil", "https://r.example", false},
  };
  for (const auto& row : rows) {
    auto config = config_of(with_auth(row.key, "u:p"));
    BOOST_TEST((find_docker_login(config, row.url) != nullptr) == row.found,
               row.key << " for " << row.url);
  }
}

BOOST_AUTO_TEST_CASE(defaults_of_well_known_registries) {
  auto hub = plan_of(prefixed("me/binder-"));
  BOOST_TEST(hub.address.url == "https://registry-1.docker.io");
  BOOST_TEST(hub.address.token_url == "https://auth.docker.io/token?service=registry.docker.io");
  BOOST_TEST(hub.address.not_found_401);
  BOOST_TEST(hub.push_registry == "https://index.docker.io/v1/");
  auto google = plan_of(prefixed("eu.gcr.io/project/binder-"));
  BOOST_TEST(google.address.url == "https://eu.gcr.io");
  BOOST_TEST(google.address.token_url == "https://eu.gcr.io/v2/token?service=eu.gcr.io");
  BOOST_TEST(!google.address.not_found_401);
  auto local = plan_of(prefixed("127.0.0.1:5000/x/"));
  BOOST_TEST(local.address.url == "http://127.0.0.1:5000");
  BOOST_TEST(local.address.token_url == "");
  BOOST_TEST(local.push_credentials == "");
  auto artifact = prefixed("us-docker.pkg.dev/p/r/binder-");
  artifact.binder_hub.registry_class = "GoogleArtifactRegistry";
  auto plan = plan_of(artifact);
  BOOST_TEST(plan.address.google_metadata);
  BOOST_TEST(plan.address.url == "https://us-docker.pkg.dev");
  BOOST_TEST(plan.address.token_url.starts_with("http://metadata.google.internal/"));
  auto strict = prefixed("me/x-");
  strict.docker_registry.not_found_401 = "no";
  BOOST_TEST(!plan_of(strict).address.not_found_401);
}

BOOST_AUTO_TEST_CASE(what_the_settings_leave_open_comes_from_docker) {
  auto docker = config_of(R"({"auths": {"https://one.example/v2/": {"auth": "dTpw"},
                                        "https://index.docker.io/v1/": {"auth": "aDpw"}}})");
  auto first = plan_of({}, docker);
  BOOST_TEST(first.address.url == "https://one.example");
  BOOST_TEST(first.address.username == "u");
  BOOST_TEST(first.push_credentials ==
             R"({"password":"p","registry":"one.example","username":"u"})");
  auto hub = plan_of(prefixed("me/x-"), docker);
  BOOST_TEST(hub.address.username == "h");
  BOOST_TEST(hub.push_credentials ==
             R"({"password":"p","registry":"https://index.docker.io/v1/","username":"h"})");
  // Nobody's password goes to a registry that it is not for.
  auto other = plan_of(prefixed("two.example/x-"), docker);
  BOOST_TEST(other.address.username == "");
  BOOST_TEST(other.push_credentials == "");
  auto elsewhere = prefixed("two.example/x-");
  elsewhere.docker_registry.auth_config_url = "https://one.example/v2/";
  BOOST_TEST(plan_of(elsewhere, docker).address.username == "u");
  auto given = prefixed("one.example/x-");
  given.docker_registry.username = "mine";
  given.docker_registry.password = secret{"own"};
  BOOST_TEST(plan_of(given, docker).address.username == "mine");
  given.build.registry_credentials = {{"username", secret{"pusher"}}, {"password", secret{"s"}}};
  BOOST_TEST(plan_of(given, docker).push_credentials ==
             R"({"password":"s","registry":"one.example","username":"pusher"})");
  auto plain = plan_of(prefixed("three.example:5000/x"),
                       config_of(with_auth("http://three.example:5000/v2/", "u:p")));
  BOOST_TEST(plain.address.url == "http://three.example:5000");
}

BOOST_AUTO_TEST_CASE(an_identity_token_is_pushed_with_by_a_configuration_of_its_own) {
  auto docker = config_of(R"({"auths": {"r.example": {"identitytoken": "idt"}}})");
  auto plan = plan_of(prefixed("r.example/x-"), docker);
  BOOST_TEST(plan.address.identity_token == "idt");
  BOOST_TEST(plan.push_credentials == "");
  auto file = nlohmann::json::parse(plan.docker_config);
  BOOST_TEST(file["auths"]["r.example"]["identitytoken"] == "idt");
}

BOOST_AUTO_TEST_CASE(
    a_configuration_with_an_identity_token_keeps_what_it_says_of_other_registries) {
  std::string text = R"({"auths": {"https://r.example/v2/": {"identitytoken": "idt"},
                                   "other.example": {"auth": "dTpw"}},
                         "proxies": {"default": {}}, "credsStore": "desktop"})";
  for (bool named : {false, true}) {
    auto docker = config_of(text);
    docker.text = secret{text};
    docker.named = named;
    auto file = nlohmann::json::parse(plan_of(prefixed("r.example/x-"), docker).docker_config);
    BOOST_TEST(file["auths"]["r.example"]["identitytoken"] == "idt");
    BOOST_TEST(file["auths"]["other.example"]["auth"] == "dTpw");
    BOOST_TEST(file.contains("proxies"));
    // The token is in the file: no helper knows it.
    BOOST_TEST(file["credsStore"] == "desktop");
    BOOST_TEST(file["credHelpers"]["r.example"] == "");
    // Without a token the file goes as it is, or is found by docker itself.
    auto other = plan_of(prefixed("other.example/x-"), docker);
    BOOST_TEST(other.docker_config == (named ? text : ""));
  }
}

BOOST_AUTO_TEST_CASE(urls_in_every_spelling) {
  struct {
    const char *given, *url;
  } rows[] = {{"https://r.example/v2/", "https://r.example"},
              {"r.example", "https://r.example"},
              {"localhost:5000", "http://localhost:5000"},
              {"https://index.docker.io/v1/", "https://registry-1.docker.io"},
              {"http://r.example:5000/", "http://r.example:5000"}};
  for (const auto& row : rows) {
    settings all;
    all.docker_registry.url = row.given;
    BOOST_TEST(plan_of(all).address.url == row.url);
  }
  settings bad;
  bad.docker_registry.url = "ftp://r.example";
  BOOST_CHECK(code_of(plan_registry(bad, {}).error()) == errc::bad_settings);
  settings broken;
  broken.docker_registry.username = "u\r\nX: y";
  BOOST_CHECK(code_of(plan_registry(broken, {}).error()) == errc::bad_settings);
}

BOOST_AUTO_TEST_CASE(files_that_were_named_must_be_there_and_good) {
  auto place = std::filesystem::temp_directory_path() / ("bindery-" + std::to_string(::getpid()));
  auto folder = private_folder::make(place.string());
  BOOST_REQUIRE(folder);
  BOOST_REQUIRE(!folder->write("config.json", with_auth("r.example", "u:p")));
  BOOST_REQUIRE(!folder->write("broken.json", "{"));
  std::map<std::string, std::string> variables = {{"DOCKER_CONFIG", folder->path()}};
  environment env = [&](const std::string& name) -> std::optional<std::string> {
    auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional{found->second};
  };
  auto by_environment = load_docker_config("", env);
  BOOST_REQUIRE(by_environment);
  BOOST_TEST(by_environment->logins.size() == 1u);
  BOOST_TEST(!by_environment->named);
  auto by_name = load_docker_config(folder->path() + "/config.json", env);
  BOOST_REQUIRE(by_name);
  BOOST_TEST(by_name->named);
  BOOST_TEST(by_name->text.reveal() == by_environment->text.reveal());
  for (std::string name : {"missing.json", "broken.json", "."}) {
    auto fault = load_docker_config(folder->path() + "/" + name, env);
    BOOST_REQUIRE(!fault);
    auto words = describe(fault.error());
    BOOST_TEST(words.find("DockerRegistry.docker_config_path: ") == 0u, words);
    BOOST_TEST(words.find(name) != std::string::npos);
  }
  // One that nobody named may be missing or broken.
  variables["DOCKER_CONFIG"] = folder->path() + "/nowhere";
  BOOST_TEST(load_docker_config("", env)->logins.empty());
  std::filesystem::rename(folder->path() + "/broken.json", folder->path() + "/config.json");
  variables["DOCKER_CONFIG"] = folder->path();
  BOOST_TEST(load_docker_config("", env)->logins.empty());
  std::filesystem::remove_all(place);
}

BOOST_AUTO_TEST_SUITE_END()
