#include "local/distribution.hpp"

#include <csignal>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "local/base_image.hpp"
#include "local/images.hpp"
#include "local/parts/parts.hpp"
#include "local/preparation.hpp"
#include "tests/unit/local/local_world.hpp"
#include "tests/unit/runtime/scripted_server.hpp"

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;

namespace {

/// Stands in for a container engine: has today's base image, and one container of an earlier run.
class engine_stand_in {
 public:
  explicit engine_stand_in(std::string base_hash) : base_hash_(std::move(base_hash)) {}

  std::string address() const { return "tcp://" + server_.url().substr(7); }
  heard_lines asked;

 private:
  void serve(scripted_connection& peer) {
    for (auto request = peer.read_request(); !request.empty(); request = peer.read_request()) {
      auto line = request.substr(0, request.find("\r\n"));
      asked.add(line);
      auto has = [&](const char* part) { return line.find(part) != std::string::npos; };
      if (has("/version"))
        peer.answer(200, R"({"Version": "7.7"})");
      else if (has("/images/bindery/base/json"))
        peer.answer(200, R"({"Config": {"Labels": {"io.bindery.base": ")" + base_hash_ + "\"}}}");
      else if (has("GET /containers/json"))
        peer.answer(200, R"([{"Id": "0123abcd"}])");
      else if (has("DELETE /containers/0123abcd"))
        peer.answer(204, "");
      else
        peer.answer(404, R"({"message": "no such thing"})");
    }
  }

  std::string base_hash_;
  scripted_server server_{[this](scripted_connection& peer) { serve(peer); }};
};

struct distribution_fixture : local_world {
  const std::string recipes = std::string{BINDERY_SOURCE_DIR} + "/local";

  /// Nothing is left to start but the git daemon.
  distribution_options all_given(const std::string& engine) {
    distribution_options options;
    auto& given = options.given;
    given.binder_hub.hub_url = "http://hub.invalid/";
    given.binder_hub.hub_api_token = secret{"its-token"};
    given.binder_hub.image_prefix = "registry.invalid/mine-";
    given.bindery.repo2docker = "/opt/own/repo2docker";
    given.bindery.container_engine = engine;
    options.state_folder = path("state");
    options.source_folder = recipes;
    options.cache_folder = path("cache");
    options.say = [this](const std::string& line) { said.add(line); };
    return options;
  }

  caf::expected<distribution> start(distribution_options options) {
    return distribution::start(*system, std::move(options), runner, http);
  }

  /// Hash of today's base image recipe.
  std::string base_hash() {
    crew parts{*system, runner, http};
    preparation prepare{parts, recipes, path("cache"), nullptr};
    auto name = prepare.base_image_name();
    BOOST_REQUIRE_MESSAGE(name, (name ? "" : describe(name.error())));
    auto hash = archive_hash(*name);
    BOOST_REQUIRE(hash.size() == 12U);
    return hash;
  }

  heard_lines said;
};

bool root_with_iptables() {
  return ::geteuid() == 0 && ::system("iptables -w -S >/dev/null 2>&1") == 0;
}

bool has_link(const std::string& name) {
  return std::filesystem::exists("/sys/class/net/" + name);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(distributions, distribution_fixture)

BOOST_AUTO_TEST_CASE(what_is_given_is_used_and_left_alone) {
  engine_stand_in engine{base_hash()};
  auto parts = start(all_given(engine.address()));
  BOOST_REQUIRE_MESSAGE(parts, (parts ? "" : describe(parts.error())));
  const auto& all = parts->effective();
  BOOST_TEST(all.binder_hub.hub_url == "http://hub.invalid/");
  BOOST_TEST(all.binder_hub.hub_api_token.reveal() == "its-token");
  BOOST_TEST(all.binder_hub.image_prefix == "registry.invalid/mine-");
  BOOST_TEST(all.docker_registry.url == "");
  BOOST_TEST(all.bindery.repo2docker == "/opt/own/repo2docker");
  BOOST_TEST(all.bindery.container_engine == engine.address());
  BOOST_TEST(all.bindery.state_folder == std::filesystem::canonical(path("state")).string());
  BOOST_TEST(!said.wait_for("Using the container engine 7.7").empty());
  // Neither Python nor Node environments were made.
  BOOST_TEST(!std::filesystem::exists(path("cache/stack")));
  BOOST_TEST(!std::filesystem::exists(path("cache/node")));
  // What an earlier run left in the engine is gone.
  BOOST_TEST(!engine.asked.wait_for("DELETE /containers/0123abcd").empty());

  crew shell_runner{*system, runner, http};
  step_options look;
  look.name = "list the sample";
  look.process = shell("git ls-remote " + parts->sample_repository() + " HEAD");
  auto refs = shell_runner.run(std::move(look));
  BOOST_REQUIRE_MESSAGE(refs, (refs ? "" : describe(refs.error())));
  BOOST_TEST(refs->find("\tHEAD") == 40U);

  // The state folder is taken until the end.
  BOOST_TEST(!start(all_given(engine.address())));
  parts->stop();
  parts->stop();
  BOOST_TEST(static_cast<bool>(start(all_given(engine.address()))));
}

BOOST_AUTO_TEST_CASE(a_given_engine_that_does_not_answer_ends_the_start) {
  auto refused = start(all_given("unix://" + path("nobody.sock")));
  BOOST_REQUIRE(!refused);
  BOOST_CHECK(code_of(refused.error()) == errc::unreachable);
  auto words = describe(refused.error());
  BOOST_TEST(words.find("nobody.sock") != std::string::npos, words);
  // Nothing stays behind: the folder can be taken again at once.
  BOOST_TEST(static_cast<bool>(stack_folder::open(path("state"))));
}

BOOST_AUTO_TEST_CASE(a_hub_without_a_token_is_refused) {
  engine_stand_in engine{base_hash()};
  auto options = all_given(engine.address());
  options.given.binder_hub.hub_api_token = secret{};
  auto refused = start(std::move(options));
  BOOST_REQUIRE(!refused);
  BOOST_CHECK(code_of(refused.error()) == errc::bad_settings);
  BOOST_TEST(describe(refused.error()).find("JUPYTERHUB_API_TOKEN") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_start_that_is_cancelled_ends) {
  engine_stand_in engine{base_hash()};
  auto options = all_given(engine.address());
  std::stop_source stop;
  options.cancelled = stop.get_token();
  // In the middle of it: when the engine is found.
  options.say = [&](const std::string&) { stop.request_stop(); };
  auto refused = start(std::move(options));
  BOOST_REQUIRE(!refused);
  BOOST_CHECK(code_of(refused.error()) == errc::cancelled);
  BOOST_TEST(static_cast<bool>(stack_folder::open(path("state"))));
}

BOOST_AUTO_TEST_CASE(a_base_image_that_cannot_be_made_leaves_an_older_one) {
  engine_stand_in engine{"an-older-one"};
  crew parts{*system, runner, http};
  // Recipes that know the image's name and cannot make it.
  std::filesystem::create_directories(path("recipes/base-image"));
  std::ofstream{path("recipes/base-image/build")}
      << "#!/bin/sh\n[ $# = 1 ] && echo /c/base-image-new.tar.gz && exit\necho 'no root' >&2\nexit "
         "1\n";
  std::filesystem::permissions(path("recipes/base-image/build"), std::filesystem::perms::owner_all);
  auto say = [this](const std::string& line) { said.add(line); };
  preparation prepare{parts, path("recipes"), path("cache"), nullptr};
  auto place = parse_engine_address(engine.address());
  chosen_engine chosen{engine_kind::running, *place, engine.address(), "7.7"};
  base_image_loader base{parts, prepare, chosen, say};
  BOOST_TEST(!base.load("", ""));
  BOOST_TEST(!said.wait_for("Keeping the older base image").empty());
  BOOST_TEST(!said.wait_for("no root").empty());
}

BOOST_AUTO_TEST_CASE(the_network_is_put_back_also_after_a_kill) {
  if (!root_with_iptables()) {
    BOOST_TEST_MESSAGE("needs root and iptables");
    return;
  }
  auto first = stack_folder::open(path("first"));
  auto second = stack_folder::open(path("second"));
  BOOST_REQUIRE(first && second);
  BOOST_REQUIRE(first->subfolder("logs") && second->subfolder("logs"));
  auto rules_of = [&](const stack_folder& folder) {
    crew shell_runner{*system, runner, http};
    step_options look;
    look.name = "list rules";
    look.process = shell("{ iptables -w -S; iptables -w -t nat -S; } | grep -c " +
                         bridge_of(folder) + " || true");
    return *shell_runner.run(std::move(look));
  };
  heard_lines ended;
  crew one{*system, runner, http}, two{*system, runner, http};
  auto lasting = network_part(*first, recipes, "docker");
  lasting.restart.first_pause = lasting.restart.longest_pause = 3600s;
  lasting.say = [&](const std::string& line) { ended.add(line); };
  one.add(std::move(lasting));
  BOOST_TEST(!one.wait("container network"));
  BOOST_TEST(has_link(bridge_of(*first)));
  BOOST_TEST(rules_of(*first) == "6");

  // Killed, it can put nothing back; the next one of another stack does.
  auto record = content("/run/bindery/network/" + bridge_of(*first));
  BOOST_REQUIRE(::kill(std::stoi(record), SIGKILL) == 0);
  BOOST_REQUIRE(!ended.wait_for("killed by signal 9").empty());
  two.add(network_part(*second, recipes, "docker"));
  BOOST_TEST(!two.wait("container network"));
  BOOST_TEST(has_link(bridge_of(*second)));
  two.stop_all();
  one.stop_all();
  for (const auto* folder : {&*first, &*second}) {
    BOOST_TEST(!has_link(bridge_of(*folder)));
    BOOST_TEST(rules_of(*folder) == "0");
  }
}

BOOST_AUTO_TEST_SUITE_END()
