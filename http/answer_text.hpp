#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bindery {

/// Fields of answers that no site stands behind, each line with its break: what browsers must not
/// guess, leak or load.
std::string_view security_fields();

/// The head of an answer with a body of so many bytes (none at all with status 204). `fields` are
/// whole lines.
std::string answer_head(int status, std::string_view fields, std::string_view content_type,
                        uint64_t body_bytes, bool close);

/// An answer that does not come from the router. `with_body` is false for HEAD, where the body's
/// length is told all the same.
std::string answer_text(int status, std::string_view fields, std::string_view content_type,
                        std::string_view body, bool with_body, bool close);

/// A short answer in plain text, with the security fields, that ends the connection.
std::string refusal_text(int status, std::string_view fields, std::string_view reason);

}  // namespace bindery
