#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "runtime/providers/hydroshare.hpp"
#include "web_steps.hpp"

using namespace bindery;
using namespace bindery::steps;

namespace {

const std::string id = "b8f6eae9d89241cf8b5904033460af61";
const std::string api_url = "https://www.hydroshare.org/hsapi/resource/" + id + "/scimeta/elements";

std::unique_ptr<resolution> asked(std::string_view spec = id) {
  auto work = begin(hydroshare_provider{{}}, spec);
  BOOST_TEST(as<http_request>(work->start()).url == api_url);
  return work;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hydroshare_provider_suite)

BOOST_AUTO_TEST_CASE(a_resource) {
  auto work = asked();
  lead(*work, {api_url + "/"});
  auto done = as<resolved_repository>(work->on_response(answer(200, R"({"title": "x", "dates": [
    {"type": "created", "start_date": "2018-01-01T00:00:00.1Z"},
    {"type": "modified", "start_date": "2019-09-25T16:09:17.006152Z", "end_date": null}]})")));
  BOOST_TEST(done.provider == "hydroshare");
  BOOST_TEST(done.spec == id);
  BOOST_TEST(done.repo_url == "https://www.hydroshare.org/resource/" + id);
  BOOST_TEST(done.resolved_ref == id + ".v1569427757");
  BOOST_TEST(done.resolved_spec == done.repo_url);
  BOOST_TEST(done.ref_url == done.repo_url);
  BOOST_TEST(done.build_slug == "hydroshare-" + id + ".v1569427757");
  BOOST_TEST(done.display_name == "Hydroshare");
}

BOOST_AUTO_TEST_CASE(ids_in_other_texts) {
  for (const auto& spec :
       {"https%3A%2F%2Fwww.hydroshare.org%2Fresource%2F" + id,
        "https%3A%2F%2Fwww.hydroshare.org%2Fresource%2F" + id + "%2F",
        "https://www.hydroshare.org/resource/" + id + "/data/contents/x.ipynb", "10.4211/hs." + id,
        "10.4211%2Fhs." + id,
        // The host is not asked, the last id counts, and of a longer run its end.
        "http%3A%2F%2F127.0.0.1%2Fresource%2F" + id, "00000000000000000000000000000000/" + id,
        "ffff" + id}) {
    auto work = asked(spec);
    auto done = as<resolved_repository>(work->on_response(
        answer(200, R"({"dates": [{"type": "modified", "start_date": "1970-01-01T00:00:09"}]})")));
    BOOST_TEST(done.spec == spec);
    BOOST_TEST(done.repo_url == "https://www.hydroshare.org/resource/" + id);
    BOOST_TEST(done.resolved_ref == id + ".v9");
  }
}

BOOST_AUTO_TEST_CASE(another_site) {
  hydroshare_settings wanted;
  wanted.api_base_url = "http://127.0.0.1:8080/";
  auto work = begin(hydroshare_provider{wanted}, id);
  BOOST_TEST(as<http_request>(work->start()).url ==
             "http://127.0.0.1:8080/hsapi/resource/" + id + "/scimeta/elements");
  lead(*work, {"http://127.0.0.1:8081/x"});
  failure(work->on_response(redirect("http://192.168.0.1/")), errc::bad_answer);
}

BOOST_AUTO_TEST_CASE(resources_that_are_not_shown) {
  for (int status : {401, 403, 404})
    BOOST_TEST(contains(failure(asked()->on_response(answer(status)), errc::unresolvable_ref), id));
  failure(asked()->on_response(answer(429)), errc::too_many_requests);
  for (int status : {204, 302, 400, 500})
    BOOST_TEST(contains(failure(asked()->on_response(answer(status)), errc::upstream_error),
                        "www.hydroshare.org answered " + std::to_string(status)));
  for (const auto& target : hostile_targets())
    BOOST_TEST_CONTEXT(target) failure(asked()->on_response(redirect(target)), errc::bad_answer);
}

BOOST_AUTO_TEST_CASE(answers_that_cannot_be_read) {
  for (std::string body :
       {"", "<html>", "null", "[]", "{}", R"({"dates": null})", R"({"dates": {}})",
        R"({"dates": []})", R"({"dates": [null, 7, "modified", [], {}]})",
        R"({"dates": [{"type": "created", "start_date": "2019-09-25T16:09:17"}]})",
        R"({"dates": [{"type": 7, "start_date": "2019-09-25T16:09:17"}]})",
        R"({"dates": [{"type": "modified"}]})",
        R"({"dates": [{"type": "modified", "start_date": 1569427757}]})",
        R"({"dates": [{"type": "modified", "start_date": "yesterday"}]})",
        R"({"dates": [{"type": "modified", "start_date": "2019-13-25T16:09:17"}]})",
        R"({"dates": [{"type": "modified", "start_date": "../2019-09-25T16:09:17"}]})"})
    BOOST_TEST_CONTEXT(body)
  failure(asked()->on_response(answer(200, body)), errc::bad_answer);
}

BOOST_AUTO_TEST_CASE(specs_without_an_id) {
  hydroshare_provider provider{{}};
  for (std::string spec :
       {std::string{}, std::string{"/"}, std::string{"water"}, id.substr(1),
        "B8F6EAE9D89241CF8B5904033460AF61" + std::string{}, id.substr(0, 16) + "-" + id.substr(16),
        id + "%", id + "%zz", id + "%ff", id + "%00", id + "\n"})
    BOOST_TEST_CONTEXT(spec) failure(provider.read(spec), errc::bad_spec);
  failure(provider.read(id + std::string(5'000, 'x')), errc::bad_spec);
}

BOOST_AUTO_TEST_CASE(what_clients_are_shown) {
  BOOST_TEST(hydroshare_provider{{}}.display_config() == nlohmann::json::parse(R"({
    "displayName": "Hydroshare resource", "id": "hydroshare", "spec": {"validateRegex": "[^/]+"},
    "repo": {"label": "Hydroshare resource id",
             "placeholder": "example: 8f7c2f0341ef4180b0dbe97f59130756", "urlEncode": true},
    "ref": {"enabled": false}})"));
}

BOOST_AUTO_TEST_SUITE_END()
