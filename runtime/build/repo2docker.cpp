#include "runtime/build/repo2docker.hpp"

#include <algorithm>
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

std::vector<stream_event> and_then(std::vector<stream_event> events, stream_event last) {
  events.push_back(std::move(last));
  return events;
}

/// The line may be a piece of what a step prints, as docker cut it.
bool is_output(const nlohmann::json& line) {
  return line.size() == 2 && line.contains("phase") && line["phase"] == "building";
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
    return and_then(rest(), make_event(phase::unknown, line));
  auto what = phase_of(parsed, current_);
  auto message = parsed["message"].get<std::string>();
  if (is_output(parsed)) {
    current_ = what;
    auto whole = join(message);
    if (whole.empty()) return {};
    return {make_event(what, whole)};
  }
  auto events = rest();
  if (what != phase::failed && what != phase::unknown) current_ = what;
  // `layers` repeats what `progress` says, at ten times its size; stack traces are not for users.
  for (const char* field : {"phase", "message", "layers", "exc_info"}) parsed.erase(field);
  if (line.size() > max_extra_bytes) parsed = nlohmann::json::object();
  // An end of colours, which docker puts behind the line's, goes before whatever comes next.
  auto text = std::exchange(begun_, {}) + message;
  closed_early_ = false;
  return and_then(std::move(events), make_event(what, text, std::move(parsed)));
}

std::string repo2docker_reader::join(std::string_view piece) {
  if (std::exchange(closed_early_, false) && piece.starts_with('\n')) piece.remove_prefix(1);
  auto before = begun_.size();
  begun_ += piece;
  auto end = piece.rfind('\n');
  size_t whole = end == std::string_view::npos ? 0 : before + end + 1;
  // Carriage returns end a line too, and docker's own records, which repo2docker tells as JSON
  // without a break.
  bool record = before == 0 && piece.starts_with('{') && piece.ends_with('}');
  if (record || begun_.size() - whole >= max_begun_bytes ||
      (piece.size() > 1 && piece.ends_with('\r'))) {
    whole = begun_.size();
    closed_early_ = true;
  }
  auto told = begun_.substr(0, whole);
  begun_.erase(0, whole);
  visible_ =
      (visible_ && whole == 0) ||
      !plain_text(piece.substr(piece.size() - std::min(piece.size(), begun_.size()))).empty();
  return told;
}

std::vector<stream_event> repo2docker_reader::rest() {
  if (!std::exchange(visible_, false)) return {};
  closed_early_ = true;
  return {make_event(phase::building, std::exchange(begun_, {}))};
}

}  // namespace bindery
