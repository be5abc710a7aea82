#pragma once

#include <functional>
#include <memory>
#include <string>
#include <variant>

#include <boost/test/unit_test.hpp>

#include "http/router.hpp"
#include "http_world.hpp"
#include "runtime/error.hpp"

namespace bindery::test {

inline std::shared_ptr<const build_tokens> some_tokens() {
  auto made = build_tokens::make("00ff", {});
  BOOST_REQUIRE(made);
  return std::make_shared<const build_tokens>(std::move(*made));
}

/// A router without sockets.
struct routes {
  explicit routes(std::function<void(site&)> change = {}) {
    place.desk = world.desk;
    place.health = world.health;
    place.providers_json =
        R"([{"displayName":"GitHub","id":"gh"},{"displayName":"Git <any>","id":"git"}])";
    place.versions_json = "{}";
    place.metrics_text = [] { return std::string{}; };
    place.make_launch_id = [] { return std::string(16, 'a'); };
    if (change) change(place);
  }

  http_outcome run(const std::string& method, const std::string& target,
                   const std::string& fields = "", const std::string& peer = "127.0.0.1") {
    auto shared = prepare_site(place);
    BOOST_REQUIRE_MESSAGE(shared, (shared ? "" : describe(shared.error())));
    router one{*shared, http_options{}};
    request_framer framer;
    framer.append(method + " " + target + " HTTP/1.1\r\nHost: hub.example:8080\r\n" + fields +
                  "\r\n");
    auto request = framer.next();
    BOOST_REQUIRE(std::holds_alternative<framed_request>(request));
    return one.handle({1, peer, std::get<framed_request>(request), std::nullopt});
  }

  std::string answer(const std::string& target, const std::string& fields = "",
                     const std::string& method = "GET") {
    auto outcome = run(method, target, fields);
    BOOST_REQUIRE(std::holds_alternative<plain_answer>(outcome));
    return std::get<plain_answer>(outcome).bytes;
  }

  launch_request launch(const std::string& target, const std::string& fields = "",
                        const std::string& peer = "127.0.0.1") {
    auto outcome = run("GET", target, "Accept: text/event-stream\r\n" + fields, peer);
    BOOST_REQUIRE(std::holds_alternative<stream_answer>(outcome));
    return std::get<stream_answer>(outcome).launch;
  }

  http_world world;
  site place;
};

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// The build token of a loading page.
inline std::string token_of(const std::string& page) {
  const std::string mark = "bindery-build-token\" content=\"";
  auto at = page.find(mark);
  BOOST_REQUIRE(at != std::string::npos);
  auto token = page.substr(at + mark.size());
  return token.substr(0, token.find('"'));
}

}  // namespace bindery::test
