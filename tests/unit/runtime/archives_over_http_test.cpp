// The providers of archives as they run: their requests through the curl engine, to a site on
// loopback that redirects and answers as the archives do.
#include <future>
#include <map>
#include <mutex>

#include <boost/test/unit_test.hpp>

#include "resolution_steps.hpp"
#include "runtime/net/curl_engine.hpp"
#include "runtime/providers/provider_table.hpp"
#include "runtime/text/escape.hpp"
#include "scripted_server.hpp"

using namespace bindery;
using namespace bindery::steps;
using namespace std::chrono_literals;

namespace {

/// Answers by path; a value that begins with a slash is a redirect to there.
class archive_site {
 public:
  explicit archive_site(std::map<std::string, std::string> pages) : pages_(std::move(pages)) {}

  std::string url(std::string_view path) const { return server_.url(path); }

  std::vector<std::string> asked() {
    std::lock_guard guard{mutex_};
    return asked_;
  }

 private:
  void serve(test::scripted_connection& client) {
    for (auto request = client.read_request(); !request.empty(); request = client.read_request()) {
      auto from = request.find(' ') + 1;
      auto path = request.substr(from, request.find(' ', from) - from);
      {
        std::lock_guard guard{mutex_};
        asked_.push_back(path);
      }
      auto page = pages_.find(path);
      if (page == pages_.end())
        client.answer(404, "<html>Not found</html>");
      else if (page->second.starts_with('/') || page->second.starts_with("http"))
        client.answer(302, "<html>Moved</html>", "Location: " + page->second + "\r\n");
      else
        client.answer(200, page->second);
    }
  }

  std::map<std::string, std::string> pages_;
  std::mutex mutex_;
  std::vector<std::string> asked_;
  test::scripted_server server_{[this](test::scripted_connection& client) { serve(client); }};
};

settings settings_for(const archive_site& site) {
  settings all;
  all.zenodo.doi_base_url = all.figshare.doi_base_url = all.dataverse.doi_base_url =
      site.url("/doi");
  all.figshare.api_base_url = site.url("/figshare");
  all.hydroshare.api_base_url = site.url("/hydroshare");
  all.ckan.private_hosts = {"127.0.0.1"};
  return all;
}

/// Carries out every step, as the resolver does.
caf::expected<resolved_repository> resolve(const archive_site& site, const std::string& prefix,
                                           const std::string& spec) {
  auto table = provider_table::make(settings_for(site));
  if (!table) return table.error();
  curl_engine engine;
  auto work = begin(*table->find(prefix), spec);
  auto step = work->start();
  for (int steps = 0; steps < 12; ++steps) {
    if (!step) return step.error();
    if (auto* done = std::get_if<resolved_repository>(&*step)) return *done;
    std::promise<caf::expected<http_response>> answered;
    auto answer = answered.get_future();
    http_callbacks callbacks;
    callbacks.on_done = [&](caf::expected<http_response> got) {
      answered.set_value(std::move(got));
    };
    auto ticket = engine.submit(as<http_request>(std::move(step)), std::move(callbacks));
    if (!ticket) return ticket.error();
    if (answer.wait_for(20s) != std::future_status::ready) return make_error(errc::timeout);
    auto got = answer.get();
    if (!got) return got.error();
    step = work->on_response(*got);
  }
  return make_error(errc::internal, "more steps than the resolver takes");
}

resolved_repository resolved(const archive_site& site, const std::string& prefix,
                             const std::string& spec) {
  auto result = resolve(site, prefix, spec);
  if (!result) BOOST_FAIL(describe(result.error()));
  return *result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(archives_over_http_suite)

BOOST_AUTO_TEST_CASE(zenodo) {
  archive_site site{{{"/doi/10.5281/zenodo.3242073", "/record/3242073"},
                     {"/record/3242073", "/records/3242073"},
                     {"/records/3242073", "/records/3242074"},
                     {"/records/3242074", "<html>A record</html>"}}};
  BOOST_TEST(resolved(site, "zenodo", "10.5281/zenodo.3242073").build_slug == "zenodo-3242074");
  BOOST_TEST(site.asked().size() == 4u);
  failure(resolve(site, "zenodo", "10.5281/zenodo.1"), errc::unresolvable_ref);
}

BOOST_AUTO_TEST_CASE(figshare) {
  archive_site site{{{"/doi/10.6084/m9.figshare.9782777", "/articles/x/9782777"},
                     {"/articles/x/9782777", "<html>An article</html>"},
                     {"/figshare/v2/articles/9782777/versions",
                      R"([{"version": 1}, {"version": 3}, {"version": 2}])"}}};
  BOOST_TEST(resolved(site, "figshare", "10.6084/m9.figshare.9782777").resolved_spec ==
             "10.6084/m9.figshare.9782777.v3");
  failure(resolve(site, "figshare", "10.6084/m9.figshare.1"), errc::unresolvable_ref);
}

BOOST_AUTO_TEST_CASE(dataverse) {
  archive_site site{
      {{"/doi/10.7910/DVN/TJCLKP", "/citation?persistentId=doi:10.7910/DVN/TJCLKP"},
       {"/citation?persistentId=doi:10.7910/DVN/TJCLKP", "<html>A dataset</html>"},
       {"/api/datasets/:persistentId?persistentId=doi:10.7910/DVN/TJCLKP",
        R"({"status": "OK", "data": {"id": 7, "identifier": "DVN/TJCLKP", "authority": "10.7910",
            "persistentUrl": "https://doi.org/10.7910/DVN/TJCLKP",
            "latestVersion": {"versionNumber": 3, "versionMinorNumber": 1}}})"}}};
  BOOST_TEST(resolved(site, "dataverse", "10.7910/DVN/TJCLKP").resolved_ref == "7.v3.1");
  failure(resolve(site, "dataverse", "10.7910/DVN/OTHER"), errc::unresolvable_ref);
}

BOOST_AUTO_TEST_CASE(hydroshare) {
  const std::string id = "b8f6eae9d89241cf8b5904033460af61";
  const auto path = "/hydroshare/hsapi/resource/" + id + "/scimeta/elements";
  archive_site site{
      {{path, path + "/"},
       {path + "/",
        R"({"dates": [{"type": "modified", "start_date": "2019-09-25T16:09:17.006152Z"}]})"}}};
  BOOST_TEST(resolved(site, "hydroshare", id).resolved_ref == id + ".v1569427757");
  failure(resolve(site, "hydroshare", std::string(32, '0')), errc::unresolvable_ref);
}

BOOST_AUTO_TEST_CASE(ckan) {
  archive_site site{{{"/open/api/3/action/package_show?id=d-1",
                      R"({"result": {"metadata_modified": "2024-04-02T02:10:31.123456"}})"}}};
  auto done = resolved(site, "ckan", percent_escape(site.url("/open/dataset/d-1")));
  BOOST_TEST(done.resolved_ref == "d-1.v1712023831");
  failure(resolve(site, "ckan", percent_escape(site.url("/dataset/d-2"))), errc::unresolvable_ref);
}

BOOST_AUTO_TEST_CASE(a_private_host_is_never_connected_to) {
  archive_site site{{{"/doi/10.5281/zenodo.1", "http://10.255.255.1/records/1"},
                     {"/doi/10.5281/zenodo.2", "http://hub/records/2"}}};
  for (auto spec : {"10.5281/zenodo.1", "10.5281/zenodo.2"})
    BOOST_TEST(contains(failure(resolve(site, "zenodo", spec), errc::bad_answer), "private"));
}

BOOST_AUTO_TEST_SUITE_END()
