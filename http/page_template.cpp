#include "http/page_template.hpp"

#include <algorithm>

#include "http/target.hpp"
#include "runtime/error.hpp"

namespace bindery {

namespace {

constexpr size_t most_parts_within = 8;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

const std::string& value_of(const std::string& word, const page_words& page,
                            const page_words& always) {
  static const std::string nothing;
  if (auto found = page.find(word); found != page.end()) return found->second;
  auto found = always.find(word);
  return found == always.end() ? nothing : found->second;
}

}  // namespace

struct page_template::reading {
  const part_source& parts;
  const std::set<std::string, std::less<>>& words;
  std::vector<piece> pieces;

  caf::error fault(std::string_view part, std::string_view text, size_t at,
                   const std::string& why) const {
    auto line = std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(at), '\n') + 1;
    return make_error(errc::bad_settings,
                      std::string{part} + ", line " + std::to_string(line) + ": " + why);
  }

  caf::error add_part(std::string_view part, size_t depth) {
    auto found = parts(part);
    if (!found)
      return make_error(errc::bad_settings, std::string{part} + ": there is no such part");
    if (depth > most_parts_within)
      return make_error(errc::bad_settings, std::string{part} +
                                                ": holds itself, or too many parts "
                                                "within each other");
    auto text = *found;
    std::vector<size_t> open;  // sections of this text
    for (size_t at = 0; at < text.size();) {
      auto tag = std::min(text.find("{{", at), text.size());
      auto plain = text.substr(at, tag - at);
      if (auto jinja = plain.find("{%"); jinja != std::string_view::npos)
        return fault(part, text, at + jinja,
                     "\"{%\" begins a Jinja tag, and Jinja is not spoken here; see the page "
                     "templates in docs/pages.md");
      if (!plain.empty()) pieces.push_back({kind::text, std::string{plain}});
      if (tag == text.size()) break;
      bool raw = text.substr(tag, 3) == "{{{";
      std::string_view mark = raw ? "}}}" : "}}";
      auto begin = tag + mark.size();
      auto end = text.find(mark, begin);
      if (end == std::string_view::npos)
        return fault(part, text, tag, "this tag has no end: " + std::string{text.substr(tag, 20)});
      at = end + mark.size();
      auto inner = trimmed(text.substr(begin, end - begin));
      char sign = raw || inner.empty() ? ' ' : inner.front();
      if (sign == '#' || sign == '/' || sign == '>') inner = trimmed(inner.substr(1));
      if (sign == '>') {
        if (auto why = add_part(inner, depth + 1)) return why;
        continue;
      }
      std::string word{inner};
      if (words.count(word) == 0)
        return fault(part, text, tag, "\"" + word.substr(0, 60) + "\" is no word of the pages");
      if (sign == '/') {
        if (open.empty() || pieces[open.back()].text != word)
          return fault(part, text, tag, "{{/" + word + "}} ends what was not begun");
        pieces[open.back()].end = pieces.size();
        open.pop_back();
        pieces.push_back({kind::section_end, std::move(word)});
        continue;
      }
      if (sign == '#') open.push_back(pieces.size());
      pieces.push_back({sign == '#' ? kind::section
                        : raw       ? kind::raw
                                    : kind::escaped,
                        std::move(word)});
    }
    if (!open.empty())
      return fault(part, text, text.size(), "{{#" + pieces[open.back()].text + "}} has no end");
    return {};
  }
};

caf::expected<page_template> page_template::read(std::string_view part, const part_source& parts,
                                                 const std::set<std::string, std::less<>>& words) {
  reading from{parts, words, {}};
  if (auto why = from.add_part(part, 0)) return why;
  page_template result;
  result.pieces_ = std::move(from.pieces);
  return result;
}

std::string page_template::render(const page_words& page, const page_words& always) const {
  std::string out;
  for (size_t i = 0; i < pieces_.size(); ++i) {
    const auto& one = pieces_[i];
    switch (one.what) {
      case kind::text:
        out += one.text;
        break;
      case kind::escaped:
        out += html_escaped(value_of(one.text, page, always));
        break;
      case kind::raw:
        out += value_of(one.text, page, always);
        break;
      case kind::section:
        if (value_of(one.text, page, always).empty()) i = one.end;
        break;
      case kind::section_end:
        break;
    }
  }
  return out;
}

}  // namespace bindery
