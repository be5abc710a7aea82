#pragma once

#include <map>
#include <string>
#include <string_view>

#include <caf/expected.hpp>

#include "http/page_template.hpp"
#include "http/site.hpp"

namespace bindery {

/// The pages of a site: our own parts (http/ui/pages) and those of its `template_path` that stand
/// in for them. A part `<name>.html` of that folder replaces ours of that name; inside any part,
/// `{{> templates/<name>.html}}` is always ours. docs/pages.md lists parts and words.
class page_set {
 public:
  /// Errors: bad_settings, naming the setting and, for a part, its path, line and reason.
  static caf::expected<page_set> make(const site& place);

  /// One of `home.html launch.html build_log.html about.html not_found.html problem.html
  /// logout.html`, as HTML. `words` are those of this request: own_url, page_url, title, og_title,
  /// description, build_token, user, xsrf, reason, log_url.
  std::string render(std::string_view page, const page_words& words) const;

  /// A text of http/ui/strings, `{name}` in it replaced by the value of that name; "" for a name
  /// that is no `page.` text.
  std::string say(std::string_view name,
                  const std::map<std::string, std::string>& values = {}) const;

 private:
  std::map<std::string, page_template, std::less<>> pages_;
  page_words always_;
};

/// `Content-Security-Policy` of the site's answers: nothing foreign but what its operator's own
/// HTML and scripts may need. With `own_styles` scripts of ours may make style elements.
std::string content_policy(const site& place, bool own_styles = false);

/// Whether scripts of ours make style elements on this page, as its log does.
bool makes_styles(std::string_view page);

}  // namespace bindery
