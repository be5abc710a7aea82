/// The HTTP actor's workers: which request each takes, and what becomes of its answer.
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include <caf/actor_cast.hpp>
#include <caf/io/middleman.hpp>

#include "http/answer_text.hpp"
#include "http/http_broker.hpp"

namespace bindery {

void http_broker_state::dispatch() {
  while (!waiting_calls.empty() && !idle_workers.empty()) {
    auto call = std::move(waiting_calls.front());
    waiting_calls.pop_front();
    if (find(call.connection) == nullptr) continue;  // gone meanwhile
    auto worker = std::move(idle_workers.back());
    idle_workers.pop_back();
    self->send(worker, std::move(call));
  }
}

void http_broker_state::on_result(const caf::actor& worker, http_result& result) {
  idle_workers.push_back(worker);
  dispatch();  // first: whatever becomes of this answer, the worker is not kept from others
  if (auto* one = find(result.connection);
      one != nullptr && (one->at == stage::working || one->at == stage::sending))
    std::visit([&](auto& what) { answer(*one, what); }, result.outcome);
}

void http_broker_state::answer(connection& one, plain_answer& what) {
  if (what.rest) acknowledge_writes(one, true);  // the next piece is read when this one is sent
  if (!send(one, what.bytes)) return;
  if (what.rest) {
    one.at = stage::sending;
    one.rest = std::move(what.rest);
    one.closes = what.close;
    one.deadline = clock::now() + options.unacknowledged_timeout;
  } else if (what.close) {
    finish(one);
  } else {
    read_next(one);
  }
}

void http_broker_state::send_more(connection& one) {
  one.deadline = clock::now() + options.unacknowledged_timeout;
  if (one.rest->offset < one.rest->end) {
    waiting_calls.push_back({one.id, {}, {}, one.rest});
    dispatch();
    return;
  }
  one.rest.reset();
  if (one.closes) {
    finish(one);
    return;
  }
  acknowledge_writes(one, false);
  read_next(one);
}

void http_broker_state::answer(connection& one, piece_answer& what) {
  if (what.bytes.empty()) {  // the length was told already: all that is left is to break off
    drop(one.id);
    return;
  }
  one.rest->offset += what.bytes.size();
  send(one, what.bytes);
}

void http_broker_state::answer(connection& one, health_answer& what) {
  one.deadline = clock::now() + options.deferred_timeout + options.closing_timeout;
  auto reply = [this, id = one.id, what](int status, const std::string& json) {
    auto* asker = find(id);
    if (asker == nullptr || asker->at != stage::working) return;
    plain_answer text{answer_text(status, what.fields, "application/json; charset=utf-8", json,
                                  what.with_body, what.close),
                      what.close};
    answer(*asker, text);
  };
  self->request(health, options.deferred_timeout, check_atom::value)
      .then([reply](const health_report& report) { reply(report.ok ? 200 : 503, report.json); },
            [reply](const caf::error&) { reply(503, R"({"checks": [], "ok": false})"); });
}

void http_broker_state::answer(connection& one, login_question& what) {
  one.deadline = clock::now() + options.deferred_timeout + options.closing_timeout;
  auto call = std::make_shared<http_call>(std::move(what.call));
  auto go_on = [this, call](login_word said) {
    call->login = std::move(said);
    take_again(std::move(*call));
  };
  auto failed = [go_on](const caf::error& why) { go_on({why, {}}); };
  if (what.code.empty())
    self->request(login, options.deferred_timeout, check_atom::value, what.token, what.session)
        .then(
            [go_on](const hub_identity& who) {
              go_on({{}, {{}, who}});
            },
            failed);
  else
    self->request(login, options.deferred_timeout, create_atom::value, what.code)
        .then(
            [go_on](const hub_login& done) {
              go_on({{}, done});
            },
            failed);
}

void http_broker_state::answer(connection& one, estimate_question& what) {
  one.deadline = clock::now() + options.deferred_timeout + options.closing_timeout;
  auto call = std::make_shared<http_call>(std::move(what.call));
  auto go_on = [this, call](service_word said) {
    call->word = std::move(said);
    take_again(std::move(*call));
  };
  self->request(what.history, options.deferred_timeout, count_atom::value, what.repository)
      .then([go_on](const launch_estimate& known) { go_on(known); },
            [go_on](const caf::error& why) { go_on(why); });
}

void http_broker_state::answer(connection& one, preview_question& what) {
  one.deadline = clock::now() + options.deferred_timeout + options.closing_timeout;
  auto call = std::make_shared<http_call>(std::move(what.call));
  auto go_on = [this, call](service_word said) {
    call->word = std::move(said);
    take_again(std::move(*call));
  };
  self->request(what.previews, options.deferred_timeout, fetch_atom::value, what.provider,
                what.spec)
      .then([go_on](repository_preview& found) { go_on(std::move(found)); },
            [go_on](const caf::error& why) { go_on(why); });
}

void http_broker_state::take_again(http_call call) {
  auto* asker = find(call.connection);
  if (asker == nullptr || asker->at != stage::working) return;
  waiting_calls.push_back(std::move(call));
  dispatch();
}

}  // namespace bindery
