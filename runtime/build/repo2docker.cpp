#include "runtime/build/repo2docker.hpp"

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"

namespace bindery {

namespace {

/// Longer JSON lines lose their extra fields: nobody reads them.
constexpr size_t max_extra_bytes = 16 * 1024;

phase phase_of(const nlohmann::json& line, phase before) {
  if (!line.contains("phase") || !line["phase"].is_string()) return before;
  auto word = line["phase"].get<std::string>();
  if (word == "failure" || word == "failed") return phase::failed;
  auto found = phase_from(word);
  return found == phase::built || found == phase::ready || found == phase::launching
             ? phase::unknown
             : found;
}

}  // namespace

caf::expected<std::vector<std::string>> repo2docker_arguments(const repo2docker_options& options,
                                                              const build_request& request) {
  if (request.repo_url.empty() || request.repo_url.front() == '-' || request.ref.empty() ||
      request.ref.front() == '-')
    return make_error(errc::bad_request, "Refusing to build " + request.repo_url + " at " +
                                             request.ref +
                                             ": neither URL nor ref may be empty or start with a "
                                             "dash");
  std::vector<std::string> arguments = {"--ref=" + request.ref, "--image=" + request.image_name,
                                        "--no-clean",           "--no-run",
                                        "--json-logs",          "--user-name=jovyan",
                                        "--user-id=1000"};
  if (!options.appendix.empty()) {
    arguments.push_back("--appendix");
    arguments.push_back(options.appendix);
  }
  if (options.push) arguments.push_back("--push");
  if (options.memory_limit_bytes > 0)
    arguments.push_back("--build-memory-limit=" + std::to_string(options.memory_limit_bytes));
  arguments.insert(arguments.end(), options.extra_args.begin(), options.extra_args.end());
  arguments.push_back(request.repo_url);
  return arguments;
}

stream_event read_repo2docker_line(std::string_view line, phase before) {
  auto parsed = line.starts_with('{') ? nlohmann::json::parse(line, nullptr, false)
                                      : nlohmann::json(nlohmann::json::value_t::discarded);
  if (!parsed.is_object() || !parsed.contains("message") || !parsed["message"].is_string())
    return make_event(phase::unknown, line);
  auto what = phase_of(parsed, before);
  auto message = parsed["message"].get<std::string>();
  if (line.size() > max_extra_bytes) return make_event(what, message);
  // `layers` repeats what `progress` says, at ten times its size; stack traces are not for users.
  for (const char* field : {"phase", "message", "layers", "exc_info"}) parsed.erase(field);
  return make_event(what, message, std::move(parsed));
}

}  // namespace bindery
