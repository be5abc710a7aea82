#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <caf/expected.hpp>

namespace bindery {

/// Words of a page and what stands for them.
using page_words = std::map<std::string, std::string, std::less<>>;

/// A page's text, read once: a small part of Mustache. `{{word}}` is the word's value, escaped for
/// HTML; `{{{word}}}` is the value as it is; what stands between `{{#word}}` and `{{/word}}` is
/// left out where the value is empty; `{{> part}}` is another text.
class page_template {
 public:
  /// The text of a part, or nothing. What it returns must outlive `read`.
  using part_source = std::function<std::optional<std::string_view>(std::string_view part)>;

  /// Reads the text named `part`. Errors: bad_settings, naming part, line and reason: a tag that is
  /// not closed or not known, a word that is not in `words`, parts that hold themselves.
  static caf::expected<page_template> read(std::string_view part, const part_source& parts,
                                           const std::set<std::string, std::less<>>& words);

  /// `page` wins over `always`; a word of neither is empty.
  std::string render(const page_words& page, const page_words& always) const;

 private:
  enum class kind { text, escaped, raw, section, section_end };
  struct piece {
    kind what;
    std::string text;  ///< or the word
    size_t end = 0;    ///< of a section
  };
  struct reading;

  std::vector<piece> pieces_;
};

}  // namespace bindery
