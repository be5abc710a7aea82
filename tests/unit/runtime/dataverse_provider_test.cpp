#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "runtime/providers/dataverse.hpp"
#include "web_steps.hpp"

using namespace bindery;
using namespace bindery::steps;
using nlohmann::json;

namespace {

const std::string doi = "10.7910/DVN/TJCLKP";
const std::string page = "https://dataverse.harvard.edu/dataset.xhtml?persistentId=doi:" + doi;
const std::string api_url =
    "https://dataverse.harvard.edu/api/datasets/:persistentId?persistentId=doi:" + doi;

json dataset() {
  return json::parse(R"({"status": "OK", "data": {
    "id": 3035124, "identifier": "DVN/TJCLKP", "authority": "10.7910", "protocol": "doi",
    "persistentUrl": "https://doi.org/10.7910/DVN/TJCLKP",
    "latestVersion": {"versionNumber": 3, "versionMinorNumber": 0, "versionState": "RELEASED"}}})");
}

std::unique_ptr<resolution> at_page(std::string_view spec = doi, const std::string& where = page) {
  auto work = begin(dataverse_provider{{}}, spec);
  as<http_request>(work->start());
  lead(*work, {where});
  return work;
}

std::unique_ptr<resolution> at_api() {
  auto work = at_page();
  as<http_request>(work->on_response(answer(200)));
  return work;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(dataverse_provider_suite)

BOOST_AUTO_TEST_CASE(a_dataset) {
  auto work = begin(dataverse_provider{{}}, doi);
  BOOST_TEST(as<http_request>(work->start()).url == "https://doi.org/" + doi);
  lead(*work, {"https://dataverse.harvard.edu/citation?persistentId=doi:" + doi, page});
  BOOST_TEST(as<http_request>(work->on_response(answer(200, "<html>"))).url == api_url);
  auto done = as<resolved_repository>(work->on_response(answer(200, dataset().dump())));
  BOOST_TEST(done.provider == "dataverse");
  BOOST_TEST(done.spec == doi);
  BOOST_TEST(done.repo_url == doi);
  BOOST_TEST(done.resolved_ref == "3035124.v3.0");
  BOOST_TEST(done.resolved_spec == doi);
  BOOST_TEST(done.ref_url == "https://doi.org/" + doi);
  BOOST_TEST(done.build_slug == "dataverse-dvn-2ftjclkp");
  BOOST_TEST(done.display_name == "Dataverse");
}

BOOST_AUTO_TEST_CASE(the_page_tells_the_spelling) {
  auto work = at_page("10.7910/dvn/tjclkp",
                      "https://h.example:8443/x?a=b&persistentId=doi%3A10.7910%2FDVN%2FTJCLKP&c");
  BOOST_TEST(as<http_request>(work->on_response(answer(200))).url ==
             "https://h.example:8443/api/datasets/:persistentId?persistentId=doi:" + doi);
  auto done = as<resolved_repository>(work->on_response(answer(200, dataset().dump())));
  BOOST_TEST(done.repo_url == "10.7910/dvn/tjclkp");
  BOOST_TEST(done.resolved_spec == doi);
  // It does not get to choose another dataset, or to write into the query.
  for (std::string query : {"?persistentId=doi:10.7910/DVN/OTHER", "?persistentId=%zz",
                            "?persistentId=", "?persistentId=doi:10.7910/DVN/TJCLKP%26x=y",
                            "?xpersistentId=doi:10.7910/DVN/TJCLKP", "", "?&&="}) {
    work = at_page(doi, "https://h.example/x" + query);
    BOOST_TEST(as<http_request>(work->on_response(answer(200))).url ==
               "https://h.example/api/datasets/:persistentId?persistentId=doi:" + doi);
  }
}

BOOST_AUTO_TEST_CASE(another_resolver) {
  dataverse_settings wanted;
  wanted.doi_base_url = "http://127.0.0.1:1";
  auto work = begin(dataverse_provider{wanted}, doi);
  BOOST_TEST(as<http_request>(work->start()).url == "http://127.0.0.1:1/" + doi);
  lead(*work, {"http://127.0.0.1:2/dataset.xhtml"});
  BOOST_TEST(as<http_request>(work->on_response(answer(200))).url ==
             "http://127.0.0.1:2/api/datasets/:persistentId?persistentId=doi:" + doi);
}

BOOST_AUTO_TEST_CASE(hosts_that_a_doi_leads_to_are_public_or_named) {
  dataverse_settings wanted;
  wanted.private_hosts = {"data.lan"};
  auto work = begin(dataverse_provider{wanted}, doi);
  BOOST_TEST(!as<http_request>(work->start()).public_only);  // the operator's resolver
  BOOST_TEST(as<http_request>(work->on_response(redirect("https://h.example/x"))).public_only);
  BOOST_TEST(!as<http_request>(work->on_response(redirect("http://data.lan/x"))).public_only);
  auto api = as<http_request>(work->on_response(answer(200)));
  BOOST_TEST(api.url.starts_with("http://data.lan/api/"));
  BOOST_TEST(!api.public_only);
  failure(work->on_response(redirect("http://other.lan/")), errc::bad_answer);
}

BOOST_AUTO_TEST_CASE(pages) {
  for (int status : {202, 401, 403})
    BOOST_TEST(as<http_request>(at_page()->on_response(answer(status))).url == api_url);
  for (int status : {404, 410})
    failure(at_page()->on_response(answer(status)), errc::unresolvable_ref);
  failure(at_page()->on_response(answer(429)), errc::too_many_requests);
  failure(at_page()->on_response(answer(500)), errc::upstream_error);
  for (int status : {200, 401, 404}) {
    auto work = begin(dataverse_provider{{}}, doi);
    as<http_request>(work->start());
    failure(work->on_response(answer(status)), errc::unresolvable_ref);
  }
  for (const auto& target : hostile_targets()) BOOST_TEST_CONTEXT(target) {
      auto work = begin(dataverse_provider{{}}, doi);
      as<http_request>(work->start());
      failure(work->on_response(redirect(target)), errc::bad_answer);
      failure(at_api()->on_response(redirect(target)), errc::bad_answer);
    }
}

BOOST_AUTO_TEST_CASE(datasets_that_are_not_shown) {
  for (int status : {401, 403, 404}) {
    auto words = failure(at_api()->on_response(answer(status, R"({"status":"ERROR"})")),
                         errc::unresolvable_ref);
    BOOST_TEST(contains(words, "dataverse.harvard.edu"));
    BOOST_TEST(contains(words, doi));
  }
  failure(at_api()->on_response(answer(429)), errc::too_many_requests);
  for (int status : {204, 400, 500})
    failure(at_api()->on_response(answer(status)), errc::upstream_error);
}

BOOST_AUTO_TEST_CASE(answers_that_cannot_be_read) {
  for (std::string body : {"", "<html>", "null", "[]", "{}", R"({"status": "OK"})",
                           R"({"status": "OK", "data": null})", R"({"status": "OK", "data": []})"})
    BOOST_TEST_CONTEXT(body)
  failure(at_api()->on_response(answer(200, body)), errc::bad_answer);
  struct {
    const char *where, *value;
  } rows[] = {
      {"/status", "\"ERROR\""},
      {"/status", "1"},
      {"/data/authority", "null"},
      {"/data/authority", "\"10.9999\""},
      {"/data/identifier", "17"},
      {"/data/identifier", "\"DVN/OTHER\""},
      {"/data/identifier", "\"../DVN/TJCLKP\""},
      {"/data/persistentUrl", "null"},
      {"/data/persistentUrl", "\"javascript:alert(1)\""},
      {"/data/persistentUrl", "\"https://me:word@doi.org/x\""},
      {"/data/persistentUrl", "\"https://doi.org/\\n\""},
      {"/data/id", "\"3035124\""},
      {"/data/id", "-1"},
      {"/data/id", "1000000000000000"},
      {"/data/id", "1e300"},
      {"/data/latestVersion", "null"},
      {"/data/latestVersion", "{}"},
      {"/data/latestVersion/versionNumber", "null"},
      {"/data/latestVersion/versionNumber", "1000000"},
      {"/data/latestVersion/versionMinorNumber", "\"0\""},
      {"/data/latestVersion/versionMinorNumber", "0.5"},
  };
  for (const auto& row : rows) BOOST_TEST_CONTEXT(row.where << " = " << row.value) {
      auto changed = dataset();
      json::json_pointer where{row.where};
      changed[where] = json::parse(row.value);
      failure(at_api()->on_response(answer(200, changed.dump())), errc::bad_answer);
      auto parent = where.parent_pointer();
      changed[parent].erase(where.back());
      failure(at_api()->on_response(answer(200, changed.dump())), errc::bad_answer);
    }
  auto changed = dataset();
  changed["data"]["persistentUrl"] = "https://doi.org/" + std::string(600, 'x');
  failure(at_api()->on_response(answer(200, changed.dump())), errc::bad_answer);
}

BOOST_AUTO_TEST_CASE(specs_that_are_no_doi) {
  dataverse_provider provider{{}};
  for (std::string spec : {"", "DVN/TJCLKP", "10.7910", "10.7910/", "doi:10.7910/DVN/TJCLKP",
                           "10.7910/DVN/../x", "10.7910/DVN//x", "10.7910/DVN/x%26y"})
    BOOST_TEST_CONTEXT(spec) failure(provider.read(spec), errc::bad_spec);
}

BOOST_AUTO_TEST_CASE(what_clients_are_shown) {
  BOOST_TEST(dataverse_provider{{}}.display_config() == json::parse(R"({
    "displayName": "Dataverse DOI", "id": "dataverse",
    "spec": {"validateRegex": "10\\.\\d+\\/(.)+"},
    "repo": {"label": "Dataverse DOI", "placeholder": "example: 10.7910/DVN/TJCLKP",
             "urlEncode": false},
    "ref": {"enabled": false}})"));
}

BOOST_AUTO_TEST_SUITE_END()
