#include <algorithm>
#include <optional>

#include "http/assets.hpp"
#include "http/conditional.hpp"
#include "http/route.hpp"
#include "http/target.hpp"
#include "runtime/error.hpp"
#include "runtime/log.hpp"

/// Files of the operator's own folder (`extra_static_path`).
namespace bindery {

namespace {

/// A file up to here is read at once, and coded where the client likes that; a larger one is read
/// while it is sent.
constexpr uint64_t read_at_once_bytes = 256 * 1024;

/// The path below the prefix, unescaped once. Nothing where an escape is broken, or stands for a
/// slash.
std::optional<std::string> file_name(std::string_view path) {
  std::string name;
  for (bool first = true;; first = false) {
    auto part = unescaped(path.substr(0, path.find('/')));
    if (!part || part->find('/') != std::string::npos) return std::nullopt;
    name += (first ? "" : "/") + *part;
    auto slash = path.find('/');
    if (slash == std::string_view::npos) return name;
    path.remove_prefix(slash + 1);
  }
}

std::string tag_of(const open_file& file, coding how) {
  auto tag = "\"" + std::to_string(file.modified().tv_sec) + "." +
             std::to_string(file.modified().tv_nsec) + "-" + std::to_string(file.size_bytes());
  if (how != coding::plain) tag.append("-").append(to_string(how));
  return tag + "\"";
}

}  // namespace

bool serve_extra_file(route_call& call) {
  const auto& shared = call.shared;
  const auto& prefix = shared.extra_static_prefix;
  if (!shared.extra_static || !call.path.starts_with(prefix)) return false;
  auto name = file_name(call.path.substr(prefix.size()));
  if (!name) return false;
  auto found = shared.extra_static->find(*name);
  if (!found && code_of(found.error()) == errc::too_many_requests) {
    call.response.status = 503;
    call.set("Retry-After", "5");
    call.response.set_content("Too many files are being sent. Try again in a few seconds.\n",
                              "text/plain; charset=utf-8");
    return true;
  }
  if (!found)
    log_line(log_level::warning, "cannot serve a file", {{"why", describe(found.error())}});
  if (!found || *found == nullptr) return false;
  const auto& file = **found;
  auto type = content_type_of(*name);
  bool at_once = file.size_bytes() <= read_at_once_bytes;
  bool codes = at_once && is_compressible(type);
  std::string bytes, coded;
  auto how = codes ? call.accepted : coding::plain;
  if (at_once) bytes = file.read(0, static_cast<size_t>(file.size_bytes()));
  if (how != coding::plain) coded = compressed(how, bytes);
  if (coded.empty() || coded.size() >= bytes.size()) how = coding::plain;
  auto tag = tag_of(file, how);
  auto modified = file.modified().tv_sec;
  call.may_compress = false;
  call.set("ETag", tag);
  call.set("Last-Modified", http_date(modified));
  // Who writes a version into the address changes it with the file, as upstream takes it.
  bool versioned = !query_value(call.query, "v").value_or("").empty();
  call.set("Cache-Control", versioned ? "public, max-age=31536000" : "public, max-age=300");
  if (codes) call.response.headers.emplace("Vary", "Accept-Encoding");
  if (is_current(
          {call.all_values("If-None-Match"), call.request.get_header_value("If-Modified-Since")},
          tag, modified)) {
    call.response.status = 304;
    return true;
  }
  if (!at_once) {
    auto read = [whole = *found](uint64_t offset, size_t size) {
      return whole->read(offset, size);
    };
    answer_later(call, type, {read, 0, file.size_bytes()});
    return true;
  }
  if (how != coding::plain) call.set("Content-Encoding", std::string{to_string(how)});
  call.response.set_content(how == coding::plain ? bytes : coded, std::string{type});
  return true;
}

}  // namespace bindery
