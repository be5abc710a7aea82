#include "runtime/providers/provider_table.hpp"

#include <thread>

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "resolution_steps.hpp"

using namespace bindery;
using namespace bindery::steps;

namespace {

provider_table table_of(const settings& all) {
  auto table = provider_table::make(all);
  if (!table) BOOST_FAIL(describe(table.error()));
  return std::move(*table);
}

/// Whether `spec` of `prefix` passes the operator's rules.
bool admitted(const provider_table& table, const std::string& prefix, const std::string& spec) {
  auto why = table.admit(*table.find(prefix), spec);
  if (why) BOOST_TEST(to_string(code_of(why)) == "banned_spec");
  return !why;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(provider_table_suite)

BOOST_AUTO_TEST_CASE(providers_by_prefix) {
  auto made = table_of({});
  auto* before = made.find("gh");
  auto table = std::move(made);
  BOOST_TEST(table.find("gh") == before);
  struct {
    const char *prefix, *name;
  } rows[] = {{"gh", "GitHub"},
              {"gist", "Gist"},
              {"git", "Git"},
              {"gl", "GitLab"},
              {"zenodo", "Zenodo"},
              {"figshare", "Figshare"},
              {"hydroshare", "Hydroshare"},
              {"dataverse", "Dataverse"},
              {"ckan", "CKAN"}};
  for (const auto& row : rows) {
    BOOST_REQUIRE(table.find(row.prefix) != nullptr);
    BOOST_TEST(table.find(row.prefix)->prefix() == row.prefix);
    BOOST_TEST(table.find(row.prefix)->display_name() == row.name);
  }
  for (auto prefix : {"", "g", "GH", "gh ", "github", "Zenodo", "doi"})
    BOOST_TEST(table.find(prefix) == nullptr);
}

BOOST_AUTO_TEST_CASE(every_provider_is_shown) {
  auto all = table_of({}).display_configs();
  BOOST_REQUIRE(all.is_array());
  std::string ids;
  for (const auto& each : all) {
    ids += each.at("id").get<std::string>() + " ";
    BOOST_TEST(each.at("displayName").is_string());
    BOOST_TEST(each.at("spec").at("validateRegex").is_string());
    BOOST_TEST(each.at("repo").at("label").is_string());
    BOOST_TEST(each.at("repo").at("placeholder").is_string());
    BOOST_TEST(each.at("repo").at("urlEncode").is_boolean());
    BOOST_TEST(each.at("ref").at("enabled").is_boolean());
  }
  BOOST_TEST(ids == "gh gist git gl zenodo figshare hydroshare dataverse ckan ");
}

BOOST_AUTO_TEST_CASE(the_operator_chooses_providers_their_prefixes_and_their_order) {
  settings all;
  all.github.banned_specs = {"spam/"};
  all.github.git_credentials = secret{"of-github"};
  all.gitlab.git_credentials = secret{"of-gitlab"};
  all.binder_hub.repo_providers = {{"zenodo", "ZenodoProvider"},
                                   {"hub", "GitHubRepoProvider"},
                                   {"again", "GitHubRepoProvider"},
                                   {"gh", "GitLabRepoProvider"},
                                   {"fake", "FakeProvider"}};
  auto table = table_of(all);
  std::string ids;
  for (const auto& each : table.display_configs()) ids += each.at("id").get<std::string>() + " ";
  BOOST_TEST(ids == "zenodo hub again gh fake ");
  BOOST_TEST(table.find("hub")->display_name() == "GitHub");
  BOOST_TEST(table.find("gh")->display_name() == "GitLab");
  BOOST_TEST(table.find("fake")->display_name() == "Fake");
  for (auto prefix : {"git", "gl", "gist", "ckan"}) BOOST_TEST(table.find(prefix) == nullptr);
  // Rules and credentials go with the class, which a resolved repository names by its own prefix.
  BOOST_TEST(!admitted(table, "again", "spam/x/HEAD"));
  BOOST_TEST(admitted(table, "gh", "spam%2Fx/HEAD"));
  BOOST_TEST(table.git_credentials("gh") == "of-github");
  BOOST_TEST(table.git_credentials("gl") == "of-gitlab");
  BOOST_TEST(table.display_name("gh") == "GitHub");
  BOOST_TEST(table.display_name("ckan") == "ckan");
  BOOST_TEST(table_of({}).find("fake") == nullptr);
}

BOOST_AUTO_TEST_CASE(the_fake_provider_resolves_anything_without_asking_anybody) {
  settings all;
  all.binder_hub.repo_providers = {{"fake", "FakeProvider"}};
  auto table = table_of(all);
  const auto& provider = *table.find("fake");
  auto one = as<resolved_repository>(begin(provider, "a/b%20c")->start());
  auto same = as<resolved_repository>(begin(provider, "a/b%20c")->start());
  auto other = as<resolved_repository>(begin(provider, "a/d")->start());
  BOOST_TEST(one.repo_url == "https://example.com/fake/a/b%20c");
  BOOST_TEST(one.resolved_ref.size() == 40U);
  BOOST_TEST(one.resolved_ref == same.resolved_ref);
  BOOST_TEST(one.resolved_ref != other.resolved_ref);
  BOOST_TEST(one.build_slug != other.build_slug);
  auto again = as<resolved_repository>(begin(provider, one.resolved_spec)->start());
  BOOST_TEST(again.resolved_ref == one.resolved_ref);
  failure(provider.read(""), errc::bad_spec);
  failure(provider.read("a%0ab"), errc::bad_spec);
  failure(provider.read(std::string(5'000, 'a')), errc::bad_spec);
}

BOOST_AUTO_TEST_CASE(without_rules_all_is_allowed) {
  auto table = table_of({});
  BOOST_TEST(admitted(table, "gh", "user/repo/HEAD"));
  BOOST_TEST(admitted(table, "git", "https%3A%2F%2Fh%2Fr/HEAD"));
}

BOOST_AUTO_TEST_CASE(bans_match_at_the_start_without_case) {
  settings all;
  all.github.banned_specs = {"^spam/.*", "bad/repo/", ".*[sS]ub.*"};
  auto table = table_of(all);
  for (auto spec : {"spam/repo/HEAD", "SPAM/repo/HEAD", "bad/Repo/x", "user/my-sub-x/HEAD"})
    BOOST_TEST(!admitted(table, "gh", spec));
  for (auto spec : {"user/spam/HEAD", "nospam/r/HEAD", "user/bad/repo/", "good/repo/HEAD"})
    BOOST_TEST(admitted(table, "gh", spec));
  auto words = describe(table.admit(*table.find("gh"), "spam/repo/HEAD"));
  BOOST_TEST(contains(words, "\"spam/repo/HEAD\""));
  BOOST_TEST(contains(words, "operator"));
  // Rules of one provider are not another's.
  BOOST_TEST(admitted(table, "gl", "spam%2Frepo/HEAD"));
}

BOOST_AUTO_TEST_CASE(bans_win_over_allowances) {
  settings all;
  all.gitlab.allowed_specs = {"team%2F", "other%2Fproject/"};
  all.gitlab.banned_specs = {"team%2Fold/"};
  auto table = table_of(all);
  BOOST_TEST(admitted(table, "gl", "team%2Fnew/HEAD"));
  BOOST_TEST(admitted(table, "gl", "Team%2fnew/HEAD"));
  BOOST_TEST(admitted(table, "gl", "other%2Fproject/x"));
  BOOST_TEST(!admitted(table, "gl", "team%2Fold/HEAD"));
  BOOST_TEST(!admitted(table, "gl", "another%2Fproject/x"));
}

BOOST_AUTO_TEST_CASE(no_spelling_leads_around_the_rules) {
  settings all;
  all.github.banned_specs = {"^spam/repo/.*"};
  all.git.banned_specs = {"^https%3A%2F%2Fgit\\.example%2Fbad/", "https://git.example/evil",
                          "https://git.example/only\\.git/", "https://git.example/any/"};
  all.gitlab.allowed_specs = {"^team%2F[^/]*/"};
  auto table = table_of(all);
  for (auto spec : {"sp%61m/repo/HEAD", "spam/%72epo/x", "spam/repo.git/HEAD", "SPAM/repo.git/x",
                    "spam%2Frepo/HEAD", "sp%61m/repo%2Egit/HEAD"})
    BOOST_TEST(!admitted(table, "gh", spec), spec);
  for (auto spec :
       {"https%3A%2F%2Fgit.example%2Fbad/x", "https:%2F%2Fgit.example%2Fbad/x",
        "https%3A%2F%2Fgit.example%2Fbad.git/x", "https%3A%2F%2Fgit.ex%61mple%2Fbad/x",
        "https%3A%2F%2Fgit.example%2Fevil%2Fmore/x", "https%3A%2F%2Fgit.example%2Fonly.git/x",
        "https%3A%2F%2Fgit.example%2Fany.git/x"})
    BOOST_TEST(!admitted(table, "git", spec), spec);
  // The same project, escaped otherwise, and something that only begins alike.
  BOOST_TEST(admitted(table, "gl", "te%61m%2Fproject/HEAD"));
  BOOST_TEST(!admitted(table, "gl", "team%252Fproject/HEAD"));
  BOOST_TEST(!admitted(table, "gl", "team/x%2F/HEAD"));
  // Broken escapes are the provider's to refuse, and no way around either.
  BOOST_TEST(!admitted(table, "gh", "spam/repo/%zz"));
}

BOOST_AUTO_TEST_CASE(gists_follow_the_rules_of_github) {
  settings all;
  all.github.banned_specs = {"^spam/"};
  BOOST_TEST(!admitted(table_of(all), "gist", "spam/aa"));
  all.gist.banned_specs = {"^eggs/"};
  BOOST_TEST(admitted(table_of(all), "gist", "spam/aa"));
  BOOST_TEST(!admitted(table_of(all), "gist", "eggs/aa"));
}

BOOST_AUTO_TEST_CASE(hostile_specs_and_slow_expressions) {
  settings all;
  all.github.banned_specs = {"(a|aa)*b", "(.*)*x(.*)*y", "((a*)*)*!"};
  auto table = table_of(all);
  std::string longest(2'000, 'a');
  longest.back() = 'c';
  BOOST_TEST(admitted(table, "gh", longest));
  // What would take too long to decide on counts as banned.
  settings slow;
  slow.github.banned_specs = {"(a+)+$"};
  BOOST_TEST(!admitted(table_of(slow), "gh", longest));
  auto& provider = *table.find("gh");
  for (const auto& spec : {std::string(2'001, 'a'), std::string(1'000'000, 'a')}) {
    auto why = table.admit(provider, spec);
    BOOST_TEST(to_string(code_of(why)) == "bad_spec");
    BOOST_TEST(describe(why).size() < 500u);
  }
  for (auto spec : {"", "/", "\xff/\x01", "%", "%%%/%zz"}) BOOST_TEST(admitted(table, "gh", spec));
}

BOOST_AUTO_TEST_CASE(quotas_of_repositories) {
  settings all;
  all.binder_hub.per_repo_quota = 10;
  all.binder_hub.per_repo_quota_higher = 100;
  all.github.high_quota_specs = {"^team/"};
  all.github.spec_config = {
      {"^team/big/", 200}, {"^team/big/v1", 0}, {"^other/", std::nullopt}, {"^slow/repo/", 1}};
  auto table = table_of(all);
  auto quota = [&](const std::string& spec) { return table.server_quota(*table.find("gh"), spec); };
  BOOST_TEST(quota("user/repo/HEAD") == 10u);
  BOOST_TEST(quota("Team/repo/HEAD") == 100u);
  BOOST_TEST(quota("user/team/HEAD") == 10u);
  BOOST_TEST(quota("team/big/HEAD") == 200u);
  BOOST_TEST(quota("team/big/v1") == 0u);
  BOOST_TEST(quota("other/repo/HEAD") == 10u);
  for (auto spec : {"slow/repo/x", "slow/repo.git/x", "sl%6Fw/repo/x", "SLOW/Repo/x"})
    BOOST_TEST(quota(spec) == 1u, spec);
  BOOST_TEST(table.server_quota(*table.find("gl"), "team%2Fbig/HEAD") == 10u);
  // Gists take over what GitHub's section says.
  BOOST_TEST(table.server_quota(*table.find("gist"), "slow/repo/x") == 1u);
  settings wrong;
  wrong.git.spec_config = {{"fine", 1}, {"(", 2}};
  BOOST_TEST(contains(failure(provider_table::make(wrong), errc::bad_settings),
                      "GitRepoProvider.spec_config[1].pattern"));
}

BOOST_AUTO_TEST_CASE(expressions_that_cannot_be_compiled) {
  auto words = [](const settings& all) {
    return failure(provider_table::make(all), errc::bad_settings);
  };
  settings gh, gist, git, gl, quota;
  gh.github.banned_specs = {"fine", "(open"};
  BOOST_TEST(contains(words(gh),
                      "GitHubRepoProvider.banned_specs[1]: the regular expression "
                      "\"(open\" cannot be read"));
  gist.gist.allowed_specs = {"[z-a]"};
  BOOST_TEST(contains(words(gist), "GistRepoProvider.allowed_specs"));
  git.git.allowed_specs = {"*"};
  BOOST_TEST(contains(words(git), "GitRepoProvider.allowed_specs"));
  gl.gitlab.banned_specs = {"a{,3}"};
  BOOST_TEST(contains(words(gl), "GitLabRepoProvider.banned_specs"));
  quota.github.high_quota_specs = {"\\"};
  BOOST_TEST(contains(words(quota), "GitHubRepoProvider.high_quota_specs"));
  settings archives;
  archives.zenodo.banned_specs = {"("};
  BOOST_TEST(contains(words(archives), "ZenodoProvider.banned_specs"));
  archives = {};
  archives.figshare.banned_specs = {"("};
  BOOST_TEST(contains(words(archives), "FigshareProvider.banned_specs"));
  archives = {};
  archives.hydroshare.banned_specs = {"("};
  BOOST_TEST(contains(words(archives), "HydroshareProvider.banned_specs"));
  archives = {};
  archives.dataverse.banned_specs = {"("};
  BOOST_TEST(contains(words(archives), "DataverseProvider.banned_specs"));
  archives = {};
  archives.ckan.banned_specs = {"("};
  BOOST_TEST(contains(words(archives), "CKANProvider.banned_specs"));
}

BOOST_AUTO_TEST_CASE(archives_follow_their_own_rules_and_bases) {
  settings all;
  all.ckan.banned_specs = {"^https://spam\\.example/"};
  all.zenodo.allowed_specs = {"^10\\.5281/"};
  all.zenodo.doi_base_url = "http://127.0.0.1:1";
  all.figshare.doi_base_url = "http://127.0.0.1:2";
  all.hydroshare.api_base_url = "http://127.0.0.1:3";
  all.dataverse.doi_base_url = "http://127.0.0.1:4";
  all.ckan.private_hosts = {"ckan.lan"};
  auto table = table_of(all);
  BOOST_TEST(!admitted(table, "ckan", "https%3A%2F%2Fspam.example%2Fdataset%2Fd"));
  BOOST_TEST(admitted(table, "ckan", "https%3A%2F%2Fham.example%2Fdataset%2Fd"));
  BOOST_TEST(admitted(table, "zenodo", "10.5281/zenodo.1"));
  BOOST_TEST(!admitted(table, "zenodo", "10.5282/zenodo.1"));
  auto first = [&](const char* prefix, const char* spec) {
    return as<http_request>(begin(*table.find(prefix), spec)->start()).url;
  };
  BOOST_TEST(first("zenodo", "10.5281/zenodo.1") == "http://127.0.0.1:1/10.5281/zenodo.1");
  BOOST_TEST(first("figshare", "10.1/a.b.1") == "http://127.0.0.1:2/10.1/a.b.1");
  BOOST_TEST(first("hydroshare", "b8f6eae9d89241cf8b5904033460af61") ==
             "http://127.0.0.1:3/hsapi/resource/b8f6eae9d89241cf8b5904033460af61/scimeta/elements");
  BOOST_TEST(first("dataverse", "10.1/x") == "http://127.0.0.1:4/10.1/x");
  BOOST_TEST(first("ckan", "http%3A%2F%2Fckan.lan%2Fdataset%2Fd") ==
             "http://ckan.lan/api/3/action/package_show?id=d");
}

BOOST_AUTO_TEST_CASE(git_credentials_by_prefix) {
  settings all;
  all.github.access_token = secret{"hub"};
  all.gitlab.private_token = secret{"lab"};
  all.git.git_credentials = secret{"plain"};
  auto table = table_of(all);
  BOOST_TEST(table.git_credentials("gh") == "username=hub\\npassword=x-oauth-basic");
  BOOST_TEST(table.git_credentials("gist") == "username=hub\\npassword=x-oauth-basic");
  BOOST_TEST(table.git_credentials("gl") == "username=binderhub\\npassword=lab");
  BOOST_TEST(table.git_credentials("git") == "plain");
  BOOST_TEST(table.git_credentials("nope") == "");
  for (auto prefix :
       {"gh", "gist", "git", "gl", "zenodo", "figshare", "hydroshare", "dataverse", "ckan"})
    BOOST_TEST(table_of({}).git_credentials(prefix) == "");
  // The token of a GitHub of one's own is not for gist.github.com.
  all.github.hostname = "git.example";
  auto own = table_of(all);
  BOOST_TEST(own.git_credentials("gist") == "");
  auto request = as<http_request>(begin(*own.find("gist"), "user/aa")->start());
  BOOST_TEST(find_header(request.headers, "authorization") == "");
}

BOOST_AUTO_TEST_CASE(the_rate_limit_of_github_and_gists_is_one) {
  auto table = table_of({});
  BOOST_TEST(!table.github_rate_limit_remaining());
  auto work = begin(*table.find("gh"), "user/repo/dev");
  (void)work->on_response(answer(404, "", {{"X-RateLimit-Remaining", "59"}}));
  BOOST_TEST(table.github_rate_limit_remaining().value() == 59);
  auto gist = begin(*table.find("gist"), "user/aa");
  (void)gist->on_response(answer(404, "", {{"X-RateLimit-Remaining", "58"}}));
  BOOST_TEST(table.github_rate_limit_remaining().value() == 58);
}

BOOST_AUTO_TEST_CASE(the_notice_lasts_as_the_settings_say) {
  settings all;
  all.bindery.github_rename_delay = std::chrono::seconds{3};
  auto table = table_of(all);
  auto work = begin(*table.find("gh"), "user/repo/main");
  as<http_request>(work->start());
  BOOST_TEST(as<notice>(work->on_response(answer(404))).delay.count() == 3);
}

BOOST_AUTO_TEST_CASE(many_threads_may_ask) {
  settings all;
  all.github.banned_specs = {"^spam/.*"};
  auto table = table_of(all);
  std::atomic<int> wrong{0};
  auto ask = [&](int number) {
    for (int round = 0; round < 200; ++round) {
      auto spec = "user/repo/ref-" + std::to_string((number + round) % 7);
      if (table.admit(*table.find("gh"), spec)) ++wrong;
      auto work = table.find("gh")->read(spec);
      if (!work || !(*work)->start()) ++wrong;
      auto body = R"({"sha":"0123456789abcdef0123456789abcdef01234567"})";
      if (!(*work)->on_response(answer(200, body, {{"ETag", "\"x\""}}))) ++wrong;
    }
  };
  std::vector<std::thread> threads;
  for (int number = 0; number < 4; ++number) threads.emplace_back(ask, number);
  for (auto& thread : threads) thread.join();
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_SUITE_END()
