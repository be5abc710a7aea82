#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <caf/expected.hpp>
#include <caf/meta/type_name.hpp>
#include <nlohmann/json_fwd.hpp>

#include "runtime/launch/request.hpp"
#include "runtime/net/http_message.hpp"
#include "runtime/providers/preview.hpp"

namespace bindery {

/// Asks a git remote which commit a ref stands for (`git ls-remote` semantics).
struct git_query {
  std::string url;
  /// `HEAD`, a branch, a tag (annotated tags yield their commit) or a full ref name.
  std::string ref;
  /// As of `http_request`.
  bool public_only = false;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, git_query& x) {
  return f(caf::meta::type_name("git_query"), x.url, x.ref, x.public_only);
}

/// Something to tell the client before going on with `resolution::go_on`.
struct notice {
  std::string message;
  /// How long the client is given to read it.
  std::chrono::seconds delay{0};
};

/// The next step of a resolution: done, or what to fetch or tell for going on.
using resolve_step = std::variant<resolved_repository, http_request, git_query, notice>;

/// One spec on its way to a `resolved_repository`. A machine without I/O: the caller carries out
/// each step and hands back the answer.
class resolution {
 public:
  virtual ~resolution() = default;
  /// The first step; called once, before anything else.
  virtual caf::expected<resolve_step> start() = 0;
  /// The next step after an `http_request` was answered, whatever the status.
  virtual caf::expected<resolve_step> on_response(const http_response& answer);
  /// The next step after a `git_query`; `commit` is the 40-hex hash.
  virtual caf::expected<resolve_step> on_commit(const std::string& commit);
  /// The next step after a `git_query` failed; by default the failure stands.
  virtual caf::expected<resolve_step> on_failure(const caf::error& why);
  /// The next step after a `notice` was told and its delay passed.
  virtual caf::expected<resolve_step> go_on();
};

/// A kind of place where repositories live (contract, section 5). Stateless but for its settings,
/// so it may be used from many threads.
class repo_provider {
 public:
  virtual ~repo_provider() = default;
  /// Prefix in URLs: `gh`.
  virtual std::string_view prefix() const = 0;
  /// Name in the event log: `GitHub`.
  virtual std::string_view display_name() const = 0;
  /// What `/api/repoproviders` says of it.
  virtual nlohmann::json display_config() const = 0;
  /// Reads `spec` (raw, still percent-escaped). Fails with `bad_spec` in words for people.
  virtual caf::expected<std::unique_ptr<resolution>> read(std::string_view spec) const = 0;
  /// The repository in a spec that `read` takes: the same for all its refs, however they are
  /// escaped. By default the whole spec.
  virtual std::string repository_of(std::string_view spec) const;
  /// Where to find what people read of the repository in a spec that `read` takes, at its ref.
  /// Nothing by default.
  virtual std::optional<preview_source> preview_of(std::string_view spec) const;
};

/// Names a repository of any provider, for what is remembered of it: `gh/user/repo`.
std::string repository_key(const repo_provider& provider, std::string_view spec);

}  // namespace bindery
