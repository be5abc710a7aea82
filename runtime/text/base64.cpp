#include "runtime/text/base64.hpp"

#include <algorithm>

#include <openssl/evp.h>

namespace bindery {

namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

bool is_digit(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/';
}

}  // namespace

std::string to_base64(std::string_view bytes) {
  // The function ends what it writes with a zero byte.
  std::string encoded(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  auto length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()), bytes_of(bytes),
                                static_cast<int>(bytes.size()));
  encoded.resize(static_cast<size_t>(length));
  return encoded;
}

std::string to_base64url(std::string_view bytes) {
  auto encoded = to_base64(bytes);
  while (encoded.ends_with('=')) encoded.pop_back();
  std::replace(encoded.begin(), encoded.end(), '+', '-');
  std::replace(encoded.begin(), encoded.end(), '/', '_');
  return encoded;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string digits;
  for (char c : text)
    if (c != '\r' && c != '\n') digits += c;
  if (digits.empty()) return std::string{};
  auto padding = digits.size() - std::min(digits.find_last_not_of('=') + 1, digits.size());
  // The function itself forgives more than it should, such as `=` in the middle.
  if (digits.size() % 4 != 0 || padding > 2 ||
      !std::all_of(digits.begin(), digits.end() - static_cast<std::ptrdiff_t>(padding), is_digit))
    return std::nullopt;
  std::string decoded(digits.size() / 4 * 3, '\0');
  auto length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(decoded.data()), bytes_of(digits),
                                static_cast<int>(digits.size()));
  if (length < 0) return std::nullopt;
  decoded.resize(static_cast<size_t>(length) - padding);
  return decoded;
}

std::optional<std::string> from_base64url(std::string_view text) {
  if (text.find_first_of("+/=\r\n") != std::string_view::npos) return std::nullopt;
  std::string digits{text};
  std::replace(digits.begin(), digits.end(), '-', '+');
  std::replace(digits.begin(), digits.end(), '_', '/');
  digits.append((4 - digits.size() % 4) % 4, '=');
  return from_base64(digits);
}

}  // namespace bindery
