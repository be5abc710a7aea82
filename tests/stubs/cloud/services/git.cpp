#include "tests/stubs/cloud/service.hpp"

namespace stub_cloud {

namespace {

/// A line of git's protocol: its length with the four digits themselves, then its text.
std::string packet(const std::string& text) {
  constexpr char digits[] = "0123456789abcdef";
  auto length = text.size() + 4;
  std::string result;
  for (int shift = 12; shift >= 0; shift -= 4) result += digits[(length >> shift) & 15];
  return result + text;
}

/// Git over HTTP as far as `git ls-remote` asks it: HEAD, the branch main and an annotated tag.
class git_service : public service {
 public:
  std::string name() const override { return "git"; }

  answer take(const request& asked) override {
    constexpr std::string_view end = "/info/refs";
    if (!asked.path.ends_with(end) || asked.parameter("service") != "git-upload-pack")
      return text_answer("unknown", 404, "not found", "text/plain");
    const std::string route = "GET /{repository}/info/refs";
    auto repository = asked.path.substr(1, asked.path.size() - 1 - end.size());
    if (repository.starts_with("missing"))
      return text_answer(route, 404, "Repository not found", "text/plain");
    if (repository.starts_with("private")) {
      auto refused = text_answer(route, 401, "Unauthorized", "text/plain");
      refused.headers.emplace_back("WWW-Authenticate", "Basic realm=\"git\"");
      return refused;
    }
    auto head = commit_of("git" + repository);
    auto body = packet("# service=git-upload-pack\n") + "0000";
    body +=
        packet(head + " HEAD" + std::string(1, '\0') +
               "multi_ack thin-pack side-band-64k symref=HEAD:refs/heads/main agent=git/2.39\n");
    body += packet(head + " refs/heads/main\n");
    body += packet(commit_of("tag" + repository) + " refs/tags/v1\n");
    body += packet(commit_of("tagged" + repository) + " refs/tags/v1^{}\n") + "0000";
    auto result = text_answer(route, 200, body, "application/x-git-upload-pack-advertisement");
    result.headers.emplace_back("Cache-Control", "no-cache, max-age=0, must-revalidate");
    return result;
  }
};

}  // namespace

service_ptr make_git() {
  return std::make_unique<git_service>();
}

}  // namespace stub_cloud
