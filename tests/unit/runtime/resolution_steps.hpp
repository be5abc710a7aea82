#pragma once

#include <memory>
#include <string>
#include <utility>
#include <variant>

#include <boost/test/unit_test.hpp>

#include "runtime/error.hpp"
#include "runtime/providers/provider.hpp"

/// What the providers' tests share: walking a resolution, and looking at its steps.
namespace bindery::steps {

inline http_response answer(int status, std::string body = {}, http_headers headers = {}) {
  http_response response;
  response.status = status;
  response.body = std::move(body);
  response.headers = std::move(headers);
  return response;
}

/// The resolution of a spec that must be readable.
inline std::unique_ptr<resolution> begin(const repo_provider& provider, std::string_view spec) {
  auto work = provider.read(spec);
  if (!work) BOOST_FAIL(spec << ": " << describe(work.error()));
  return std::move(*work);
}

/// The step as `Step`; ends the test where it is another one, or an error.
template <class Step>
Step as(caf::expected<resolve_step> step) {
  if (!step) BOOST_FAIL("an error instead of a step: " << describe(step.error()));
  if (!std::holds_alternative<Step>(*step)) BOOST_FAIL("another step: number " << step->index());
  return std::move(std::get<Step>(*step));
}

/// The words of an error that must have this code.
template <class T>
std::string failure(const caf::expected<T>& result, errc code) {
  if (result) {
    BOOST_ERROR("no error");
    return {};
  }
  BOOST_TEST(to_string(code_of(result.error())) == to_string(code));
  return describe(result.error());
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// What every answer of a forge must survive, under the key where a commit hash is due.
inline std::vector<std::string> hostile_commit_answers(const std::string& key) {
  auto with = [&](const std::string& value) { return "{\"" + key + "\": " + value + "}"; };
  return {
      "",
      "<html>busy</html>",
      "null",
      "[]",
      "\"text\"",
      "{}",
      "{\"" + key + "\"",
      with("null"),
      with("17"),
      with("{}"),
      with("[\"0123456789012345678901234567890123456789\"]"),
      with("\"\""),
      with("\"0123\""),
      with("\"012345678901234567890123456789012345678g\""),
      with("\"01234567890123456789012345678901234567890\""),
      with("\"0123456789012345678901234567890123456789\\n\""),
      with("\"--upload-pack=touch x\""),
      with("\"\xff\xfe\""),
      with("\"" + std::string(100'000, 'a') + "\""),
      std::string(200'000, '['),
      with(std::string(200'000, '{')),
  };
}

}  // namespace bindery::steps
