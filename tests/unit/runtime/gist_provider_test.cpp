#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "resolution_steps.hpp"
#include "runtime/providers/gist.hpp"

using namespace bindery;
using namespace bindery::steps;
using nlohmann::json;

namespace {

const std::string newest = "0123456789abcdef0123456789abcdef01234567";
const std::string older = "fedcba9876543210fedcba9876543210fedcba98";
const std::string id = "aa5a315d61ae9438b18d";

gist_provider gists(gist_settings wanted = {}) {
  return {wanted, std::make_shared<github_rate_limit>(),
          [] { return std::chrono::system_clock::time_point{}; }};
}

json gist() {
  return {{"id", id},
          {"public", true},
          {"owner", {{"login", "User"}, {"id", 1}}},
          {"files", {{"index.ipynb", {{"filename", "index.ipynb"}, {"truncated", false}}}}},
          {"history", json::array({{{"version", newest}, {"change_status", {{"total", 1}}}},
                                   {{"version", older}, {"change_status", json::object()}}})}};
}

caf::expected<resolve_step> after(const std::string& spec, const json& body,
                                  gist_settings wanted = {}) {
  auto provider = gists(wanted);
  auto work = begin(provider, spec);
  as<http_request>(work->start());
  return work->on_response(answer(200, body.dump()));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(gist_provider_suite)

BOOST_AUTO_TEST_CASE(the_newest_version) {
  auto provider = gists();
  BOOST_TEST(as<http_request>(begin(provider, "user/" + id)->start()).url ==
             "https://api.github.com/gists/" + id);
  for (std::string ref : {"", "/", "/HEAD", "/master", "/main"}) {
    auto done = as<resolved_repository>(after("user/" + id + ref, gist()));
    BOOST_TEST(done.provider == "gist");
    BOOST_TEST(done.spec == "user/" + id + ref);
    BOOST_TEST(done.repo_url == "https://gist.github.com/user/" + id + ".git");
    BOOST_TEST(done.resolved_ref == newest);
    BOOST_TEST(done.ref_url == "https://gist.github.com/user/" + id + "/" + newest);
    BOOST_TEST(done.build_slug == id);
    BOOST_TEST(done.resolved_spec == "user/" + id + "/" + newest);
    BOOST_TEST(done.display_name == "Gist");
  }
}

BOOST_AUTO_TEST_CASE(a_version_of_the_history) {
  BOOST_TEST(as<resolved_repository>(after("user/" + id + "/" + older, gist())).resolved_ref ==
             older);
  for (std::string ref : {"dev", "0123456", "0000000000000000000000000000000000000000", "a/b"})
    BOOST_TEST(contains(failure(after("user/" + id + "/" + ref, gist()), errc::unresolvable_ref),
                        "not in the gist's history"));
}

BOOST_AUTO_TEST_CASE(secret_gists_only_where_allowed) {
  auto hidden = gist();
  hidden["public"] = false;
  BOOST_TEST(contains(failure(after("user/" + id, hidden), errc::forbidden),
                      "GistRepoProvider.allow_secret_gist"));
  gist_settings wanted;
  wanted.allow_secret_gist = true;
  BOOST_TEST(as<resolved_repository>(after("user/" + id, hidden, wanted)).resolved_ref == newest);
}

BOOST_AUTO_TEST_CASE(a_gist_of_somebody_else_is_not_found) {
  auto words = failure(after("trusted/" + id, gist()), errc::unresolvable_ref);
  BOOST_TEST(contains(words, "belongs to \"User\""));
  auto nobodys = gist();
  nobodys.erase("owner");
  as<resolved_repository>(after("anonymous/" + id, nobodys));
  nobodys["owner"] = nullptr;
  as<resolved_repository>(after("anonymous/" + id, nobodys));
}

BOOST_AUTO_TEST_CASE(hosts_and_login) {
  gist_settings wanted;
  wanted.access_token = secret{"t0ken"};
  for (auto host : {"github.com", "gist.github.com"}) {
    wanted.hostname = host;
    auto provider = gists(wanted);
    auto request = as<http_request>(begin(provider, "user/" + id)->start());
    BOOST_TEST(request.url == "https://api.github.com/gists/" + id);
    BOOST_TEST(find_header(request.headers, "authorization") == "token t0ken");
    BOOST_TEST(provider.display_config()["detect"]["regex"] ==
               "^(https?://gist.github.com/)?(?<repo>.*[^/])/?");
  }
  wanted.hostname = "gist.git.example";
  wanted.api_base_path = "https://{hostname}/api/v3";
  auto provider = gists(wanted);
  auto work = begin(provider, "user/" + id);
  BOOST_TEST(as<http_request>(work->start()).url == "https://git.example/api/v3/gists/" + id);
  auto done = as<resolved_repository>(work->on_response(answer(200, gist().dump())));
  BOOST_TEST(done.repo_url == "https://gist.git.example/user/" + id + ".git");
}

BOOST_AUTO_TEST_CASE(refusals) {
  auto provider = gists();
  auto work = begin(provider, "user/" + id);
  as<http_request>(work->start());
  BOOST_TEST(contains(failure(work->on_response(answer(404)), errc::unresolvable_ref),
                      "no gist https://gist.github.com/user/" + id));
  BOOST_TEST(contains(failure(work->on_response(answer(403, "", {{"x-ratelimit-remaining", "0"}})),
                              errc::too_many_requests),
                      "Try again in"));
  BOOST_TEST(contains(failure(work->on_response(answer(401)), errc::upstream_error),
                      "GistRepoProvider.access_token"));
  failure(work->on_response(answer(304)), errc::upstream_error);
  failure(work->on_response(answer(500)), errc::upstream_error);
}

BOOST_AUTO_TEST_CASE(answers_that_cannot_be_read) {
  auto provider = gists();
  auto work = begin(provider, "user/" + id);
  as<http_request>(work->start());
  for (const auto& body : hostile_commit_answers("public"))
    failure(work->on_response(answer(200, body)), errc::bad_answer);
  for (const auto* history :
       {"null", "{}", "[]", "17", "\"x\"", "[null]", "[17]", "[[]]", "[{}]",
        R"([{"version":null}])", R"([{"version":17}])", R"([{"version":"HEAD"}])",
        R"([{"version":"--x"}])", R"([{"version":"0123456789ABCDEF0123456789abcdef01234567"}])"}) {
    auto body = gist();
    body["history"] = json::parse(history);
    BOOST_TEST_CONTEXT(history) failure(after("user/" + id, body), errc::bad_answer);
  }
  auto half = gist();
  half["history"].push_back({{"version", 5}});
  failure(after("user/" + id, half), errc::bad_answer);
  auto silent = gist();
  silent.erase("public");
  failure(after("user/" + id, silent), errc::bad_answer);
  silent = gist();
  silent.erase("history");
  failure(after("user/" + id, silent), errc::bad_answer);
}

BOOST_AUTO_TEST_CASE(specs_that_cannot_be_read) {
  auto provider = gists();
  for (std::string spec : {"",
                           "/",
                           "user",
                           "user/",
                           "user//",
                           "user//HEAD",
                           "/aa",
                           "../aa",
                           "user/..",
                           "user/.",
                           "us%2Fer/aa",
                           "user/a%2Fb",
                           "user/a%3Fb",
                           "user/a b",
                           "user/a%0a",
                           "user/%",
                           "user/aa/-x",
                           "user/aa/../x",
                           "user/aa//",
                           "user/aa/a//b",
                           "user/aa/%zz",
                           "user/aa/%00",
                           "user/\xff",
                           "https://gist.github.com/user/aa"})
    BOOST_TEST_CONTEXT(spec) failure(provider.read(spec), errc::bad_spec);
  failure(provider.read("user/" + std::string(2'000, 'a')), errc::bad_spec);
}

BOOST_AUTO_TEST_CASE(what_clients_are_shown) {
  auto config = gists().display_config();
  BOOST_TEST(config["displayName"] == "GitHub Gist");
  BOOST_TEST(config["id"] == "gist");
  BOOST_TEST(config["spec"]["validateRegex"] == "[^/]+/[^/]+(/[^/]+)?");
  BOOST_TEST(config["repo"]["urlEncode"] == false);
  BOOST_TEST(config["ref"]["default"] == "HEAD");
}

BOOST_AUTO_TEST_SUITE_END()
