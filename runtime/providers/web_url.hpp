#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include "runtime/error.hpp"

namespace bindery {

/// The parts of an http or https URL: scheme and host in lower case, all else as it is written.
struct web_url {
  std::string scheme;
  std::string host;   ///< an IPv6 address in its brackets
  std::string port;   ///< "" where none is written
  std::string path;   ///< escaped; "/" at least
  std::string query;  ///< escaped, without its question mark

  /// Scheme, host and port: `https://data.example:8443`.
  std::string origin() const;
};

/// Reads a whole URL, so strictly that no other reader of URLs finds another host in it. Errors:
/// `blame` (bad_spec where a person wrote the URL, bad_answer where an upstream did) for what is no
/// URL, other schemes, credentials, and bytes that must be escaped.
caf::expected<web_url> read_web_url(std::string_view text, errc blame);

/// True for a host that looks like one of the public internet: a name with a dot whose end is not
/// reserved for private networks, or an address that is routed there. What a name resolves to is
/// looked at when it is asked (`http_request::public_only`). `host` is in lower case.
bool is_public_host(std::string_view host);

/// Which hosts may be asked where a stranger names them: public ones, and those that the operator
/// named. Immutable. Hosts are in lower case, IPv6 addresses in brackets.
class host_rule {
 public:
  /// `named`: hosts of private networks that may be asked all the same, without port; "*" for all.
  /// With one name of this machine the others are allowed, too.
  explicit host_rule(const std::vector<std::string>& named = {});

  /// The rule of a site whose base URL the operator set: public hosts, and that base's own.
  static host_rule around(const std::string& base_url);

  /// This rule, and `named` too.
  host_rule and_also(const std::vector<std::string>& named) const;

  bool allows(std::string_view host) const;

  /// True where the operator answers for `host`, wherever its name leads. Others may be asked at
  /// public addresses only.
  bool names(std::string_view host) const;

 private:
  void add(const std::vector<std::string>& named);

  std::vector<std::string> named_;
  bool loopback_ = false;
  bool every_ = false;
};

}  // namespace bindery
