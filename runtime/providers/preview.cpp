#include "runtime/providers/preview.hpp"

#include <utility>

#include "runtime/providers/spec_text.hpp"
#include "runtime/text/escape.hpp"

namespace bindery {

namespace {

/// A longer file is not even cut: the HTTP client hands out whole bodies.
constexpr uint64_t longest_file_bytes = 4 * 1024 * 1024;

/// Hosts that want a login answer with its page.
bool is_page(const http_response& answer) {
  auto type = ascii_lower(find_header(answer.headers, "content-type"));
  return type.starts_with("text/html") || type.starts_with("application/xhtml");
}

bool is_text(std::string_view bytes) {
  return is_utf8(bytes) && bytes.find('\0') == std::string_view::npos;
}

/// At most the longest preview, cut before a character that does not fit.
std::string_view beginning_of(std::string_view text) {
  if (text.size() <= longest_preview_bytes) return text;
  auto end = longest_preview_bytes;
  while (end > longest_preview_bytes - 4 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
    --end;
  return text.substr(0, end);
}

}  // namespace

std::vector<preview_source::file> readmes_in(const std::string& folder_url) {
  std::vector<preview_source::file> files;
  for (const char* name : {"README.md", "README.rst", "readme.md"})
    files.push_back({name, folder_url + name});
  return files;
}

preview_search::step preview_search::start() {
  return try_next();
}

preview_search::step preview_search::on_response(const http_response& answer) {
  auto redirect = trail_.follow(answer);
  if (!redirect) return finding{};
  if (*redirect) {
    (*redirect)->max_body_bytes = longest_file_bytes;
    return std::move(**redirect);
  }
  if (answer.status == 404) return try_next();
  if (answer.status != 200)
    return finding{std::nullopt, answer.status == 429 || answer.status >= 500};
  auto text = beginning_of(answer.body);
  if (is_page(answer) || !is_text(text)) return finding{};
  return finding{repository_preview{source_.files[next_ - 1].name, std::string{text},
                                    source_.page_url, source_.files_url,
                                    text.size() < answer.body.size()}};
}

preview_search::step preview_search::try_next() {
  if (next_ == source_.files.size()) return finding{};
  trail_ = web_trail{source_.hosts};
  auto request = trail_.ask(source_.files[next_++].url);
  request.max_body_bytes = longest_file_bytes;
  return request;
}

}  // namespace bindery
