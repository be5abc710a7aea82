#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

/// Fuzzing: each target feeds hostile bytes to one reader of the program and says what must hold
/// whatever they are. The same targets run in two programs: `fuzz` (libFuzzer, `make fuzz`), which
/// looks for new inputs, and `fuzz_replay` (`make test`), which runs those that were kept.
namespace bindery::fuzz {

using target = std::function<void(std::string_view)>;

/// Targets by name; the inputs of each are kept in `corpus/<name>/`.
std::map<std::string, target>& targets();

/// Puts a target in, at the start of the program.
struct add_target {
  add_target(const std::string& name, target run);
};

/// Ends the process where `holds` is false: a finding.
void require(bool holds, std::string_view what);

/// Takes the text up to `mark` (or all of it) from the front of `rest`.
std::string_view take_until(std::string_view& rest, std::string_view mark);

/// What every text for people must be: there, UTF-8, and of a length that fits a page.
void require_words(const std::string& text);

/// Calls `feed` with all of `bytes` in pieces, whose size the first byte of `bytes` chooses.
void in_pieces(std::string_view bytes, const std::function<void(std::string_view)>& feed);

}  // namespace bindery::fuzz
