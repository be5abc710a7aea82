#include "runtime/error.hpp"

#include <utility>

#include <caf/atom.hpp>
#include <caf/message.hpp>
#include <caf/sec.hpp>

namespace bindery {

namespace {

constexpr caf::atom_value category = caf::atom("bindery");

struct code_row {
  errc code;
  const char* name;
  const char* sentence;
  int http_status;
};

constexpr code_row rows[] = {
    {errc::none, "none", "no error", 200},
    {errc::bad_request, "bad_request", "The request is malformed", 400},
    {errc::forbidden, "forbidden", "The request is refused", 403},
    {errc::too_many_requests, "too_many_requests", "Too many requests", 429},
    {errc::unknown_provider, "unknown_provider", "No such repository provider", 404},
    {errc::bad_spec, "bad_spec", "The repository's address cannot be read", 400},
    {errc::banned_spec, "banned_spec", "This repository may not be launched here", 403},
    {errc::unresolvable_ref, "unresolvable_ref", "The repository or its ref was not found", 404},
    {errc::timeout, "timeout", "The time for this step ran out", 504},
    {errc::unreachable, "unreachable", "A needed service cannot be reached", 502},
    {errc::upstream_error, "upstream_error", "A needed service answered with an error", 502},
    {errc::bad_answer, "bad_answer", "A needed service gave an unreadable answer", 502},
    {errc::too_large, "too_large", "The message is larger than allowed", 413},
    {errc::cancelled, "cancelled", "The step was cancelled", 499},
    {errc::build_failed, "build_failed", "The image could not be built", 500},
    {errc::launch_failed, "launch_failed", "The server could not be launched", 500},
    {errc::already_running, "already_running", "A server runs already", 409},
    {errc::pod_quota, "pod_quota", "Too many servers run here", 429},
    {errc::repo_quota, "repo_quota", "Too many servers of this repository run here", 429},
    {errc::process_failed, "process_failed", "A program could not be run", 500},
    {errc::bad_settings, "bad_settings", "The settings cannot be used", 500},
    {errc::io_failed, "io_failed", "A file or socket of this machine failed", 500},
    {errc::shutting_down, "shutting_down", "This node is shutting down", 503},
    {errc::internal, "internal", "An internal fault", 500},
};

const code_row& row_of(errc code) {
  for (const auto& row : rows)
    if (row.code == code) return row;
  return rows[std::size(rows) - 1];
}

/// Whether the context has a text at `place`: first that for operators, then that for clients.
bool has_words(const caf::error& err, size_t place) {
  return err && err.category() == category && err.context().size() > place &&
         err.context().match_element<std::string>(place);
}

}  // namespace

std::string to_string(errc code) {
  return row_of(code).name;
}

caf::error make_error(errc code) {
  return code == errc::none ? caf::error{} : caf::error{static_cast<uint8_t>(code), category};
}

caf::error make_error(errc code, std::string context) {
  return caf::error{static_cast<uint8_t>(code), category, caf::make_message(std::move(context))};
}

caf::error make_error(errc code, std::string context, std::string for_clients) {
  return caf::error{static_cast<uint8_t>(code), category,
                    caf::make_message(std::move(context), std::move(for_clients))};
}

caf::error surrounded(const caf::error& err, const std::string& before, const std::string& after) {
  return make_error(code_of(err), before + describe(err) + after,
                    before + describe_for_clients(err) + after);
}

errc code_of(const caf::error& err) {
  if (!err) return errc::none;
  if (err.category() == category) return static_cast<errc>(err.code());
  if (err == caf::sec::request_timeout) return errc::timeout;
  if (err == caf::sec::request_receiver_down || err == caf::sec::remote_linking_failed ||
      err == caf::sec::no_route_to_receiving_node)
    return errc::unreachable;
  return errc::internal;
}

std::string describe(const caf::error& err) {
  if (has_words(err, 0)) return err.context().get_as<std::string>(0);
  return row_of(code_of(err)).sentence;
}

std::string describe_for_clients(const caf::error& err) {
  return has_words(err, 1) ? err.context().get_as<std::string>(1) : describe(err);
}

int http_status(errc code) {
  return row_of(code).http_status;
}

}  // namespace bindery
