#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "runtime/providers/figshare.hpp"
#include "web_steps.hpp"

using namespace bindery;
using namespace bindery::steps;

namespace {

const std::string of_all = "10.6084/m9.figshare.9782777";
const std::string page = "https://figshare.com/articles/software/A_title/9782777";
const std::string versions_url = "https://api.figshare.com/v2/articles/9782777/versions";

/// A resolution whose DOI led to the article's page.
std::unique_ptr<resolution> at_page(std::string_view spec) {
  auto work = begin(figshare_provider{{}}, spec);
  as<http_request>(work->start());
  lead(*work, {page});
  return work;
}

/// One that asked for the versions.
std::unique_ptr<resolution> at_versions() {
  auto work = at_page(of_all);
  BOOST_TEST(as<http_request>(work->on_response(answer(200))).url == versions_url);
  return work;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(figshare_provider_suite)

BOOST_AUTO_TEST_CASE(one_version) {
  auto work = begin(figshare_provider{{}}, of_all + ".v1");
  BOOST_TEST(as<http_request>(work->start()).url ==
             "https://doi.org/10.6084/m9.figshare.9782777.v1");
  lead(*work, {page + "/1"});
  auto done = as<resolved_repository>(work->on_response(answer(200, "<html>")));
  BOOST_TEST(done.provider == "figshare");
  BOOST_TEST(done.spec == of_all + ".v1");
  BOOST_TEST(done.repo_url == of_all + ".v1");
  BOOST_TEST(done.resolved_ref == "9782777.v1");
  BOOST_TEST(done.resolved_spec == of_all + ".v1");
  BOOST_TEST(done.ref_url == "https://doi.org/" + of_all + ".v1");
  BOOST_TEST(done.build_slug == "figshare-9782777.v1");
  BOOST_TEST(done.display_name == "Figshare");
}

BOOST_AUTO_TEST_CASE(the_newest_version) {
  auto work = at_versions();
  auto done = as<resolved_repository>(work->on_response(
      answer(200, R"([{"version": 1, "url": "x"}, {"version": 11}, {"version": 3}])")));
  BOOST_TEST(done.spec == of_all);
  BOOST_TEST(done.repo_url == of_all);
  BOOST_TEST(done.resolved_ref == "9782777.v11");
  BOOST_TEST(done.resolved_spec == of_all + ".v11");
  BOOST_TEST(done.ref_url == "https://doi.org/" + of_all + ".v11");
  BOOST_TEST(done.build_slug == "figshare-9782777.v11");
}

BOOST_AUTO_TEST_CASE(institutions_and_spellings) {
  auto work = at_page("10.25384/SAGE.9782777.V12");
  auto done = as<resolved_repository>(work->on_response(answer(200)));
  BOOST_TEST(done.resolved_ref == "9782777.v12");
  BOOST_TEST(done.resolved_spec == "10.25384/SAGE.9782777.v12");
  work = at_page("10.6084%2FM9.FigShare.9782777.v2");
  done = as<resolved_repository>(work->on_response(answer(200)));
  BOOST_TEST(done.repo_url == "10.6084/M9.FigShare.9782777.v2");
  BOOST_TEST(done.resolved_spec == "10.6084/M9.FigShare.9782777.v2");
}

BOOST_AUTO_TEST_CASE(another_resolver_and_api) {
  figshare_settings wanted;
  wanted.doi_base_url = "http://127.0.0.1:1/";
  wanted.api_base_url = "http://127.0.0.1:2/figshare/";
  auto work = begin(figshare_provider{wanted}, of_all);
  BOOST_TEST(as<http_request>(work->start()).url == "http://127.0.0.1:1/" + of_all);
  lead(*work, {"http://127.0.0.1:3/page"});
  BOOST_TEST(as<http_request>(work->on_response(answer(200))).url ==
             "http://127.0.0.1:2/figshare/v2/articles/9782777/versions");
  failure(work->on_response(redirect("http://10.0.0.1/")), errc::bad_answer);
}

BOOST_AUTO_TEST_CASE(pages_that_keep_programs_out_still_exist) {
  for (int status : {202, 401, 403, 429, 500})
    BOOST_TEST(as<http_request>(at_page(of_all)->on_response(answer(status))).url == versions_url);
  for (int status : {404, 410})
    failure(at_page(of_all)->on_response(answer(status)), errc::unresolvable_ref);
}

BOOST_AUTO_TEST_CASE(a_doi_that_the_resolver_does_not_have) {
  auto first = [](http_response response) {
    auto work = begin(figshare_provider{{}}, of_all);
    as<http_request>(work->start());
    return work->on_response(response);
  };
  BOOST_TEST(contains(failure(first(answer(404)), errc::unresolvable_ref), of_all));
  failure(first(answer(403)), errc::upstream_error);
  failure(first(answer(429)), errc::too_many_requests);
  failure(first(answer(502)), errc::upstream_error);
  for (const auto& target : hostile_targets())
    BOOST_TEST_CONTEXT(target) failure(first(redirect(target)), errc::bad_answer);
}

BOOST_AUTO_TEST_CASE(versions_that_are_not_told) {
  failure(at_versions()->on_response(answer(404)), errc::unresolvable_ref);
  failure(at_versions()->on_response(answer(200, "[]")), errc::unresolvable_ref);
  failure(at_versions()->on_response(answer(429)), errc::too_many_requests);
  failure(at_versions()->on_response(answer(503)), errc::upstream_error);
  for (const auto& target : hostile_targets()) BOOST_TEST_CONTEXT(target)
  failure(at_versions()->on_response(redirect(target)), errc::bad_answer);
}

BOOST_AUTO_TEST_CASE(versions_that_cannot_be_read) {
  for (std::string body : {"",
                           "<html>",
                           "null",
                           "{}",
                           "7",
                           "{\"version\": 1}",
                           "[1]",
                           "[null]",
                           "[[]]",
                           "[{}]",
                           "[{\"version\": null}]",
                           "[{\"version\": \"1\"}]",
                           "[{\"version\": \"../x\"}]",
                           "[{\"version\": -1}]",
                           "[{\"version\": 1.5}]",
                           "[{\"version\": 1e99}]",
                           "[{\"version\": 1000000000}]",
                           "[{\"version\": 99999999999999999999999}]",
                           "[{\"version\": 1}, {\"version\": {}}]",
                           "[{\"version\": 1}"})
    BOOST_TEST_CONTEXT(body)
  failure(at_versions()->on_response(answer(200, body)), errc::bad_answer);
}

BOOST_AUTO_TEST_CASE(specs_that_are_no_article) {
  figshare_provider provider{{}};
  for (std::string spec : {"",
                           "9782777",
                           "10.6084",
                           "10.6084/",
                           "10.6084/9782777",
                           "10.6084/figshare.9782777",
                           "10.6084/R1/9782777.v1",
                           "10.5281/zenodo.3242074",
                           "10.6084/m9.figshare.",
                           "10.6084/m9.figshare.x",
                           "10.6084/m9.figshare.x.v1",
                           "10.6084/m9.figshare.9782777.v",
                           "10.6084/m9.figshare.9782777.vx",
                           "10.6084/m9.figshare.9782777.v0",
                           "10.6084/m9.figshare.9782777.v01",
                           "10.6084/m9.figshare.9782777.v-1",
                           "10.6084/m9.figshare.9782777.v1234567890",
                           "10.6084/m9.figshare.0",
                           "10.6084/m9.figshare.1234567890123456789",
                           "10.6084/m9.figshare.c.4559930",
                           "10.6084/m9.figshare.C.4559930.v2",
                           "10.6084/m9.figshare.1/../2.v1",
                           "10.6084/m9.figshare.1%3Fx.2.v1",
                           "10.6084/a.b.c/1"})
    BOOST_TEST_CONTEXT(spec) failure(provider.read(spec), errc::bad_spec);
}

BOOST_AUTO_TEST_CASE(what_clients_are_shown) {
  BOOST_TEST(figshare_provider{{}}.display_config() == nlohmann::json::parse(R"({
    "displayName": "FigShare DOI", "id": "figshare",
    "spec": {"validateRegex": "10\\.\\d+\\/(.)+"},
    "repo": {"label": "FigShare DOI", "placeholder": "example: 10.6084/m9.figshare.9782777.v1",
             "urlEncode": false},
    "ref": {"enabled": false}})"));
}

BOOST_AUTO_TEST_SUITE_END()
