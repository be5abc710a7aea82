#include "http/page_set.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include <nlohmann/json.hpp>

#include "http/assets.hpp"
#include "http/own_folder.hpp"
#include "http/target.hpp"
#include "runtime/error.hpp"

namespace bindery {

namespace {

constexpr std::array<std::string_view, 7> page_names = {
    "home.html",      "launch.html",  "build_log.html", "about.html",
    "not_found.html", "problem.html", "logout.html"};
/// Words whose values differ between requests.
constexpr std::array<std::string_view, 12> request_words = {
    "own_url", "page_url", "title",  "og_title", "description", "build_token",
    "user",    "xsrf",     "reason", "log_url",  "source",      "spec"};
constexpr std::string_view always_ours = "templates/";
constexpr std::string_view static_folder = "static/";
constexpr size_t longest_part_bytes = 256 * 1024;

/// The values in the order of their keys, whose case does not matter.
std::vector<std::string> in_order(const std::map<std::string, std::string>& snippets) {
  std::vector<std::pair<std::string, std::string>> sorted;
  for (const auto& [key, value] : snippets) {
    std::string lower = key;
    for (char& c : lower)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    sorted.emplace_back(lower, value);
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> values;
  for (auto& [key, value] : sorted) values.push_back(std::move(value));
  return values;
}

/// The pages' own texts (http/ui/strings), as words `say.<name>`.
void add_texts(page_words& words) {
  const auto* file = find_embedded_file("strings/en.json");
  if (file == nullptr) return;
  auto texts = nlohmann::json::parse(file->bytes, nullptr, false);
  for (const auto& [name, text] : texts.items())
    if (name.starts_with("page.")) words["say." + name] = text.get<std::string>();
  words["description"] = words["say.page.description"];
}

/// What stands for a word on every page.
page_words words_of(const site& place) {
  page_words words{{"base_url", place.base_url},
                   {"badge_base_url", place.badge_base_url},
                   {"default_opengraph_title", place.default_opengraph_title},
                   {"about_message", place.about_message},
                   {"banner_message", place.banner_message},
                   {"version", place.version}};
  add_texts(words);
  auto& head = words["extra_header_html"];
  for (const auto& html : in_order(place.extra_header_html)) head += html + "\n";
  auto& scripts = words["extra_footer_scripts"];
  for (const auto& script : in_order(place.extra_footer_scripts))
    scripts += "<script>\n" + script + "\n</script>\n";
  for (const auto& file : embedded_files())
    if (file.name.starts_with(static_folder))
      words[std::string{file.name}] =
          place.base_url + std::string{file.name} + "?v=" + std::string{file.hash};
  return words;
}

using part_texts = std::map<std::string, std::string, std::less<>>;

/// Our own parts, each by its name and by its name in `templates/`.
part_texts own_parts() {
  constexpr std::string_view folder = "pages/";
  part_texts parts;
  for (const auto& file : embedded_files())
    if (file.name.starts_with(folder)) {
      auto name = std::string{file.name.substr(folder.size())};
      parts[name] = file.bytes;
      parts[std::string{always_ours} + name] = file.bytes;
    }
  return parts;
}

/// Puts the operator's parts in place of ours.
caf::error read_parts(const std::string& path, part_texts& parts) {
  auto refuse = [&](const std::string& why) {
    return make_error(errc::bad_settings, "BinderHub.template_path: " + why);
  };
  auto folder = own_folder::open(path);
  if (!folder) return refuse(describe(folder.error()));
  for (const auto& name : folder->names()) {
    if (!name.ends_with(".html")) continue;
    if (parts.count(name) == 0) {
      std::string all;
      for (const auto& [known, text] : parts)
        if (!known.starts_with(always_ours)) all += (all.empty() ? "" : ", ") + known;
      return refuse(path + "/" + name + " is no part of the pages; the parts are " + all);
    }
    auto file = folder->find(name);
    if (!file) return refuse(describe(file.error()));
    if (*file == nullptr) return refuse(path + "/" + name + " is not a file of this folder");
    if ((*file)->size_bytes() > longest_part_bytes)
      return refuse(path + "/" + name + " is larger than " + std::to_string(longest_part_bytes) +
                    " bytes");
    parts[name] = (*file)->read(0, static_cast<size_t>((*file)->size_bytes()));
  }
  return {};
}

}  // namespace

caf::expected<page_set> page_set::make(const site& place) {
  page_set result;
  result.always_ = words_of(place);
  std::set<std::string, std::less<>> known{request_words.begin(), request_words.end()};
  for (const auto& [word, value] : result.always_) known.insert(word);
  for (const auto& [word, value] : place.template_variables) {
    if (!known.insert(word).second)
      return make_error(errc::bad_settings, "BinderHub.template_variables: \"" + word +
                                                "\" is a word of the pages themselves; choose "
                                                "another name");
    result.always_[word] = value;
  }
  auto parts = own_parts();
  if (!place.template_path.empty())
    if (auto why = read_parts(place.template_path, parts)) return why;
  auto source = [&](std::string_view part) -> std::optional<std::string_view> {
    auto found = parts.find(part);
    return found == parts.end() ? std::nullopt : std::optional<std::string_view>{found->second};
  };
  for (auto name : page_names) {
    auto page = page_template::read(name, source, known);
    if (!page)
      return make_error(errc::bad_settings, "BinderHub.template_path: " + place.template_path +
                                                "/" + describe(page.error()));
    result.pages_.emplace(name, std::move(*page));
  }
  return result;
}

std::string page_set::render(std::string_view page, const page_words& words) const {
  auto found = pages_.find(page);
  return found == pages_.end() ? std::string{} : found->second.render(words, always_);
}

std::string page_set::say(std::string_view name,
                          const std::map<std::string, std::string>& values) const {
  auto found = always_.find("say." + std::string{name});
  if (found == always_.end()) return {};
  // Once from left to right: what a value says is no name.
  std::string result;
  std::string_view rest = found->second;
  while (!rest.empty()) {
    auto begin = rest.find('{');
    auto end = begin == std::string_view::npos ? begin : rest.find('}', begin);
    if (end == std::string_view::npos) break;
    auto value = values.find(std::string{rest.substr(begin + 1, end - begin - 1)});
    result.append(rest.substr(0, begin));
    result.append(value == values.end() ? rest.substr(begin, end + 1 - begin)
                                        : std::string_view{value->second});
    rest.remove_prefix(end + 1);
  }
  return result.append(rest);
}

std::string content_policy(const site& place, bool own_styles) {
  bool has_scripts = !place.extra_header_html.empty() || !place.extra_footer_scripts.empty() ||
                     !place.template_path.empty();
  bool has_html = has_scripts || !place.banner_message.empty() || !place.about_message.empty();
  std::string anywhere = has_html ? " https: http: data:" : "";
  std::string policy = "default-src 'none'; img-src 'self'" + anywhere;
  policy += "; style-src 'self'";
  if (has_html || own_styles) policy += " 'unsafe-inline'";
  if (has_html) policy += " https: http:; font-src 'self'" + anywhere;
  policy += "; script-src 'self'";
  if (has_scripts) policy += " 'unsafe-inline' https: http:";
  // A federation's front serves its members' pages and sends their launches on to another member. A
  // member is one that other origins may ask.
  policy += "; connect-src 'self'";
  if (has_scripts || !place.cors_allow_origin.empty()) policy += " https: http:";
  if (has_scripts) policy += " wss: ws:; frame-src https: http:";
  return policy + "; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";
}

bool makes_styles(std::string_view page) {
  return page == "home.html" || page == "launch.html" || page == "build_log.html";
}

}  // namespace bindery
