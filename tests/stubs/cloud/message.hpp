#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace stub_cloud {

using json = nlohmann::ordered_json;

/// What a client asked, its target split.
struct request {
  std::string method;
  std::string target;                          ///< as it was written, with its query
  std::string path;                            ///< still escaped, without the query
  std::map<std::string, std::string> query;    ///< without escapes
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
  std::string origin;  ///< `http://host:port` under which the client reached this service

  std::string header(const std::string& name) const;
  std::string parameter(const std::string& name) const;
  /// The path's elements, without escapes.
  std::vector<std::string> elements() const;
};

/// Bytes of a stream, and how long after the ones before them.
struct part {
  std::chrono::milliseconds after{0};
  std::string bytes;
};

/// A service's answer.
struct answer {
  /// The kind of request, by which it is counted: `GET /gists/{id}`.
  std::string route = "unknown";
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  /// A stream instead of a body.
  std::vector<part> stream;
  bool is_stream = false;
  bool never_ends = false;  ///< the stream stays open after its last part
};

answer json_answer(std::string route, int status, const json& body,
                   const std::string& content_type = "application/json");
answer text_answer(std::string route, int status, std::string body,
                   const std::string& content_type = "text/html; charset=utf-8");
answer redirect(std::string route, const std::string& location, int status = 302);

std::string unescape(std::string_view text);
std::string escape(std::string_view text, std::string_view plain = "");

/// 40 hex digits that depend on nothing but `text`.
std::string commit_of(const std::string& text);
/// The same number for the same text, everywhere.
uint64_t hash_of(std::string_view text);
/// `2024-03-05T06:07:08Z`, so many seconds after the epoch.
std::string iso_time(int64_t seconds);
int64_t now_s();

}  // namespace stub_cloud
