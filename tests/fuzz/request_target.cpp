#include "http/target.hpp"
#include "runtime/text/escape.hpp"
#include "target.hpp"

namespace bindery::fuzz {

namespace {

void check_path(std::string_view path) {
  if (!is_safe_path(path)) return;
  auto plain = unescaped(path);
  require(plain.has_value(), "a safe path can be unescaped");
  require(!has_control(*plain), "a safe path has no control characters");
  for (auto rest = path; !rest.empty();) {
    auto segment = unescaped(take_until(rest, "/"));
    require(segment && *segment != "." && *segment != "..", "a safe path leads nowhere else");
  }
}

/// A request's target, as it is on the wire.
void run(std::string_view bytes) {
  auto target = split_target(bytes);
  require(target.path.size() + target.query.size() <= bytes.size(), "parts are parts");
  check_path(target.path);
  for (auto name : {"build_token", "urlpath", "build_only"})
    if (auto value = query_value(target.query, name))
      require(value->size() <= target.query.size(), "a value is no longer than its query");
  require(unescaped(escaped(bytes)) == std::string{bytes}, "escaping can be undone");
  auto plain = percent_unescape(bytes);
  require(static_cast<bool>(plain) == unescaped(bytes).has_value(), "both unescapers agree");
  require(html_escaped(bytes).find_first_of("<>\"'") == std::string::npos, "HTML is escaped");
}

const add_target added{"request_target", run};

}  // namespace

}  // namespace bindery::fuzz
