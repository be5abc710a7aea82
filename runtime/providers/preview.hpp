#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <caf/meta/type_name.hpp>

#include "runtime/net/http_message.hpp"
#include "runtime/providers/web_trail.hpp"

namespace bindery {

/// What people read of a repository while they wait for it.
struct repository_preview {
  std::string name;  ///< the file's: `README.md`
  std::string text;  ///< valid UTF-8, at most `longest_preview_bytes`
  std::string url;   ///< the repository's page
  /// Where the repository's site shows the files of the ref, with a slash at the end: what links in
  /// the text are relative to.
  std::string files;
  bool cut = false;  ///< the file is longer
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, repository_preview& x) {
  return f(caf::meta::type_name("repository_preview"), x.name, x.text, x.url, x.files, x.cut);
}

constexpr size_t longest_preview_bytes = 256 * 1024;

/// Where a provider has what people read of a repository.
struct preview_source {
  struct file {
    std::string name;
    std::string url;  ///< of its bytes
  };
  std::string page_url;
  std::string files_url;    ///< of the page of each file: `<files_url><path>`
  std::vector<file> files;  ///< the first that is there is shown
  host_rule hosts;          ///< which hosts redirects may lead to
};

/// READMEs under their usual names, the likeliest first: `<folder_url><name>`.
std::vector<preview_source::file> readmes_in(const std::string& folder_url);

/// Looks for the first file of a source that is there. A machine without I/O: the caller carries
/// out each request and hands back the answer. No request holds a login, so that only what
/// everybody may read is found.
class preview_search {
 public:
  /// The search is over: what was found, if anything.
  struct finding {
    std::optional<repository_preview> what;
    /// Nothing was found because an upstream would not answer now, not because nothing is there.
    bool passing = false;
  };
  using step = std::variant<http_request, finding>;

  explicit preview_search(preview_source source)
      : source_(std::move(source)), trail_(source_.hosts) {}

  /// Called once, before anything else.
  step start();
  /// The next step after a request was answered, whatever the status.
  step on_response(const http_response& answer);

 private:
  step try_next();

  preview_source source_;
  web_trail trail_;
  size_t next_ = 0;
};

}  // namespace bindery
