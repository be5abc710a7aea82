#include "runtime/text/mask.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace bindery;

BOOST_AUTO_TEST_SUITE(masks)

BOOST_AUTO_TEST_CASE(known_secrets_are_hidden_in_every_form) {
  secret_mask mask{{"p\"ss wörd/1", "abc", ""}};
  BOOST_TEST(mask.apply("it is p\"ss wörd/1.") == "it is ***.");
  BOOST_TEST(mask.apply("labels=p%22ss%20w%C3%B6rd%2F1&x") == "labels=***&x");
  auto json = nlohmann::json{{"message", "it is p\"ss wörd/1."}};
  for (bool ascii : {false, true})
    BOOST_TEST(nlohmann::json::parse(mask.apply(json.dump(-1, ' ', ascii)))["message"]
                   .get<std::string>() == "it is ***.");
  BOOST_TEST(mask.apply("abc is too short to be a secret") == "abc is too short to be a secret");
}

BOOST_AUTO_TEST_CASE(credentials_in_urls_are_hidden) {
  secret_mask mask;
  BOOST_TEST(mask.apply("from http://u:sekret@h.example/x (ref 1)") ==
             "from http://***@h.example/x (ref 1)");
  BOOST_TEST(mask.apply("https://sometoken@h.example/x") == "https://***@h.example/x");
  BOOST_TEST(mask.apply("https://u:pa/ss@h.example/x") == "https://***@h.example/x");
  BOOST_TEST(mask.apply("ssh://git@h.example/x") == "ssh://git@h.example/x");
  BOOST_TEST(mask.apply("https://h.example:8080/@user/x") == "https://h.example:8080/@user/x");
  BOOST_TEST(mask.apply("https://h/a?x=1&access_token=abcd#f https://h/?TOKEN=abc") ==
             "https://h/a?x=1&access_token=***#f https://h/?TOKEN=***");
  BOOST_TEST(mask.apply("token=abc") == "token=abc");
}

BOOST_AUTO_TEST_CASE(headers_and_well_known_tokens_are_hidden) {
  secret_mask mask;
  BOOST_TEST(mask.apply("> Authorization: Basic dTpz\n") == "> Authorization: Basic ***\n");
  BOOST_TEST(mask.apply("authorization: dTpz") == "authorization: ***");
  BOOST_TEST(mask.apply("key ghp_0123456789abcdefghij!") == "key ***!");
  BOOST_TEST(mask.apply("glpat-0123456789-bcdefghij") == "***");
  BOOST_TEST(mask.apply("ghp_short and not_ghp_0123456789abcdefghij") ==
             "ghp_short and not_ghp_0123456789abcdefghij");
}

BOOST_AUTO_TEST_CASE(tokens_are_hidden_after_an_escape_or_a_colour) {
  const std::string token = "ghp_0123456789abcdefghij";
  secret_mask mask;
  for (std::string before : {"a\n", "a\t", "a\r", "a\b", "a\f", "a\x01", "a\u00e9", "\x1b[31m",
                             "a\x1b[1;31m", "a\x1b[m"}) {
    auto text = before + token + "\x1b[0m";
    for (bool ascii : {false, true}) {
      auto dumped = nlohmann::json{{"message", text}}.dump(-1, ' ', ascii);
      auto masked = nlohmann::json::parse(mask.apply(dumped), nullptr, false);
      BOOST_TEST(masked.value("message", "") == before + "***\x1b[0m", dumped);
      auto twice = nlohmann::json(dumped).dump();
      BOOST_TEST(mask.apply(twice).find(token) == std::string::npos, twice);
    }
    BOOST_TEST(mask.apply(text) == before + "***\x1b[0m");
  }
  for (std::string word : {"an", "[31m", "u000a", "x"})
    BOOST_TEST(mask.apply(word + token) == word + token);
  BOOST_TEST(mask.apply("glpat-0123456789abcdefghij glpat-0123456789abcdefghij") == "*** ***");
}

BOOST_AUTO_TEST_CASE(a_quoted_authorization_is_hidden) {
  secret_mask mask;
  for (std::string text :
       {R"({"Authorization": "Bearer sekret"})", R"({"Authorization":"Bearer sekret","a":1})",
        R"({"authorization" : "sekret"})", "{'Authorization': 'Bearer sekret'}",
        R"("Authorization": Bearer sekret)", R"(Authorization: 'token sekret')"}) {
    BOOST_TEST(mask.apply(text).find("sekret") == std::string::npos, text);
    auto in_log = nlohmann::json{{"message", text}, {"phase", "building"}};
    auto masked = nlohmann::json::parse(mask.apply(in_log.dump()), nullptr, false);
    BOOST_TEST(masked.value("message", "").find("***") != std::string::npos, text);
    BOOST_TEST(masked.value("phase", "") == "building", text);
    BOOST_TEST(masked.dump().find("sekret") == std::string::npos, text);
    if (auto own = nlohmann::json::parse(text, nullptr, false); own.is_object())
      BOOST_TEST(nlohmann::json::accept(mask.apply(text)), text);
  }
  for (std::string text : {R"({"Authorization": null, "a": [1]})", R"({"Authorization": 12})",
                           R"({"Authorization":{"a":true}})", R"({"a Authorization: " : "x"})"})
    BOOST_TEST(mask.apply(text) == text);
}

BOOST_AUTO_TEST_CASE(lines_made_to_be_slow_stay_as_they_are) {
  for (std::string part : {"=", "://", "a=", "x://y"}) {
    std::string line;
    while (line.size() < 64 * 1024) line += part;
    BOOST_TEST((secret_mask{{}}.apply(line) == line));
  }
}

BOOST_AUTO_TEST_CASE(many_urls_in_one_word_are_all_hidden) {
  secret_mask mask;
  BOOST_TEST(mask.apply("a://u:verylongname@h/b,c://x@h/d|e://yy@h f://u:p@h") ==
             "a://***@h/b,c://***@h/d|e://***@h f://***@h");
  BOOST_TEST(mask.apply("a://verylongname@h/b://c@d://e@f g://h@i") ==
             "a://***@h/b://***@d://***@f g://***@i");
}

BOOST_AUTO_TEST_CASE(json_stays_json) {
  secret_mask mask{{"sekret"}};
  for (std::string text : {"http://u:se\"kret@h\\x", "?token=a\\", "Authorization: \\", "sekret\\",
                           "http://\\@", "ghp_0123456789abcdefghij\\", "Authorization: ",
                           "Authorization:\nx y", "Authorization: \\n", "\"Authorization\":"}) {
    auto json = nlohmann::json{{"message", text}, {"phase", "building"}};
    auto masked = nlohmann::json::parse(mask.apply(json.dump()), nullptr, false);
    BOOST_TEST(masked.is_object(), text);
    BOOST_TEST(masked.value("phase", "") == "building", text);
  }
}

BOOST_AUTO_TEST_CASE(secrets_are_found_in_credentials_logins_and_urls) {
  using words = std::vector<std::string>;
  BOOST_TEST(secrets_of_git("username=alice\\npassword=sekret") == words{"sekret"},
             boost::test_tools::per_element());
  BOOST_TEST(secrets_of_git("username=alice\npassword=sekret\n") == words{"sekret"},
             boost::test_tools::per_element());
  BOOST_TEST(secrets_of_git("username=thetoken\\npassword=x-oauth-basic") == words{"thetoken"},
             boost::test_tools::per_element());
  auto login = words{"sekret", "dTpzZWtyZXQ"};
  BOOST_TEST(secrets_of_login("u", "sekret") == login, boost::test_tools::per_element());
  BOOST_TEST(secrets_of_login("u", "").empty());
  BOOST_TEST(secrets_of_push(R"({"registry":"r","username":"u","password":"sekret"})") == login,
             boost::test_tools::per_element());
  for (auto none : {"", "null", "[]", "{}", R"({"username":"u"})", R"({"password":["x"]})"})
    BOOST_TEST(secrets_of_push(none).empty(), none);
  auto both = words{"p%40ss", "p@ss"};
  BOOST_TEST(secrets_of_url("https://u:p%40ss@h/x") == both, boost::test_tools::per_element());
  BOOST_TEST(secrets_of_url("ssh://git@h/x").empty());
  BOOST_TEST(secrets_of_url("https://h/@x").empty());
}

BOOST_AUTO_TEST_SUITE_END()
