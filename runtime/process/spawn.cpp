#include "runtime/process/spawn.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <linux/close_range.h>
#include <map>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/error.hpp"

extern char** environ;

namespace bindery {

namespace {

/// Closes what it holds unless it was released.
class descriptor {
 public:
  explicit descriptor(int fd = -1) : fd_(fd) {}
  ~descriptor() { reset(); }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }
  void reset(int fd = -1) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
  }

 private:
  int fd_;
};

bool make_pipe(descriptor& read_end, descriptor& write_end) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return false;
  read_end.reset(ends[0]);
  write_end.reset(ends[1]);
  return true;
}

std::map<std::string, std::string> environment_of(const process_spec& spec) {
  std::map<std::string, std::string> all;
  for (char** entry = environ; *entry; ++entry) {
    std::string_view text{*entry};
    if (auto equals = text.find('='); equals != std::string_view::npos)
      all[std::string{text.substr(0, equals)}] = text.substr(equals + 1);
  }
  for (const auto& [name, value] : spec.environment) all[name] = value;
  return all;
}

bool executable(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
         ::access(path.c_str(), X_OK) == 0;
}

caf::expected<std::string> find_program(const std::string& program, const std::string& path) {
  if (program.find('/') != std::string::npos) {
    if (executable(program)) return program;
    return make_error(errc::process_failed, "Cannot run " + program + ": there is no such program");
  }
  for (size_t at = 0; at <= path.size();) {
    auto colon = std::min(path.find(':', at), path.size());
    auto candidate = path.substr(at, colon - at) + "/" + program;
    if (colon > at && executable(candidate)) return candidate;
    at = colon + 1;
  }
  return make_error(errc::process_failed,
                    "Cannot run " + program + ": there is no such program in PATH");
}

/// A file in memory with the input, or /dev/null without.
int open_input(const std::string& input) {
  if (input.empty()) return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  int fd = ::memfd_create("input", MFD_CLOEXEC);
  if (fd < 0) return -1;
  for (size_t done = 0; done < input.size();) {
    auto n = ::write(fd, input.data() + done, input.size() - done);
    if (n <= 0) {
      ::close(fd);
      return -1;
    }
    done += static_cast<size_t>(n);
  }
  ::lseek(fd, 0, SEEK_SET);
  return fd;
}

/// What the child does between fork and exec: only async-signal-safe calls.
[[noreturn]] void become(const char* path, char* const* arguments, char* const* environment,
                         const char* folder, int input, int output, int errors, int report,
                         pid_t parent) {
  auto give_up = [&] {
    int why = errno;
    [[maybe_unused]] auto written = ::write(report, &why, sizeof why);
    ::_exit(127);
  };
  ::setsid();
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(127);  // it died before we asked to be told
  sigset_t nothing;
  sigemptyset(&nothing);
  ::sigprocmask(SIG_SETMASK, &nothing, nullptr);
  for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
  if (::dup2(input, 0) < 0 || ::dup2(output, 1) < 0 || ::dup2(errors, 2) < 0) give_up();
  ::syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC);
  if (*folder != '\0' && ::chdir(folder) != 0) give_up();
  ::execve(path, arguments, environment);
  give_up();
  ::_exit(127);
}

caf::error failed(const process_spec& spec, int why) {
  return make_error(errc::process_failed, "Cannot run " + spec.program + ": " + std::strerror(why));
}

}  // namespace

caf::expected<spawned_process> spawn_process(const process_spec& spec) {
  auto variables = environment_of(spec);
  auto program = find_program(spec.program, variables["PATH"]);
  if (!program) return std::move(program.error());

  std::vector<std::string> words{spec.program};
  words.insert(words.end(), spec.arguments.begin(), spec.arguments.end());
  std::vector<char*> arguments, environment;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::vector<std::string> entries;
  for (const auto& [name, value] : variables) entries.push_back(name + "=" + value);
  for (auto& entry : entries) environment.push_back(entry.data());
  environment.push_back(nullptr);

  descriptor input{open_input(spec.input)};
  descriptor output_read, output_write, errors_read, errors_write, report_read, report_write;
  if (input.get() < 0 || !make_pipe(output_read, output_write) ||
      !make_pipe(errors_read, errors_write) || !make_pipe(report_read, report_write))
    return failed(spec, errno);

  auto parent = ::getpid();
  auto pid = ::fork();
  if (pid < 0) return failed(spec, errno);
  if (pid == 0)
    become(program->c_str(), arguments.data(), environment.data(), spec.working_folder.c_str(),
           input.get(), output_write.get(), errors_write.get(), report_write.get(), parent);

  report_write.reset();
  int why = 0;
  ssize_t got = 0;
  do got = ::read(report_read.get(), &why, sizeof why);
  while (got < 0 && errno == EINTR);
  if (got > 0) {
    ::waitpid(pid, nullptr, 0);
    return failed(spec, why);
  }
  spawned_process child;
  child.pid = pid;
  child.pid_fd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (child.pid_fd < 0) {
    auto reason = errno;
    ::kill(-pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    return failed(spec, reason);
  }
  ::fcntl(output_read.get(), F_SETFL, O_NONBLOCK);
  ::fcntl(errors_read.get(), F_SETFL, O_NONBLOCK);
  child.output_fd = output_read.release();
  child.errors_fd = errors_read.release();
  return child;
}

}  // namespace bindery
