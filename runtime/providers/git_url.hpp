#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <caf/error.hpp>
#include <caf/expected.hpp>

namespace bindery {

/// The URL of a git repository that a stranger gave, as git may be given it: its scheme in lower
/// case, `user@host:path` as `ssh://user@host/path`. `text` carries no escapes of the spec any
/// more. Errors: bad_spec for what is no URL of a remote repository (remote helpers, `file:`,
/// `..`, a leading dash), for protocols that are not in `allowed_protocols`, and for credentials,
/// which would be shown to everybody.
caf::expected<std::string> read_git_url(std::string_view text,
                                        const std::vector<std::string>& allowed_protocols);

/// The host in a URL that `read_git_url` gave: in lower case, an IPv6 address in its brackets.
std::string git_host(std::string_view url);

/// Whether a git repository can have a ref of this name (git-check-ref-format). Errors: bad_spec.
caf::error check_git_ref(std::string_view ref);

}  // namespace bindery
