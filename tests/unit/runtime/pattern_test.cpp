#include "runtime/text/pattern.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

#include "runtime/error.hpp"

using namespace bindery;

namespace {

match tried(const std::string& expression, const std::string& text) {
  auto made = pattern::compile(expression);
  if (!made) BOOST_FAIL(expression + ": " + describe(made.error()));
  return made->matches(text);
}

bool fits(const std::string& expression, const std::string& text) {
  return tried(expression, text) == match::yes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(patterns)

BOOST_AUTO_TEST_CASE(match_at_the_start_without_regard_to_case) {
  BOOST_TEST(fits("spam/", "Spam/eggs"));
  BOOST_TEST(!fits("spam/", "x/spam/"));
  BOOST_TEST(fits("a|b", "bc"));
  BOOST_TEST(!fits("^user/repo$", "user/repo/more"));
  BOOST_TEST(fits(".*[sS]ub.*", "a-SUB-b"));
}

BOOST_AUTO_TEST_CASE(pythons_own_syntax_is_read) {
  BOOST_TEST(fits("\\Auser/", "user/x"));
  BOOST_TEST(fits("user/repo\\Z", "user/repo"));
  BOOST_TEST(!fits("user/repo\\Z", "user/repo/x"));
  BOOST_TEST(fits("(?i)User/", "uSER/"));
  BOOST_TEST(fits("(?P<who>[^/]+)/(?P=who)", "same/same"));
  BOOST_TEST(!fits("(?P<who>[^/]+)/(?P=who)$", "same/other"));
  BOOST_TEST(fits("(?!evil/).*", "good/x"));
  BOOST_TEST(!fits("(?!evil/).*", "EVIL/x"));
  BOOST_TEST(fits("user/.*(?<!-private)/HEAD", "user/repo/HEAD"));
  BOOST_TEST(!fits("user/.*(?<!-private)/HEAD", "user/repo-private/HEAD"));
  BOOST_TEST(fits("https%3A%2F%2Fh%2F\\w+", "https%3a%2F%2Fh%2Fx"));
  BOOST_TEST(fits("[]{,3}]", "{"));
  BOOST_TEST(fits("\\{,3}", "{,3}"));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_says_where) {
  auto why = [](const std::string& expression) {
    auto made = pattern::compile(expression);
    return made ? std::string{"fine"} : describe(made.error());
  };
  BOOST_TEST(why("(open").find("at character 6") != std::string::npos);
  BOOST_TEST(why("x{,3}").find("{0,n}") != std::string::npos);
  for (auto expression : {"*", "[z-a]", "\\", "(?<=a+)b", "(?Lx)", "\\N{BULLET}", "\xff"})
    BOOST_TEST(why(expression) != "fine", expression);
  BOOST_TEST(why("((a{1000}){1000}){1000}") != "fine");
}

BOOST_AUTO_TEST_CASE(no_expression_hangs) {
  std::string longest(6'000, 'a');
  for (auto expression : {"(a|aa)*b", "(.*)*x(.*)*y", "((a*)*)*!", "(a|a)*c"})
    BOOST_CHECK(tried(expression, longest + "!?") != match::given_up);
  // References need backtracking, which is given up in time.
  BOOST_CHECK(tried("(a*)*\\1b", longest) == match::given_up);
  for (auto expression : {"(a+)+$", "((a?){300}){3}b", "(.*a){100}b"})
    BOOST_CHECK(tried(expression, longest + "!") != match::yes);
}

BOOST_AUTO_TEST_CASE(any_bytes_may_come) {
  BOOST_TEST(fits("a.b",
                  "a\xff"
                  "b"));
  BOOST_TEST(fits("é", "É"));
  BOOST_TEST(!fits("x", ""));
  BOOST_TEST(fits("", ""));
  BOOST_TEST(fits("a.b", std::string{"a\0b", 3}));
}

BOOST_AUTO_TEST_SUITE_END()
