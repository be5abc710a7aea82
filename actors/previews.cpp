#include "actors/previews.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <variant>

#include "runtime/error.hpp"

namespace bindery {

using std::chrono::milliseconds;

namespace {

/// The client keeps a request's own deadline; this one is for a client that does not answer.
constexpr milliseconds client_grace{1'000};

caf::error nothing_there() {
  return make_error(errc::unresolvable_ref, "There is nothing to show of this repository.");
}

}  // namespace

previews_actor::behavior_type previews_state::make_behavior() {
  return {
      [this](fetch_atom, const std::string& prefix, const std::string& spec) {
        return find(prefix, spec);
      },
  };
}

caf::result<repository_preview> previews_state::find(const std::string& prefix,
                                                     const std::string& spec) {
  const auto* provider = options.find_provider(prefix);
  if (provider == nullptr)
    return make_error(errc::unknown_provider, "No provider found for prefix \"" + prefix + "\".");
  if (auto read = provider->read(spec); !read) return std::move(read.error());
  if (auto refusal = options.admit(*provider, spec)) return refusal;
  auto key = prefix + "/" + spec;
  if (auto known = cache.find(key, self->clock().now())) {
    if (*known) return **known;
    return nothing_there();
  }
  if (auto under_way = searches.find(key); under_way != searches.end()) {
    auto promise = self->make_response_promise();
    under_way->second.waiting.push_back(answers.add(promise));
    return promise;
  }
  auto source = provider->preview_of(spec);
  if (!source) return nothing_there();
  if (searches.size() >= options.most_searches)
    return make_error(errc::too_many_requests,
                      "Too many previews are being fetched. Try again in a few seconds.");
  auto promise = self->make_response_promise();
  auto deadline = self->clock().now() + options.timeout;
  auto& begun =
      searches.emplace(key, search{preview_search{std::move(*source)}, deadline, {}}).first->second;
  begun.waiting.push_back(answers.add(promise));
  take(key, begun.work.start());
  return promise;
}

void previews_state::take(const std::string& key, preview_search::step step) {
  if (auto* request = std::get_if<http_request>(&step))
    carry_out(key, std::move(*request));
  else
    settle(key, std::get<preview_search::finding>(std::move(step)));
}

void previews_state::carry_out(const std::string& key, http_request request) {
  auto left =
      std::chrono::duration_cast<milliseconds>(searches.at(key).deadline - self->clock().now());
  if (left <= milliseconds{0}) return settle(key, {std::nullopt, true});
  request.timeout = left;
  request.connect_timeout = std::min(request.connect_timeout, left);
  self->request(http, left + client_grace, fetch_atom::value, std::move(request))
      .then(
          [this, key](const http_response& answer) {
            take(key, searches.at(key).work.on_response(answer));
          },
          [this, key](const caf::error& why) {
            settle(key, {std::nullopt, code_of(why) != errc::too_large});
          });
}

void previews_state::settle(const std::string& key, preview_search::finding found) {
  auto done = searches.extract(key);
  auto what = found.what ? std::make_shared<const repository_preview>(std::move(*found.what))
                         : preview_cache::known{};
  cache.put(key, what, self->clock().now() + (found.passing ? options.failure_kept : options.kept));
  for (auto id : done.mapped().waiting) {
    auto promise = answers.take(id);
    if (what)
      promise.deliver(*what);
    else
      promise.deliver(nothing_there());
  }
}

previews_actor::behavior_type previews(previews_actor::stateful_pointer<previews_state> self,
                                       http_client_actor http, previews_options options) {
  auto& state = self->state;
  state.cache = preview_cache{options.cache};
  state.options = std::move(options);
  state.http = std::move(http);
  return state.make_behavior();
}

}  // namespace bindery
