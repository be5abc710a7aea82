#include "http/page_set.hpp"

#include <filesystem>
#include <fstream>

#include <boost/test/unit_test.hpp>

#include "runtime/error.hpp"
#include "temporary_folder.hpp"

using namespace bindery;
using namespace bindery::test;

namespace {

const page_words some_words{{"own_url", "https://b.example/"},
                            {"page_url", "https://b.example/x"},
                            {"title", "a <title>"},
                            {"og_title", "t"},
                            {"description", "d"},
                            {"build_token", "a.b.c"}};

std::string page_of(const site& place, std::string_view name = "home.html") {
  auto pages = page_set::make(place);
  BOOST_REQUIRE_MESSAGE(pages, (pages ? "" : describe(pages.error())));
  return pages->render(name, some_words);
}

std::string problem_of(const site& place) {
  auto pages = page_set::make(place);
  return pages ? "" : describe(pages.error());
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string rendered(const std::string& text, const page_words& words) {
  auto parts = [&](std::string_view part) -> std::optional<std::string_view> {
    if (part == "page") return text;
    if (part == "part") return "[{{word}}]";
    if (part == "itself") return "{{> itself}}";
    return std::nullopt;
  };
  auto page = page_template::read("page", parts, {"word", "other"});
  return page ? page->render(words, {{"word", "always"}}) : "problem: " + describe(page.error());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(page_set_suite)

BOOST_AUTO_TEST_CASE(words_sections_and_parts_are_filled_in) {
  BOOST_TEST(rendered("a {{word}} {{{word}}} {{ other }}", {{"word", "<b>"}}) ==
             "a &lt;b&gt; <b> ");
  BOOST_TEST(rendered("{{word}}", {}) == "always");
  BOOST_TEST(rendered("{{> part}}{{>part}}", {{"word", "x"}}) == "[x][x]");
  BOOST_TEST(rendered("1{{#other}}2{{#word}}3{{/word}}{{/other}}4", {}) == "14");
  BOOST_TEST(rendered("1{{#other}}2{{#word}}3{{/word}}{{/other}}4", {{"other", "x"}}) == "1234");
  // A value is never read as a template.
  BOOST_TEST(rendered("{{{word}}}", {{"word", "{{other}}{{> part}}"}}) == "{{other}}{{> part}}");
}

BOOST_AUTO_TEST_CASE(faults_of_a_template_name_part_line_and_reason) {
  BOOST_TEST(rendered("a\nb {{nope}}", {}) ==
             "problem: page, line 2: \"nope\" is no word of the pages");
  BOOST_TEST(has(rendered("\n\n{{word", {}), "page, line 3: this tag has no end"));
  BOOST_TEST(has(rendered("{{#word}}", {}), "{{#word}} has no end"));
  BOOST_TEST(has(rendered("{{/word}}", {}), "ends what was not begun"));
  BOOST_TEST(has(rendered("{{#word}}{{#other}}{{/word}}{{/other}}", {}), "was not begun"));
  BOOST_TEST(has(rendered("{{> nothing}}", {}), "nothing: there is no such part"));
  BOOST_TEST(has(rendered("{{> itself}}", {}), "holds itself"));
  BOOST_TEST(
      has(rendered("x\n{% extends \"y\" %}", {}), "page, line 2: \"{%\" begins a Jinja tag"));
}

BOOST_AUTO_TEST_CASE(the_operators_words_are_on_every_page_in_order) {
  site place;
  place.base_url = "/b/";
  place.banner_message = "<b>Down</b> on Monday";
  place.about_message = "<p>Run by us</p>";
  place.version = "1.2.3";
  place.extra_header_html = {{"b", "<meta name=two>"}, {"A", "<meta name=one>"}};
  place.extra_footer_scripts = {{"2", "second();"}, {"1", "first();"}};
  for (std::string name : {"home.html", "launch.html", "about.html", "not_found.html"}) {
    auto page = page_of(place, name);
    BOOST_TEST(
        has(page, "<div class=\"banner\" role=\"region\" aria-label=\"Announcement\"><b>Down"),
        name);
    BOOST_TEST(has(page, "<meta name=one>\n<meta name=two>\n\n</head>"), name);
    BOOST_TEST(has(page, "<script>\nfirst();\n</script>\n<script>\nsecond();\n</script>"), name);
    BOOST_TEST(has(page, "<meta property=\"og:title\" content=\"t\">"), name);
    BOOST_TEST(!has(page, "{{"), name);
    BOOST_TEST(has(page, "<title>a &lt;title&gt;</title>"), name);
    BOOST_TEST(has(page, "/b/static/bindery.css?v="), name);
  }
  BOOST_TEST(has(page_of(place, "about.html"), "<p>Run by us</p>"));
  BOOST_TEST(has(page_of(place, "about.html"), "Version 1.2.3"));
  BOOST_TEST(!has(page_of(place, "home.html"), "<p>Run by us</p>"));
  site plain;
  BOOST_TEST(!has(page_of(plain), "class=\"banner\""));
  BOOST_TEST(!has(page_of(plain), "<script>"));
}

BOOST_AUTO_TEST_CASE(policies_allow_only_what_the_operators_own_text_may_need) {
  site place;
  BOOST_TEST(!has(content_policy(place), "unsafe"));
  BOOST_TEST(
      has(content_policy(place, true), "style-src 'self' 'unsafe-inline'; script-src 'self';"));
  BOOST_TEST(!has(content_policy(place), "https:"));
  site member;
  member.cors_allow_origin = "*";
  BOOST_TEST(has(content_policy(member), "connect-src 'self' https: http:;"));
  BOOST_TEST(has(content_policy(member), "script-src 'self';"));
  place.banner_message = "x";
  BOOST_TEST(has(content_policy(place), "style-src 'self' 'unsafe-inline'"));
  BOOST_TEST(has(content_policy(place), "script-src 'self';"));
  place.extra_footer_scripts = {{"1", "x"}};
  BOOST_TEST(has(content_policy(place), "script-src 'self' 'unsafe-inline' https: http:;"));
}

BOOST_AUTO_TEST_CASE(a_folders_parts_stand_in_for_ours) {
  temporary_folder folder;
  folder.write("header.html", "<h2>{{motto}} {{base_url}}</h2>{{> templates/header.html}}");
  folder.write("notes.txt", "{{nothing}}");
  folder.write(".hidden.html", "x");
  site place;
  place.template_path = folder.path();
  place.template_variables = {{"motto", "all & sundry"}};
  auto page = page_of(place);
  BOOST_TEST(has(page, "<h2>all &amp; sundry /</h2>"));
  BOOST_TEST(has(page, "<header class=\"top\">"));
}

BOOST_AUTO_TEST_CASE(parts_are_links_within_their_folder_at_most) {
  temporary_folder folder, elsewhere;
  // As Kubernetes mounts a ConfigMap.
  std::filesystem::create_directory(folder.path() + "/..2026");
  folder.write("..2026/footer.html", "<footer>ours</footer>");
  std::filesystem::create_directory_symlink("..2026", folder.path() + "/..data");
  std::filesystem::create_symlink("..data/footer.html", folder.path() + "/footer.html");
  site place;
  place.template_path = folder.path();
  BOOST_TEST(has(page_of(place), "<footer>ours</footer>"));
  elsewhere.write("x", "secret");
  std::filesystem::create_symlink(elsewhere.path() + "/x", folder.path() + "/header.html");
  BOOST_TEST(problem_of(place) == "BinderHub.template_path: " + folder.path() +
                                      "/header.html is not a file of this folder");
}

BOOST_AUTO_TEST_CASE(template_folders_that_cannot_be_used_are_told) {
  site place;
  place.template_path = "/nowhere/at/all";
  BOOST_TEST(problem_of(place) ==
             "BinderHub.template_path: the folder \"/nowhere/at/all\" cannot be used: No such file "
             "or directory");
  temporary_folder folder;
  folder.write("page.html", "x");
  place.template_path = folder.path();
  BOOST_TEST(problem_of(place) ==
             "BinderHub.template_path: " + folder.path() +
                 "/page.html is no part of the pages; the parts are about.html, "
                 "app_build_log.html, app_home.html, app_launch.html, build_log.html, footer.html, "
                 "head.html, header.html, home.html, launch.html, logout.html, not_found.html, "
                 "problem.html");
  place.template_path = folder.path() + "/page.html";
  BOOST_TEST(has(problem_of(place), "it is not a folder"));
  temporary_folder broken;
  broken.write("head.html", "a\n{{titel}}");
  place.template_path = broken.path();
  BOOST_TEST(has(problem_of(place), "head.html, line 2: \"titel\" is no word of the pages"));
  temporary_folder huge;
  huge.write("head.html", std::string(300'000, 'x'));
  place.template_path = huge.path();
  BOOST_TEST(has(problem_of(place), "is larger than"));
  place.template_path.clear();
  place.template_variables = {{"title", "x"}};
  BOOST_TEST(has(problem_of(place), "\"title\" is a word of the pages themselves"));
}

BOOST_AUTO_TEST_CASE(texts_are_filled_in_once) {
  auto pages = page_set::make({});
  BOOST_REQUIRE(pages);
  BOOST_TEST(pages->say("page.launch_description", {{"spec", "{source}"}, {"source", "GitHub"}}) ==
             "Open {source} from GitHub in a running Jupyter server.");
  BOOST_TEST(pages->say("page.launch_description", {{"spec", "a/b"}}) ==
             "Open a/b from {source} in a running Jupyter server.");
  BOOST_TEST(pages->say("page.no_such_text") == "");
}

BOOST_AUTO_TEST_SUITE_END()
