#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "runtime/providers/ckan.hpp"
#include "runtime/text/escape.hpp"
#include "web_steps.hpp"

using namespace bindery;
using namespace bindery::steps;

namespace {

const std::string url = "https://demo.ckan.org/dataset/my-sample-dataset-001";
const std::string modified =
    R"({"success": true, "result": {"metadata_modified": "2024-04-02T02:10:31.123456"}})";

std::unique_ptr<resolution> begin_at(const std::string& address, const ckan_settings& wanted = {}) {
  return begin(ckan_provider{wanted}, percent_escape(address));
}

std::unique_ptr<resolution> asked() {
  auto work = begin_at(url);
  as<http_request>(work->start());
  return work;
}

/// What a dataset's address has asked for.
std::string asked_for(const std::string& address) {
  return as<http_request>(begin_at(address)->start()).url;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ckan_provider_suite)

BOOST_AUTO_TEST_CASE(a_dataset) {
  auto work = begin_at(url);
  BOOST_TEST(as<http_request>(work->start()).url ==
             "https://demo.ckan.org/api/3/action/package_show?id=my-sample-dataset-001");
  auto done = as<resolved_repository>(work->on_response(answer(200, modified)));
  BOOST_TEST(done.provider == "ckan");
  BOOST_TEST(done.spec == percent_escape(url));
  BOOST_TEST(done.repo_url == url);
  BOOST_TEST(done.resolved_ref == "my-sample-dataset-001.v1712023831");
  BOOST_TEST(done.resolved_spec == url);
  BOOST_TEST(done.ref_url == url);
  BOOST_TEST(done.build_slug == "ckan-my-sample-dataset-001");
  BOOST_TEST(done.display_name == "CKAN");
}

BOOST_AUTO_TEST_CASE(what_is_asked_for) {
  const std::string show = "/api/3/action/package_show?id=d";
  BOOST_TEST(asked_for("https://h.example/dataset/d") == "https://h.example" + show);
  BOOST_TEST(asked_for("HTTP://H.Example:5000/dataset/d/") == "http://h.example:5000" + show);
  BOOST_TEST(asked_for("https://h.example/a/b/dataset/d/resource/x#y") ==
             "https://h.example/a/b" + show);
  BOOST_TEST(asked_for("https://h.example/a%20b/dataset/d?x=1") ==
             "https://h.example/a%20b" + show);
  const std::string past = "https://h.example/api/3/action/activity_data_show?id=";
  const std::string kind = "&object_type=package";
  BOOST_TEST(asked_for("https://h.example/dataset/d?activity_id=a-1") == past + "a-1" + kind);
  BOOST_TEST(
      asked_for("https://h.example/dataset/d/?x=y&activity_id=&activity_id=a-2&activity_id=a-3") ==
      past + "a-2" + kind);
  BOOST_TEST(asked_for("https://h.example/dataset/d/history/a-4") == past + "a-4" + kind);
  BOOST_TEST(asked_for("https://h.example/dataset/d/history/a-5?activity_id=a-6") ==
             past + "a-5" + kind);
  BOOST_TEST(asked_for("https://h.example/dataset/d/history?activity_id=a-7") ==
             past + "a-7" + kind);
}

BOOST_AUTO_TEST_CASE(a_past_state_keeps_its_address) {
  const std::string past = url + "/?activity_id=93df7fd0-0edc-4ebf-bac7-fbf5f78de90b";
  auto work = begin_at(past);
  as<http_request>(work->start());
  auto done = as<resolved_repository>(work->on_response(answer(200, modified)));
  BOOST_TEST(done.repo_url == past);
  BOOST_TEST(done.ref_url == past);
  BOOST_TEST(done.resolved_ref == "my-sample-dataset-001.v1712023831");
  // In a link the query would otherwise be the link's own.
  BOOST_TEST(done.resolved_spec == url + "/%3Factivity_id%3D93df7fd0-0edc-4ebf-bac7-fbf5f78de90b");
  auto again = begin(ckan_provider{{}}, done.resolved_spec);
  as<http_request>(again->start());
  BOOST_TEST(as<resolved_repository>(again->on_response(answer(200, modified))).repo_url == past);
}

BOOST_AUTO_TEST_CASE(hosts_of_private_networks) {
  ckan_provider provider{{}};
  for (std::string origin :
       {"http://localhost", "http://127.0.0.1:5000", "http://[::1]", "http://10.0.0.1",
        "http://192.168.1.1", "http://169.254.169.254", "http://0x7f.1", "http://2130706433",
        "http://hub:8081", "http://metadata.google.internal", "http://hub.binder.svc.cluster.local",
        "http://[::ffff:10.0.0.1]", "http://ckan.lan"})
    BOOST_TEST_CONTEXT(origin) {
      auto words = failure(provider.read(percent_escape(origin + "/dataset/d")), errc::bad_spec);
      BOOST_TEST(contains(words, origin));
      BOOST_TEST(contains(words, "CKANProvider.private_hosts"));
    }
  ckan_settings wanted;
  wanted.private_hosts = {"ckan.lan"};
  auto work = begin_at("http://ckan.lan:5000/dataset/d", wanted);
  auto request = as<http_request>(work->start());
  BOOST_TEST(request.url == "http://ckan.lan:5000/api/3/action/package_show?id=d");
  BOOST_TEST(!request.public_only);
  lead(*work, {"http://ckan.lan:5001/x"});
  failure(work->on_response(redirect("http://nas.lan/")), errc::bad_answer);
  failure(ckan_provider{wanted}.read(percent_escape("http://127.0.0.1/dataset/d")), errc::bad_spec);
  // Whatever a name resolves to is looked at by whoever connects.
  work = begin_at("http://ckan.example/dataset/d", wanted);
  BOOST_TEST(as<http_request>(work->start()).public_only);
}

BOOST_AUTO_TEST_CASE(redirects) {
  auto work = asked();
  lead(*work, {"https://other.example/api/3/action/package_show?id=my-sample-dataset-001"});
  as<resolved_repository>(work->on_response(answer(200, modified)));
  for (const auto& target : hostile_targets())
    BOOST_TEST_CONTEXT(target) failure(asked()->on_response(redirect(target)), errc::bad_answer);
}

BOOST_AUTO_TEST_CASE(datasets_that_are_not_shown) {
  for (int status : {401, 403, 404})
    BOOST_TEST(contains(failure(asked()->on_response(answer(status)), errc::unresolvable_ref),
                        "demo.ckan.org has no public dataset \"my-sample-dataset-001\""));
  failure(asked()->on_response(answer(429)), errc::too_many_requests);
  for (int status : {204, 302, 409, 500})
    failure(asked()->on_response(answer(status)), errc::upstream_error);
}

BOOST_AUTO_TEST_CASE(answers_that_cannot_be_read) {
  for (std::string body :
       {"", "<html>", "null", "[]", "{}", R"({"success": false})", R"({"result": null})",
        R"({"result": []})", R"({"result": {}})", R"({"result": {"metadata_modified": null}})",
        R"({"result": {"metadata_modified": 1712023831}})",
        R"({"result": {"metadata_modified": "2024-04-02"}})",
        R"({"result": {"metadata_modified": "2024-04-32T02:10:31.1"}})",
        R"({"result": {"metadata_modified": "99999-04-02T02:10:31.1"}})"})
    BOOST_TEST_CONTEXT(body)
  failure(asked()->on_response(answer(200, body)), errc::bad_answer);
}

BOOST_AUTO_TEST_CASE(specs_that_are_no_dataset) {
  ckan_provider provider{{}};
  for (std::string address : {"d",
                              "demo.ckan.org/dataset/d",
                              "ftp://h.example/dataset/d",
                              "file:///dataset/d",
                              "https://h.example",
                              "https://h.example/",
                              "https://h.example/group/roger",
                              "https://h.example/dataset",
                              "https://h.example/dataset/",
                              "https://h.example//dataset/d",
                              "https://h.example/dataset//d",
                              "https://h.example/x?u=/dataset/d",
                              "https://h.example/../dataset/d",
                              "https://h.example/%2e%2e/dataset/d",
                              "https://h.example/dataset/..",
                              "https://h.example/dataset/%2e%2e",
                              "https://h.example/dataset/d/../x",
                              "https://h.example/dataset/a%2Fb",
                              "https://h.example/dataset/a%20b",
                              "https://h.example/dataset/a%26b",
                              "https://h.example/dataset/-d",
                              "https://h.example/dataset/_d",
                              "https://h.example/dataset/.d",
                              "https://h.example/dataset/d/history/a%26b",
                              "https://h.example/dataset/d/history/..",
                              "https://h.example/dataset/d?activity_id=a%26b",
                              "https://h.example/dataset/d?activity_id=%zz",
                              "https://h.example/dataset/d?activity_id=..",
                              "https://h.example/dataset/%zz",
                              "https://h.example/dataset/a b",
                              "https://h.example/dataset/\xc3\xa4",
                              "https://me:word@h.example/dataset/d",
                              "https://h.example\\@127.0.0.1/dataset/d",
                              "-https://h.example/dataset/d"})
    BOOST_TEST_CONTEXT(address) {
      failure(provider.read(percent_escape(address)), errc::bad_spec);
    }
  for (std::string spec : {"", "https%3A%2F%2Fh.example%2Fdataset%2F%", "%ff", "x%00"})
    BOOST_TEST_CONTEXT(spec) failure(provider.read(spec), errc::bad_spec);
  failure(provider.read(percent_escape("https://h.example/dataset/" + std::string(101, 'd'))),
          errc::bad_spec);
  failure(provider.read(percent_escape("https://h.example/dataset/" + std::string(5'000, 'd'))),
          errc::bad_spec);
}

BOOST_AUTO_TEST_CASE(what_clients_are_shown) {
  BOOST_TEST(ckan_provider{{}}.display_config() == nlohmann::json::parse(R"({
    "displayName": "CKAN dataset", "id": "ckan", "spec": {"validateRegex": "[^/]+"},
    "repo": {"label": "CKAN dataset URL",
             "placeholder": "https://demo.ckan.org/dataset/my-sample-dataset-001",
             "urlEncode": true},
    "ref": {"enabled": false}})"));
}

BOOST_AUTO_TEST_SUITE_END()
