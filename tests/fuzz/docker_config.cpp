#include "runtime/registry/docker_config.hpp"

#include "target.hpp"

namespace bindery::fuzz {

namespace {

/// docker's `config.json`: the key that is looked for is the input's last line.
void run(std::string_view bytes) {
  auto text = take_until(bytes, "\n#");
  auto config = parse_docker_config(text);
  if (!config) {
    require_words(to_string(config.error()));
    return;
  }
  for (const auto& login : config->logins) {
    auto host = docker_registry_host(login.key);
    require(host.size() <= login.key.size() + std::string_view{"docker.io"}.size(),
            "a host is a part of its key");
    const auto* found = find_docker_login(*config, login.key);
    require(found != nullptr, "a key finds a login");
  }
  find_docker_login(*config, bytes);
}

const add_target added{"docker_config", run};

}  // namespace

}  // namespace bindery::fuzz
