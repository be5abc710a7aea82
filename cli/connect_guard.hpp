#pragma once

namespace bindery {

/// From now on no library of this process connects to an IPv4 or IPv6 address that is not of the
/// public internet: it is told "permission denied". The address itself is looked at, so that no
/// name leads elsewhere. What libc does on its own to resolve names goes on. For `git-resolve`,
/// whose libgit2 makes its connections itself and follows redirects.
///
/// False where the libraries' connections do not come by here: then nothing may be asked.
bool refuse_private_addresses();

/// A connection was refused.
bool private_address_refused();

}  // namespace bindery
