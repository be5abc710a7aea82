#include <boost/test/unit_test.hpp>

#include "runtime/error.hpp"
#include "runtime/providers/provider_table.hpp"

using namespace bindery;

namespace {

provider_table every_provider() {
  auto made = provider_table::make(settings{});
  BOOST_REQUIRE(made);
  return std::move(*made);
}

std::string key(const provider_table& all, const std::string& prefix, const std::string& spec) {
  auto name = all.repository(prefix, spec);
  BOOST_REQUIRE_MESSAGE(name, (name ? "" : describe(name.error())));
  return *name;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(repository_key_suite)

BOOST_AUTO_TEST_CASE(the_repository_of_a_spec_is_the_same_for_all_its_refs) {
  const auto all = every_provider();
  BOOST_TEST(key(all, "gh", "User/Repo.git/feature/x") == "gh/user/repo");
  BOOST_TEST(key(all, "gh", "user/r%65po/HEAD") == "gh/user/repo");
  BOOST_TEST(key(all, "gl", "Group%2Fsub%2Fproject.git/HEAD") == "gl/group/sub/project");
  BOOST_TEST(key(all, "gist", "ada/abc") == "gist/ada/abc");
  BOOST_TEST(key(all, "gist", "ada/abc/0123") == "gist/ada/abc");
  BOOST_TEST(key(all, "git", "https%3A%2F%2Fhost.example%2FRepo/HEAD") ==
             "git/https://host.example/Repo");
  BOOST_TEST(key(all, "zenodo", "10.5281%2Fzenodo.3242074") == "zenodo/10.5281/zenodo.3242074");
  for (auto [prefix, spec, code] : {std::tuple{"nope", "a/b/c", errc::unknown_provider},
                                    {"gh", "a/b", errc::bad_spec},
                                    {"gl", "a", errc::bad_spec},
                                    {"git", "x", errc::bad_spec}}) {
    auto name = all.repository(prefix, spec);
    BOOST_REQUIRE(!name);
    BOOST_TEST((code_of(name.error()) == code), spec);
  }
}

BOOST_AUTO_TEST_CASE(what_is_remembered_of_a_repository_holds_no_secret) {
  const auto all = every_provider();
  const auto* git = all.find("git");
  BOOST_TEST(git->repository_of("https%3A%2F%2Fme%3Apass@host.example%2Fr/HEAD") ==
             "https://host.example/r");
}

BOOST_AUTO_TEST_SUITE_END()
