#include "runtime/build/repo2docker.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "runtime/build/trace.hpp"
#include "runtime/error.hpp"

namespace bindery {

namespace {

/// Longer JSON lines lose their extra fields: nobody reads them.
constexpr size_t max_extra_bytes = 16 * 1024;
/// Longer lines of a step's are told in pieces.
constexpr size_t max_begun_bytes = 64 * 1024;

phase phase_of(const nlohmann::json& line, phase before) {
  if (!line.contains("phase") || !line["phase"].is_string()) return before;
  auto word = line["phase"].get<std::string>();
  if (word == "failure" || word == "failed") return phase::failed;
  auto found = phase_from(word);
  return found == phase::built || found == phase::ready || found == phase::launching
             ? phase::unknown
             : found;
}

/// The line may be a piece of what a step prints, as docker cut it.
bool is_output(const nlohmann::json& line) {
  return line.size() == 2 && line.contains("phase") && line["phase"] == "building";
}

/// How much of a step's output is whole lines. Carriage returns end a line too, and docker's own
/// records, which repo2docker tells as JSON without a break.
size_t whole_bytes(std::string_view output) {
  if (output.starts_with('{') && output.ends_with('}')) return output.size();
  auto end = output.find_last_of("\r\n");
  if (end != std::string_view::npos) return end + 1;
  return output.size() < max_begun_bytes ? 0 : output.size();
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

std::vector<stream_event> repo2docker_reader::read(std::string_view line) {
  auto parsed = line.starts_with('{') ? nlohmann::json::parse(line, nullptr, false)
                                      : nlohmann::json(nlohmann::json::value_t::discarded);
  if (!parsed.is_object() || !parsed.contains("message") || !parsed["message"].is_string())
    return {make_event(phase::unknown, line)};
  auto what = phase_of(parsed, current_);
  auto message = parsed["message"].get<std::string>();
  if (is_output(parsed)) {
    current_ = what;
    begun_ += message;
    auto whole = whole_bytes(begun_);
    if (whole == 0) return {};
    auto event = make_event(what, std::string_view{begun_}.substr(0, whole));
    begun_.erase(0, whole);
    return {std::move(event)};
  }
  auto events = rest();
  if (what != phase::failed && what != phase::unknown) current_ = what;
  // `layers` repeats what `progress` says, at ten times its size; stack traces are not for users.
  for (const char* field : {"phase", "message", "layers", "exc_info"}) parsed.erase(field);
  if (line.size() > max_extra_bytes) parsed = nlohmann::json::object();
  events.push_back(make_event(what, std::exchange(begun_, {}) + message, std::move(parsed)));
  return events;
}

bool repo2docker_reader::holds_back() const {
  // An end of colours, which docker puts behind the line's, goes well before whatever comes next.
  return !plain_text(begun_).empty();
}

std::vector<stream_event> repo2docker_reader::rest() {
  if (!holds_back()) return {};
  return {make_event(phase::building, std::exchange(begun_, {}))};
}

}  // namespace bindery
