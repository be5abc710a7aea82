#include "runtime/registry/challenge.hpp"

#include <algorithm>
#include <cctype>

namespace bindery {

namespace {

constexpr size_t max_value_bytes = 8 * 1024;
constexpr size_t max_challenges = 8;
constexpr size_t max_parameters = 16;

bool is_token_char(char c) {
  auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) ||
         (c != '\0' && std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos);
}

class challenge_reader {
 public:
  explicit challenge_reader(std::string_view text) : rest_(text.substr(0, max_value_bytes)) {}

  std::vector<auth_challenge> read() {
    while (skip(" \t,"), !rest_.empty()) {
      auto word = token();
      if (word.empty()) break;
      skip(" \t");
      // `name=` continues the challenge before it; a lone word begins the next one.
      if (!found_.empty() && peek() == '=')
        parameter(std::move(word));
      else if (found_.size() < max_challenges)
        begin(std::move(word));
      else
        break;
    }
    return std::move(found_);
  }

 private:
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

  void skip(std::string_view chars) {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(chars), rest_.size()));
  }

  std::string token() {
    std::string word;
    while (!rest_.empty() && is_token_char(rest_.front())) {
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(rest_.front())));
      rest_.remove_prefix(1);
    }
    return word;
  }

  void begin(std::string scheme) {
    found_.push_back({std::move(scheme), {}});
    pass_token68();
  }

  /// Credentials-like text such as `YWJj==`, which some schemes have instead of parameters.
  void pass_token68() {
    auto before = rest_;
    while (!rest_.empty() && (is_token_char(rest_.front()) || rest_.front() == '/'))
      rest_.remove_prefix(1);
    skip("=");
    skip(" \t");
    if (!rest_.empty() && rest_.front() != ',') rest_ = before;
  }

  void parameter(std::string name) {
    rest_.remove_prefix(1);
    skip(" \t");
    std::string value;
    if (peek() == '"') {
      if (!quoted(value)) return;
    } else {
      while (!rest_.empty() && rest_.front() != ',' && rest_.front() != ' ') {
        value += rest_.front();
        rest_.remove_prefix(1);
      }
    }
    auto& parameters = found_.back().parameters;
    if (parameters.size() < max_parameters)
      parameters.emplace_back(std::move(name), std::move(value));
  }

  bool quoted(std::string& value) {
    rest_.remove_prefix(1);
    while (!rest_.empty()) {
      auto c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '"') return true;
      if (c == '\\' && !rest_.empty()) {
        c = rest_.front();
        rest_.remove_prefix(1);
      }
      value += c;
    }
    return false;
  }

  std::string_view rest_;
  std::vector<auth_challenge> found_;
};

}  // namespace

std::string auth_challenge::parameter(std::string_view name) const {
  for (const auto& [key, value] : parameters)
    if (key == name) return value;
  return {};
}

std::vector<auth_challenge> parse_challenges(std::string_view value) {
  return challenge_reader{value}.read();
}

}  // namespace bindery
