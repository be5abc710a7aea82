#include "runtime/names.hpp"

#include <boost/test/unit_test.hpp>

#include "runtime/text/base64.hpp"
#include "runtime/text/escape.hpp"
#include "runtime/text/random.hpp"

using namespace bindery;

BOOST_AUTO_TEST_SUITE(names)

BOOST_AUTO_TEST_CASE(slug_escapes_what_is_not_alphanumeric_and_ends_in_a_hash) {
  BOOST_TEST(safe_slug("user-repo", 63) == "user-2drepo-" + sha256_hex("user-repo").substr(0, 6));
  BOOST_TEST(safe_slug("User/Repo_", 63).substr(0, 15) == "user-2frepo-5f-");
}

BOOST_AUTO_TEST_CASE(slug_escapes_each_byte_of_utf8) {
  BOOST_TEST(safe_slug("é", 63).substr(0, 7) == "-c3-a9-");
}

BOOST_AUTO_TEST_CASE(slug_keeps_its_limit_and_tells_long_ones_apart) {
  auto one = safe_slug(std::string(300, 'a') + "1", 40);
  auto two = safe_slug(std::string(300, 'a') + "2", 40);
  BOOST_TEST(one.size() == 40U);
  BOOST_TEST(one != two);
  BOOST_TEST(one.substr(0, 34) == "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-");
}

BOOST_AUTO_TEST_CASE(image_name_is_lower_case_without_underscores) {
  auto name = image_name("Registry.example.org/R2D_", "User-Repo", "ABC_");
  BOOST_TEST(name == "registry.example.org/r2d-user-2drepo-" +
                         sha256_hex("User-Repo").substr(0, 6) + ":abc-");
}

BOOST_AUTO_TEST_CASE(image_name_is_at_most_255_before_the_tag) {
  auto name = image_name("prefix/", std::string(400, 'x'), "ref");
  BOOST_TEST(name.find(':') == 255U);
  BOOST_CHECK_NO_THROW(image_name(std::string(400, 'p'), "slug", "ref"));
}

BOOST_AUTO_TEST_CASE(build_name_fits_dns_and_depends_on_slug_and_ref) {
  auto name = build_name(std::string(400, 'X'), std::string(40, 'F'));
  BOOST_TEST(name.size() == 63U);
  BOOST_TEST(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos);
  BOOST_TEST(build_name("a", "1") != build_name("a", "2"));
  BOOST_TEST(build_name("a", "1") != build_name("b", "1"));
  BOOST_TEST(build_name("a-b", "0123456789") == "build-a-2db-" + sha256_hex("a-b").substr(0, 6) +
                                                    "-012-" +
                                                    sha256_hex("0123456789").substr(0, 2));
}

BOOST_AUTO_TEST_CASE(user_name_comes_from_the_path) {
  BOOST_TEST(user_name("https://github.com/User/Repo.git", "abcd1234") == "user-repo-abcd1234");
  BOOST_TEST(user_name("https://github.com/User/Repo/", "abcd1234") == "user-repo-abcd1234");
  BOOST_TEST(user_name("10.5281/zenodo.3242074", "abcd1234") == "10.5281-zenodo.3242074-abcd1234");
  BOOST_TEST(user_name("https://example.org", "abcd1234") == "-abcd1234");
}

BOOST_AUTO_TEST_CASE(long_user_name_keeps_both_ends) {
  BOOST_TEST(user_name("https://h/" + std::string(20, 'a') + "/" + std::string(20, 'b'), "s") ==
             std::string(15, 'a') + "-" + std::string(15, 'b') + "-s");
  // 33 characters of two bytes each: cut between characters, never inside one.
  std::string umlauts;
  for (int i = 0; i < 33; ++i) umlauts += "ü";
  BOOST_TEST(is_utf8(user_name("https://h/" + umlauts, "s")));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(text)

BOOST_AUTO_TEST_CASE(percent_escapes_round_trip) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  BOOST_TEST(*percent_unescape(percent_escape(all)) == all);
  BOOST_TEST(percent_escape("a/b", "/") == "a/b");
  BOOST_TEST(percent_escape("a/b") == "a%2Fb");
}

BOOST_AUTO_TEST_CASE(broken_percent_escapes_are_refused) {
  for (const char* broken : {"%", "%2", "a%zz", "%%20", "%-1"})
    BOOST_TEST(!percent_unescape(broken), broken);
}

BOOST_AUTO_TEST_CASE(base64url_has_no_padding) {
  BOOST_TEST(to_base64url("\xff\xfe") == "__4");
  BOOST_TEST(to_base64url("foobar") == "Zm9vYmFy");
}

BOOST_AUTO_TEST_CASE(utf8_is_checked_strictly) {
  BOOST_TEST(is_utf8("plain é 漢 😀"));
  for (const char* bad : {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xe2\x82", "\xf4\x90\x80\x80"})
    BOOST_TEST(!is_utf8(bad));
}

BOOST_AUTO_TEST_CASE(tokens_and_ids_have_their_form_and_differ) {
  BOOST_TEST(random_token().size() == 22U);
  BOOST_TEST(random_token() != random_token());
  auto id = random_id(16);
  BOOST_TEST(id.size() == 16U);
  BOOST_TEST(id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
