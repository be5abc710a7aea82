#include <boost/test/unit_test.hpp>

#include "resolution_steps.hpp"
#include "runtime/providers/preview_cache.hpp"
#include "runtime/providers/provider_table.hpp"

using namespace bindery;
using namespace bindery::steps;
using namespace std::chrono_literals;

namespace {

const http_headers as_text{{"Content-Type", "text/plain; charset=utf-8"}};

http_request asked(preview_search::step step) {
  if (!std::holds_alternative<http_request>(step)) BOOST_FAIL("the search is over");
  return std::get<http_request>(std::move(step));
}

preview_search::finding found(preview_search::step step) {
  if (!std::holds_alternative<preview_search::finding>(step))
    BOOST_FAIL("the search goes on at " << std::get<http_request>(step).url);
  return std::get<preview_search::finding>(std::move(step));
}

http_response redirect(const std::string& to) {
  return answer(302, "", {{"Location", to}});
}

/// All providers, with the tokens of an operator who has private repositories.
struct forges {
  explicit forges(std::function<void(settings&)> change = {}) {
    settings all;
    all.github.access_token = secret{"gh-token"};
    all.gitlab.private_token = secret{"gl-token"};
    if (change) change(all);
    auto made = provider_table::make(all);
    BOOST_REQUIRE(made);
    table.emplace(std::move(*made));
  }
  std::optional<preview_source> source(const std::string& prefix, const std::string& spec) const {
    return table->find(prefix)->preview_of(spec);
  }
  preview_search search(const std::string& prefix, const std::string& spec) const {
    auto where = source(prefix, spec);
    BOOST_REQUIRE(where);
    return preview_search{std::move(*where)};
  }
  std::optional<provider_table> table;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(preview_suite)

BOOST_AUTO_TEST_CASE(a_readme_on_github_is_asked_for_without_a_login) {
  forges all;
  auto search = all.search("gh", "user/repo/feature/x%20y");
  auto first = asked(search.start());
  BOOST_TEST(first.url == "https://github.com/user/repo/raw/feature/x%20y/README.md");
  BOOST_TEST(first.headers.empty());
  auto second = asked(search.on_response(
      redirect("https://raw.githubusercontent.com/user/repo/feature/x%20y/README.md")));
  BOOST_TEST(second.url == "https://raw.githubusercontent.com/user/repo/feature/x%20y/README.md");
  BOOST_TEST(second.headers.empty());
  BOOST_TEST(second.public_only);
  auto what = found(search.on_response(answer(200, "# Héllo\n", as_text))).what;
  BOOST_REQUIRE(what);
  BOOST_TEST(what->name == "README.md");
  BOOST_TEST(what->text == "# Héllo\n");
  BOOST_TEST(what->url == "https://github.com/user/repo");
  BOOST_TEST(what->files == "https://github.com/user/repo/blob/feature/x%20y/");
  BOOST_TEST(!what->cut);
}

BOOST_AUTO_TEST_CASE(the_usual_names_are_tried_in_turn) {
  forges all;
  auto search = all.search("gh", "user/repo/main");
  std::vector<std::string> names;
  auto step = search.start();
  while (std::holds_alternative<http_request>(step)) {
    names.push_back(std::get<http_request>(step).url.substr(29));
    step = search.on_response(answer(404));
  }
  BOOST_TEST(names == (std::vector<std::string>{"raw/main/README.md", "raw/main/README.rst",
                                                "raw/main/readme.md", "raw/HEAD/README.md"}),
             boost::test_tools::per_element());
  BOOST_TEST(!found(step).what);
  BOOST_TEST(!found(step).passing);
}

BOOST_AUTO_TEST_CASE(a_readme_on_gitlab) {
  forges all;
  auto search = all.search("gl", "group%2Fsub%2Fproject/v1");
  auto first = asked(search.start());
  BOOST_TEST(first.url == "https://gitlab.com/group/sub/project/-/raw/v1/README.md");
  BOOST_TEST(first.headers.empty());
  asked(search.on_response(answer(404)));
  auto what = found(search.on_response(answer(200, "Title\n=====\n", as_text))).what;
  BOOST_REQUIRE(what);
  BOOST_TEST(what->name == "README.rst");
  BOOST_TEST(what->url == "https://gitlab.com/group/sub/project");
  BOOST_TEST(what->files == "https://gitlab.com/group/sub/project/-/blob/v1/");
}

BOOST_AUTO_TEST_CASE(the_operators_forge_may_stand_anywhere_but_leads_nowhere_private) {
  forges all{[](settings& wanted) {
    wanted.github.hostname = "git.corp";
    wanted.gitlab.raw_base_url = "http://127.0.0.1:8080/gitlab/";
  }};
  auto search = all.search("gh", "user/repo/HEAD");
  auto first = asked(search.start());
  BOOST_TEST(first.url == "https://git.corp/user/repo/raw/HEAD/README.md");
  BOOST_TEST(!first.public_only);
  for (std::string elsewhere : {"https://other.corp/x", "http://169.254.169.254/latest",
                                "http://127.0.0.1/", "file:///etc/passwd", "https://a:b@x.org/"}) {
    auto led = all.search("gh", "user/repo/HEAD");
    led.start();
    auto end = found(led.on_response(redirect(elsewhere)));
    BOOST_TEST(!end.what, elsewhere);
  }
  BOOST_TEST(asked(all.search("gl", "a%2Fb/HEAD").start()).url ==
             "http://127.0.0.1:8080/gitlab/a/b/-/raw/HEAD/README.md");
  BOOST_TEST(all.source("gl", "a%2Fb/HEAD")->page_url == "https://gitlab.com/a/b");
}

BOOST_AUTO_TEST_CASE(others_have_nothing_to_show) {
  forges all;
  for (auto [prefix, spec] : {std::pair{"git", "https%3A%2F%2Fhost.example%2Fr/HEAD"},
                              {"gist", "ada/abc"},
                              {"zenodo", "10.5281%2Fzenodo.3242074"},
                              {"gh", "a/b"},
                              {"gh", "a/b/../../c"},
                              {"gl", "x"}})
    BOOST_TEST(!all.source(prefix, spec), prefix);
}

BOOST_AUTO_TEST_CASE(a_long_readme_is_cut_between_characters) {
  forges all;
  for (size_t shift : {0, 1, 2, 3}) {
    auto search = all.search("gh", "user/repo/HEAD");
    search.start();
    auto text = std::string(shift, 'x');
    while (text.size() < longest_preview_bytes + 10) text += "\xf0\x9f\x93\x96";
    auto what = found(search.on_response(answer(200, text, as_text))).what;
    BOOST_REQUIRE(what);
    BOOST_TEST(what->cut);
    BOOST_TEST(what->text.size() <= longest_preview_bytes);
    BOOST_TEST(what->text.size() > longest_preview_bytes - 4);
    BOOST_TEST((what->text.size() - shift) % 4 == 0U);
  }
  auto search = all.search("gh", "user/repo/HEAD");
  search.start();
  auto whole = found(search.on_response(answer(200, std::string(longest_preview_bytes, 'x')))).what;
  BOOST_REQUIRE(whole);
  BOOST_TEST(!whole->cut);
}

BOOST_AUTO_TEST_CASE(what_is_no_text_is_not_shown) {
  forges all;
  for (auto [body, type] : {std::pair{std::string{"\xff\xfe"}, "text/plain"},
                            {std::string{"a\0b", 3}, "text/plain"},
                            {std::string{"<form>Sign in"}, "text/html; charset=utf-8"},
                            {std::string{"<form>Sign in"}, "Text/HTML"}}) {
    auto search = all.search("gh", "user/repo/HEAD");
    search.start();
    auto end = found(search.on_response(answer(200, body, {{"Content-Type", type}})));
    BOOST_TEST(!end.what, type);
    BOOST_TEST(!end.passing);
  }
}

BOOST_AUTO_TEST_CASE(an_upstream_that_will_not_answer_now_is_told_apart) {
  forges all;
  for (auto [status, passing] :
       {std::pair{429, true}, {500, true}, {503, true}, {403, false}, {401, false}, {204, false}}) {
    auto search = all.search("gh", "user/repo/HEAD");
    search.start();
    auto end = found(search.on_response(answer(status, "x")));
    BOOST_TEST(!end.what);
    BOOST_TEST(end.passing == passing, status);
  }
  auto circles = all.search("gh", "user/repo/HEAD");
  auto step = circles.start();
  int steps = 0;
  while (std::holds_alternative<http_request>(step) && ++steps < 50)
    step = circles.on_response(redirect("https://github.com/" + std::to_string(steps)));
  BOOST_TEST(steps < 50);
  BOOST_TEST(!found(step).what);
}

BOOST_AUTO_TEST_CASE(a_cache_is_bounded_by_bytes_and_age) {
  auto of = [](size_t bytes) {
    repository_preview one;
    one.text = std::string(bytes, 'x');
    return std::make_shared<const repository_preview>(std::move(one));
  };
  preview_cache cache{{10'000}};
  auto now = preview_cache::time_point{};
  cache.put("a", of(4'000), now + 10min);
  cache.put("b", of(4'000), now + 10min);
  cache.put("none", nullptr, now + 10min);
  BOOST_TEST(cache.find("a", now).has_value());
  cache.put("c", of(4'000), now + 10min);
  BOOST_TEST(!cache.find("b", now).has_value());  // longest not asked for
  BOOST_TEST(cache.find("a", now).has_value());
  BOOST_REQUIRE(cache.find("none", now).has_value());
  BOOST_TEST(!*cache.find("none", now));
  BOOST_TEST(cache.bytes() <= 10'000U);
  BOOST_TEST(cache.find("a", now + 10min - 1ms).has_value());
  BOOST_TEST(!cache.find("a", now + 10min).has_value());
  cache.put("c", of(100), now + 20min);
  cache.put("huge", of(20'000), now + 20min);
  BOOST_TEST(!cache.find("huge", now).has_value());
  BOOST_TEST(cache.bytes() <= 10'000U);
}

BOOST_AUTO_TEST_SUITE_END()
