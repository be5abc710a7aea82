#pragma once

#include <cstdint>
#include <map>
#include <string>

#include <caf/expected.hpp>

#include "local/stack_folder.hpp"

namespace bindery {

/// The ports on 127.0.0.1 of a stack's parts: the same at each start while they are free, because
/// links and image names hold them. Below the range that the system gives to outgoing connections.
class port_book {
 public:
  explicit port_book(const stack_folder& folder);

  /// A free port for `part`; the book is written. Errors: io_failed.
  caf::expected<uint16_t> take(const std::string& part);

 private:
  bool taken(uint16_t port) const;

  const stack_folder& folder_;
  std::map<std::string, uint16_t> ports_;
  uint16_t next_;
};

}  // namespace bindery
