#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bindery {

/// Takes credentials out of text that strangers read or that is kept: known secrets, userinfo and
/// tokens in URLs, `Authorization` values, tokens of the well-known forges by their shape. What it
/// finds becomes `***`. Works on plain text and on JSON alike; JSON stays JSON.
class secret_mask {
 public:
  secret_mask() = default;
  /// Secrets of fewer than four characters are passed over: they would be everywhere.
  explicit secret_mask(const std::vector<std::string>& secrets);

  std::string apply(std::string text) const;

 private:
  std::vector<std::string> known_;  ///< in every form in which they may be written, longest first
};

/// The secrets among git's credentials as `GIT_CREDENTIAL_ENV` has them (`username=..`,
/// `password=..`, a line break or the two characters `\n` between them).
std::vector<std::string> secrets_of_git(std::string_view credentials);

/// The secrets of a login: the password, and both as `Authorization: Basic` has them.
std::vector<std::string> secrets_of_login(const std::string& username, const std::string& password);

/// The secrets of repo2docker's `CONTAINER_ENGINE_REGISTRY_CREDENTIALS` (JSON): those of its login.
/// None for "" and for what is no login.
std::vector<std::string> secrets_of_push(std::string_view credentials);

/// The secrets in a URL's userinfo; none for `git@`.
std::vector<std::string> secrets_of_url(std::string_view url);

}  // namespace bindery
