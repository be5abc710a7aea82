#include "runtime/text/mask.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include <nlohmann/json.hpp>

#include "runtime/text/base64.hpp"
#include "runtime/text/escape.hpp"

namespace bindery {

namespace {

constexpr size_t shortest_secret = 4;
constexpr size_t longest_url = 2048;
constexpr std::string_view hidden = "***";
/// Where a word ends, in text and in JSON strings.
constexpr std::string_view word_ends = " \t\r\n\"'\\<>()[]{}`,;|";

constexpr std::array<std::string_view, 13> token_parameters = {
    "access_token", "private_token", "job_token",      "token",  "api_key",
    "apikey",       "password",      "passwd",         "secret", "client_secret",
    "signature",    "sig",           "x-amz-signature"};

constexpr std::array<std::string_view, 8> token_shapes = {"ghp_", "gho_",        "ghu_",   "ghs_",
                                                          "ghr_", "github_pat_", "glpat-", "gldt-"};
constexpr size_t shortest_token = 16;

char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-';
}

/// `text` has `words` (in lower case) right before `at`, whatever its case.
bool stands_before(std::string_view text, size_t at, std::string_view words) {
  return at >= words.size() &&
         std::equal(words.begin(), words.end(),
                    text.begin() + static_cast<std::ptrdiff_t>(at - words.size()),
                    [](char a, char b) { return a == lower(b); });
}

/// An ANSI colour sequence ends right before `at`; in JSON its first character is escaped.
bool ends_colour(std::string_view text, size_t at) {
  constexpr size_t longest_parameters = 32;
  if (at == 0 || !std::isalpha(static_cast<unsigned char>(text[at - 1]))) return false;
  auto start = --at;
  while (at > 0 && start - at < longest_parameters &&
         std::string_view{"0123456789;:?"}.find(text[at - 1]) != std::string_view::npos)
    --at;
  return stands_before(text, at, "\x1b[") || stands_before(text, at, "\\u001b[");
}

/// A character escaped as in JSON (a line break, any by its number) ends right before `at`.
bool ends_escape(std::string_view text, size_t at) {
  constexpr size_t by_number = std::string_view{"\\u0000"}.size();
  if (at >= 2 && text[at - 2] == '\\')
    return std::string_view{"nrtbf"}.find(text[at - 1]) != std::string_view::npos;
  if (at < by_number) return false;
  auto last = text.substr(at - by_number, by_number);
  return last.starts_with("\\u") && std::all_of(last.begin() + 2, last.end(), [](char c) {
           return std::isxdigit(static_cast<unsigned char>(c));
         });
}

bool begins_word(std::string_view text, size_t at) {
  return at == 0 || !is_word(text[at - 1]) || ends_escape(text, at) || ends_colour(text, at);
}

size_t word_end(std::string_view text, size_t at, std::string_view more = "") {
  for (; at < text.size(); ++at)
    if (word_ends.find(text[at]) != std::string_view::npos ||
        more.find(text[at]) != std::string_view::npos)
      break;
  return at;
}

/// Puts `***` in the place of parts of a text, from its start to its end. What stays is copied
/// once, however many parts there are.
class hider {
 public:
  explicit hider(std::string& text) : text_(text) {}

  void hide(size_t at, size_t count) {
    result_.append(text_, kept_, at - kept_).append(hidden);
    kept_ = at + count;
  }

  /// Nothing may be hidden after this.
  void finish() {
    if (kept_ > 0) text_ = std::move(result_.append(text_, kept_));
  }

 private:
  std::string& text_;
  std::string result_;
  size_t kept_ = 0;  ///< where what is not yet in the result begins
};

void hide_all(std::string& text, const std::string& what) {
  hider found{text};
  for (size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += what.size())
    found.hide(at, what.size());
  found.finish();
}

/// `user:password@` after every `://`. A password with an unescaped `/` makes no valid URL but must
/// not be shown either: such an authority ends in no port number.
void hide_userinfo(std::string& text) {
  hider found{text};
  size_t known_end = 0;  // of the word that was looked at last: it may hold many `://`
  for (size_t at = 0; (at = text.find("://", at)) != std::string::npos;) {
    at += 3;
    if (at >= known_end) known_end = word_end(text, at);
    // A line may hold nothing but `://`: each is looked at as far as a URL may be long.
    auto end = std::min(known_end, at + longest_url);
    std::string_view word{text.data() + at, end - at};
    auto authority = word.substr(0, word.find_first_of("/?#"));
    auto colon = authority.rfind(':');
    bool strange_port =
        colon != std::string_view::npos &&
        authority.find_first_not_of("0123456789]", colon + 1) != std::string_view::npos;
    auto sign = strange_port ? word.rfind('@') : authority.rfind('@');
    if (sign == std::string_view::npos || word.substr(0, sign) == "git" ||
        word.substr(0, sign) == hidden)
      continue;
    found.hide(at, sign);
    at += sign;
  }
  found.finish();
}

void hide_parameters(std::string& text) {
  hider found{text};
  for (size_t at = 0; (at = text.find('=', at)) != std::string::npos;) {
    bool is_token =
        std::any_of(token_parameters.begin(), token_parameters.end(), [&](std::string_view name) {
          return stands_before(text, at, name) && at > name.size() &&
                 (text[at - name.size() - 1] == '?' || text[at - name.size() - 1] == '&');
        });
    ++at;
    if (!is_token) continue;  // a line may hold nothing but `=`
    auto end = word_end(text, at, "&#");
    if (end > at) found.hide(at, end - at);
    at = end;
  }
  found.finish();
}

/// Whether a field's name ends in a quote, and where it ends without that.
struct name_end {
  size_t at;
  bool quoted;  ///< in a `"` that nothing escapes: JSON's own
};

name_end name_before(std::string_view text, size_t colon) {
  auto at = colon;
  while (at > 0 && text[at - 1] == ' ') --at;
  auto quoted = at > 0 && text[at - 1] == '"' && (at == 1 || text[at - 2] != '\\');
  while (at > 0 && std::string_view{"\\\"'"}.find(text[at - 1]) != std::string_view::npos) --at;
  return {at, quoted};
}

/// Where the text in a quote at `at` begins; `at` where there is none. A `"` that nothing escapes
/// ends a string of JSON, unless it may begin one.
size_t after_quote(std::string_view text, size_t at, bool may_begin) {
  auto quote = std::min(text.find_first_not_of('\\', at), text.size());
  if (quote == text.size() || (text[quote] != '"' && text[quote] != '\'')) return at;
  bool escaped = (quote - at) % 2 == 1;
  bool begins = text[quote] == '\'' || escaped || (may_begin && quote == at);
  return begins ? quote + 1 : at;
}

void hide_authorization(std::string& text) {
  hider found{text};
  auto skip_blanks = [&](size_t at) {
    while (at < text.size() && text[at] == ' ') ++at;
    return at;
  };
  for (size_t at = 0; (at = text.find(':', at)) != std::string::npos;) {
    auto name = name_before(text, at++);
    if (!stands_before(text, name.at, "authorization")) continue;
    auto start = skip_blanks(at);
    at = after_quote(text, start, name.quoted);
    auto scheme_end = word_end(text, at);
    // JSON's `null` and numbers must stay what they are.
    if (name.quoted && at == start && nlohmann::json::accept(text.substr(at, scheme_end - at)))
      continue;
    if (scheme_end < text.size() && text[scheme_end] == ' ') at = skip_blanks(scheme_end);
    auto end = word_end(text, at);
    if (end > at) found.hide(at, end - at);
    at = end;
  }
  found.finish();
}

void hide_tokens(std::string& text) {
  for (auto shape : token_shapes) {
    hider found{text};
    for (size_t at = 0; (at = text.find(shape, at)) != std::string::npos;) {
      auto start = at;
      auto end = at += shape.size();
      if (!begins_word(text, start)) continue;  // a word may hold nothing but shapes
      while (end < text.size() && is_word(text[end])) ++end;
      if (end - at < shortest_token) continue;
      found.hide(start, end - start);
      at = end;
    }
    found.finish();
  }
}

std::string in_json(const std::string& text, bool ascii) {
  auto quoted = nlohmann::json(text).dump(-1, ' ', ascii, nlohmann::json::error_handler_t::replace);
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

secret_mask::secret_mask(const std::vector<std::string>& secrets) {
  for (const auto& secret : secrets) {
    if (secret.size() < shortest_secret) continue;
    for (const auto& form :
         {secret, in_json(secret, false), in_json(secret, true), percent_escape(secret)})
      if (std::find(known_.begin(), known_.end(), form) == known_.end()) known_.push_back(form);
  }
  std::stable_sort(known_.begin(), known_.end(),
                   [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

std::string secret_mask::apply(std::string text) const {
  for (const auto& secret : known_) hide_all(text, secret);
  hide_userinfo(text);
  hide_parameters(text);
  hide_authorization(text);
  hide_tokens(text);
  return text;
}

std::vector<std::string> secrets_of_git(std::string_view credentials) {
  std::string username, password;
  auto read = [](std::string_view line, std::string_view name, std::string& into) {
    if (line.starts_with(name)) into = line.substr(name.size());
  };
  while (!credentials.empty()) {
    auto end = std::min({credentials.size(), credentials.find('\n'), credentials.find("\\n")});
    auto line = credentials.substr(0, end);
    credentials.remove_prefix(end);
    credentials.remove_prefix(credentials.empty() ? 0 : credentials.front() == '\n' ? 1 : 2);
    read(line, "username=", username);
    read(line, "password=", password);
  }
  // GitHub takes a token for the name, and then any password.
  bool name_is_token = password.empty() || password == "x-oauth-basic";
  return {name_is_token ? username : password};
}

std::vector<std::string> secrets_of_login(const std::string& username,
                                          const std::string& password) {
  if (password.empty()) return {};
  auto encoded = to_base64(username + ":" + password);
  // Not everybody writes the padding.
  while (encoded.ends_with('=')) encoded.pop_back();
  return {password, encoded};
}

std::vector<std::string> secrets_of_push(std::string_view credentials) {
  auto login = nlohmann::json::parse(credentials, nullptr, false);
  auto text_of = [&](const char* field) {
    return login.is_object() && login.contains(field) && login[field].is_string()
               ? login[field].get<std::string>()
               : std::string{};
  };
  return secrets_of_login(text_of("username"), text_of("password"));
}

std::vector<std::string> secrets_of_url(std::string_view url) {
  auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  auto rest = url.substr(scheme + 3);
  auto sign = rest.substr(0, rest.find('/')).rfind('@');
  if (sign == std::string_view::npos) return {};
  auto userinfo = rest.substr(0, sign);
  auto colon = userinfo.find(':');
  auto word = colon == std::string_view::npos ? userinfo : userinfo.substr(colon + 1);
  if (word == "git") return {};
  std::vector<std::string> found{std::string{word}};
  if (auto plain = percent_unescape(word); plain && *plain != found.front())
    found.push_back(*plain);
  return found;
}

}  // namespace bindery
