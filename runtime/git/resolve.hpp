#pragma once

#include <string>

#include <caf/expected.hpp>

#include "runtime/providers/provider.hpp"

namespace bindery {

/// The commit that `query.ref` stands for at the remote, as `git ls-remote` would find it: the
/// exact ref name, then a tag, then a branch; annotated tags yield their commit. Blocks without a
/// bound (libgit2 1.5 has no timeouts): call it only in a process that can be killed, and
/// that connects nowhere where `query.public_only` forbids it: libgit2 does not look. Errors:
/// unresolvable_ref, unreachable.
caf::expected<std::string> resolve_with_libgit2(const git_query& query);

/// Request and answer of the process that resolves one query, as JSON lines. The answer's decoder
/// treats the text as hostile.
std::string encode_query(const git_query& query);
caf::expected<git_query> decode_query(const std::string& text);
std::string encode_answer(const caf::expected<std::string>& answer);
caf::expected<std::string> decode_answer(const std::string& text);

}  // namespace bindery
