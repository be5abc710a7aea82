#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "runtime/providers/absence_cache.hpp"
#include "runtime/providers/commit_cache.hpp"
#include "runtime/providers/github_api.hpp"
#include "runtime/providers/provider.hpp"

namespace bindery {

/// What the resolutions of one GitHub share. Thread-safe.
struct github_site {
  github_site(std::string host, std::chrono::seconds delay, github_api access)
      : hostname(std::move(host)), rename_delay(delay), api(std::move(access)) {}

  const std::string hostname;
  const std::chrono::seconds rename_delay;
  const github_api api;
  commit_cache commits;
  absence_cache absent;
};

/// Asks GitHub for the commit of a ref. `master` and `main`, where they do not resolve, become
/// `HEAD` after a notice: default branches were renamed, and old links go on.
class github_resolution : public resolution {
 public:
  github_resolution(std::shared_ptr<github_site> site, std::string spec, std::string user,
                    std::string repo, std::string ref);

  caf::expected<resolve_step> start() override;
  caf::expected<resolve_step> on_response(const http_response& answer) override;
  caf::expected<resolve_step> go_on() override;

 private:
  std::string repo_url() const;
  caf::expected<resolve_step> ask();
  caf::expected<resolve_step> unresolved();
  resolve_step resolved(const std::string& commit) const;
  notice explain_rename() const;

  std::shared_ptr<github_site> site_;
  std::string spec_, user_, repo_;
  std::string ref_;
  std::string renamed_from_;  // what `ref_` was before it became HEAD
  std::string url_;           // of the request under way
  std::optional<known_commit> known_;
};

}  // namespace bindery
