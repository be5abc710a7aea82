#pragma once

#include <chrono>
#include <string>

#include <caf/error.hpp>

#include "runtime/error.hpp"
#include "runtime/launch/request.hpp"
#include "runtime/net/http_message.hpp"

/// The operator's own check before each launch: what upstream has `Launcher.pre_launch_hook` for.
namespace bindery {

/// Whom to ask.
struct pre_launch_options {
  std::string url;  ///< "" for nobody
  std::chrono::milliseconds timeout{10'000};
};

/// A POST with a JSON object: `provider`, `spec` (as asked for), `ref` (resolved), `image`,
/// `repo_url`, `user` (whose server it will be), `client_ip`.
http_request pre_launch_request(const pre_launch_options& options, const launch_request& launch,
                                const resolved_repository& repository, const std::string& image,
                                const std::string& user);

/// No error means that the launch may go on: 2xx, unless the answer is a JSON object with `allow`
/// false. Errors: forbidden, with the `message` of the answer where it has one, also for 4xx; for
/// any other answer as `pre_launch_unanswered`.
caf::error judge_pre_launch(const http_response& answer);

/// What a client is told where the check cannot be asked: nobody is let in unchecked.
caf::error pre_launch_unanswered(errc why, const std::string& what);

}  // namespace bindery
