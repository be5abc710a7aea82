#include "cli/node_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include <yaml-cpp/yaml.h>

#include "runtime/error.hpp"

namespace bindery {

caf::error write_node_file(const std::string& path, const settings& all) {
  YAML::Node file;
  auto hub = file["BinderHub"];
  hub["hub_url"] = all.binder_hub.hub_url;
  hub["hub_url_local"] = all.binder_hub.hub_url_local;
  hub["hub_api_token"] = all.binder_hub.hub_api_token.reveal();
  hub["image_prefix"] = all.binder_hub.image_prefix;
  hub["use_registry"] = all.binder_hub.use_registry;
  file["RateLimiter"]["limit"] = all.rate_limiter.limit;
  file["DockerRegistry"]["url"] = all.docker_registry.url;
  file["Bindery"]["container_engine"] = all.bindery.container_engine;
  file["Bindery"]["repo2docker"] = all.bindery.repo2docker;
  file["GitRepoProvider"]["private_hosts"] = all.git.private_hosts;
  YAML::Emitter text;
  text << YAML::Comment("Written by `bindery up` at each start, for nodes beside it.")
       << YAML::Newline << file << YAML::Newline;

  ::unlink(path.c_str());
  int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  auto written =
      fd >= 0 && ::write(fd, text.c_str(), text.size()) == static_cast<ssize_t>(text.size());
  auto why = errno;
  if (fd >= 0) ::close(fd);
  if (written) return {};
  return make_error(errc::io_failed, "Cannot write " + path + ": " + std::strerror(why));
}

}  // namespace bindery
