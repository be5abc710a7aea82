#pragma once

#include <string>
#include <string_view>

#include <caf/error.hpp>
#include <caf/expected.hpp>

namespace bindery {

// How every provider reads the text of a spec. Specs come from strangers.

/// A longer spec is refused before anything looks at it, in bytes.
constexpr size_t max_spec_bytes = 2'000;

/// A spec as logs may show it, and whatever is kept: with `***` in the place of what stands before
/// the `@` of a URL in it, and of tokens, however often they are escaped. All else as it was sent.
std::string shown_spec(std::string_view spec);

/// `text` in quotes for an error: as `shown_spec` has it, bounded, on one line, valid UTF-8.
std::string in_quotes(std::string_view text);

/// What holds for a whole spec, still escaped. Errors: bad_spec for one that is empty or too long,
/// or holds control characters.
caf::error check_spec(std::string_view spec);

/// A part of a spec without its percent escapes. `what` begins the sentence of an error: `The ref`.
/// Errors: bad_spec for an empty part, a broken escape, control characters, text that is not UTF-8.
caf::expected<std::string> read_part(std::string_view escaped, const std::string& what);

/// One element of a path on a forge, such as a user's or a repository's name: letters, digits and
/// `-`, `_`, `.`; neither `.` nor `..`. Errors: bad_spec.
caf::error check_name(std::string_view name, const std::string& what);

/// A ref that may go into an upstream's URL: no leading dash, no empty part, no `.` and `..`.
/// Errors: bad_spec.
caf::error check_ref(std::string_view ref);

/// The ref of a spec: `read_part` and `check_ref`. Errors: bad_spec.
caf::expected<std::string> read_ref(std::string_view escaped);

/// True for 40 hex digits in lower case.
bool is_commit_hash(std::string_view text);

/// ASCII letters in lower case, all else as it is.
std::string ascii_lower(std::string_view text);

}  // namespace bindery
