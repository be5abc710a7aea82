// What registry, hub and container engine answer, whatever the status.
#include <charconv>

#include "answer_text.hpp"
#include "runtime/engine/api.hpp"
#include "runtime/error.hpp"
#include "runtime/hub/api.hpp"
#include "runtime/hub/verdict.hpp"
#include "runtime/registry/api.hpp"
#include "runtime/text/escape.hpp"
#include "target.hpp"

namespace bindery::fuzz {

namespace {

void check(const caf::error& why) {
  if (why) require_words(describe(why));
}

template <class T>
void check(const caf::expected<T>& result) {
  if (!result) require_words(describe(result.error()));
}

void check_registry(const http_response& answer, std::string_view bytes) {
  registry_address registry;
  registry.url = "https://registry.example";
  registry.username = "user";
  registry.password = "s3cret";
  check(decode_manifest_answer(answer));
  auto token = decode_token_answer(answer);
  check(token);
  // It becomes a header field: what would write further ones is refused when it is sent.
  if (token) require(!token->empty(), "a token is a text");
  offers_basic(answer);
  if (auto source = find_token_source(registry, {"a/b", "1"}, answer)) {
    require(source->url.starts_with("https://"), "the password goes over TLS only");
    auto request = token_request(registry, *source);
    // An answer may name an address with that word in it, of which the password is no part.
    if (bytes.find("s3cret") == std::string_view::npos)
      require(request.url.find("s3cret") == std::string::npos, "no secret in a URL");
  }
}

/// An answer, as `answer_text.hpp` says.
void run(std::string_view bytes) {
  auto answer = read_answer(bytes);
  for (uint32_t attempt : {1U, 2U}) {
    check(judge_create_user(answer, attempt));
    check(judge_start(answer, attempt));
    check(judge_removal(answer, attempt));
    check(judge_check(answer, attempt));
  }
  is_hub_busy(answer);
  auto words = hub_message(answer);
  require(words.size() <= 310 && is_utf8(words) && !has_control(words), "words are one line");
  check(decode_engine_version(answer));
  check(decode_engine_image(answer));
  check_registry(answer, bytes);
}

const add_target added{"upstream_answer", run};

}  // namespace

}  // namespace bindery::fuzz
