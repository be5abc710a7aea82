#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "resolution_steps.hpp"
#include "runtime/providers/git.hpp"
#include "runtime/providers/git_url.hpp"
#include "runtime/text/escape.hpp"

using namespace bindery;
using namespace bindery::steps;

namespace {

const std::string commit = "0123456789abcdef0123456789abcdef01234567";

git_provider any_repository() {
  return git_provider{git_settings{}};
}

std::string refused_url(const std::string& url) {
  return failure(any_repository().read(percent_escape(url) + "/HEAD"), errc::bad_spec);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(git_provider_suite)

BOOST_AUTO_TEST_CASE(a_branch_is_asked_for_at_the_remote) {
  auto provider = any_repository();
  auto work = begin(provider, "https%3A%2F%2Fgit.example%2Fteam%2Frepo.git/feature%2Fx");
  auto query = as<git_query>(work->start());
  BOOST_TEST(query.url == "https://git.example/team/repo.git");
  BOOST_TEST(query.ref == "feature/x");
  auto done = as<resolved_repository>(work->on_commit(commit));
  BOOST_TEST(done.provider == "git");
  BOOST_TEST(done.spec == "https%3A%2F%2Fgit.example%2Fteam%2Frepo.git/feature%2Fx");
  BOOST_TEST(done.repo_url == "https://git.example/team/repo.git");
  BOOST_TEST(done.resolved_ref == commit);
  BOOST_TEST(done.ref_url == done.repo_url);
  BOOST_TEST(done.build_slug == done.repo_url);
  BOOST_TEST(done.resolved_spec == "https%3A%2F%2Fgit.example%2Fteam%2Frepo.git/" + commit);
  BOOST_TEST(done.display_name == "Git");
}

BOOST_AUTO_TEST_CASE(refs_may_hold_slashes) {
  auto provider = any_repository();
  auto work = begin(provider, "https%3A%2F%2Fgit.example%2Frepo/refs/heads/f%C3%A9");
  BOOST_TEST(as<git_query>(work->start()).ref == "refs/heads/f\xc3\xa9");
}

BOOST_AUTO_TEST_CASE(a_commit_is_itself) {
  auto provider = any_repository();
  auto url = "https%3A%2F%2Fgit.example%2Frepo/";
  auto done = as<resolved_repository>(begin(provider, url + commit)->start());
  BOOST_TEST(done.resolved_ref == commit);
  auto loud = "0123456789ABCDEF0123456789ABCDEF01234567";
  done = as<resolved_repository>(begin(provider, std::string{url} + loud)->start());
  BOOST_TEST(done.resolved_ref == commit);
  // One digit less is a name like any other.
  as<git_query>(begin(provider, url + commit.substr(1))->start());
}

BOOST_AUTO_TEST_CASE(failures_of_the_remote_stand) {
  auto provider = any_repository();
  auto work = begin(provider, "https%3A%2F%2Fgit.example%2Frepo/no-such");
  as<git_query>(work->start());
  auto why = make_error(errc::unresolvable_ref, "no such ref");
  BOOST_TEST(failure(work->on_failure(why), errc::unresolvable_ref) == "no such ref");
  for (std::string hostile : {"", "HEAD", "--exec", "0123456789abcdef0123456789abcdef0123456\n"})
    BOOST_TEST(contains(failure(work->on_commit(hostile), errc::bad_answer), "no commit hash"));
  failure(work->on_response(answer(200)), errc::internal);
  failure(work->go_on(), errc::internal);
}

BOOST_AUTO_TEST_CASE(urls_that_are_read) {
  struct {
    const char *given, *read;
  } rows[] = {
      {"https://git.example/r", "https://git.example/r"},
      {"HTTPS://git.example/r", "https://git.example/r"},
      {"http://127.0.0.1:8080/a/b.git/", "http://127.0.0.1:8080/a/b.git/"},
      {"git://git.example/r", "git://git.example/r"},
      {"ssh://git@git.example:2222/a/b", "ssh://git@git.example:2222/a/b"},
      {"ssh://git.example/~user/b", "ssh://git.example/~user/b"},
      {"git@github.com:user/repo.git", "ssh://git@github.com/user/repo.git"},
      {"git@git.example:/srv/repo", "ssh://git@git.example/srv/repo"},
      {"https://[::1]:8080/r", "https://[::1]:8080/r"},
      {"https://dev.example/org/my%20repo", "https://dev.example/org/my%20repo"},
      {"https://git.example/a@b:c", "https://git.example/a@b:c"},
  };
  for (const auto& row : rows) {
    BOOST_TEST_CONTEXT(row.given) {
      auto url = read_git_url(row.given, git_settings{}.allowed_protocols);
      BOOST_REQUIRE(url);
      BOOST_TEST(*url == row.read);
    }
  }
}

BOOST_AUTO_TEST_CASE(urls_that_are_no_remote_repository) {
  for (auto url : {"ext::sh -c touch% x",
                   "ext::sh",
                   "ext::https://git.example/r",
                   "file:///etc",
                   "file://host/r",
                   "FILE:///etc",
                   "/etc/passwd",
                   "../repo",
                   "repo",
                   "localhost:repo",
                   "-oProxyCommand=x",
                   "--upload-pack=x",
                   "-x://git.example/r",
                   "ssh://-oProxyCommand=x/r",
                   "ssh://git@-oProxyCommand=x/r",
                   "ssh://-l@git.example/r",
                   "-git@git.example:r",
                   "git@-host:r",
                   "git@host:",
                   "https://",
                   "https:///r",
                   "https://git.example",
                   "https://git.example/",
                   "https://git.example//",
                   "https://git.example/a//b",
                   "https://git.example/a/../b",
                   "https://git.example/..",
                   "https://git.example/a/./b",
                   "https://git.example/a/%2e%2E/b",
                   "https://git.example/a%2F..%2Fb",
                   "https://git.example/a%0Ab",
                   "https://git.example/a%00b",
                   "https://git.example/a%ffb",
                   "https://git.example/a%2",
                   "https://git.example/a b",
                   "https://git.example/a\\b",
                   "https://git.example/a?b=c",
                   "https://git.example/a#b",
                   "https://git.example?/a",
                   "https://git.example:0/r",
                   "https://git.example:65536/r",
                   "https://git.example:/r",
                   "https://git.example:22x/r",
                   "https://git.example:-1/r",
                   "https://exa mple/r",
                   "https://ex%61mple/r",
                   "https://$HOME/r",
                   "https://[::1/r",
                   "https://[]/r",
                   "https://.example/r",
                   "https://\xc3\xa9.example/r",
                   "://git.example/r",
                   "h$://git.example/r"})
    BOOST_TEST_CONTEXT(url)
  BOOST_TEST(contains(refused_url(url), "is not a usable git URL"));
}

BOOST_AUTO_TEST_CASE(refusals_name_their_reason) {
  BOOST_TEST(contains(refused_url("ext::sh -c x"), "blanks"));
  BOOST_TEST(contains(refused_url("ext::sh"), "remote helpers"));
  BOOST_TEST(contains(refused_url("file:///etc/passwd"), "own files"));
  BOOST_TEST(contains(refused_url("ftp://git.example/r"),
                      "\"ftp\" is not allowed here; allowed are: git, http, https, ssh"));
  BOOST_TEST(contains(refused_url("git.example/r"), "percent-escaped"));
  BOOST_TEST(contains(failure(any_repository().read("https://git.example/r/HEAD"), errc::bad_spec),
                      "percent-escaped"));
}

BOOST_AUTO_TEST_CASE(only_allowed_protocols) {
  git_settings wanted;
  wanted.allowed_protocols = {"HTTPS"};
  git_provider provider{wanted};
  BOOST_TEST(!provider.read("http%3A%2F%2Fh.example%2Fr/HEAD"));
  BOOST_TEST(!provider.read("git%40h.example%3Ar/HEAD"));
  BOOST_CHECK(provider.read("https%3A%2F%2Fh.example%2Fr/HEAD"));
  // Not even an operator can open these: they would run programs and read files here.
  wanted.allowed_protocols = {"file", "ext", "ext::sh"};
  git_provider reckless{wanted};
  BOOST_TEST(!reckless.read("file%3A%2F%2F%2Fetc/HEAD"));
  BOOST_TEST(!reckless.read("ext%3A%3Ash/HEAD"));
}

BOOST_AUTO_TEST_CASE(hosts_of_private_networks) {
  for (std::string url :
       {"http://localhost/r", "git://127.0.0.1:9418/r", "https://[::1]/r", "https://[127.0.0.1]/r",
        "ssh://git@10.0.0.1/r", "git@LocalHost:r", "https://169.254.169.254/r", "https://0x7f.1/r",
        "https://2130706433/r", "https://gitea/r", "https://git.binder.svc.cluster.local/r"}) {
    BOOST_TEST_CONTEXT(url) {
      // A commit needs no question to the remote; its build would ask all the same.
      for (const auto& ref : {std::string{"HEAD"}, commit}) {
        auto words =
            failure(any_repository().read(percent_escape(url) + "/" + ref), errc::bad_spec);
        BOOST_TEST(contains(words, "GitRepoProvider.private_hosts"));
      }
    }
  }
  // Whatever a name resolves to is looked at by whoever connects.
  auto query = [](const git_settings& wanted, const std::string& url) {
    return as<git_query>(begin(git_provider{wanted}, percent_escape(url) + "/HEAD")->start());
  };
  BOOST_TEST(query({}, "https://git.example/r").public_only);
  git_settings wanted;
  wanted.private_hosts = {"gitea", "Git.Intern.Example", "fd00::7"};
  for (auto url : {"http://gitea:3000/r", "ssh://git@git.intern.example/r", "http://[fd00::7]/r"})
    BOOST_TEST(!query(wanted, url).public_only, url);
  BOOST_TEST(query(wanted, "https://git.example/r").public_only);
  failure(git_provider{wanted}.read("http%3A%2F%2Flocalhost%2Fr/HEAD"), errc::bad_spec);
  wanted.private_hosts = {"*"};
  for (auto url : {"http://10.0.0.1/r", "http://any/r", "https://git.example/r"})
    BOOST_TEST(!query(wanted, url).public_only, url);
}

BOOST_AUTO_TEST_CASE(credentials_are_refused_and_never_shown) {
  for (auto url : {"https://user:hunter2@git.example/r", "https://hunter2@git.example/r",
                   "ssh://git:hunter2@git.example/r", "ssh://git%3Ahunter2@git.example/r",
                   "git://hunter2@git.example/r", "https://user:hunter2/x@git.example/r",
                   "https://a:hunter2@b@git.example/r", "user:hunter2@git.example:r",
                   "https://user:hunter2@git.example/a b"}) {
    BOOST_TEST_CONTEXT(url) {
      auto words = refused_url(url);
      BOOST_TEST(!contains(words, "hunter2"));
      BOOST_TEST(contains(words, "git.example"));
    }
  }
  BOOST_TEST(contains(refused_url("https://u:p@git.example/r"), "git_credentials"));
  BOOST_CHECK(any_repository().read("ssh%3A%2F%2Fgit%40git.example%2Fr/HEAD"));
}

BOOST_AUTO_TEST_CASE(refs_that_no_repository_has) {
  for (std::string ref :
       {"",      "-x",    "--upload-pack=x", "a..b",    "..",   ".",     "/a",    "a/",
        "a//b",  "a/./b", "a%20b",           "a~1",     "a%5E", "a%3Ab", "a%3Fb", "a*",
        "a%5Bb", "a%5Cb", "%40%7B1%7D",      "a%0Ab",   "a%00", "a%7F",  "a%ff",  "%",
        "%2",    "%zz",   "%2D%2Dx",         "a%2F%2Fb"})
    BOOST_TEST_CONTEXT(ref)
  failure(any_repository().read("https%3A%2F%2Fgit.example%2Fr/" + ref), errc::bad_spec);
}

BOOST_AUTO_TEST_CASE(specs_that_cannot_be_read) {
  auto provider = any_repository();
  for (std::string spec :
       {std::string{}, std::string{"/"}, std::string{"/HEAD"}, std::string{"https%3A%2F%2Fh%2Fr"},
        std::string{"https%3A%2F%2Fh%2Fr\n/HEAD"}, std::string{"https%3A%2F%2Fh%2Fr%/HEAD"},
        std::string{"https%3A%2F%2Fh%2Fr/\0HEAD", 26}, std::string{"\xff/HEAD"},
        "https%3A%2F%2Fh%2F" + std::string(3'000, 'a') + "/HEAD", std::string(1'000'000, '/')}) {
    auto words = failure(provider.read(spec), errc::bad_spec);
    BOOST_TEST(words.size() < 1'000u);
    BOOST_TEST(is_utf8(words));
    BOOST_TEST(!has_control(words));
  }
}

BOOST_AUTO_TEST_CASE(noise_never_becomes_more_than_a_url) {
  // Any bytes at all end in a refusal or in a URL of an allowed protocol.
  auto provider = any_repository();
  const std::string bytes = "https:/@.-[]%2Fg~ \\\0?#x1";
  for (unsigned seed = 1; seed < 4'000; ++seed) {
    std::string noise = seed % 2 == 0 ? "https://" : "";
    for (auto state = seed * 2654435761u; noise.size() < 30;) {
      state = state * 1664525u + 1013904223u;
      noise += bytes[(state >> 20) % bytes.size()];
    }
    auto url = read_git_url(noise, git_settings{}.allowed_protocols);
    if (!url) continue;
    BOOST_TEST((url->starts_with("https://") || url->starts_with("http://") ||
                url->starts_with("ssh://") || url->starts_with("git://")));
    BOOST_TEST(url->find("://-") == std::string::npos);
    BOOST_TEST(url->find(' ') == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(what_clients_are_shown) {
  auto config = any_repository().display_config();
  BOOST_TEST(config["id"] == "git");
  BOOST_TEST(config["spec"]["validateRegex"] == "[^/]+/.+");
  BOOST_TEST(config["repo"]["urlEncode"] == true);
  BOOST_TEST(config["ref"]["enabled"] == true);
  BOOST_TEST(config["ref"]["default"] == "HEAD");
  BOOST_TEST(!config.contains("detect"));
}

BOOST_AUTO_TEST_SUITE_END()
