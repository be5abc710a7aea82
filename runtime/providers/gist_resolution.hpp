#pragma once

#include <memory>
#include <string>

#include "runtime/providers/github_api.hpp"
#include "runtime/providers/provider.hpp"

namespace bindery {

/// What the resolutions of gists share.
struct gist_site {
  std::string hostname;
  bool allow_secret = false;
  github_api api;
};

/// Asks GitHub for a gist's history and finds the wanted version in it.
class gist_resolution : public resolution {
 public:
  /// `ref`: a full hash, or "" for the newest version.
  gist_resolution(std::shared_ptr<const gist_site> site, std::string spec, std::string user,
                  std::string id, std::string ref);

  caf::expected<resolve_step> start() override;
  caf::expected<resolve_step> on_response(const http_response& answer) override;

 private:
  std::string page() const;
  caf::expected<resolve_step> read(const std::string& body) const;
  resolve_step resolved(const std::string& commit) const;

  std::shared_ptr<const gist_site> site_;
  std::string spec_, user_, id_, ref_;
};

}  // namespace bindery
