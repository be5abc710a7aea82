#include "actors/git.hpp"

#include "runtime/error.hpp"
#include "runtime/git/resolve.hpp"
#include "runtime/net/url.hpp"

namespace bindery {

namespace {

caf::error too_many() {
  return make_error(errc::too_many_requests,
                    "Too many repositories are being looked up. Try again in a minute.");
}

}  // namespace

git_actor::behavior_type git_state::make_behavior() {
  return {
      [this](resolve_atom, const git_query& query) { return resolve(query); },
  };
}

caf::result<std::string> git_state::resolve(const git_query& query) {
  auto found = asked.find({query.url, query.ref});
  if (found == asked.end() && waiting.size() >= options.max_waiting) return too_many();
  auto promise = self->make_response_promise();
  if (found != asked.end()) {
    found->second.push_back(promise);
  } else {
    asked[{query.url, query.ref}].push_back(promise);
    waiting.push_back({query, host_of(query.url), self->clock().now()});
    start_next();
  }
  return caf::delegated<std::string>{};
}

void git_state::start_next() {
  refuse_stale();
  for (auto i = waiting.begin(); i != waiting.end() && running < options.workers;) {
    if (asking[i->host] >= options.workers_per_host) {
      ++i;
      continue;
    }
    ++running;
    ++asking[i->host];
    start(std::move(i->query));
    i = waiting.erase(i);
  }
  std::erase_if(asking, [](const auto& host) { return host.second == 0; });
}

void git_state::refuse_stale() {
  while (!waiting.empty() && self->clock().now() - waiting.front().since > options.max_wait) {
    auto query = std::move(waiting.front().query);
    waiting.pop_front();
    deliver(query, too_many());
  }
}

void git_state::start(git_query query) {
  process_spec spec;
  spec.program = options.program;
  spec.arguments = {"git-resolve"};
  spec.input = encode_query(query);
  spec.timeout = options.timeout;
  spec.stop_grace = std::chrono::milliseconds{500};
  self->request(runner, caf::infinite, run_atom::value, std::move(spec))
      .then([this, query](const process_result& result) { on_result(query, result); },
            [this, query](const caf::error& why) { answer(query, why); });
}

void git_state::on_result(const git_query& query, const process_result& result) {
  if (result.end.timed_out)
    answer(query, make_error(errc::timeout,
                             shown_url(query.url) + " did not answer in time. Try again later."));
  else if (!result.end.ok())
    answer(query, make_error(errc::bad_answer, "Asking " + shown_url(query.url) +
                                                   " for its refs failed: the resolver ended "
                                                   "with " +
                                                   to_string(result.end)));
  else
    answer(query, decode_answer(result.output));
}

void git_state::answer(const git_query& query, const caf::expected<std::string>& with) {
  deliver(query, with);
  --running;
  --asking[host_of(query.url)];
  start_next();
}

void git_state::deliver(const git_query& query, const caf::expected<std::string>& with) {
  auto node = asked.extract(key{query.url, query.ref});
  for (auto& promise : node.mapped())
    if (with)
      promise.deliver(*with);
    else
      promise.deliver(with.error());
}

git_actor::behavior_type git(git_actor::stateful_pointer<git_state> self, git_options options,
                             process_runner_actor runner) {
  self->state.options = std::move(options);
  self->state.runner = std::move(runner);
  return self->state.make_behavior();
}

}  // namespace bindery
