#include "http/request_framer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "runtime/text/same_word.hpp"

namespace bindery {

namespace {

constexpr size_t max_target_bytes = 8000;
constexpr size_t max_fields = 100;
/// Line of a field that the router's library reads (CPPHTTPLIB_HEADER_MAX_LENGTH); it is compiled
/// into the library.
constexpr size_t max_line_bytes = 8192;

bool is_token_char(char c) {
  if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return true;
  return std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Takes the text up to `mark` (or all of it) from the front of `rest`.
std::string_view take_until(std::string_view& rest, std::string_view mark) {
  auto end = rest.find(mark);
  auto part = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + mark.size());
  return part;
}

bool list_has(std::string_view list, std::string_view word) {
  while (!list.empty())
    if (same_word(trimmed(take_until(list, ",")), word)) return true;
  return false;
}

bool is_known_method(std::string_view method) {
  constexpr std::array<std::string_view, 7> known = {"GET", "HEAD",   "OPTIONS", "POST",
                                                     "PUT", "DELETE", "PATCH"};
  return std::find(known.begin(), known.end(), method) != known.end();
}

/// Fields that do not reach the router: decided here, or not served.
bool is_kept_back(std::string_view name) {
  constexpr std::array<std::string_view, 8> names = {"connection",      "keep-alive",    "expect",
                                                     "range",           "if-range",      "te",
                                                     "accept-encoding", "content-length"};
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view other) { return same_word(name, other); });
}

/// The router's parser unescapes values: escape them, so that it sees what was sent.
void append_value(std::string& text, std::string_view value) {
  for (char c : value) {
    if (c == '%')
      text += "%25";
    else
      text += c;
  }
}

using field = std::pair<std::string_view, std::string_view>;

/// Puts the fields into the request's text, or beside it where the parser would not take them.
void put_fields(const std::vector<field>& fields, framed_request& request) {
  std::vector<std::string_view> long_names;
  std::vector<std::string> lines;
  for (const auto& [name, value] : fields) {
    auto& line = lines.emplace_back(name);
    line += ": ";
    append_value(line, value);
    line += "\r\n";
    if (line.size() > max_line_bytes) long_names.push_back(name);
  }
  for (size_t i = 0; i < fields.size(); ++i) {
    const auto& [name, value] = fields[i];
    bool is_long =
        std::any_of(long_names.begin(), long_names.end(),
                    [&name = name](std::string_view other) { return same_word(name, other); });
    if (is_long)
      request.long_fields.emplace_back(name, value);
    else
      request.text += lines[i];
  }
}

std::optional<framing_fault> read_request_line(std::string_view line, framed_request& request,
                                               bool& is_http_1_0) {
  auto method = take_until(line, " ");
  auto target = take_until(line, " ");
  auto version = line;
  if (!is_token(method) || target.empty() || version.substr(0, 5) != "HTTP/")
    return framing_fault{400, "The request line is malformed."};
  if (version != "HTTP/1.1" && version != "HTTP/1.0")
    return version.size() == 8 ? framing_fault{505, "Only HTTP/1.0 and HTTP/1.1 are spoken here."}
                               : framing_fault{400, "The request line is malformed."};
  is_http_1_0 = version == "HTTP/1.0";
  if (!is_known_method(method)) return framing_fault{501, "This method is not known here."};
  for (std::string_view scheme : {"http://", "https://"})  // absolute form: drop the authority
    if (target.size() > scheme.size() && same_word(target.substr(0, scheme.size()), scheme)) {
      auto path = target.find_first_of("/?", scheme.size());
      target = path == std::string_view::npos || target[path] != '/' ? "/" : target.substr(path);
    }
  if (target.size() > max_target_bytes) return framing_fault{414, "The address is too long."};
  if (target.front() != '/' && !(target == "*" && method == "OPTIONS"))
    return framing_fault{400, "The request's target is malformed."};
  for (char c : target)
    if (c <= ' ' || c > '~' || c == '#')
      return framing_fault{400, "The request's target holds characters that must be escaped."};
  request.method = method;
  request.target = target == "*" ? "/" : target;
  return std::nullopt;
}

}  // namespace

bool request_framer::scan(framing_fault& fault) {
  while (scanned_ < buffer_.size()) {
    auto i = scanned_++;
    char c = buffer_[i];
    bool after_cr = i > 0 && buffer_[i - 1] == '\r';
    bool is_control = (static_cast<unsigned char>(c) < ' ' && c != '\t' && c != '\r' && c != '\n');
    if (is_control || c == 0x7f || (c == '\n') != after_cr) {
      fault = {400, "The request holds a control character or a bare line break."};
      return false;
    }
    if (c == '\n' && i == 1) {  // an empty line before the request is skipped
      buffer_.erase(0, 2);
      scanned_ = 0;
    } else if (c == '\n' && i >= 3 && buffer_[i - 2] == '\n') {
      head_end_ = i + 1;
      return true;
    }
    if (scanned_ > limits_.header_bytes) {
      fault = {431, "The request's header is too large."};
      return false;
    }
  }
  return false;
}

std::variant<request_framer::head, framing_fault> request_framer::parse_head() const {
  head parsed;
  auto& request = parsed.request;
  std::string_view rest{buffer_.data(), head_end_ - 2};
  bool is_http_1_0 = false;
  if (auto fault = read_request_line(take_until(rest, "\r\n"), request, is_http_1_0)) return *fault;
  std::vector<field> fields;
  size_t count = 0, hosts = 0;
  bool has_length = false, says_close = false, says_keep_alive = false;
  while (!rest.empty()) {
    auto value = take_until(rest, "\r\n");
    if (value.front() == ' ' || value.front() == '\t')
      return framing_fault{400, "Header fields must not be folded."};
    if (value.find(':') == std::string_view::npos)
      return framing_fault{400, "A header field has no colon."};
    auto name = take_until(value, ":");
    value = trimmed(value);
    if (!is_token(name)) return framing_fault{400, "A header field's name is malformed."};
    if (++count > max_fields) return framing_fault{431, "The request has too many header fields."};
    if (same_word(name, "transfer-encoding"))
      return framing_fault{411, "Send a Content-Length; transfer codings are not accepted."};
    if (same_word(name, "host")) {
      if (value.empty()) return framing_fault{400, "The Host field names no host."};
      ++hosts;
    }
    if (same_word(name, "connection")) {
      says_close = says_close || list_has(value, "close");
      says_keep_alive = says_keep_alive || list_has(value, "keep-alive");
    }
    if (same_word(name, "expect")) parsed.expects_continue = same_word(value, "100-continue");
    if (same_word(name, "content-length")) {
      size_t length = 0;
      auto [end, ec] = std::from_chars(value.data(), value.data() + value.size(), length);
      if (value.empty() || end != value.data() + value.size() || value.front() == '-' ||
          (ec != std::errc{} && ec != std::errc::result_out_of_range))
        return framing_fault{400, "The Content-Length is malformed."};
      if (has_length) return framing_fault{400, "There is more than one Content-Length."};
      if (ec != std::errc{} || length > limits_.body_bytes)
        return framing_fault{413, "The request's body is too large."};
      has_length = true;
      parsed.body_bytes = length;
    }
    if (same_word(name, "accept-encoding"))
      request.accept_encoding.append(request.accept_encoding.empty() ? "" : ",").append(value);
    if (!is_kept_back(name)) fields.emplace_back(name, value);
  }
  if (hosts > 1 || (hosts == 0 && !is_http_1_0))
    return framing_fault{400, "The request must have one Host field."};
  request.keep_alive = is_http_1_0 ? says_keep_alive && !says_close : !says_close;
  request.takes_chunks = !is_http_1_0;
  request.text = request.method + " " + request.target + " HTTP/1.1\r\n";
  put_fields(fields, request);
  return parsed;
}

std::variant<incomplete, framed_request, framing_fault> request_framer::next() {
  if (!pending_) {
    framing_fault fault{0, {}};
    if (!scan(fault)) {
      if (fault.status != 0) return fault;
      return incomplete{};
    }
    auto result = parse_head();
    if (auto* refused = std::get_if<framing_fault>(&result)) return std::move(*refused);
    pending_ = std::move(std::get<head>(result));
  }
  auto& parsed = *pending_;
  auto length = head_end_ + parsed.body_bytes;
  if (buffer_.size() < length) {
    expectation_ = parsed.expects_continue && !told_to_continue_;
    return incomplete{};
  }
  auto request = std::move(parsed.request);
  if (parsed.body_bytes > 0)
    request.text += "Content-Length: " + std::to_string(parsed.body_bytes) + "\r\n";
  request.text += "\r\n";
  request.text.append(buffer_, head_end_, parsed.body_bytes);
  buffer_.erase(0, length);
  scanned_ = head_end_ = 0;
  pending_.reset();
  told_to_continue_ = expectation_ = false;
  return request;
}

bool request_framer::take_expectation() {
  auto result = expectation_;
  told_to_continue_ = told_to_continue_ || expectation_;
  expectation_ = false;
  return result;
}

}  // namespace bindery
