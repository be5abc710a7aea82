#include "runtime/net/curl_engine.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <pthread.h>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include <curl/curl.h>

#include "runtime/error.hpp"
#include "runtime/net/curl_transfer.hpp"
#include "runtime/net/socket_watch.hpp"

namespace bindery {

namespace {

using transfer_ptr = std::unique_ptr<curl_transfer>;
using clock = curl_transfer::clock;

void init_libcurl_once() {
  static const bool done = [] { return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK; }();
  static_cast<void>(done);
}

curl_engine_options completed(curl_engine_options options) {
  if (options.ca_file.empty())
    if (const char* file = std::getenv("SSL_CERT_FILE")) options.ca_file = file;
  return options;
}

}  // namespace

/// What lives on the engine's thread, and the queue that leads there.
class curl_engine::loop {
 public:
  explicit loop(curl_engine_options options) : options_(completed(std::move(options))) {
    init_libcurl_once();
    multi_ = curl_multi_init();
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &watch_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &set_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
    curl_multi_setopt(multi_, CURLMOPT_MAX_HOST_CONNECTIONS,
                      static_cast<long>(options_.max_host_connections));
  }

  ~loop() {
    transfers_.clear();
    curl_multi_cleanup(multi_);
  }

  static void start(const std::shared_ptr<loop>& self) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    self->thread_ = std::thread([self] { self->run(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    pthread_setname_np(self->thread_.native_handle(), "curl_engine");
  }

  caf::expected<uint64_t> submit(http_request request, http_callbacks callbacks) {
    std::lock_guard guard{mutex_};
    if (stopping_) return make_error(errc::shutting_down);
    if (under_way_ >= options_.max_requests)
      return make_error(errc::too_many_requests, "More than " +
                                                     std::to_string(options_.max_requests) +
                                                     " requests to upstreams are under way");
    ++under_way_;
    auto ticket = ++last_ticket_;
    submitted_.push_back(std::make_unique<curl_transfer>(ticket, std::move(request),
                                                         std::move(callbacks), options_));
    watch_.wake();
    return ticket;
  }

  void cancel(uint64_t ticket) {
    std::lock_guard guard{mutex_};
    cancelled_.push_back(ticket);
    watch_.wake();
  }

  void stop() {
    {
      std::lock_guard guard{mutex_};
      stopping_ = true;
      watch_.wake();
    }
    // The engine may be dropped by one of its own callbacks.
    if (thread_.get_id() == std::this_thread::get_id())
      thread_.detach();
    else
      thread_.join();
  }

  size_t under_way() const { return under_way_; }

 private:
  void run() {
    while (take_orders()) {
      int running = 0;
      for (const auto& one : watch_.wait(time_to_wait())) {
        auto what = (one.readable ? CURL_CSELECT_IN : 0) | (one.writable ? CURL_CSELECT_OUT : 0) |
                    (one.broken ? CURL_CSELECT_ERR : 0);
        curl_multi_socket_action(multi_, one.fd, what, &running);
      }
      if (clock::now() >= curl_timer_) {
        curl_timer_ = clock::time_point::max();
        curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
      }
      conclude_finished();
      end_silent();
    }
    while (!transfers_.empty()) end(transfers_.begin()->first, make_error(errc::shutting_down));
  }

  static int watch_socket(CURL*, curl_socket_t fd, int what, void* self, void*) {
    // CURL_POLL_REMOVE has neither bit.
    static_cast<loop*>(self)->watch_.set(fd, (what & CURL_POLL_IN) != 0,
                                         (what & CURL_POLL_OUT) != 0);
    return 0;
  }

  static int set_timer(CURLM*, long milliseconds, void* self) {
    static_cast<loop*>(self)->curl_timer_ =
        milliseconds < 0 ? clock::time_point::max()
                         : clock::now() + std::chrono::milliseconds{milliseconds};
    return 0;
  }

  /// Carries out what other threads asked for. False when the engine is to end.
  bool take_orders() {
    std::vector<transfer_ptr> submitted;
    std::vector<uint64_t> cancelled;
    bool stopping = false;
    {
      std::lock_guard guard{mutex_};
      submitted.swap(submitted_);
      cancelled.swap(cancelled_);
      stopping = stopping_;
    }
    for (auto& transfer : submitted) {
      auto ticket = transfer->ticket();
      auto& kept = *transfers_.emplace(ticket, std::move(transfer)).first->second;
      if (!stopping) begin(kept);
    }
    for (auto ticket : cancelled)
      if (auto i = transfers_.find(ticket); i != transfers_.end())
        end(ticket, i->second->cancelled_error());
    return !stopping;
  }

  /// Hands the transfer to libcurl; one that cannot even be set up ends here.
  void begin(curl_transfer& transfer) {
    // libcurl counts busy connections too.
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS,
                      static_cast<long>(options_.max_idle_connections + transfers_.size()));
    if (auto err = transfer.prepare()) return end(transfer.ticket(), std::move(err));
    if (curl_multi_add_handle(multi_, transfer.easy()) != CURLM_OK)
      return end(transfer.ticket(), make_error(errc::internal, "libcurl takes no more requests"));
    if (auto deadline = transfer.idle_deadline())
      next_silence_check_ = std::min(next_silence_check_, *deadline);
  }

  void conclude_finished() {
    int left = 0;
    while (auto* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      // `message` dies with the removal of its handle.
      auto code = message->data.result;
      auto* easy = message->easy_handle;
      curl_transfer* transfer = nullptr;
      curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
      curl_multi_remove_handle(multi_, easy);
      if (auto result = transfer->conclude(code))
        end(transfer->ticket(), std::move(*result));
      else
        begin(*transfer);
    }
  }

  /// Ends the transfers whose upstream has been silent too long. The earliest deadline only ever
  /// moves back, so all are looked at only when that one has passed.
  void end_silent() {
    auto now = clock::now();
    if (now < next_silence_check_) return;
    next_silence_check_ = clock::time_point::max();
    std::vector<uint64_t> silent;
    for (const auto& [ticket, transfer] : transfers_) {
      auto deadline = transfer->idle_deadline();
      if (!deadline) continue;
      if (*deadline <= now)
        silent.push_back(ticket);
      else
        next_silence_check_ = std::min(next_silence_check_, *deadline);
    }
    for (auto ticket : silent) end(ticket, transfers_.at(ticket)->idle_error());
  }

  void end(uint64_t ticket, caf::expected<http_response> result) {
    auto transfer = std::move(transfers_.at(ticket));
    transfers_.erase(ticket);
    curl_multi_remove_handle(multi_, transfer->easy());
    --under_way_;
    transfer->settle(std::move(result));
  }

  std::chrono::milliseconds time_to_wait() const {
    constexpr auto longest = std::chrono::milliseconds{10'000};
    auto next = std::min(next_silence_check_, curl_timer_);
    if (next == clock::time_point::max()) return longest;
    return std::min(std::chrono::ceil<std::chrono::milliseconds>(next - clock::now()), longest);
  }

  const curl_engine_options options_;
  socket_watch watch_;
  CURLM* multi_ = nullptr;
  std::thread thread_;
  std::atomic<size_t> under_way_{0};

  std::mutex mutex_;
  bool stopping_ = false;
  uint64_t last_ticket_ = 0;
  std::vector<transfer_ptr> submitted_;
  std::vector<uint64_t> cancelled_;

  // The engine's thread only.
  std::unordered_map<uint64_t, transfer_ptr> transfers_;
  clock::time_point next_silence_check_ = clock::time_point::max();
  clock::time_point curl_timer_ = clock::time_point::max();
};

curl_engine::curl_engine(curl_engine_options options)
    : loop_(std::make_shared<loop>(std::move(options))) {
  loop::start(loop_);
}

curl_engine::~curl_engine() {
  loop_->stop();
}

caf::expected<uint64_t> curl_engine::submit(http_request request, http_callbacks callbacks) {
  return loop_->submit(std::move(request), std::move(callbacks));
}

void curl_engine::cancel(uint64_t ticket) {
  loop_->cancel(ticket);
}

size_t curl_engine::under_way() const {
  return loop_->under_way();
}

}  // namespace bindery
