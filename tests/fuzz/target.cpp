#include "target.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "runtime/text/escape.hpp"

namespace bindery::fuzz {

std::map<std::string, target>& targets() {
  static std::map<std::string, target> all;
  return all;
}

add_target::add_target(const std::string& name, target run) {
  targets().emplace(name, std::move(run));
}

void require(bool holds, std::string_view what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
}

std::string_view take_until(std::string_view& rest, std::string_view mark) {
  auto end = rest.find(mark);
  auto part = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + mark.size());
  return part;
}

void require_words(const std::string& text) {
  require(!text.empty(), "an error has words");
  require(text.size() < 4'000, "an error's words are bounded");
  require(is_utf8(text), "an error's words are UTF-8");
}

void in_pieces(std::string_view bytes, const std::function<void(std::string_view)>& feed) {
  if (bytes.empty()) return;
  auto size = static_cast<unsigned char>(bytes.front()) % 64 + 1U;
  for (bytes.remove_prefix(1); !bytes.empty();
       bytes.remove_prefix(std::min<size_t>(size, bytes.size())))
    feed(bytes.substr(0, size));
}

}  // namespace bindery::fuzz
