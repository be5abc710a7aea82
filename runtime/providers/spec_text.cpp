#include "runtime/providers/spec_text.hpp"

#include <algorithm>

#include "runtime/error.hpp"
#include "runtime/net/url.hpp"
#include "runtime/text/escape.hpp"
#include "runtime/text/mask.hpp"

namespace bindery {

namespace {

constexpr size_t max_quoted_bytes = 200;

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

constexpr std::string_view hidden = "***";
/// Links are escaped once, and what is pasted into them once or twice more.
constexpr int most_escapes = 4;

/// Percent escapes undone; broken ones stay.
std::string leniently_unescaped(std::string_view text) {
  if (auto plain = percent_unescape(text)) return std::move(*plain);
  std::string plain;
  while (!text.empty()) {
    auto one = percent_unescape(text.substr(0, 3));
    bool escaped = text.front() == '%' && one;
    plain += escaped ? one->front() : text.front();
    text.remove_prefix(escaped ? 3 : 1);
  }
  return plain;
}

/// What stands before the `@` of a URL, or of `user:password@host` alone, becomes `***`.
std::string without_userinfo(std::string_view text) {
  auto scheme = text.find("://");
  auto start = scheme == std::string_view::npos ? 0 : scheme + 3;
  auto rest = text.substr(start);
  auto bytes = userinfo_bytes(rest);
  if (scheme == std::string_view::npos) {  // `git@host:path` tells no secret
    auto sign = rest.find('@');
    bool secret = sign != std::string_view::npos && rest.substr(0, sign).find(':') < sign;
    bytes = secret ? rest.rfind('@') + 1 : 0;
  }
  if (bytes == 0 || rest.substr(0, bytes) == "git@") return std::string{text};
  return std::string{text.substr(0, start)}.append(hidden).append(rest.substr(bytes - 1));
}

/// `kept` are the bytes that stand for themselves in what is escaped again.
std::string masked(std::string_view text, std::string_view kept, int escapes = most_escapes) {
  auto without = secret_mask{}.apply(without_userinfo(text));
  if (without != text || escapes == 0 || text.find('%') == std::string_view::npos) return without;
  auto plain = leniently_unescaped(text);
  auto inner = masked(plain, kept, escapes - 1);
  return inner == plain ? without : percent_escape(inner, kept);
}

}  // namespace

std::string shown_spec(std::string_view spec) {
  // Part by part, so that their slashes stay apart from those that are escaped.
  std::string shown;
  for (size_t at = 0; at <= spec.size();) {
    auto slash = std::min(spec.find('/', at), spec.size());
    if (at > 0) shown += '/';
    shown += masked(spec.substr(at, slash - at), "*");
    at = slash + 1;
  }
  return masked(shown, "/*");  // a secret may hold a slash
}

std::string in_quotes(std::string_view given) {
  auto text = shown_spec(given);
  auto end = std::min(text.size(), max_quoted_bytes);
  while (end < text.size() && end > 0 && continues(text[end])) --end;
  auto shown = text.substr(0, end);
  bool readable = is_utf8(shown);
  for (auto& c : shown) {
    auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f || (byte >= 0x80 && !readable)) c = '?';
  }
  return '"' + shown + (end < text.size() ? "...\"" : "\"");
}

caf::error check_spec(std::string_view spec) {
  if (spec.empty()) return make_error(errc::bad_spec, "The address names no repository");
  if (spec.size() > max_spec_bytes)
    return make_error(errc::bad_spec, "The repository's address is " + std::to_string(spec.size()) +
                                          " bytes long; at most " + std::to_string(max_spec_bytes) +
                                          " are read");
  if (has_control(spec))
    return make_error(errc::bad_spec, "The repository's address holds control characters");
  return {};
}

caf::expected<std::string> read_part(std::string_view escaped, const std::string& what) {
  auto text = percent_unescape(escaped);
  if (!text)
    return make_error(errc::bad_spec, what + " cannot be read from " + in_quotes(escaped) +
                                          ": a % must be followed by two hex digits (a plain % is "
                                          "written %25)");
  if (text->empty()) return make_error(errc::bad_spec, what + " is missing");
  if (!is_utf8(*text))
    return make_error(errc::bad_spec, what + " in " + in_quotes(escaped) + " is not UTF-8");
  if (has_control(*text))
    return make_error(errc::bad_spec,
                      what + " in " + in_quotes(escaped) + " holds control characters");
  return text;
}

caf::error check_name(std::string_view name, const std::string& what) {
  if (!name.empty() && name != "." && name != ".." &&
      std::all_of(name.begin(), name.end(), is_name_byte))
    return {};
  return make_error(errc::bad_spec, what + " cannot be " + in_quotes(name) +
                                        ": it is made of letters, digits, dashes, underscores and "
                                        "dots, and is neither \".\" nor \"..\"");
}

caf::error check_ref(std::string_view ref) {
  auto refuse = [&](const char* why) {
    return make_error(errc::bad_spec, "The ref cannot be " + in_quotes(ref) + ": " + why);
  };
  if (ref.empty()) return make_error(errc::bad_spec, "The ref is missing");
  if (ref.front() == '-') return refuse("no ref begins with a dash");
  if (ref.find("..") != std::string_view::npos) return refuse("no ref holds \"..\"");
  for (size_t at = 0; at <= ref.size();) {
    auto slash = std::min(ref.find('/', at), ref.size());
    auto part = ref.substr(at, slash - at);
    if (part.empty()) return refuse("there is nothing before, after or between its slashes");
    if (part == ".") return refuse("no part of a ref is \".\"");
    at = slash + 1;
  }
  return {};
}

caf::expected<std::string> read_ref(std::string_view escaped) {
  auto ref = read_part(escaped, "The ref");
  if (!ref) return ref;
  if (auto why = check_ref(*ref)) return why;
  return ref;
}

bool is_commit_hash(std::string_view text) {
  return text.size() == 40 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

std::string ascii_lower(std::string_view text) {
  std::string result{text};
  for (auto& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return result;
}

}  // namespace bindery
