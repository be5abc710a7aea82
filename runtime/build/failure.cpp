#include "runtime/build/failure.hpp"

#include <csignal>
#include <cstring>
#include <optional>
#include <vector>

#include "runtime/build/failure_words.hpp"
#include "runtime/net/url.hpp"

namespace bindery {

namespace {

constexpr size_t max_message_bytes = 2'000;
constexpr size_t max_quote_bytes = 300;

const char* const ask_operator = "Tell the operator of this service.";
const char* const fix_dockerfile = "Correct the repository's Dockerfile.";

/// Shortened to its beginning, on one line.
std::string shortened(std::string text, size_t most = max_quote_bytes) {
  for (auto& c : text)
    if (c == '\n') c = ' ';
  if (text.size() > most) {
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
    text = text.substr(0, most) + "...";
  }
  return text;
}

std::string in_units(std::chrono::seconds time) {
  auto count = [](int64_t n, const char* unit) {
    return std::to_string(n) + " " + unit + (n == 1 ? "" : "s");
  };
  auto s = time.count();
  if (s % 3600 == 0 && s > 0) return count(s / 3600, "hour");
  if (s % 60 == 0 && s > 0) return count(s / 60, "minute");
  return count(s, "second");
}

std::string in_mebibytes(uint64_t bytes) {
  return std::to_string(bytes / (1024 * 1024)) + " MiB";
}

/// One failure on its way to a verdict.
class explanation {
 public:
  explanation(const build_trace& trace, const build_end& end) : trace_(trace), end_(end) {}

  build_verdict give() const {
    for (auto rule :
         {&explanation::of_the_end, &explanation::of_the_engine, &explanation::of_the_disk,
          &explanation::of_the_builder, &explanation::of_the_clone, &explanation::of_the_push,
          &explanation::of_the_dockerfile, &explanation::of_the_base_image,
          &explanation::of_a_step})
      if (auto found = (this->*rule)()) return *found;
    return say(build_fault::unknown, "repo2docker ended with " + to_string(end_.exit) +
                                         said(last_words()) + " The log tells what it did.");
  }

 private:
  using verdict = std::optional<build_verdict>;

  build_verdict say(build_fault fault, const std::string& why) const {
    return {fault, shortened_message("Building " + shown_url(end_.repo_url) + " failed: " + why)};
  }

  static std::string shortened_message(std::string text) {
    return shortened(std::move(text), max_message_bytes);
  }

  static std::string said(const std::string& words) {
    return words.empty() ? "."
                         : ". It said: " + shortened(words) + (ends_sentence(words) ? "" : ".");
  }

  static bool ends_sentence(const std::string& words) {
    return !words.empty() && (words.back() == '.' || words.back() == '!' || words.back() == '?');
  }

  std::string last_words() const {
    if (!trace_.cause().empty()) return trace_.cause();
    return trace_.lines().empty() ? std::string{} : trace_.lines().back();
  }

  /// ` at step 2/5, "RUN make"`; "" before the first step.
  std::string at_step() const {
    if (trace_.instruction().empty()) return {};
    auto place = trace_.place().empty() ? std::string{} : " " + trace_.place();
    return " at step" + place + ", \"" + shortened(trace_.instruction(), 160) + "\"";
  }

  std::string where() const {
    switch (trace_.stage()) {
      case build_stage::starting:
        return {};
      case build_stage::fetching:
        return " while the repository was fetched";
      case build_stage::pushing:
        return " while the image was stored in the registry";
      default:
        return at_step();
    }
  }

  /// The words by which the engine, git or a step says what is wrong: the cause, or the newest such
  /// line. Earlier `words` say more. The text of the step itself says nothing.
  template <class List>
  std::string told_of(const List& words) const {
    if (!exit_status_in(trace_.cause()))
      for (const auto& word : words)
        if (holds(trace_.cause(), word)) return engine_words(trace_.cause());
    for (const auto& word : words)
      for (auto i = trace_.lines().rbegin(); i != trace_.lines().rend(); ++i)
        if (holds(*i, word) && !is_builders_own(*i, trace_.cause())) return *i;
    return {};
  }

  template <class List>
  bool cause_has(const List& words) const {
    for (const auto& word : words)
      if (holds(trace_.cause(), word)) return true;
    return false;
  }

  verdict of_the_end() const {
    if (end_.cancelled)
      return say(build_fault::cancelled,
                 "it was stopped" + where() +
                     ", because this node is ending or somebody stopped it. Launch again to start "
                     "it anew.");
    if (end_.exit.timed_out)
      return say(build_fault::timed_out,
                 "it ran out of time" + where() + ": it may take " + in_units(end_.timeout) +
                     " here. Make the repository's environment smaller; the operator can raise "
                     "Bindery.build_timeout_seconds.");
    if (end_.out_of_memory)
      return say(build_fault::out_of_memory,
                 "it was killed for its use of memory" + where() + ". " + memory_advice());
    auto number = end_.exit.signal;
    if (number == 0 && end_.exit.code > 128 && end_.exit.code < 128 + NSIG && end_.exit.code != 255)
      number = end_.exit.code - 128;
    if (number == SIGKILL)
      return say(build_fault::killed,
                 "repo2docker was killed by signal 9 (Killed)" + where() +
                     ", most often because the machine that builds was out of memory. Launch again "
                     "in a few minutes; if it happens again, tell the operator of this service.");
    if (number != 0)
      return say(build_fault::killed, "repo2docker was killed by signal " + std::to_string(number) +
                                          " (" + strsignal(number) + ")" + where() +
                                          ". Launch again to start the build anew.");
    return {};
  }

  std::string memory_advice() const {
    auto limit = end_.memory_limit_bytes == 0
                     ? std::string{"The machine that builds has no more"}
                     : "A build may use " + in_mebibytes(end_.memory_limit_bytes) + " here";
    return limit +
           ". Install less at once, or in smaller steps; the operator can change "
           "LocalRepo2dockerBuild.memory_limit.";
  }

  verdict of_the_engine() const {
    if (auto line = trace_.line_with("Container engine initialization error"); !line.empty())
      return say(build_fault::engine_unreachable,
                 "no container engine answers at " + end_.engine + ". " + ask_operator +
                     " Is the engine running, and may Bindery use it (Bindery.container_engine)?");
    if (trace_.cause().starts_with("Error during build:") && cause_has(words_of_docker_client) &&
        cause_has(words_of_lost_engine))
      return say(build_fault::engine_unreachable,
                 "the connection to the container engine at " + end_.engine + " broke off" +
                     where() +
                     ". It was stopped or restarted. Launch again in a few minutes; if it happens "
                     "again, tell the operator of this service.");
    return {};
  }

  verdict of_the_disk() const {
    auto words = told_of(words_of_full_disk);
    if (words.empty()) return {};
    return say(build_fault::disk_full,
               "there is no space left" + where() + " (" + shortened(words) +
                   "). Make the repository or what it installs smaller; if it is small, tell the "
                   "operator of this service that the disk for builds is full.");
  }

  verdict of_the_builder() const {
    if (trace_.stage() != build_stage::starting) return {};
    auto words = trace_.line_with("ModuleNotFoundError", "ImportError", "No module named",
                                  "bad interpreter", "command not found");
    if (words.empty() && end_.exit.code != 126 && end_.exit.code != 127) return {};
    return say(build_fault::builder_missing,
               "repo2docker cannot run here (" + end_.program + ", " + to_string(end_.exit) + ")" +
                   said(words.empty() ? last_words() : words) + " " + ask_operator +
                   " Install repo2docker anew, or name another one in Bindery.repo2docker.");
  }

  verdict of_the_clone() const {
    if (trace_.stage() != build_stage::fetching) return {};
    const auto url = shown_url(end_.repo_url);
    if (auto words = told_of(words_of_missing_ref); !words.empty())
      return say(build_fault::ref_missing,
                 "commit " + shortened(end_.ref, 80) +
                     " is not in the repository any more. It was removed, or its branch was "
                     "overwritten: launch a branch or tag that exists.");
    if (auto words = told_of(words_of_refused_clone); !words.empty())
      return say(build_fault::repository_refused,
                 "git was not let in: " + shortened(words) +
                     ". Does the repository exist, and is it public? For private ones the operator "
                     "sets git_credentials of the provider.");
    if (auto words = told_of(words_of_missing_repository); !words.empty())
      return say(build_fault::repository_missing,
                 "no repository was found there: " + shortened(words) +
                     ". Check the address; a repository that is not public cannot be seen either.");
    if (auto words = told_of(words_of_unreachable_repository); !words.empty())
      return say(build_fault::repository_unreachable,
                 "the repository's host could not be reached: " + shortened(words) +
                     ". Try again later; check the address if it happens again.");
    if (!holds(trace_.cause(), "clone") && !holds(trace_.cause(), "'git'")) return {};
    auto words = trace_.line_with("fatal:", "error:");
    return say(build_fault::clone_failed,
               "the repository could not be cloned" + said(words.empty() ? last_words() : words) +
                   " Check that 'git clone --recurse-submodules' of it works.");
  }

  verdict of_the_push() const {
    if (trace_.stage() != build_stage::pushing || trace_.cause().empty()) return {};
    auto words = shortened(engine_words(trace_.cause()));
    auto registry = registry_of(end_.image_name);
    auto what = "The image was built, but ";
    if (cause_has(words_of_refused_registry))
      return say(build_fault::push_refused,
                 what + ("the registry " + registry + " does not let it be stored: " + words) +
                     ". " + ask_operator +
                     " Are DockerRegistry.username and password right, and may they push?");
    if (cause_has(words_of_unreachable_registry))
      return say(build_fault::push_unreachable,
                 what + ("the registry " + registry + " could not take it: " + words) +
                     ". Launch again in a few minutes: what was built is kept by the engine.");
    return say(build_fault::push_failed,
               what + ("storing it in the registry " + registry + " failed: " + words) + ". " +
                   ask_operator);
  }

  verdict of_the_dockerfile() const {
    if (!cause_has(words_of_invalid_dockerfile)) return {};
    return say(build_fault::dockerfile_invalid,
               "the engine cannot read the Dockerfile: " + shortened(engine_words(trace_.cause())) +
                   ". " + fix_dockerfile);
  }

  verdict of_the_base_image() const {
    auto image = base_image_of(trace_.instruction(), trace_.cause());
    if (image.empty()) return {};
    auto words = shortened(engine_words(trace_.cause()));
    auto could_not = "the base image " + shortened(image, 200) + " could not be pulled: " + words;
    if (holds(trace_.cause(), "toomanyrequests"))
      return say(build_fault::base_image_refused,
                 could_not + ". Its registry limits how often it is asked: launch again later.");
    // Docker's registries say "denied" for what is not there, too.
    if (cause_has(words_of_missing_image))
      return say(
          build_fault::base_image_missing,
          could_not + ". Check name and tag in the Dockerfile's FROM; the image must be public.");
    if (cause_has(words_of_refused_registry))
      return say(
          build_fault::base_image_refused,
          could_not + ". The image must be public, or the engine logged in to its registry.");
    if (cause_has(words_of_unreachable_registry))
      return say(build_fault::base_image_unreachable,
                 could_not +
                     ". Check the registry's name in the Dockerfile's FROM; if it is right, launch "
                     "again later, or tell the operator that builds cannot reach it.");
    return {};
  }

  verdict of_a_step() const {
    if (trace_.stage() != build_stage::building || trace_.cause().empty()) return {};
    auto status = exit_status_in(trace_.cause());
    if (!status) return of_a_broken_step();
    auto failed = "step" + (trace_.place().empty() ? "" : " " + trace_.place()) +
                  " of its build, \"" + shortened(instruction(), 160) +
                  "\", ended with exit status " + std::to_string(*status);
    if (*status == 128 + SIGKILL)
      return say(build_fault::out_of_memory, failed +
                                                 ": it was killed, most often for its use of "
                                                 "memory. " +
                                                 memory_advice());
    if (auto words = told_of(words_of_unreachable_packages); !words.empty())
      return say(build_fault::packages_unreachable,
                 failed + ": packages could not be downloaded (" + shortened(words) +
                     "). Launch again later; if it happens again, tell the operator of this "
                     "service that builds cannot reach the network.");
    if (auto words = told_of(words_of_unsolvable_packages); !words.empty())
      return say(build_fault::packages_unsolvable,
                 failed + ": its packages cannot be installed (" + shortened(words) +
                     "). Correct names and versions in the repository's requirements.txt, "
                     "environment.yml, apt.txt or Dockerfile.");
    if (*status > 128 && *status < 128 + NSIG)
      return say(build_fault::step_failed, failed + ": signal " + std::to_string(*status - 128) +
                                               " (" + strsignal(*status - 128) + ") ended it" +
                                               last_output());
    return say(build_fault::step_failed, failed + last_output());
  }

  verdict of_a_broken_step() const {
    if (trace_.instruction().empty()) return {};
    return say(build_fault::step_failed, "the engine gave up" + at_step() + ": " +
                                             shortened(engine_words(trace_.cause())) + ". " +
                                             fix_dockerfile);
  }

  /// The instruction as the step began, or as the failure names it.
  std::string instruction() const {
    return trace_.instruction().empty() ? shortened(trace_.cause(), 160) : trace_.instruction();
  }

  /// `. Its last words: ...`, of what the step itself printed.
  std::string last_output() const {
    for (auto i = trace_.lines().rbegin(); i != trace_.lines().rend(); ++i) {
      if (is_builders_own(*i, trace_.cause())) continue;
      return ". Its last words: " + shortened(*i) + (ends_sentence(*i) ? "" : ".") +
             " The log tells more.";
    }
    return ". The log tells more.";
  }

  const build_trace& trace_;
  const build_end& end_;
};

}  // namespace

std::string to_string(build_fault fault) {
  switch (fault) {
    case build_fault::builder_missing:
      return "builder_missing";
    case build_fault::engine_unreachable:
      return "engine_unreachable";
    case build_fault::out_of_memory:
      return "out_of_memory";
    case build_fault::disk_full:
      return "disk_full";
    case build_fault::base_image_missing:
      return "base_image_missing";
    case build_fault::base_image_refused:
      return "base_image_refused";
    case build_fault::base_image_unreachable:
      return "base_image_unreachable";
    case build_fault::dockerfile_invalid:
      return "dockerfile_invalid";
    case build_fault::step_failed:
      return "step_failed";
    case build_fault::packages_unsolvable:
      return "packages_unsolvable";
    case build_fault::packages_unreachable:
      return "packages_unreachable";
    case build_fault::repository_missing:
      return "repository_missing";
    case build_fault::repository_refused:
      return "repository_refused";
    case build_fault::repository_unreachable:
      return "repository_unreachable";
    case build_fault::ref_missing:
      return "ref_missing";
    case build_fault::clone_failed:
      return "clone_failed";
    case build_fault::push_refused:
      return "push_refused";
    case build_fault::push_unreachable:
      return "push_unreachable";
    case build_fault::push_failed:
      return "push_failed";
    case build_fault::timed_out:
      return "timed_out";
    case build_fault::killed:
      return "killed";
    case build_fault::cancelled:
      return "cancelled";
    case build_fault::unknown:
      break;
  }
  return "unknown";
}

build_verdict explain_failure(const build_trace& trace, const build_end& end) {
  return explanation{trace, end}.give();
}

build_verdict explain_missing_builder(const build_end& end, const std::string& why) {
  return {build_fault::builder_missing,
          "Building " + shown_url(end.repo_url) + " failed: " + why +
              ". Install repo2docker, or name it in the setting Bindery.repo2docker."};
}

}  // namespace bindery
