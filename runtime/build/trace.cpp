#include "runtime/build/trace.hpp"

#include <algorithm>
#include <cctype>
#include <regex>

namespace bindery {

namespace {

constexpr size_t kept_lines = 80;
constexpr size_t max_line_bytes = 400;
/// Docker's client puts whole addresses before what the engine said.
constexpr size_t max_cause_bytes = 16 * 1024;

char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

/// Cut without tearing a UTF-8 character.
void cut(std::string& text, size_t most) {
  if (text.size() <= most) return;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  text.resize(most);
  text += "...";
}

/// Past the escape sequence that begins at `at`.
size_t after_escape(std::string_view words, size_t at) {
  if (++at >= words.size() || words[at] != '[') return std::min(at + 1, words.size());
  for (++at; at < words.size(); ++at)
    if (words[at] >= '@' && words[at] <= '~') return at + 1;
  return at;
}

struct step {
  std::string place, instruction;
};

/// `Step 2/5 : RUN x` (Docker), `STEP 2/5: RUN x` (Podman), `#7 [2/5] RUN x` (BuildKit, with the
/// stage's name before the place where there are several).
bool read_step(const std::string& line, step& into) {
  static const std::regex classic{R"(^S(?:tep|TEP) (\d+(?:/\d+)?) ?: (.+)$)"};
  static const std::regex buildkit{R"(^#\d+ \[(?:[^\]\s]+ +)?(\d+/\d+)\] ([A-Z]+ .+)$)"};
  if (!line.starts_with("Step ") && !line.starts_with("STEP ") && !line.starts_with("#"))
    return false;
  std::smatch found;
  if (!std::regex_match(line, found, classic) && !std::regex_match(line, found, buildkit))
    return false;
  into = {found[1].str(), found[2].str()};
  return true;
}

}  // namespace

std::string plain_text(std::string_view words) {
  std::string plain;
  plain.reserve(words.size());
  for (size_t at = 0; at < words.size();) {
    char c = words[at];
    if (c == '\x1b') {
      at = after_escape(words, at);
      continue;
    }
    if (c == '\r' && at + 1 < words.size() && words[at + 1] != '\n') plain += '\n';
    if (c == '\n' || c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f)) plain += c;
    ++at;
  }
  return plain;
}

bool holds(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [](char a, char b) { return lower(a) == lower(b); }) != text.end();
}

void build_trace::see(phase what, std::string_view words) {
  auto plain = plain_text(words);
  if (what == phase::failed && !plain.empty()) {
    cause_ = plain;
    while (!cause_.empty() && std::isspace(static_cast<unsigned char>(cause_.back())))
      cause_.pop_back();
    cut(cause_, max_cause_bytes);
  }
  std::string_view rest{plain};
  while (!rest.empty()) {
    auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back())))
      line.remove_suffix(1);
    if (!line.empty()) see_line(what, std::string{line});
  }
}

void build_trace::see_line(phase what, std::string line) {
  cut(line, max_line_bytes);
  step read;
  if (read_step(line, read)) {
    place_ = read.place;
    instruction_ = read.instruction;
    lines_.clear();
    reach(build_stage::building);
  } else if (what == phase::pushing || line == "Successfully tagged " + image_name_) {
    reach(build_stage::pushing);
  } else if (what == phase::building) {
    reach(build_stage::building);
  } else if (what == phase::fetching) {
    reach(build_stage::fetching);
  }
  lines_.push_back(std::move(line));
  if (lines_.size() > kept_lines) lines_.pop_front();
}

void build_trace::reach(build_stage stage) {
  if (stage <= stage_) return;
  stage_ = stage;
  lines_.clear();
}

std::string build_trace::newest_with(std::string_view words) const {
  for (auto i = lines_.rbegin(); i != lines_.rend(); ++i)
    if (holds(*i, words)) return *i;
  return {};
}

}  // namespace bindery
