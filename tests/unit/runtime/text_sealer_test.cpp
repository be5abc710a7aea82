#include "runtime/token/text_sealer.hpp"

#include <boost/test/unit_test.hpp>

using namespace bindery;
using namespace std::chrono_literals;

namespace {

const auto now = std::chrono::system_clock::time_point{} + 1'000'000s;

}  // namespace

BOOST_AUTO_TEST_SUITE(text_sealer_suite)

BOOST_AUTO_TEST_CASE(what_was_sealed_is_opened_on_every_node_with_the_secret) {
  for (const std::string& text :
       {std::string{}, std::string{"token"}, std::string("\0\xff", 2), std::string(4000, 'x')}) {
    auto sealed = text_sealer{"secret"}.seal("session", text, now);
    BOOST_TEST((text_sealer{"secret"}.open("session", sealed, now, 1s) == text));
    BOOST_TEST(sealed.find("token") == std::string::npos);
    BOOST_TEST(sealed.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                        "0123456789-_") == std::string::npos);
  }
  text_sealer one{"secret"};
  BOOST_TEST(one.seal("session", "t", now) != one.seal("session", "t", now));
}

BOOST_AUTO_TEST_CASE(another_secret_or_purpose_opens_nothing) {
  auto sealed = text_sealer{"secret"}.seal("session", "token", now);
  BOOST_TEST(!text_sealer{"other"}.open("session", sealed, now, 1s));
  BOOST_TEST(!text_sealer{"secret"}.open("state", sealed, now, 1s));
  text_sealer random{""};
  auto own = random.seal("session", "token", now);
  BOOST_TEST(random.open("session", own, now, 1s).has_value());
  BOOST_TEST(!text_sealer{""}.open("session", own, now, 1s));
}

BOOST_AUTO_TEST_CASE(a_sealed_text_ages) {
  text_sealer sealer{"secret"};
  auto sealed = sealer.seal("session", "token", now);
  BOOST_TEST(sealer.open("session", sealed, now + 600s, 600s).has_value());
  BOOST_TEST(!sealer.open("session", sealed, now + 601s, 600s));
}

BOOST_AUTO_TEST_CASE(no_byte_of_it_can_be_changed) {
  text_sealer sealer{"secret"};
  auto sealed = sealer.seal("session", "token", now);
  for (size_t i = 0; i < sealed.size(); ++i) {
    auto changed = sealed;
    changed[i] = changed[i] == 'A' ? 'Q' : 'A';
    if (changed == sealed) continue;
    auto opened = sealer.open("session", changed, now, 1s);
    // The last character's low bits may say nothing.
    if (opened) BOOST_TEST((i == sealed.size() - 1 && *opened == "token"));
  }
  for (size_t i = 0; i + 1 < sealed.size(); ++i)
    BOOST_TEST(!sealer.open("session", sealed.substr(0, i), now, 1s));
  for (const std::string& bad : {std::string{"="}, std::string{"a b"}, std::string{"\xff\xfe"},
                                 std::string(100'000, 'A'), sealed + "AAAA"})
    BOOST_TEST(!sealer.open("session", bad, now, 1s));
}

BOOST_AUTO_TEST_CASE(digests_tell_texts_purposes_and_secrets_apart) {
  text_sealer sealer{"secret"};
  BOOST_TEST(sealer.digest("a", "bc") == text_sealer{"secret"}.digest("a", "bc"));
  BOOST_TEST(sealer.digest("a", "bc") != sealer.digest("ab", "c"));
  BOOST_TEST(sealer.digest("a", "bc") != text_sealer{"other"}.digest("a", "bc"));
  BOOST_TEST(same_secret("abc", "abc"));
  BOOST_TEST(!same_secret("abc", "abd"));
  BOOST_TEST(!same_secret("abc", "abcd"));
}

BOOST_AUTO_TEST_SUITE_END()
