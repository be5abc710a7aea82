#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <caf/error.hpp>
#include <caf/expected.hpp>
#include <nlohmann/json_fwd.hpp>

#include "runtime/net/http_message.hpp"

namespace bindery {

// How JSON of upstreams is read, which counts as hostile. Values that are no
// objects have no members.

/// The JSON of an answer. `host` names the upstream in errors. Errors: bad_answer.
caf::expected<nlohmann::json> read_json(const http_response& answer, const std::string& host);

/// The value under `key`; null where there is none.
const nlohmann::json* member(const nlohmann::json& object, const char* key);

/// The text under `key`; null where there is none.
const std::string* text_member(const nlohmann::json& object, const char* key);

/// The whole number from 0 to `most` under `key`.
std::optional<uint64_t> number_member(const nlohmann::json& object, const char* key, uint64_t most);

/// The error for an answer of `host` that lacks what it should hold. Errors: bad_answer.
caf::error unreadable(const std::string& host, const std::string& why);

}  // namespace bindery
