#include "runtime/providers/json_answer.hpp"

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"

namespace bindery {

using nlohmann::json;

caf::expected<json> read_json(const http_response& answer, const std::string& host) {
  auto parsed = json::parse(answer.body, nullptr, false);
  if (parsed.is_discarded()) return unreadable(host, "it is no JSON");
  return parsed;
}

const json* member(const json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

const std::string* text_member(const json& object, const char* key) {
  const auto* found = member(object, key);
  return found == nullptr ? nullptr : found->get_ptr<const std::string*>();
}

std::optional<uint64_t> number_member(const json& object, const char* key, uint64_t most) {
  const auto* found = member(object, key);
  // Numbers that are written without a sign are unsigned, those beyond 64 bits are no integers.
  if (found == nullptr || !found->is_number_unsigned()) return std::nullopt;
  auto number = found->get<uint64_t>();
  return number <= most ? std::optional<uint64_t>{number} : std::nullopt;
}

caf::error unreadable(const std::string& host, const std::string& why) {
  return make_error(errc::bad_answer,
                    "The answer of " + host + " cannot be read: " + why + ". Try again later");
}

}  // namespace bindery
