#include "runtime/text/random.hpp"

#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <sys/random.h>

#include "runtime/text/base64.hpp"

namespace bindery {

std::string random_bytes(size_t count) {
  std::string bytes(count, '\0');
  for (size_t got = 0; got < count;) {
    auto n = getrandom(bytes.data() + got, count - got, 0);
    if (n < 0 && errno != EINTR) std::abort();  // no safe way to go on without randomness
    if (n > 0) got += static_cast<size_t>(n);
  }
  return bytes;
}

std::string random_token() {
  return to_base64url(random_bytes(16));
}

std::string random_id(size_t length) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::string id;
  while (id.size() < length)
    for (char c : random_bytes(length)) {
      auto value = static_cast<unsigned char>(c);
      // 252 is the largest multiple of 36 in a byte; what is above would favour some letters.
      if (value < 252 && id.size() < length) id += letters[value % letters.size()];
    }
  return id;
}

}  // namespace bindery
