#pragma once

#include "resolution_steps.hpp"

/// What the tests of providers share that follow redirects.
namespace bindery::steps {

inline http_response redirect(std::string location, int status = 302) {
  return answer(status, "<html>", {{"Location", std::move(location)}});
}

/// Answers with a redirect to each of `urls` in turn, and looks that each is asked for.
inline void lead(resolution& work, const std::vector<std::string>& urls) {
  for (const auto& url : urls) {
    auto next = as<http_request>(work.on_response(redirect(url)));
    BOOST_TEST(next.url == url);
    BOOST_TEST(next.max_redirects == 0u);
  }
}

/// Targets that no redirect of the public internet may have.
inline std::vector<std::string> hostile_targets() {
  return {"http://127.0.0.1/records/1",
          "http://localhost:8080/records/1",
          "http://LOCALHOST./records/1",
          "http://[::1]/records/1",
          "http://[::ffff:127.0.0.1]/records/1",
          "http://[fe80::1]/records/1",
          "http://[fd00::1]/records/1",
          "http://10.1.2.3/records/1",
          "http://172.16.0.1/records/1",
          "http://192.168.1.1/records/1",
          "http://169.254.169.254/latest/meta-data/records/1",
          "http://0.0.0.0/records/1",
          "http://2130706433/records/1",
          "http://0x7f.1/records/1",
          "http://0177.0.0.1/records/1",
          "http://hub/records/1",
          "http://metadata.google.internal/records/1",
          "http://hub.binder.svc/records/1",
          "http://hub.binder.svc.cluster.local/records/1",
          "http://user:word@zenodo.org/records/1",
          "http://zenodo.org:0/records/1",
          "file:///etc/passwd",
          "ftp://zenodo.org/records/1",
          "gopher://zenodo.org/records/1",
          "javascript:alert(1)",
          "http://",
          "//127.0.0.1/records/1"};
}

}  // namespace bindery::steps
