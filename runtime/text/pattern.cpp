#include "runtime/text/pattern.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <array>
#include <optional>
#include <pcre2.h>

#include "runtime/error.hpp"
#include "runtime/text/escape.hpp"

namespace bindery {

namespace {

/// Some milliseconds of work, and far more than an expression needs that tells repositories apart.
constexpr uint32_t most_steps = 200'000;
constexpr uint32_t most_heap_kib = 8 * 1024;

/// Of the matching that follows all ways at once: six numbers for each.
constexpr size_t workspace_numbers = 1'200;

constexpr uint32_t options =
    PCRE2_ANCHORED | PCRE2_CASELESS | PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C;

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* what) const {
    Free(what);
  }
};

using match_data = std::unique_ptr<pcre2_match_data, freed_by<pcre2_match_data_free>>;
using match_limits = std::unique_ptr<pcre2_match_context, freed_by<pcre2_match_context_free>>;

caf::error refusal(const std::string& why, size_t at) {
  return make_error(errc::bad_settings, why + " (at character " + std::to_string(at + 1) + ")");
}

/// Where the expression has `{,n}`, which Python reads as `{0,n}` and this library as plain text.
std::optional<size_t> open_repeat(std::string_view expression) {
  bool in_set = false;
  for (size_t i = 0; i < expression.size(); ++i) {
    auto c = expression[i];
    if (c == '\\') {
      ++i;
    } else if (in_set) {
      in_set = c != ']';
    } else if (c == '[') {
      in_set = true;
      // A bracket that comes first belongs to the set.
      if (i + 1 < expression.size() && expression[i + 1] == '^') ++i;
      if (i + 1 < expression.size() && expression[i + 1] == ']') ++i;
    } else if (c == '{' && i + 1 < expression.size() && expression[i + 1] == ',') {
      auto end = expression.find_first_not_of("0123456789", i + 2);
      if (end != std::string_view::npos && expression[end] == '}') return i;
    }
  }
  return std::nullopt;
}

/// Bytes that are no UTF-8, which strangers may send, are question marks to every expression.
std::string as_utf8(std::string_view text) {
  std::string sound{text};
  if (is_utf8(text)) return sound;
  for (auto& c : sound)
    if (static_cast<unsigned char>(c) >= 0x80) c = '?';
  return sound;
}

}  // namespace

caf::expected<pattern> pattern::compile(std::string_view expression) {
  if (auto at = open_repeat(expression))
    return refusal("a repeat without its least count; write {0,n}", *at);
  int code = 0;
  size_t at = 0;
  auto* compiled = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(expression.data()), expression.size(),
                                 options, &code, &at, nullptr);
  if (compiled == nullptr) {
    std::array<PCRE2_UCHAR, 256> words{};
    pcre2_get_error_message(code, words.data(), words.size());
    return refusal(reinterpret_cast<const char*>(words.data()), at);
  }
  return pattern{{compiled, [](pcre2_code* what) { pcre2_code_free(what); }}};
}

match pattern::matches(std::string_view asked) const {
  const auto* code = static_cast<const pcre2_code*>(code_.get());
  match_data found{pcre2_match_data_create(1, nullptr)};
  match_limits limits{pcre2_match_context_create(nullptr)};
  if (!found || !limits) return match::given_up;
  pcre2_set_match_limit(limits.get(), most_steps);
  pcre2_set_heap_limit(limits.get(), most_heap_kib);
  auto text = as_utf8(asked);
  const auto* bytes = reinterpret_cast<PCRE2_SPTR>(text.data());
  // Without backtracking first: its time grows with the text and no faster. Expressions that it
  // cannot follow (references to groups, very many ways at once) are tried with backtracking.
  std::array<int, workspace_numbers> workspace{};
  auto result = pcre2_dfa_match(code, bytes, text.size(), 0, PCRE2_DFA_SHORTEST, found.get(),
                                limits.get(), workspace.data(), workspace.size());
  if (result < 0 && result != PCRE2_ERROR_NOMATCH)
    result = pcre2_match(code, bytes, text.size(), 0, 0, found.get(), limits.get());
  if (result >= 0) return match::yes;
  return result == PCRE2_ERROR_NOMATCH ? match::no : match::given_up;
}

}  // namespace bindery
