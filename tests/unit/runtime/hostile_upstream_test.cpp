// Upstreams that answer with anything but an answer, through the real engine and the real readers:
// of a provider, a registry, its token service, the hub and the hub's progress stream.
#include <chrono>
#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <set>
#include <string>
#include <thread>

#include <boost/test/unit_test.hpp>

#include "resolution_steps.hpp"
#include "runtime/hub/api.hpp"
#include "runtime/hub/progress.hpp"
#include "runtime/hub/verdict.hpp"
#include "runtime/net/curl_engine.hpp"
#include "runtime/net/event_stream_decoder.hpp"
#include "runtime/providers/provider_table.hpp"
#include "runtime/registry/api.hpp"
#include "scripted_server.hpp"
#include "tls_server.hpp"

using namespace bindery;
using namespace bindery::steps;
using namespace std::chrono_literals;
using test::scripted_connection;
using test::scripted_server;

namespace {

/// The engine's answer to a request; a stream's pieces go to `on_chunk`.
caf::expected<http_response> fetch(http_request request, std::chrono::milliseconds patience,
                                   std::function<void(std::string_view)> on_chunk = {},
                                   const std::string& ca_file = {}) {
  BOOST_TEST(request.timeout.count() > 0);
  if (patience.count() > 0) request.timeout = patience;
  auto done = std::make_shared<std::promise<caf::expected<http_response>>>();
  auto end = done->get_future();
  http_callbacks callbacks;
  callbacks.on_chunk = std::move(on_chunk);
  callbacks.on_done = [done](caf::expected<http_response> got) { done->set_value(std::move(got)); };
  curl_engine_options options;
  options.ca_file = ca_file;
  curl_engine engine{options};
  BOOST_REQUIRE(engine.submit(std::move(request), std::move(callbacks)));
  BOOST_REQUIRE(end.wait_for(60s) == std::future_status::ready);
  return end.get();
}

using milliseconds = std::chrono::milliseconds;

caf::error ask_provider(const std::string& base, milliseconds patience) {
  settings all;
  all.github.api_base_path = base;
  auto table = provider_table::make(all);
  auto work = begin(*table->find("gh"), "user/repo/v1");
  auto got = fetch(as<http_request>(work->start()), patience);
  if (!got) return got.error();
  auto step = work->on_response(*got);
  return step ? caf::error{} : step.error();
}

registry_address registry_at(const std::string& base) {
  registry_address registry;
  registry.url = base;
  registry.token_url = base + "/token";
  return registry;
}

caf::error ask_registry(const std::string& base, milliseconds patience) {
  auto got = fetch(manifest_request(registry_at(base), {"a/b", "1"}, ""), patience);
  if (!got) return got.error();
  auto read = decode_manifest_answer(*got);
  return read ? caf::error{} : read.error();
}

caf::error ask_token_service(const std::string& base, milliseconds patience) {
  auto got = fetch(token_request(registry_at(base), {base + "/token", "", ""}), patience);
  if (!got) return got.error();
  auto read = decode_token_answer(*got);
  return read ? caf::error{} : read.error();
}

caf::error ask_hub(const std::string& base, milliseconds patience) {
  auto got = fetch(hub_create_user_request({base + "/hub/api", "t"}, "user"), patience);
  return got ? judge_create_user(*got, 1) : got.error();
}

caf::error follow_hub(const std::string& base, milliseconds patience) {
  event_stream_decoder decoder;
  caf::error fault;
  auto got = fetch(hub_progress_request({base + "/hub/api", "t"}, "user", ""), patience,
                   [&](std::string_view bytes) {
                     auto events = decoder.feed(bytes);
                     if (!events) fault = events.error();
                     if (fault) return;
                     for (const auto& data : *events)
                       if (auto read = decode_progress(data); !read) fault = read.error();
                   });
  if (fault) return fault;
  if (!got) return got.error();
  return got->status == 200 ? caf::error{} : hub_refusal(*got);
}

struct asker {
  const char* name;
  caf::error (*ask)(const std::string& base, milliseconds patience);
};

constexpr asker askers[] = {{"provider", ask_provider},
                            {"registry", ask_registry},
                            {"token service", ask_token_service},
                            {"hub", ask_hub},
                            {"hub's progress", follow_hub}};

/// By its address, or as what it is.
bool names_an_upstream(const std::string& words) {
  return contains(words, "127.0.0.1") || contains(words, "JupyterHub") ||
         contains(words, "the registry") || contains(words, "event of the stream");
}

/// Every asker meets `misbehave`, after its request was read, and ends with one of `codes`, in
/// words that name the upstream.
void meet(const scripted_server::script& misbehave, const std::set<errc>& codes,
          milliseconds patience = 0ms) {
  scripted_server server{[&](scripted_connection& peer) {
    while (!peer.read_request().empty()) misbehave(peer);
  }};
  for (const auto& [name, ask] : askers) BOOST_TEST_CONTEXT(name) {
      auto why = ask("http://127.0.0.1:" + std::to_string(server.port()), patience);
      BOOST_REQUIRE(why);
      BOOST_TEST_CONTEXT(describe(why)) {
        BOOST_TEST(codes.contains(code_of(why)));
        BOOST_TEST(names_an_upstream(describe(why)));
      }
    }
}

/// Raw deflate data, with gzip's head, that stands for `count` times 258 zeros.
std::string gzip_bomb(size_t count) {
  std::string bytes{"\x1f\x8b\x08\0\0\0\0\0\0\xff", 10};
  unsigned held = 0, bits = 0;
  auto put = [&](unsigned value, unsigned length) {
    for (unsigned i = 0; i < length; ++i) {
      held |= ((value >> i) & 1U) << bits;
      if (++bits < 8) continue;
      bytes += static_cast<char>(held);
      held = bits = 0;
    }
  };
  put(0b1, 1);         // the last block
  put(0b01, 2);        // of fixed codes
  put(0b00001100, 8);  // a zero
  for (size_t i = 0; i < count; ++i) {
    put(0b10100011, 8);  // 258 bytes more
    put(0, 5);           // of what is one byte back
  }
  put(0, 7);  // the end
  put(0, 7);
  return bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hostile_upstream)

BOOST_AUTO_TEST_CASE(answers_that_end_early) {
  scripted_server closes{[](scripted_connection& peer) { peer.read_request(); }};
  for (const auto& [name, ask] : askers) {
    auto why = ask("http://127.0.0.1:" + std::to_string(closes.port()), 0ms);
    BOOST_CHECK(code_of(why) == errc::unreachable);
    BOOST_TEST(contains(describe(why), "closed without an answer"), name);
  }
  scripted_server truncates{[](scripted_connection& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n{\"sha\": ");
  }};
  for (const auto& [name, ask] : askers) {
    auto why = ask("http://127.0.0.1:" + std::to_string(truncates.port()), 0ms);
    BOOST_CHECK(code_of(why) == errc::unreachable);
    BOOST_TEST(contains(describe(why), "in the middle of the answer"), name);
  }
  scripted_server halves_its_head{[](scripted_connection& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Le");
  }};
  for (const auto& [name, ask] : askers) {
    auto why = ask("http://127.0.0.1:" + std::to_string(halves_its_head.port()), 0ms);
    BOOST_TEST_CONTEXT(name << ": " << describe(why))
    BOOST_CHECK(code_of(why) == errc::unreachable);
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_http) {
  for (std::string_view bytes :
       {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n",
        "\r\n\r\n\r\n", "<html>hello</html>\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzzz\r\nwhat",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nx"})
    BOOST_TEST_CONTEXT(bytes)
  meet([bytes](scripted_connection& peer) { peer.send(bytes); }, {errc::bad_answer, errc::timeout},
       5s);
}

BOOST_AUTO_TEST_CASE(answers_without_end) {
  auto head = "HTTP/1.1 200 OK\r\n";
  meet(
      [&](scripted_connection& peer) {
        peer.begin_chunked();
        while (peer.send_chunk(std::string(50'000, 'x'))) {
        }
      },
      {errc::too_large});
  meet(
      [&](scripted_connection& peer) {
        peer.send(head);
        while (peer.send("X-More: " + std::string(1'000, 'x') + "\r\n")) {
        }
      },
      {errc::too_large});
  meet(
      [&](scripted_connection& peer) {
        peer.send("HTTP/1.1 200 OK\r\nX: ");
        while (peer.send(std::string(1'000, 'x'))) {
        }
      },
      {errc::too_large});
  meet(
      [&](scripted_connection& peer) {
        while (peer.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")) {
        }
      },
      {errc::too_large});
}

BOOST_AUTO_TEST_CASE(answers_that_take_their_time) {
  auto pause = [](scripted_connection& peer, std::string_view bytes) {
    std::this_thread::sleep_for(20ms);
    return peer.send(bytes);
  };
  auto patience = 1'500ms;
  meet([](scripted_connection& peer) { peer.wait_until_closed(); }, {errc::timeout}, patience);
  meet(
      [&](scripted_connection& peer) {
        peer.send("HTTP/1.1 200 OK\r\nX: ");
        while (pause(peer, "x")) {
        }
      },
      {errc::timeout}, patience);
  meet(
      [&](scripted_connection& peer) {
        peer.begin_chunked();
        while (pause(peer, "1\r\n \r\n")) {
        }
      },
      {errc::timeout}, patience);
}

BOOST_AUTO_TEST_CASE(bodies_that_are_something_else) {
  for (std::string body : {std::string{}, std::string{"<html>busy</html>"}, std::string{"[]"},
                           std::string{"{\"sha\""}, std::string{"null"}, std::string(100'000, '['),
                           std::string{"\x1f\x8b\x08"}, gzip_bomb(2)}) {
    scripted_server server{[&](scripted_connection& peer) {
      while (!peer.read_request().empty()) peer.answer(200, body);
    }};
    auto base = "http://127.0.0.1:" + std::to_string(server.port());
    for (auto ask : {ask_provider, ask_token_service}) {
      auto why = ask(base, 0ms);
      BOOST_CHECK(code_of(why) == errc::bad_answer);
      BOOST_TEST(!describe(why).empty());
    }
  }
  scripted_server events{[](scripted_connection& peer) {
    while (!peer.read_request().empty()) {
      peer.begin_chunked();
      peer.send_chunk("data: <html>\n\n");
      peer.end_chunked();
    }
  }};
  auto why = follow_hub("http://127.0.0.1:" + std::to_string(events.port()), 0ms);
  BOOST_CHECK(code_of(why) == errc::bad_answer);
  scripted_server endless_event{[](scripted_connection& peer) {
    peer.read_request();
    peer.begin_chunked();
    while (peer.send_chunk("data: " + std::string(10'000, 'x'))) {
    }
  }};
  why = follow_hub("http://127.0.0.1:" + std::to_string(endless_event.port()), 0ms);
  BOOST_CHECK(code_of(why) == errc::too_large);
}

BOOST_AUTO_TEST_CASE(compressed_bodies_do_not_grow_beyond_the_bound) {
  // 52 MB in 330 KB, as a content coding that nobody asked for and as a transfer coding.
  auto bomb = gzip_bomb(200'000);
  scripted_server content{[&](scripted_connection& peer) {
    while (!peer.read_request().empty()) peer.answer(200, bomb, "Content-Encoding: gzip\r\n");
  }};
  scripted_server transfer{[&](scripted_connection& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n");
    peer.send_chunk(bomb);
    peer.end_chunked();
  }};
  for (const auto* server : {&content, &transfer})
    for (auto ask : {ask_token_service, ask_provider}) {
      auto why = ask("http://127.0.0.1:" + std::to_string(server->port()), 0ms);
      BOOST_TEST_CONTEXT(describe(why))
      BOOST_CHECK(code_of(why) == errc::bad_answer || code_of(why) == errc::too_large);
    }
}

BOOST_AUTO_TEST_CASE(redirects_to_nowhere) {
  for (std::string location :
       {"/again", "file:///etc/passwd", "gopher://127.0.0.1:1/_x", "dict://127.0.0.1/", "ldap://x/",
        "http://user:word@127.0.0.1/", "javascript:alert(1)", "http://", "http://[::1"}) {
    BOOST_TEST_CONTEXT(location)
    meet([&](scripted_connection& peer) { peer.answer(302, "", "Location: " + location + "\r\n"); },
         {errc::bad_answer, errc::upstream_error});
  }
}

BOOST_AUTO_TEST_CASE(redirects_of_a_stranger_to_private_networks) {
  // What follows redirects by itself looks at every URL; the engine would, too.
  scripted_server inside{[](scripted_connection& peer) {
    while (!peer.read_request().empty()) peer.answer(200, "inside");
  }};
  for (std::string host : {"127.0.0.1", "localhost", "169.254.169.254", "10.0.0.1", "[::1]"}) {
    http_request request;
    request.url = "http://" + host + ":" + std::to_string(inside.port()) + "/";
    request.public_only = true;
    request.max_redirects = 5;
    auto got = fetch(request, 0ms);
    BOOST_TEST_CONTEXT(host) BOOST_CHECK(!got && code_of(got.error()) == errc::forbidden);
  }
  BOOST_TEST(inside.accepted() == 0);
}

// -- TLS and HTTP/2 -------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(tls_that_fails) {
  auto at = [](int port) { return "https://127.0.0.1:" + std::to_string(port); };
  scripted_server plain{[](scripted_connection& peer) {
    peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    peer.wait_until_closed();
  }};
  scripted_server closes{[](scripted_connection&) {}};
  test::self_signed stranger{"IP:127.0.0.1"};
  test::tls_server untrusted{stranger};
  for (auto port : {plain.port(), closes.port(), untrusted.port()})
    for (const auto& [name, ask] : askers) BOOST_TEST_CONTEXT(name) {
        auto why = ask(at(port), 0ms);
        BOOST_TEST_CONTEXT(describe(why)) {
          BOOST_CHECK(code_of(why) == errc::unreachable);
          BOOST_TEST(contains(describe(why), "TLS"));
        }
      }
}

namespace {

/// An HTTP/2 frame (RFC 9113, section 4.1) of up to 255 bytes.
std::string frame(char type, char flags, char stream, const std::string& payload) {
  std::string head{'\0', '\0',  static_cast<char>(payload.size()), type, flags, '\0', '\0',
                   '\0', stream};
  return head + payload;
}

}  // namespace

BOOST_AUTO_TEST_CASE(http_2_that_breaks_off) {
  const auto settings_frame = frame(4, 0, 0, "");
  const std::map<std::string, std::string> endings = {
      {"a reset of the stream", frame(3, 0, 1, std::string{"\0\0\0\x02", 4})},
      {"a refused stream", frame(3, 0, 1, std::string{"\0\0\0\x07", 4})},
      {"a farewell", frame(7, 0, 0, std::string{"\0\0\0\0\0\0\0\x0b", 8})},
      {"a frame of nonsense", frame(1, 4, 1, std::string(50, '\xff'))},
      {"no frame", "HTTP/1.1 200 OK\r\n\r\n"},
      {"the end", ""},
  };
  test::self_signed identity{"IP:127.0.0.1"};
  auto file = std::filesystem::temp_directory_path() /
              ("bindery-h2-" + std::to_string(::getpid()) + ".pem");
  identity.write_certificate(file);
  for (const auto& [name, bytes] : endings) {
    test::tls_server server{identity,
                            [&, &bytes = bytes](SSL* tls) {
                              char read[4096];
                              SSL_read(tls, read, sizeof(read));
                              auto all = settings_frame + bytes;
                              SSL_write(tls, all.data(), static_cast<int>(all.size()));
                            },
                            "h2"};
    http_request request;
    request.url = "https://127.0.0.1:" + std::to_string(server.port()) + "/x";
    auto got = fetch(request, 10s, {}, file);
    BOOST_TEST_CONTEXT(name << ": " << (got ? "an answer" : describe(got.error()))) {
      BOOST_REQUIRE(!got);
      auto code = code_of(got.error());
      BOOST_CHECK(code == errc::bad_answer || code == errc::unreachable);
      BOOST_TEST(contains(describe(got.error()), "127.0.0.1"));
    }
  }
  std::filesystem::remove(file);
}

BOOST_AUTO_TEST_SUITE_END()
