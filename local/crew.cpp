#include "local/crew.hpp"

#include <algorithm>
#include <utility>

#include <caf/send.hpp>

#include "runtime/error.hpp"

namespace bindery {

namespace {

/// Beyond a process's own grace, for its end to be noticed and told.
constexpr std::chrono::milliseconds telling_time{5'000};

}  // namespace

void crew::add(part_options options) {
  auto name = options.name;
  auto grace = options.process.stop_grace;
  members_.push_back(
      {std::move(name), self_->spawn(part, std::move(options), runner_, http_), grace});
}

bool crew::has(const std::string& name) const {
  return std::any_of(members_.begin(), members_.end(),
                     [&](const member& one) { return one.name == name; });
}

bool crew::begin_wait(std::function<void()> how) {
  std::lock_guard guard{mutex_};
  cancel_wait_ = std::move(how);
  return !cancelled_;
}

void crew::end_wait() {
  std::lock_guard guard{mutex_};
  cancel_wait_ = nullptr;
}

void crew::cancel() {
  std::lock_guard guard{mutex_};
  cancelled_ = true;
  if (cancel_wait_) cancel_wait_();
}

bool crew::cancelled() {
  std::lock_guard guard{mutex_};
  return cancelled_;
}

caf::error crew::wait(const std::string& name) {
  auto found = std::find_if(members_.begin(), members_.end(),
                            [&](const member& one) { return one.name == name; });
  if (found == members_.end()) return make_error(errc::internal, "There is no part " + name);
  caf::error result;
  // Asked before `leave` can be sent, so that no leave comes too early to be heard.
  auto pending = self_->request(found->actor, caf::infinite, wait_atom::value);
  if (!begin_wait([actor = found->actor] { caf::anon_send(actor, leave_atom::value); }))
    caf::anon_send(found->actor, leave_atom::value);
  pending.receive([] {}, [&](const caf::error& why) { result = why; });
  end_wait();
  return result;
}

caf::expected<std::string> crew::run(step_options options) {
  if (cancelled()) return make_error(errc::cancelled);
  auto actor = self_->spawn(step, std::move(options), runner_);
  caf::expected<std::string> result = make_error(errc::internal);
  auto pending = self_->request(actor, caf::infinite, run_atom::value);
  if (!begin_wait([actor] { caf::anon_send(actor, stop_atom::value); }))
    caf::anon_send(actor, stop_atom::value);
  pending.receive([&](std::string& output) { result = std::move(output); },
                  [&](const caf::error& why) { result = why; });
  end_wait();
  return result;
}

caf::expected<http_response> crew::fetch(http_request request) {
  caf::expected<http_response> result = make_error(errc::internal);
  self_->request(http_, 2 * request.timeout, fetch_atom::value, std::move(request))
      .receive([&](http_response& response) { result = std::move(response); },
               [&](const caf::error& why) { result = why; });
  return result;
}

std::vector<http_response> crew::fetch_all(std::vector<http_request> requests) {
  using pending_type = decltype(self_->request(http_, requests.front().timeout, fetch_atom::value,
                                               requests.front()));
  std::vector<pending_type> pending;
  for (auto& request : requests)
    pending.push_back(
        self_->request(http_, 2 * request.timeout, fetch_atom::value, std::move(request)));
  std::vector<http_response> answers;
  for (auto& one : pending)
    one.receive([&](http_response& response) { answers.push_back(std::move(response)); },
                [](const caf::error&) {});
  return answers;
}

void crew::stop(const member& one) {
  self_->request(one.actor, one.stop_grace + telling_time, stop_atom::value)
      .receive([] {},
               [&](const caf::error&) {
                 // It has ended already, or does not answer: then its process ends with it.
                 self_->send_exit(one.actor, caf::exit_reason::kill);
               });
}

void crew::stop(const std::string& name) {
  auto found = std::find_if(members_.begin(), members_.end(),
                            [&](const member& one) { return one.name == name; });
  if (found == members_.end()) return;
  auto one = std::move(*found);
  members_.erase(found);
  stop(one);
}

void crew::stop_all() {
  while (!members_.empty()) {
    auto one = std::move(members_.back());
    members_.pop_back();
    stop(one);
  }
}

}  // namespace bindery
