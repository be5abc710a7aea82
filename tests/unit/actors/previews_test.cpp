#include "actors/previews.hpp"

#include <nlohmann/json.hpp>

#include "tests/unit/actors/scripted_http_fixture.hpp"

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;

namespace {

struct readme_provider : repo_provider {
  std::string_view prefix() const override { return "gh"; }
  std::string_view display_name() const override { return "GitHub"; }
  nlohmann::json display_config() const override { return {}; }
  caf::expected<std::unique_ptr<resolution>> read(std::string_view spec) const override {
    if (spec == "bad") return make_error(errc::bad_spec, "no spec");
    return std::unique_ptr<resolution>{};
  }
  std::optional<preview_source> preview_of(std::string_view spec) const override {
    if (spec == "none") return std::nullopt;
    auto base = "https://forge.example/" + std::string{spec} + "/";
    return preview_source{base, base, readmes_in(base), host_rule{}};
  }
};

struct previews_world : scripted_upstream {
  previews_world() {
    options.find_provider = [this](std::string_view prefix) {
      return prefix == "gh" ? &provider : nullptr;
    };
    options.admit = [](const repo_provider&, std::string_view spec) {
      return spec == "banned" ? make_error(errc::banned_spec, "not allowed here") : caf::error{};
    };
  }
  ~previews_world() { end_all(); }

  std::shared_ptr<asked<repository_preview>> look(const std::string& spec,
                                                  const std::string& prefix = "gh") {
    if (!looking) looking = spawn(previews, client, options);
    return ask<repository_preview>(looking, fetch_atom::value, prefix, spec);
  }

  readme_provider provider;
  previews_options options;
  previews_actor looking;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(previews_suite)

BOOST_FIXTURE_TEST_CASE(a_readme_is_fetched_once_in_ten_minutes, previews_world) {
  http->say({answer_of(404), answer_of(200, "Hello")});
  auto first = look("a");
  BOOST_REQUIRE(first->value);
  BOOST_TEST(first->value->name == "README.rst");
  BOOST_TEST(first->value->text == "Hello");
  BOOST_TEST(http->requests.size() == 2U);
  advance(10min - 1s);
  BOOST_TEST(look("a")->value.has_value());
  BOOST_TEST(http->requests.size() == 2U);
  advance(1s);
  BOOST_TEST(look("a")->value.has_value());
  BOOST_TEST(http->requests.size() == 3U);
}

BOOST_FIXTURE_TEST_CASE(that_there_is_none_is_remembered, previews_world) {
  http->say({answer_of(404)});
  BOOST_TEST((look("a")->code() == errc::unresolvable_ref));
  BOOST_TEST((look("a")->code() == errc::unresolvable_ref));
  BOOST_TEST(http->requests.size() == 3U);
  BOOST_TEST((look("b")->code() == errc::unresolvable_ref));
  BOOST_TEST(http->requests.size() == 6U);
}

BOOST_FIXTURE_TEST_CASE(an_upstream_that_fails_is_asked_again_sooner, previews_world) {
  http->say({answer_of(503)});
  BOOST_TEST((look("a")->code() == errc::unresolvable_ref));
  advance(59s);
  look("a");
  BOOST_TEST(http->requests.size() == 1U);
  advance(1s);
  look("a");
  BOOST_TEST(http->requests.size() == 2U);
}

BOOST_FIXTURE_TEST_CASE(all_who_ask_share_one_search_and_its_time_is_bounded, previews_world) {
  bool answers = true;
  http->on_fetch = [&](const http_request&) -> scripted_http::answer {
    if (std::exchange(answers, false)) return answer_of(404);
    return std::nullopt;  // silence
  };
  auto first = look("a"), second = look("a");
  BOOST_TEST(http->requests.size() == 2U);
  BOOST_TEST((http->requests[1].timeout == 5s));
  advance(5s - 1ms);
  BOOST_TEST(!first->done());
  advance(1ms);
  BOOST_TEST((first->code() == errc::unresolvable_ref));
  BOOST_TEST((second->code() == errc::unresolvable_ref));
  BOOST_TEST(http->requests.size() == 2U);
}

BOOST_FIXTURE_TEST_CASE(only_so_many_searches_run_at_once, previews_world) {
  options.most_searches = 2;
  http->on_fetch = [](const http_request&) -> scripted_http::answer { return std::nullopt; };
  auto a = look("a"), b = look("b");
  BOOST_TEST((look("c")->code() == errc::too_many_requests));
  BOOST_TEST(!look("b")->done());
  advance(5s);
  BOOST_TEST(a->done());
  BOOST_TEST(!look("c")->done());
}

BOOST_FIXTURE_TEST_CASE(nothing_is_asked_for_what_is_not_allowed, previews_world) {
  BOOST_TEST((look("banned")->code() == errc::banned_spec));
  BOOST_TEST((look("bad")->code() == errc::bad_spec));
  BOOST_TEST((look("none")->code() == errc::unresolvable_ref));
  BOOST_TEST((look("a", "zz")->code() == errc::unknown_provider));
  BOOST_TEST(http->requests.empty());
}

BOOST_FIXTURE_TEST_CASE(an_end_answers_who_waits, previews_world) {
  http->on_fetch = [](const http_request&) -> scripted_http::answer { return std::nullopt; };
  auto waits = look("a");
  end(looking);
  BOOST_TEST((waits->code() == errc::shutting_down));
  looking = nullptr;
}

BOOST_AUTO_TEST_SUITE_END()
