#pragma once

#include <memory>

#include <caf/expected.hpp>
#include <httplib.h>

#include "http/exchange.hpp"
#include "http/options.hpp"
#include "http/route.hpp"

namespace bindery {

/// Bytes of a body that are sent at once.
constexpr size_t piece_bytes = 64 * 1024;

piece_answer next_piece(const late_body& body);

/// Turns requests into outcomes: cpp-httplib parses them and renders answers, the routes fill them.
/// One per worker; not to be shared between threads.
class router : private httplib::Server {
 public:
  router(std::shared_ptr<const prepared_site> shared, const http_options& options);
  ~router() override;

  http_outcome handle(const http_call& call);

 private:
  void route(const httplib::Request& request, httplib::Response& response);
  void serve(route_call& call);

  std::shared_ptr<const prepared_site> shared_;
  const http_call* current_ = nullptr;   ///< while `handle` runs
  std::optional<http_outcome> instead_;  ///< what a route took over
};

}  // namespace bindery
