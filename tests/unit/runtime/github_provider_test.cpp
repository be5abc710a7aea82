#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "resolution_steps.hpp"
#include "runtime/providers/absence_cache.hpp"
#include "runtime/providers/commit_cache.hpp"
#include "runtime/providers/github.hpp"

using namespace bindery;
using namespace bindery::steps;
using namespace std::chrono_literals;

namespace {

const std::string commit = "0123456789abcdef0123456789abcdef01234567";
const std::string other_commit = "fedcba9876543210fedcba9876543210fedcba98";

std::string commit_answer(const std::string& sha = commit) {
  return R"({"sha":")" + sha +
         R"(","node_id":"C_kw","commit":{"message":"Add a notebook","tree":{"sha":"aa"}},)" +
         R"("parents":[],"stats":{"total":3},"files":[{"filename":"index.ipynb"}]})";
}

/// A provider, its clock and its gauge.
struct github {
  explicit github(github_settings wanted = {})
      : provider(wanted, 7s, limit, [this] { return now; }) {}

  std::chrono::system_clock::time_point now{1'700'000'000s};
  std::shared_ptr<github_rate_limit> limit = std::make_shared<github_rate_limit>();
  github_provider provider;
};

const std::string commits_url = "https://api.github.com/repos/user/repo/commits/";

}  // namespace

BOOST_AUTO_TEST_SUITE(github_provider_suite)

BOOST_AUTO_TEST_CASE(a_branch_with_slashes) {
  github hub;
  auto work = begin(hub.provider, "user/repo.git/feature/x");
  auto request = as<http_request>(work->start());
  BOOST_TEST(request.method == "GET");
  BOOST_TEST(request.url == commits_url + "feature/x");
  BOOST_TEST(find_header(request.headers, "authorization") == "");
  BOOST_TEST(find_header(request.headers, "if-none-match") == "");
  auto done = as<resolved_repository>(work->on_response(answer(200, commit_answer())));
  BOOST_TEST(done.provider == "gh");
  BOOST_TEST(done.spec == "user/repo.git/feature/x");
  BOOST_TEST(done.repo_url == "https://github.com/user/repo");
  BOOST_TEST(done.resolved_ref == commit);
  BOOST_TEST(done.ref_url == "https://github.com/user/repo/tree/" + commit);
  BOOST_TEST(done.build_slug == "user-repo");
  BOOST_TEST(done.resolved_spec == "user/repo/" + commit);
  BOOST_TEST(done.display_name == "GitHub");
}

BOOST_AUTO_TEST_CASE(what_goes_into_the_url_is_escaped) {
  github hub;
  auto url = [&](const char* spec) {
    return as<http_request>(begin(hub.provider, spec)->start()).url;
  };
  BOOST_TEST(url("user/repo/a%20b%3Fc%23d%25e") == commits_url + "a%20b%3Fc%23d%25e");
  BOOST_TEST(url("user/repo/a?b") == commits_url + "a%3Fb");
  BOOST_TEST(url("user/repo/feature%2Fx") == commits_url + "feature/x");
  BOOST_TEST(url("us%65r/r%65po/x") == commits_url + "x");
  BOOST_TEST(url("user/repo/\xc3\xa9") == commits_url + "%C3%A9");
  BOOST_TEST(url("user/-_.x/HEAD") == "https://api.github.com/repos/user/-_.x/commits/HEAD");
}

BOOST_AUTO_TEST_CASE(logins) {
  github_settings wanted;
  wanted.client_id = "Aladdin";
  auto login = [&] {
    github hub{wanted};
    auto request = as<http_request>(begin(hub.provider, "user/repo/HEAD")->start());
    return std::string{find_header(request.headers, "authorization")};
  };
  BOOST_TEST(login() == "");  // an id alone is no login
  wanted.client_secret = secret{"open sesame"};
  BOOST_TEST(login() == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  wanted.access_token = secret{"t0ken"};
  BOOST_TEST(login() == "token t0ken");
  BOOST_TEST(github_git_credentials(wanted) == "username=Aladdin\\npassword=t0ken");
  wanted.client_id.clear();
  BOOST_TEST(github_git_credentials(wanted) == "username=t0ken\\npassword=x-oauth-basic");
  wanted.git_credentials = secret{"own"};
  BOOST_TEST(github_git_credentials(wanted) == "own");
  BOOST_TEST(github_git_credentials({}) == "");
}

BOOST_AUTO_TEST_CASE(another_github) {
  github_settings wanted;
  wanted.hostname = "git.example";
  wanted.api_base_path = "http://{hostname}:8080/api/v3//";
  github hub{wanted};
  auto work = begin(hub.provider, "u/r/HEAD");
  BOOST_TEST(as<http_request>(work->start()).url ==
             "http://git.example:8080/api/v3/repos/u/r/commits/HEAD");
  auto done = as<resolved_repository>(work->on_response(answer(200, commit_answer())));
  BOOST_TEST(done.repo_url == "https://git.example/u/r");
  BOOST_TEST(hub.provider.display_config()["detect"]["regex"] ==
             "^(https?://git.example/)?(?<repo>.*[^/])/?");
}

BOOST_AUTO_TEST_CASE(known_answers_are_asked_about_by_their_tag) {
  github hub;
  auto first = begin(hub.provider, "user/repo/dev");
  as<http_request>(first->start());
  as<resolved_repository>(
      first->on_response(answer(200, commit_answer(), {{"ETag", "W/\"abc\""}})));

  auto again = begin(hub.provider, "user/repo/dev");
  BOOST_TEST(find_header(as<http_request>(again->start()).headers, "if-none-match") == "W/\"abc\"");
  BOOST_TEST(as<resolved_repository>(again->on_response(answer(304))).resolved_ref == commit);

  auto moved = begin(hub.provider, "user/repo/dev");
  as<http_request>(moved->start());
  auto fresh = answer(200, commit_answer(other_commit), {{"etag", "\"def\""}});
  BOOST_TEST(as<resolved_repository>(moved->on_response(fresh)).resolved_ref == other_commit);

  auto later = begin(hub.provider, "user/repo/dev");
  BOOST_TEST(find_header(as<http_request>(later->start()).headers, "if-none-match") == "\"def\"");
  BOOST_TEST(as<resolved_repository>(later->on_response(answer(304))).resolved_ref == other_commit);
  // Another ref is another question.
  auto other = begin(hub.provider, "user/repo/dev2");
  BOOST_TEST(find_header(as<http_request>(other->start()).headers, "if-none-match") == "");
  failure(other->on_response(answer(304)), errc::bad_answer);
}

BOOST_AUTO_TEST_CASE(tags_that_could_break_a_header_are_not_kept) {
  github hub;
  for (std::string etag : {std::string{}, std::string{"\"a\r\nX: y\""}, std::string(10'000, 'a')}) {
    auto work = begin(hub.provider, "user/repo/dev");
    BOOST_TEST(find_header(as<http_request>(work->start()).headers, "if-none-match") == "");
    as<resolved_repository>(work->on_response(answer(200, commit_answer(), {{"ETag", etag}})));
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_not_asked_for_again_for_five_minutes) {
  github hub;
  for (int status : {404, 422}) {
    auto spec = "user/repo/no-such-" + std::to_string(status);
    auto work = begin(hub.provider, spec);
    as<http_request>(work->start());
    auto words = failure(work->on_response(answer(status, R"({"message":"Not Found"})")),
                         errc::unresolvable_ref);
    BOOST_TEST(contains(words, "https://github.com/user/repo"));
    BOOST_TEST(contains(words, "no-such"));
    BOOST_TEST(contains(words, "private"));
    hub.now += 299s;
    BOOST_TEST(failure(begin(hub.provider, spec)->start(), errc::unresolvable_ref) == words);
    hub.now += 1s;
    as<http_request>(begin(hub.provider, spec)->start());
  }
}

BOOST_AUTO_TEST_CASE(a_renamed_default_branch_becomes_head_after_a_notice) {
  for (std::string ref : {"master", "main"}) {
    github hub;
    auto work = begin(hub.provider, "user/repo/" + ref);
    BOOST_TEST(as<http_request>(work->start()).url == commits_url + ref);
    auto told = as<notice>(work->on_response(answer(422)));
    BOOST_TEST(contains(told.message, "HEAD instead of \"" + ref + "\""));
    BOOST_TEST(told.delay.count() == 7);
    BOOST_TEST(as<http_request>(work->go_on()).url == commits_url + "HEAD");
    auto done = as<resolved_repository>(work->on_response(answer(200, commit_answer())));
    BOOST_TEST(done.resolved_spec == "user/repo/" + commit);
    BOOST_TEST(done.spec == "user/repo/" + ref);
    // The next one is told at once, without asking for the branch again.
    auto next = begin(hub.provider, "user/repo/" + ref);
    as<notice>(next->start());
    as<http_request>(next->go_on());
  }
}

BOOST_AUTO_TEST_CASE(a_missing_repository_ends_after_one_notice) {
  github hub;
  auto work = begin(hub.provider, "user/repo/master");
  as<http_request>(work->start());
  as<notice>(work->on_response(answer(404)));
  as<http_request>(work->go_on());
  auto words = failure(work->on_response(answer(404)), errc::unresolvable_ref);
  BOOST_TEST(contains(words, "\"master\" of https://github.com/user/repo"));
  failure(work->go_on(), errc::internal);
  // Other refs are never replaced.
  auto plain = begin(hub.provider, "user/repo/HEAD~1");
  as<http_request>(plain->start());
  failure(plain->on_response(answer(404)), errc::unresolvable_ref);
  failure(plain->go_on(), errc::internal);
}

BOOST_AUTO_TEST_CASE(the_rate_limit_tells_when_to_come_again) {
  github hub;
  auto reset = [&](int64_t seconds) {
    auto work = begin(hub.provider, "user/repo/dev");
    as<http_request>(work->start());
    auto at = std::to_string(1'700'000'000 + seconds);
    return failure(work->on_response(answer(403, R"({"message":"API rate limit exceeded"})",
                                            {{"X-RateLimit-Limit", "60"},
                                             {"X-RateLimit-Remaining", "0"},
                                             {"X-RateLimit-Reset", at}})),
                   errc::too_many_requests);
  };
  BOOST_TEST(contains(reset(1), "Try again in 5 minutes"));
  BOOST_TEST(contains(reset(300), "Try again in 5 minutes"));
  BOOST_TEST(contains(reset(301), "Try again in 10 minutes"));
  BOOST_TEST(contains(reset(3'600), "Try again in 60 minutes"));
  BOOST_TEST(contains(reset(-50), "Try again in 5 minutes"));
  BOOST_TEST(contains(reset(1'000'000'000), "Try again in 60 minutes"));
  BOOST_TEST(hub.limit->remaining().value() == 0);

  auto work = begin(hub.provider, "user/repo/dev");
  as<http_request>(work->start());
  for (std::string strange : {"", "soon", "-5", "99999999999999999999", "1.5"})
    BOOST_TEST(contains(
        failure(work->on_response(answer(
                    403, "", {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", strange}})),
                errc::too_many_requests),
        "Try again in 60 minutes"));
  BOOST_TEST(contains(failure(work->on_response(answer(429, "", {{"Retry-After", "400"}})),
                              errc::too_many_requests),
                      "Try again in 10 minutes"));
}

BOOST_AUTO_TEST_CASE(the_gauge_shows_the_last_answer) {
  github hub;
  BOOST_TEST(!hub.limit->remaining());
  auto work = begin(hub.provider, "user/repo/dev");
  as<http_request>(work->start());
  auto seen = [&](const char* header) {
    (void)work->on_response(answer(500, "", {{"x-ratelimit-remaining", header}}));
    return hub.limit->remaining();
  };
  BOOST_TEST(!seen("many"));
  BOOST_TEST(!seen("-1"));
  BOOST_TEST(seen("4999").value() == 4999);
  BOOST_TEST(seen("4998x").value() == 4999);
  BOOST_TEST(seen("99999999999999999999999").value() == 4999);
  BOOST_TEST(seen("0").value() == 0);
}

BOOST_AUTO_TEST_CASE(refusals) {
  github_settings wanted;
  wanted.access_token = secret{"hunter2"};
  github hub{wanted};
  auto work = begin(hub.provider, "user/repo/dev");
  as<http_request>(work->start());
  auto words = failure(work->on_response(answer(401, R"({"message":"Bad credentials"})")),
                       errc::upstream_error);
  BOOST_TEST(contains(words, "Bad credentials"));
  BOOST_TEST(contains(words, "GitHubRepoProvider.access_token"));
  BOOST_TEST(!contains(words, "hunter2"));
  // Refused, but not for the rate limit.
  words = failure(work->on_response(answer(403, R"({"message":"Repository access blocked"})",
                                           {{"x-ratelimit-remaining", "59"}})),
                  errc::upstream_error);
  BOOST_TEST(contains(words, "GitHub answered 403 (Repository access blocked)"));
  BOOST_TEST(contains(
      failure(work->on_response(answer(409, R"({"message":"Empty"})")), errc::unresolvable_ref),
      "no commit yet"));
  for (int status : {0, 202, 204, 301, 400, 451, 500, 503})
    failure(work->on_response(answer(status, "\xff<html>\n")), errc::upstream_error);
}

BOOST_AUTO_TEST_CASE(answers_that_cannot_be_read) {
  github hub;
  for (const auto& body : hostile_commit_answers("sha")) {
    auto work = begin(hub.provider, "user/repo/dev");
    // Nothing of a bad answer is kept.
    BOOST_TEST(find_header(as<http_request>(work->start()).headers, "if-none-match") == "");
    auto words =
        failure(work->on_response(answer(200, body, {{"ETag", "\"x\""}})), errc::bad_answer);
    BOOST_TEST(words.size() < 1'000u);
  }
}

BOOST_AUTO_TEST_CASE(specs_that_cannot_be_read) {
  github hub;
  for (std::string spec : {"",
                           "/",
                           "//",
                           "///",
                           "user",
                           "user/",
                           "user/repo",
                           "user/repo/",
                           "/repo/HEAD",
                           "user//HEAD",
                           "user/repo//",
                           "user/repo//x",
                           "user/repo/x/",
                           "user/repo/a//b",
                           "user/repo/../x",
                           "user/repo/a..b",
                           "user/repo/./x",
                           "../repo/HEAD",
                           "user/../HEAD",
                           "./repo/HEAD",
                           "%2e%2e/repo/HEAD",
                           "user/%2E/HEAD",
                           "user/.git/HEAD",
                           "user/..git/HEAD",
                           "user/...git/HEAD",
                           "us%2Fer/repo/HEAD",
                           "user/re%2Fpo/HEAD",
                           "us er/repo/HEAD",
                           "user/repo%00/HEAD",
                           "user/repo%0a/HEAD",
                           "user/repo?x/HEAD",
                           "user/repo%3Fx/HEAD",
                           "user/repo#x/HEAD",
                           "us@er/repo/HEAD",
                           "user/repo/-x",
                           "user/repo/%2Dx",
                           "user/repo/%",
                           "user/repo/%2",
                           "user/repo/%zz",
                           "us%er/repo/HEAD",
                           "user/repo/a%0Db",
                           "user/repo/\x01",
                           "user/repo/\xff",
                           "user/repo/%ff",
                           "https://github.com/user/repo/HEAD"})
    BOOST_TEST_CONTEXT(spec) failure(hub.provider.read(spec), errc::bad_spec);
  for (const auto& spec : {"user/repo/" + std::string(1'991, 'x'), std::string(1'000'000, '/'),
                           std::string(5'000, '%')})
    BOOST_TEST(failure(hub.provider.read(spec), errc::bad_spec).size() < 1'000u);
  BOOST_CHECK(hub.provider.read("user/repo/" + std::string(1'990, 'x')));
}

BOOST_AUTO_TEST_CASE(a_missing_ref_is_suggested) {
  github hub;
  auto words = [&](const char* spec) { return failure(hub.provider.read(spec), errc::bad_spec); };
  BOOST_TEST(contains(words("user/repo"), "Did you mean \"user/repo/HEAD\"?"));
  BOOST_TEST(contains(words("user/repo/"), "Did you mean \"user/repo/HEAD\"?"));
  for (auto spec : {"user", "user/", "user//", "repo/main", "repo/master", "repo/HEAD"})
    BOOST_TEST(!contains(words(spec), "Did you mean"));
}

BOOST_AUTO_TEST_CASE(what_clients_are_shown) {
  auto config = github{}.provider.display_config();
  BOOST_TEST(config["displayName"] == "GitHub");
  BOOST_TEST(config["id"] == "gh");
  BOOST_TEST(config["spec"]["validateRegex"] == "[^/]+/[^/]+/.+");
  BOOST_TEST(config["detect"]["regex"] == "^(https?://github.com/)?(?<repo>.*[^/])/?");
  BOOST_TEST(config["repo"]["urlEncode"] == false);
  BOOST_TEST(config["repo"]["label"].is_string());
  BOOST_TEST(config["repo"]["placeholder"].is_string());
  BOOST_TEST(config["ref"]["enabled"] == true);
  BOOST_TEST(config["ref"]["default"] == "HEAD");
}

BOOST_AUTO_TEST_CASE(the_cache_of_commits_forgets_the_longest_unused) {
  commit_cache cache{2};
  cache.store("a", {"1", commit});
  cache.store("b", {"2", commit});
  BOOST_TEST(cache.find("a")->etag == "1");
  cache.store("c", {"3", commit});
  BOOST_TEST(!cache.find("b"));
  BOOST_TEST(cache.find("a")->etag == "1");
  cache.store("a", {"4", other_commit});
  BOOST_TEST(cache.find("a")->commit == other_commit);
  BOOST_TEST(cache.find("c")->etag == "3");
  cache.store("a", {"", commit});
  BOOST_TEST(!cache.find("a"));
}

BOOST_AUTO_TEST_CASE(the_cache_of_absences_is_bounded_in_time_and_size) {
  absence_cache cache{300s, 2};
  absence_cache::time_point start{1'000s};
  cache.add("a", start);
  BOOST_TEST(cache.holds("a", start));
  BOOST_TEST(cache.holds("a", start + 299s));
  BOOST_TEST(!cache.holds("a", start + 300s));
  BOOST_TEST(!cache.holds("a", start));  // forgotten for good
  cache.add("b", start);
  BOOST_TEST(!cache.holds("b", start - 1s));  // the clock was set back
  for (auto url : {"c", "d", "e"}) cache.add(url, start);
  BOOST_TEST(!cache.holds("c", start));
  BOOST_TEST(cache.holds("d", start));
  BOOST_TEST(cache.holds("e", start));
}

BOOST_AUTO_TEST_SUITE_END()
