#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "resolution_steps.hpp"
#include "runtime/providers/gitlab.hpp"

using namespace bindery;
using namespace bindery::steps;

namespace {

const std::string commit = "0123456789abcdef0123456789abcdef01234567";

std::string commit_answer() {
  return R"({"id":")" + commit +
         R"(","short_id":"0123456","title":"Add a notebook","parent_ids":[],"stats":{"total":3}})";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(gitlab_provider_suite)

BOOST_AUTO_TEST_CASE(a_ref_of_a_nested_project) {
  gitlab_provider provider{gitlab_settings{}};
  auto work = begin(provider, "my-group%2Fsub%2Fa-b/feature/x");
  auto request = as<http_request>(work->start());
  BOOST_TEST(request.method == "GET");
  BOOST_TEST(request.url ==
             "https://gitlab.com/api/v4/projects/my-group%2Fsub%2Fa-b/repository/commits/"
             "feature%2Fx");
  BOOST_TEST(find_header(request.headers, "authorization") == "");
  auto done = as<resolved_repository>(work->on_response(answer(200, commit_answer())));
  BOOST_TEST(done.provider == "gl");
  BOOST_TEST(done.spec == "my-group%2Fsub%2Fa-b/feature/x");
  BOOST_TEST(done.repo_url == "https://gitlab.com/my-group/sub/a-b.git");
  BOOST_TEST(done.resolved_ref == commit);
  BOOST_TEST(done.ref_url == "https://gitlab.com/my-group/sub/a-b/tree/" + commit);
  BOOST_TEST(done.build_slug == "my_-group-sub-a_-b");
  BOOST_TEST(done.resolved_spec == "my-group%2Fsub%2Fa-b/" + commit);
  BOOST_TEST(done.display_name == "GitLab");
}

BOOST_AUTO_TEST_CASE(refs_are_escaped) {
  gitlab_provider provider{gitlab_settings{}};
  auto url = as<http_request>(begin(provider, "g%2Fp.git/a%20b%3Fc%23d%25")->start()).url;
  BOOST_TEST(url == "https://gitlab.com/api/v4/projects/g%2Fp/repository/commits/a%20b%3Fc%23d%25");
}

BOOST_AUTO_TEST_CASE(another_gitlab_and_its_tokens) {
  gitlab_settings wanted;
  wanted.hostname = "git.example";
  wanted.access_token = secret{"oauth-token"};
  auto first = as<http_request>(begin(gitlab_provider{wanted}, "g%2Fp/HEAD")->start());
  BOOST_TEST(first.url == "https://git.example/api/v4/projects/g%2Fp/repository/commits/HEAD");
  BOOST_TEST(find_header(first.headers, "authorization") == "Bearer oauth-token");
  wanted.private_token = secret{"private-token"};
  for (auto base : {"http://127.0.0.1:8080", "http://127.0.0.1:8080//",
                    "http://127.0.0.1:8080/api/v4", "http://127.0.0.1:8080/api/v4/"}) {
    wanted.api_base_url = base;
    auto work = begin(gitlab_provider{wanted}, "g%2Fp/HEAD");
    auto request = as<http_request>(work->start());
    BOOST_TEST(request.url ==
               "http://127.0.0.1:8080/api/v4/projects/g%2Fp/repository/commits/HEAD");
    BOOST_TEST(find_header(request.headers, "private-token") == "private-token");
    BOOST_TEST(find_header(request.headers, "authorization") == "");
    auto done = as<resolved_repository>(work->on_response(answer(200, commit_answer())));
    BOOST_TEST(done.repo_url == "https://git.example/g/p.git");
  }
}

BOOST_AUTO_TEST_CASE(git_credentials_come_from_the_tokens) {
  gitlab_settings wanted;
  BOOST_TEST(gitlab_git_credentials(wanted) == "");
  wanted.access_token = secret{"a"};
  BOOST_TEST(gitlab_git_credentials(wanted) == "username=oauth2\\npassword=a");
  wanted.private_token = secret{"p"};
  BOOST_TEST(gitlab_git_credentials(wanted) == "username=binderhub\\npassword=p");
  wanted.git_credentials = secret{"own"};
  BOOST_TEST(gitlab_git_credentials(wanted) == "own");
}

BOOST_AUTO_TEST_CASE(what_is_not_there_or_not_shown) {
  gitlab_provider provider{gitlab_settings{}};
  auto work = begin(provider, "g%2Fp/nope");
  as<http_request>(work->start());
  auto words = failure(work->on_response(answer(404, R"({"message":"404 Project Not Found"})")),
                       errc::unresolvable_ref);
  BOOST_TEST(contains(words, "\"nope\" of https://gitlab.com/g/p"));
  BOOST_TEST(contains(words, "private"));
}

BOOST_AUTO_TEST_CASE(refusals) {
  gitlab_settings wanted;
  wanted.private_token = secret{"hunter2"};
  auto work = begin(gitlab_provider{wanted}, "g%2Fp/HEAD");
  as<http_request>(work->start());
  auto words = failure(work->on_response(answer(401, R"({"message":"401 Unauthorized"})")),
                       errc::upstream_error);
  BOOST_TEST(contains(words, "GitLabRepoProvider.private_token"));
  BOOST_TEST(!contains(words, "hunter2"));
  failure(work->on_response(answer(429)), errc::too_many_requests);
  for (int status : {204, 301, 400, 403, 500, 502, 503}) {
    words = failure(work->on_response(answer(status, "<html>\n")), errc::upstream_error);
    BOOST_TEST(contains(words, "GitLab answered " + std::to_string(status)));
  }
}

BOOST_AUTO_TEST_CASE(answers_that_cannot_be_read) {
  gitlab_provider provider{gitlab_settings{}};
  auto work = begin(provider, "g%2Fp/HEAD");
  as<http_request>(work->start());
  for (const auto& body : hostile_commit_answers("id")) {
    auto words = failure(work->on_response(answer(200, body)), errc::bad_answer);
    BOOST_TEST(words.size() < 1'000u);
  }
}

BOOST_AUTO_TEST_CASE(specs_that_cannot_be_read) {
  gitlab_provider provider{gitlab_settings{}};
  for (std::string spec : {"",
                           "/",
                           "g",
                           "g%2Fp",
                           "g%2Fp/",
                           "/HEAD",
                           "g/HEAD",
                           "group/project/HEAD",
                           "%2Fg%2Fp/HEAD",
                           "g%2F/HEAD",
                           "g%2F%2Fp/HEAD",
                           "g%2F../HEAD",
                           "g%2F%2e%2e/HEAD",
                           "..%2Fp/HEAD",
                           "g%2F.git/H",
                           "g%2F...git/H",
                           "g%2Fp%20/HEAD",
                           "g%2Fp%0a/HEAD",
                           "g%2Fp%3Fx/HEAD",
                           "g%252Fp/HEAD",
                           "g%2Fp%/HEAD",
                           "g%2Fp%f/HEAD",
                           "g%2Fp%ff/HEAD",
                           "g%2Fp/-x",
                           "g%2Fp/..",
                           "g%2Fp/a/../b",
                           "g%2Fp/a//b",
                           "g%2Fp//",
                           "g%2Fp/a%2F",
                           "g%2Fp/%00",
                           "g%2Fp/%zz",
                           "g%2Fp/a\tb"})
    BOOST_TEST_CONTEXT(spec) failure(provider.read(spec), errc::bad_spec);
  failure(provider.read("g%2Fp/" + std::string(5'000, 'x')), errc::bad_spec);
  BOOST_TEST(contains(failure(provider.read("g%2Fp"), errc::bad_spec), "\"g%2Fp/HEAD\"?"));
  BOOST_TEST(contains(failure(provider.read("group/project/HEAD"), errc::bad_spec), "group%2Fpro"));
}

BOOST_AUTO_TEST_CASE(what_clients_are_shown) {
  gitlab_settings wanted;
  BOOST_TEST(gitlab_provider{wanted}.display_config()["detect"]["regex"] ==
             "^(https?://gitlab.com/)?(?<repo>.*[^/])/?");
  wanted.hostname = "git.example";
  auto config = gitlab_provider{wanted}.display_config();
  BOOST_TEST(config["id"] == "gl");
  BOOST_TEST(config["detect"]["regex"] == "^(https?://git.example/)?(?<repo>.*[^/])/?");
  BOOST_TEST(config["repo"]["urlEncode"] == true);
}

BOOST_AUTO_TEST_SUITE_END()
