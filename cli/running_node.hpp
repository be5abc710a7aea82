#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <caf/actor_system.hpp>
#include <caf/expected.hpp>

#include "actors/node.hpp"
#include "http/http_server.hpp"

namespace bindery {

/// What the routes need to know, as far as settings and providers tell it.
site site_for(const settings& all, const provider_table& providers);

/// Signs and checks build tokens as the settings have it. Errors: bad_settings.
caf::expected<build_tokens> build_tokens_of(const settings& all);

/// What browsers keep of logins, as the settings have it; null where nobody has to log in. Errors:
/// bad_settings.
caf::expected<std::shared_ptr<const logins>> logins_of(const settings& all);

/// The HTTP side, which its own routes ask for its counts while another thread may stop it.
class shared_server {
 public:
  void set(http_server server);
  /// Nothing before `set` and after `stop`.
  std::optional<http_counts> counts();
  /// Twice is fine.
  void stop();

 private:
  std::mutex mutex_;
  std::optional<http_server> server_;
};

/// A node with its HTTP side: what `serve` and `up` both run.
class running_node {
 public:
  /// Errors: bad_settings, io_failed (naming host and port that cannot be listened on).
  static caf::expected<running_node> start(caf::actor_system& system, const node_config& config,
                                           node_options options);
  running_node(running_node&&) noexcept = default;
  /// Stops it.
  ~running_node();
  running_node& operator=(running_node&&) noexcept = delete;

  /// Where browsers on this machine reach it, with trailing slash.
  const std::string& url() const { return url_; }
  node& parts() { return *node_; }
  /// The HTTP side first, then launches, then the rest. Twice is fine.
  void stop();

 private:
  running_node(std::unique_ptr<node> parts, std::shared_ptr<shared_server> server, std::string url);

  std::unique_ptr<node> node_;
  std::shared_ptr<shared_server> server_;
  std::string url_;
};

}  // namespace bindery
