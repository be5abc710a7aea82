#include "runtime/token/text_sealer.hpp"

#include <array>
#include <memory>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "runtime/text/base64.hpp"
#include "runtime/text/escape.hpp"
#include "runtime/text/random.hpp"

namespace bindery {

namespace {

using std::chrono::seconds;

constexpr size_t key_bytes = 32;
constexpr size_t nonce_bytes = 12;
constexpr size_t tag_bytes = 16;
constexpr size_t time_bytes = 8;
constexpr size_t longest_sealed = 16 * 1024;

using cipher_context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

std::string keyed_digest(const std::string& key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(text), text.size(),
           digest.data(), &length) == nullptr)
    throw std::runtime_error{"HMAC-SHA256 failed"};
  return {reinterpret_cast<const char*>(digest.data()), length};
}

/// With its length, lest two parts could be cut differently.
std::string part(std::string_view text) {
  return std::to_string(text.size()) + ':' + std::string{text};
}

std::string time_text(text_sealer::time_point when) {
  auto count =
      static_cast<uint64_t>(std::chrono::duration_cast<seconds>(when.time_since_epoch()).count());
  std::string text;
  for (int shift = 56; shift >= 0; shift -= 8) text += static_cast<char>(count >> shift & 255);
  return text;
}

seconds read_time(std::string_view text) {
  uint64_t count = 0;
  for (char c : text.substr(0, time_bytes)) count = count << 8 | static_cast<unsigned char>(c);
  return seconds{static_cast<int64_t>(count)};
}

}  // namespace

text_sealer::text_sealer(const std::string& secret) {
  auto root = secret.empty() ? random_bytes(key_bytes) : secret;
  sealing_key_ = keyed_digest(root, "bindery: sealed texts");
  digest_key_ = keyed_digest(root, "bindery: digests");
}

std::string text_sealer::seal(std::string_view purpose, std::string_view text,
                              time_point now) const {
  auto nonce = random_bytes(nonce_bytes);
  auto plain = time_text(now) + std::string{text};
  std::string sealed(plain.size(), '\0');
  std::string tag(tag_bytes, '\0');
  cipher_context context{EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free};
  int length = 0;
  auto fine = context &&
              EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes_of(sealing_key_),
                                 bytes_of(nonce)) == 1 &&
              EVP_EncryptUpdate(context.get(), nullptr, &length, bytes_of(purpose),
                                static_cast<int>(purpose.size())) == 1 &&
              EVP_EncryptUpdate(context.get(), bytes_of(sealed), &length, bytes_of(plain),
                                static_cast<int>(plain.size())) == 1 &&
              EVP_EncryptFinal_ex(context.get(), bytes_of(sealed) + length, &length) == 1 &&
              EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_bytes, tag.data()) == 1;
  if (!fine) throw std::runtime_error{"AES-256-GCM failed"};
  return to_base64url(nonce + sealed + tag);
}

std::optional<std::string> text_sealer::open(std::string_view purpose, std::string_view sealed,
                                             time_point now, seconds max_age) const {
  if (sealed.size() > longest_sealed) return std::nullopt;
  auto bytes = from_base64url(sealed);
  if (!bytes || bytes->size() < nonce_bytes + time_bytes + tag_bytes) return std::nullopt;
  auto nonce = bytes->substr(0, nonce_bytes);
  auto tag = bytes->substr(bytes->size() - tag_bytes);
  auto body = bytes->substr(nonce_bytes, bytes->size() - nonce_bytes - tag_bytes);
  std::string plain(body.size(), '\0');
  cipher_context context{EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free};
  int length = 0;
  auto fine =
      context &&
      EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes_of(sealing_key_),
                         bytes_of(nonce)) == 1 &&
      EVP_DecryptUpdate(context.get(), nullptr, &length, bytes_of(purpose),
                        static_cast<int>(purpose.size())) == 1 &&
      EVP_DecryptUpdate(context.get(), bytes_of(plain), &length, bytes_of(body),
                        static_cast<int>(body.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_bytes, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(context.get(), bytes_of(plain) + length, &length) == 1;
  if (!fine) return std::nullopt;
  // A node whose clock is behind may see a time that is still to come.
  auto age = std::chrono::duration_cast<seconds>(now.time_since_epoch()) - read_time(plain);
  if (age > max_age) return std::nullopt;
  return plain.substr(time_bytes);
}

std::string text_sealer::digest(std::string_view purpose, std::string_view text) const {
  return to_base64url(keyed_digest(digest_key_, part(purpose) + part(text)));
}

bool same_secret(std::string_view left, std::string_view right) {
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace bindery
