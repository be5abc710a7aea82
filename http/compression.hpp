#pragma once

#include <string>
#include <string_view>

namespace bindery {

/// How a body is coded on its way (`Content-Encoding`).
enum class coding { plain, gzip, brotli };

/// `gzip` or `br`; "" for plain.
std::string_view to_string(coding how);

/// The coding that the client likes best of those that we know; `accepted` is its `Accept-Encoding`
/// (RFC 9110, section 12.5.3). Where it likes two alike, the denser one.
coding best_coding(std::string_view accepted);

/// True where bodies of that `Content-Type` become smaller.
bool is_compressible(std::string_view content_type);

/// The bytes, coded. `thorough` takes a hundred times longer: for what is kept.
/// "" where the library fails, which leaves the plain bytes to be sent.
std::string compressed(coding how, std::string_view bytes, bool thorough = false);

}  // namespace bindery
