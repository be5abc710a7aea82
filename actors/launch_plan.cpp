#include "actors/launch_plan.hpp"

#include <utility>

#include "runtime/names.hpp"
#include "runtime/text/escape.hpp"

namespace bindery {

build_request plan_build(const std::string& image_prefix, std::string git_credentials,
                         const resolved_repository& repository) {
  build_request plan;
  plan.build_name = build_name(repository.build_slug, repository.resolved_ref);
  plan.image_name = image_name(image_prefix, repository.build_slug, repository.resolved_ref);
  plan.repo_url = repository.repo_url;
  plan.ref = repository.resolved_ref;
  plan.provider = repository.provider;
  plan.git_credentials = std::move(git_credentials);
  return plan;
}

std::string name_user(const server_plan& plan, uint32_t attempt) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  constexpr size_t length = 8;
  auto digest = sha256_hex(plan.request.launch_id + "/" + std::to_string(attempt));
  std::string suffix;
  for (size_t i = 0; i < length; ++i)
    suffix += letters[std::stoul(digest.substr(i * 4, 4), nullptr, 16) % letters.size()];
  return user_name(plan.repository.repo_url, suffix);
}

}  // namespace bindery
