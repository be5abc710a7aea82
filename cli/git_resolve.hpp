#pragma once

namespace bindery {

/// `bindery git-resolve`: reads one query from standard input, answers on standard output. A
/// process of its own, so that a git server that never answers, or that finds a fault in the
/// library, costs nothing but this process. Not for people.
int git_resolve_main();

}  // namespace bindery
