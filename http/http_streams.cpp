/// The HTTP actor's event streams: which launch each follows, and what it is told.
#include <memory>
#include <string>
#include <utility>

#include <caf/io/middleman.hpp>

#include "http/answer_text.hpp"
#include "http/event_text.hpp"
#include "http/http_broker.hpp"

namespace bindery {

void http_broker_state::answer(connection& one, stream_answer& what) {
  if (streams.size() >= options.max_event_streams) {
    failure_answer full{std::move(what.head), what.chunked,
                        make_failure("Too many people are watching launches here. Try again in a "
                                     "minute.",
                                     503)};
    answer(one, full);
    return;
  }
  auto from = streams.begin(what.launch, what.resume, clock::now());
  bool is_new = from.launch_id == what.launch.launch_id;
  if (is_new && what.refusal) {
    failure_answer refused{std::move(what.head), what.chunked, std::move(*what.refusal)};
    answer(one, refused);
  } else if (from.launch_id.empty()) {
    plain_answer nothing_more{answer_text(204, security_fields(), "", "", false, true), true};
    answer(one, nothing_more);
  } else if (rate_limit && what.counted && is_new) {
    count(one, what);
  } else {
    open_stream(one, what, from);
  }
}

void http_broker_state::count(connection& one, stream_answer& what) {
  one.deadline = clock::now() + options.deferred_timeout + options.closing_timeout;
  auto kept = std::make_shared<stream_answer>(std::move(what));
  self->request(rate_limit, options.deferred_timeout, count_atom::value, kept->launch.client_ip)
      .then(
          [this, id = one.id, kept](const rate_count& counted) { on_counted(id, *kept, counted); },
          [this, id = one.id, kept](const caf::error&) {
            auto* asker = find(id);
            if (asker == nullptr || asker->at != stage::working) return;
            failure_answer failed{std::move(kept->head), kept->chunked,
                                  make_failure("This launch could not be counted against the "
                                               "rate limit. Try again in a minute.",
                                               503)};
            answer(*asker, failed);
          });
}

void http_broker_state::on_counted(uint64_t connection, stream_answer& what,
                                   const rate_count& counted) {
  auto* one = find(connection);
  if (one == nullptr || one->at != stage::working) return;
  what.head.insert(what.head.size() - std::string_view{"\r\n"}.size(), rate_limit_fields(counted));
  if (counted.admitted)
    return open_stream(*one, what, streams.begin(what.launch, std::nullopt, clock::now()));
  failure_answer over{std::move(what.head), what.chunked,
                      make_failure("Rate limit exceeded. Try again in " +
                                       std::to_string(counted.seconds_left) + " seconds.",
                                   429)};
  answer(*one, over);
}

void http_broker_state::open_stream(connection& one, const stream_answer& what,
                                    const event_streams::beginning& from) {
  one.framer.release();
  if (!send(one, what.head)) return;
  one.at = stage::streaming;
  one.deadline = clock::time_point::max();
  one.chunked = what.chunked;
  streams.open(one.id, from, what.launch, clock::now());
  auto launch = what.launch;
  launch.launch_id = from.launch_id;
  if (!from.joined)
    self->send(desk, launch_atom::value, launch, as_sink());
  else if (from.missing && streams.ask(launch.launch_id))
    ask_record(launch);
  streams.hold(one.id);
  feed(one);
}

void http_broker_state::ask_record(const launch_request& launch) {
  // The desk tells a new sink the whole record. This actor is one sink for all its connections: it
  // asks again for the record and leaves its second place at once.
  self->request(desk, caf::infinite, launch_atom::value, launch, as_sink())
      .then(
          [this, launch] {
            if (streams.came(launch.launch_id)) ask_record(launch);
          },
          [](const caf::error&) {});  // on_desk_down tells
  self->send(desk, leave_atom::value, launch.launch_id, as_sink());
}

bool http_broker_state::tell(connection& one, std::string_view bytes, phase what) {
  bool last = what == phase::ready || what == phase::failed;
  if (last) acknowledge_writes(one, true);  // from now on it matters whether all is sent
  if (!send(one, bytes)) return false;
  if (what == phase::failed) {
    finish(one);
    return false;
  }
  if (last || self->wr_buf(one.handle).size() < options.stream_portion_bytes) return true;
  streams.hold(one.id);
  acknowledge_writes(one, true);
  one.deadline = clock::now() + options.slow_reader_timeout;
  return false;
}

void http_broker_state::feed(connection& one) {
  bool last = false;
  while (auto next = streams.next(one.id, clock::now())) {
    last = next->event.last();
    auto text = event_text(next->launch_id, next->event);
    if (!tell(one, one.chunked ? chunk_of(text) : text, next->event.what)) return;
  }
  one.deadline = clock::time_point::max();
  if (!last) acknowledge_writes(one, false);
}

void http_broker_state::answer(connection& one, failure_answer& what) {
  one.chunked = one.chunked || what.chunked;
  auto text = event_text(what.failure);
  if (send(one, what.head + (one.chunked ? chunk_of(text) : text))) finish(one);
}

void http_broker_state::on_event(const std::string& launch_id, const stream_event& event) {
  auto deliveries = streams.on_event(launch_id, event, clock::now());
  if (deliveries.empty()) return;
  auto text = event_text(launch_id, event);
  auto chunk = chunk_of(text);
  for (const auto& to : deliveries) {
    auto* one = find(to.connection);
    if (one == nullptr) continue;
    tell(*one, one->chunked ? chunk : text, event.what);
  }
}

void http_broker_state::on_desk_down(const caf::down_msg& down) {
  if (down.source != desk.address()) return;
  for (auto id : streams.waiting()) {
    auto* one = find(id);
    if (one == nullptr) continue;
    failure_answer gone{"", one->chunked,
                        make_failure("This node stopped serving launches. Try again.", 503)};
    answer(*one, gone);
  }
}

}  // namespace bindery
