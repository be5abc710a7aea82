#pragma once

#include <string>
#include <string_view>

namespace bindery {

/// Fields that every answer carries, each line with its break: what browsers must not guess, leak
/// or load.
std::string_view security_fields();

/// An answer that does not come from the router. `fields` are whole lines; `with_body` is false for
/// HEAD, where the body's length is told all the same.
std::string answer_text(int status, std::string_view fields, std::string_view content_type,
                        std::string_view body, bool with_body, bool close);

/// A short answer in plain text that ends the connection.
std::string refusal_text(int status, std::string_view fields, std::string_view reason);

}  // namespace bindery
