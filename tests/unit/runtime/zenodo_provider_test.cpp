#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "runtime/providers/zenodo.hpp"
#include "web_steps.hpp"

using namespace bindery;
using namespace bindery::steps;

namespace {

const std::string of_all = "10.5281/zenodo.3242073";
const std::string page = "https://zenodo.org/records/3242074";

/// A resolution whose first request was made.
std::unique_ptr<resolution> asked(std::string_view spec, const doi_settings& wanted = {}) {
  auto work = begin(zenodo_provider{wanted}, spec);
  as<http_request>(work->start());
  return work;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(zenodo_provider_suite)

BOOST_AUTO_TEST_CASE(the_newest_version_of_a_record) {
  auto work = begin(zenodo_provider{{}}, of_all);
  auto request = as<http_request>(work->start());
  BOOST_TEST(request.method == "GET");
  BOOST_TEST(request.url == "https://doi.org/10.5281/zenodo.3242073");
  BOOST_TEST(request.max_redirects == 0u);
  lead(*work, {"https://zenodo.org/record/3242073", "https://zenodo.org/records/3242073", page});
  auto done = as<resolved_repository>(work->on_response(answer(200, "<html>")));
  BOOST_TEST(done.provider == "zenodo");
  BOOST_TEST(done.spec == of_all);
  BOOST_TEST(done.repo_url == of_all);
  BOOST_TEST(done.resolved_ref == "3242074");
  BOOST_TEST(done.resolved_spec == "10.5281/zenodo.3242074");
  BOOST_TEST(done.ref_url == "https://doi.org/10.5281/zenodo.3242074");
  BOOST_TEST(done.build_slug == "zenodo-3242074");
  BOOST_TEST(done.display_name == "Zenodo");
}

BOOST_AUTO_TEST_CASE(an_engine_that_followed_by_itself) {
  auto response = answer(200, "<html>");
  response.effective_url = page + "/?preview=1/2#files/3";
  auto done = as<resolved_repository>(asked(of_all)->on_response(response));
  BOOST_TEST(done.resolved_ref == "3242074");
  response.effective_url = "http://127.0.0.1/records/3242074";
  failure(asked(of_all)->on_response(response), errc::bad_answer);
}

BOOST_AUTO_TEST_CASE(escapes_and_other_spellings) {
  for (std::string spec : {"10.5281%2Fzenodo.3242073", "10.5281/%7Aenodo.3242073"}) {
    auto work = asked(spec);
    lead(*work, {page});
    auto done = as<resolved_repository>(work->on_response(answer(200)));
    BOOST_TEST(done.spec == spec);
    BOOST_TEST(done.repo_url == of_all);
    BOOST_TEST(done.resolved_spec == "10.5281/zenodo.3242074");
  }
  auto loud = asked("10.5281/ZENODO.3242073");
  lead(*loud, {page});
  BOOST_TEST(as<resolved_repository>(loud->on_response(answer(200))).resolved_spec ==
             "10.5281/zenodo.3242074");
  auto request = as<http_request>(begin(zenodo_provider{{}}, "10.22002/a(b);c:d")->start());
  BOOST_TEST(request.url == "https://doi.org/10.22002/a%28b%29%3Bc%3Ad");
}

BOOST_AUTO_TEST_CASE(records_of_other_archives) {
  auto work = asked("10.22002/D1.1235");
  lead(*work, {"https://data.caltech.edu/records/1235"});
  auto done = as<resolved_repository>(work->on_response(answer(200)));
  BOOST_TEST(done.resolved_ref == "1235");
  BOOST_TEST(done.resolved_spec == "10.22002/D1.1235");
  BOOST_TEST(done.build_slug == "zenodo-1235");
  // An article of Figshare must not pass for the record of the same number.
  work = asked("10.6084/m9.figshare.3242074");
  lead(*work, {"https://figshare.com/articles/dataset/A_title/3242074"});
  auto words = failure(work->on_response(answer(200)), errc::unresolvable_ref);
  BOOST_TEST(contains(words, "https://figshare.com/articles/dataset/A_title/3242074"));
  BOOST_TEST(contains(words, "no record of Zenodo"));
}

BOOST_AUTO_TEST_CASE(another_resolver) {
  doi_settings wanted;
  for (auto base : {"http://127.0.0.1:8080/doi", "http://127.0.0.1:8080/doi//"}) {
    wanted.doi_base_url = base;
    auto work = begin(zenodo_provider{wanted}, of_all);
    BOOST_TEST(as<http_request>(work->start()).url ==
               "http://127.0.0.1:8080/doi/10.5281/zenodo.3242073");
    lead(*work, {"http://localhost:9090/records/3242074"});
    auto done = as<resolved_repository>(work->on_response(answer(200)));
    BOOST_TEST(done.resolved_ref == "3242074");
    BOOST_TEST(done.ref_url == "https://doi.org/10.5281/zenodo.3242074");
  }
  failure(asked(of_all, wanted)->on_response(redirect("http://10.0.0.1/records/1")),
          errc::bad_answer);
}

BOOST_AUTO_TEST_CASE(relative_redirects) {
  auto work = asked(of_all);
  lead(*work, {"https://zenodo.org/doi/10.5281/zenodo.3242073"});
  BOOST_TEST(as<http_request>(work->on_response(redirect("/records/3242074", 301))).url == page);
  BOOST_TEST(as<resolved_repository>(work->on_response(answer(200))).resolved_ref == "3242074");
}

BOOST_AUTO_TEST_CASE(redirects_that_are_not_followed) {
  for (const auto& target : hostile_targets()) BOOST_TEST_CONTEXT(target) {
      auto work = asked(of_all);
      auto words = failure(work->on_response(redirect(target)), errc::bad_answer);
      BOOST_TEST(!contains(words, "word@"));
      BOOST_TEST(words.size() < 1'000u);
      // Later ones are looked at just as closely.
      work = asked(of_all);
      lead(*work, {page});
      failure(work->on_response(redirect(target)), errc::bad_answer);
    }
  auto words = failure(asked(of_all)->on_response(redirect("http://192.168.1.1/records/1")),
                       errc::bad_answer);
  BOOST_TEST(contains(words, "http://192.168.1.1"));
  BOOST_TEST(contains(words, "private networks"));
}

BOOST_AUTO_TEST_CASE(circles_end) {
  auto work = asked(of_all);
  for (int i = 0; i < 8; ++i) lead(*work, {page});
  BOOST_TEST(contains(failure(work->on_response(redirect(page)), errc::bad_answer), "8 times"));
}

BOOST_AUTO_TEST_CASE(what_is_not_there) {
  for (int status : {404, 410}) {
    auto words = failure(asked(of_all)->on_response(answer(status)), errc::unresolvable_ref);
    BOOST_TEST(contains(words, of_all));
    BOOST_TEST(contains(words, "doi.org"));
    auto work = asked(of_all);
    lead(*work, {page});
    words = failure(work->on_response(answer(status)), errc::unresolvable_ref);
    BOOST_TEST(contains(words, "zenodo.org"));
  }
  failure(asked(of_all)->on_response(answer(401)), errc::unresolvable_ref);
  failure(asked(of_all)->on_response(answer(429)), errc::too_many_requests);
  for (int status : {301, 403, 500, 503})
    BOOST_TEST(contains(failure(asked(of_all)->on_response(answer(status)), errc::upstream_error),
                        "doi.org answered " + std::to_string(status)));
  // The resolver itself is no record.
  failure(asked(of_all)->on_response(answer(200)), errc::unresolvable_ref);
}

BOOST_AUTO_TEST_CASE(pages_that_are_no_record) {
  const std::vector<std::string> urls = {"https://zenodo.org/",
                                         "https://zenodo.org/records/..",
                                         "https://zenodo.org/records/%2e%2e",
                                         "https://zenodo.org/records/-1",
                                         "https://zenodo.org/records/_1",
                                         "https://zenodo.org/records/1%2F2",
                                         "https://zenodo.org/records/a:b",
                                         "https://zenodo.org/records/" + std::string(65, '1')};
  for (const auto& url : urls) BOOST_TEST_CONTEXT(url) {
      // Given as the end of the way, since some would be normalised on it.
      auto response = answer(200);
      response.effective_url = url;
      auto words = failure(asked(of_all)->on_response(response), errc::unresolvable_ref);
      BOOST_TEST(words.size() < 1'000u);
    }
}

BOOST_AUTO_TEST_CASE(specs_that_are_no_doi) {
  zenodo_provider provider{{}};
  for (std::string spec : {"",
                           "/",
                           "10.5281",
                           "10.5281/",
                           "10./x",
                           "10..1/x",
                           "10.5281./x",
                           "10.x/zenodo.1",
                           "11.5281/zenodo.1",
                           "zenodo.1",
                           "doi:10.5281/zenodo.1",
                           "https://doi.org/10.5281/zenodo.1",
                           "-10.5281/zenodo.1",
                           "10.5281//zenodo.1",
                           "10.5281/zenodo.1/",
                           "10.5281/../zenodo.1",
                           "10.5281/..",
                           "10.5281/%2e%2e/zenodo.1",
                           "10.5281/./zenodo.1",
                           "10.5281/zenodo.1?x=1",
                           "10.5281/zenodo.1%3Fx=1",
                           "10.5281/zenodo.1%23x",
                           "10.5281/zenodo%20.1",
                           "10.5281/zenodo.%",
                           "10.5281/zenodo.%zz",
                           "10.5281/zenodo.%0a",
                           "10.5281/zenodo.%ff",
                           "10.5281/zenodo.\xc3\xa4",
                           "10.5281/zenodo.1%252F",
                           "10.5281/zenodo.1\\x",
                           "10.5281/zenodo.1@x",
                           "10.5281/zenodo\t1"})
    BOOST_TEST_CONTEXT(spec) failure(provider.read(spec), errc::bad_spec);
  failure(provider.read("10.5281/" + std::string(5'000, 'x')), errc::bad_spec);
  BOOST_TEST(contains(failure(provider.read("zenodo.1"), errc::bad_spec),
                      "such as 10.5281/zenodo.3242074"));
}

BOOST_AUTO_TEST_CASE(what_clients_are_shown) {
  BOOST_TEST(zenodo_provider{{}}.display_config() == nlohmann::json::parse(R"({
    "displayName": "Zenodo DOI", "id": "zenodo", "spec": {"validateRegex": "10\\.\\d+\\/(.)+"},
    "repo": {"label": "Zenodo DOI", "placeholder": "example: 10.5281/zenodo.3242074",
             "urlEncode": false},
    "ref": {"enabled": false}})"));
}

BOOST_AUTO_TEST_SUITE_END()
