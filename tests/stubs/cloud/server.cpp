#include "tests/stubs/cloud/server.hpp"

#include <cstdio>
#include <list>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace stub_cloud {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using std::chrono::milliseconds;

constexpr auto use = asio::use_awaitable;
constexpr uint64_t max_body_bytes = 64 * 1024 * 1024;

void read_query(std::string_view text, std::map<std::string, std::string>& query) {
  while (!text.empty()) {
    auto pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    auto equals = std::min(pair.find('='), pair.size());
    query[unescape(pair.substr(0, equals))] =
        equals < pair.size() ? unescape(pair.substr(equals + 1)) : std::string{};
  }
}

request read_request(const http::request<http::string_body>& message) {
  request asked;
  asked.method = std::string{message.method_string()};
  asked.target = std::string{message.target()};
  auto question = std::min(asked.target.find('?'), asked.target.size());
  asked.path = asked.target.substr(0, question);
  if (question < asked.target.size())
    read_query(std::string_view{asked.target}.substr(question + 1), asked.query);
  for (const auto& field : message) {
    std::string name{field.name_string()};
    for (auto& c : name)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    asked.headers[name] = std::string{field.value()};
  }
  asked.body = message.body();
  asked.origin = "http://" + asked.header("host");
  return asked;
}

std::string head_of(const delivery& out, bool keeps) {
  const auto& what = out.what;
  auto reason = http::obsolete_reason(static_cast<http::status>(what.status));
  auto text = "HTTP/1.1 " + std::to_string(what.status) + " " + std::string{reason} + "\r\n";
  for (const auto& [name, value] : what.headers) text += name + ": " + value + "\r\n";
  auto length = out.huge_bytes > 0 ? out.huge_bytes : what.body.size();
  if (what.is_stream)
    text += "Transfer-Encoding: chunked\r\n";
  else if (what.status != 204 && what.status != 304)
    text += "Content-Length: " + std::to_string(length) + "\r\n";
  if (!keeps) text += "Connection: close\r\n";
  return text + "\r\n";
}

asio::awaitable<void> pause(milliseconds time) {
  asio::steady_timer timer{co_await asio::this_coro::executor, time};
  co_await timer.async_wait(use);
}

/// Ends, by throwing, when the client closes; whatever it sends meanwhile is dropped.
asio::awaitable<void> until_closed(tcp::socket& socket) {
  char dropped[512];
  for (;;) co_await socket.async_read_some(asio::buffer(dropped), use);
}

asio::awaitable<void> write_stream(tcp::socket& socket, const delivery& out) {
  for (const auto& each : out.what.stream) {
    if (each.after.count() > 0) co_await pause(each.after);
    char size[20];
    std::snprintf(size, sizeof size, "%zx\r\n", each.bytes.size());
    co_await asio::async_write(socket, asio::buffer(size + each.bytes + "\r\n"), use);
  }
  if (out.what.never_ends) co_await until_closed(socket);
  co_await asio::async_write(socket, asio::buffer("0\r\n\r\n", 5), use);
}

asio::awaitable<void> write_filler(tcp::socket& socket, uint64_t bytes) {
  const std::string block(64 * 1024, ' ');
  while (bytes > 0) {
    auto count = std::min<uint64_t>(bytes, block.size());
    co_await asio::async_write(socket, asio::buffer(block.data(), count), use);
    bytes -= count;
  }
}

asio::awaitable<void> write_slowly(tcp::socket& socket, const std::string& bytes,
                                   const delivery& out) {
  for (size_t at = 0; at < bytes.size(); at += out.trickle_bytes) {
    auto count = std::min(out.trickle_bytes, bytes.size() - at);
    co_await asio::async_write(socket, asio::buffer(bytes.data() + at, count), use);
    co_await pause(out.trickle_every);
  }
}

/// True where the connection can take another request.
asio::awaitable<bool> write_answer(tcp::socket& socket, const delivery& out, bool keeps,
                                   bool head_only) {
  if (out.latency.count() > 0) co_await pause(out.latency);
  if (out.disconnect) co_return false;
  if (out.never) co_await until_closed(socket);
  auto bytes = out.raw ? std::string{} : head_of(out, keeps);
  auto head_bytes = bytes.size();
  if (!head_only) bytes += out.what.body;
  if (out.cut) bytes.resize(head_bytes + (bytes.size() - head_bytes) / 2);
  if (out.trickle_bytes > 0)
    co_await write_slowly(socket, bytes, out);
  else
    co_await asio::async_write(socket, asio::buffer(bytes), use);
  if (out.what.is_stream && !out.cut) co_await write_stream(socket, out);
  if (out.huge_bytes > 0) co_await write_filler(socket, out.huge_bytes);
  co_return keeps && !out.cut && !out.raw;
}

/// `service` is null on the port of all of them.
delivery answer_to(cloud& all, counted_service* service, request asked) {
  if (service == nullptr) {
    delivery out;
    if (asked.path.starts_with("/_control")) {
      out.what = all.control(asked);
      return out;
    }
    auto path = asked.elements();
    service = path.empty() ? nullptr : all.find(path[0]);
    if (service == nullptr) {
      out.what = json_answer("unknown", 404, {{"message", "begin with /_control or a service"}});
      return out;
    }
    auto prefix = "/" + path[0];
    asked.origin += prefix;
    asked.path.erase(0, prefix.size());
    asked.target.erase(0, prefix.size());
    if (!asked.path.starts_with('/')) asked.path = "/" + asked.path;
  }
  return all.take(*service, asked);
}

asio::awaitable<void> converse(tcp::socket socket, cloud& all, counted_service* service) {
  boost::beast::flat_buffer buffer;
  try {
    socket.set_option(tcp::no_delay{true});
    for (;;) {
      http::request_parser<http::string_body> parser;
      parser.body_limit(max_body_bytes);
      parser.header_limit(64 * 1024);
      co_await http::async_read(socket, buffer, parser, use);
      auto keeps = parser.get().keep_alive();
      auto head_only = parser.get().method() == http::verb::head;
      auto out = answer_to(all, service, read_request(parser.get()));
      if (!co_await write_answer(socket, out, keeps, head_only)) co_return;
    }
  } catch (const boost::system::system_error&) {
    // The client went away, or spoke no HTTP: the connection ends.
  }
}

asio::awaitable<void> listen(tcp::acceptor& acceptor, cloud& all, counted_service* service) {
  for (;;) {
    boost::system::error_code failed;
    auto socket = co_await acceptor.async_accept(asio::redirect_error(use, failed));
    if (failed == asio::error::operation_aborted) co_return;
    if (failed)
      co_await pause(milliseconds{100});  // out of descriptors: some will be closed
    else
      asio::co_spawn(acceptor.get_executor(), converse(std::move(socket), all, service),
                     asio::detached);
  }
}

}  // namespace

void serve(cloud& all, uint16_t first_port) {
  asio::io_context io{1};
  std::list<tcp::acceptor> acceptors;
  auto next_port = first_port;
  auto open = [&](counted_service* service) {
    auto& acceptor =
        acceptors.emplace_back(io, tcp::endpoint{asio::ip::address_v4::loopback(), next_port});
    if (next_port != 0) ++next_port;
    asio::co_spawn(io, listen(acceptor, all, service), asio::detached);
    return "http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port());
  };
  json told;
  auto base = open(nullptr);
  told["control"] = base + "/_control";
  told["all"] = base;
  for (auto& each : all.services()) told["services"][each.what->name()] = each.url = open(&each);
  asio::signal_set signals{io, SIGTERM, SIGINT};
  signals.async_wait([&io](const boost::system::error_code&, int) { io.stop(); });
  std::puts(told.dump().c_str());
  std::fflush(stdout);
  io.run();
}

}  // namespace stub_cloud
