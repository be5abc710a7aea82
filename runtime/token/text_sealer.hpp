#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace bindery {

/// Seals texts that browsers keep for us, so that nobody else can read or change them: AES-256-GCM
/// (NIST SP 800-38D) under a random nonce. May be used from many threads.
class text_sealer {
 public:
  using time_point = std::chrono::system_clock::time_point;

  /// `secret`: the same on every node; "" for a random one of this process.
  explicit text_sealer(const std::string& secret);

  /// URL-safe base64. What was sealed for one purpose is not opened for another.
  std::string seal(std::string_view purpose, std::string_view text, time_point now) const;

  /// Nothing where it was not sealed here for this purpose, or longer than `max_age` ago.
  std::optional<std::string> open(std::string_view purpose, std::string_view sealed, time_point now,
                                  std::chrono::seconds max_age) const;

  /// The same text for the same `text`, which nobody without the secret can make.
  std::string digest(std::string_view purpose, std::string_view text) const;

 private:
  std::string sealing_key_;
  std::string digest_key_;
};

/// Takes the same time wherever the texts differ.
bool same_secret(std::string_view left, std::string_view right);

}  // namespace bindery
