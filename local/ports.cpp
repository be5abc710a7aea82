#include "local/ports.hpp"

#include <fstream>

#include <nlohmann/json.hpp>

#include "http/listen_socket.hpp"
#include "runtime/error.hpp"

namespace bindery {

namespace {

constexpr uint16_t first_port = 20'000;
constexpr uint16_t port_count = 10'000;
constexpr uint16_t ports_per_stack = 10;
constexpr const char* book_name = "ports.json";

bool is_free(uint16_t port) {
  return static_cast<bool>(listen_socket::open("127.0.0.1", port));
}

}  // namespace

port_book::port_book(const stack_folder& folder) : folder_(folder) {
  // Stacks that start at the same time begin their search at different places.
  auto number = std::stoul(folder.id(), nullptr, 16);
  next_ =
      static_cast<uint16_t>(first_port + number % (port_count / ports_per_stack) * ports_per_stack);
  std::ifstream in{folder.file(book_name)};
  auto book = nlohmann::json::parse(in, nullptr, false);
  if (!book.is_object()) return;
  for (const auto& [part, port] : book.items())
    if (port.is_number_unsigned() && port > 0 && port <= UINT16_MAX)
      ports_[part] = port.get<uint16_t>();
}

bool port_book::taken(uint16_t port) const {
  for (const auto& [part, its] : ports_)
    if (its == port) return true;
  return false;
}

caf::expected<uint16_t> port_book::take(const std::string& part) {
  if (auto known = ports_.find(part); known != ports_.end() && is_free(known->second))
    return known->second;
  for (uint16_t tried = 0; tried < port_count; ++tried) {
    auto port = next_;
    next_ = port + 1 < first_port + port_count ? static_cast<uint16_t>(port + 1) : first_port;
    if (taken(port) || !is_free(port)) continue;
    ports_[part] = port;
    if (auto why = folder_.write(book_name, nlohmann::json(ports_).dump())) return why;
    return port;
  }
  return make_error(errc::io_failed, "No free port on 127.0.0.1 for the " + part + ": all from " +
                                         std::to_string(first_port) + " to " +
                                         std::to_string(first_port + port_count - 1) +
                                         " are in use");
}

}  // namespace bindery
