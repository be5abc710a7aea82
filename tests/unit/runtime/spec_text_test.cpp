#include "runtime/providers/spec_text.hpp"

#include <boost/test/unit_test.hpp>

#include "runtime/error.hpp"
#include "runtime/providers/ckan.hpp"
#include "runtime/text/escape.hpp"

using namespace bindery;

BOOST_AUTO_TEST_SUITE(spec_text)

BOOST_AUTO_TEST_CASE(shown_specs_hold_no_secret) {
  BOOST_TEST(shown_spec("https%3A%2F%2Fme%3As3cretpw%40example.org%2Fr/HEAD") ==
             "https%3A%2F%2F***%40example.org%2Fr/HEAD");
  BOOST_TEST(shown_spec("https://me:s3cretpw@example.org/r/HEAD") ==
             "https://***@example.org/r/HEAD");
  BOOST_TEST(shown_spec("https%253A%252F%252Fme%253As3cretpw%2540example.org/HEAD") ==
             "https%253A%252F%252F***%2540example.org/HEAD");
  for (std::string url :
       {"https://me:s3cretpw@example.org/r", "https://s3cretpw@example.org/r",
        "https://me:s3(cret)pw/s3cretpw@example.org/r", "me:s3cretpw@example.org:r",
        "me:s3cretpw/s3cretpw@example.org/r", "ssh://git:s3cretpw@example.org/r",
        "https://data.example/dataset/d?token=s3cretpw",
        "https://ghp_s3cretpws3cretpws3cretpw@github.com/u/r", "https://me:s3cretpw%@example.org/r",
        "https://a.example/?next=https://me:s3cretpw@example.org/"})
    for (auto spec : {url, percent_escape(url), percent_escape(percent_escape(url)),
                      percent_escape(url, "/"), percent_escape(url, ":/@")}) {
      BOOST_TEST(shown_spec(spec + "/HEAD").find("s3cretpw") == std::string::npos, spec);
      BOOST_TEST(in_quotes(spec).find("s3cretpw") == std::string::npos, spec);
    }
  auto refused = ckan_provider{{}}.read("https%3A%2F%2Fme%3As3cretpw%40data.example%2Fdataset%2Fd");
  BOOST_REQUIRE(!refused);
  BOOST_TEST(describe(refused.error()).find("s3cretpw") == std::string::npos);
  auto key =
      repository_key(ckan_provider{{}}, "https%3A%2F%2Fd.example%2Fdataset%2Fd?token=s3cret");
  BOOST_TEST(key == "ckan/https://d.example/dataset/d?token=***");
}

BOOST_AUTO_TEST_CASE(all_other_specs_are_shown_as_they_were_sent) {
  for (std::string spec :
       {"", "/", "u/r/HEAD", "u/r/HEAD/", "u/r/feature%2Fx@2", "https%3A%2F%2Fexample.org%2Fr/a/b",
        "https%3a%2f%2fexample.org%2Fr%40x/HEAD", "git%40example.org%3Au%2Fr/HEAD",
        "git@example.org:u/r/HEAD", "ssh%3A%2F%2Fgit%40example.org%2Fr/HEAD",
        "10.5281/zenodo.3242074", "https://example.org:8080/users/@me/r/HEAD", "%", "%zz/%",
        "a%25b", "%ff%fe"})
    BOOST_TEST(shown_spec(spec) == spec);
}

BOOST_AUTO_TEST_SUITE_END()
