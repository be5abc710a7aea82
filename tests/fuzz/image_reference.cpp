#include "runtime/registry/image_reference.hpp"

#include "runtime/error.hpp"
#include "runtime/names.hpp"
#include "runtime/text/escape.hpp"
#include "target.hpp"

namespace bindery::fuzz {

namespace {

bool is_dns_label(const std::string& text) {
  return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
}

/// A line each: an image's name, a build slug, a ref, a repository's URL.
void run(std::string_view bytes) {
  auto image = take_until(bytes, "\n");
  if (auto read = parse_image_reference(image))
    require(!read->name.empty() && !read->tag.empty(), "an image has name and tag");
  else
    require_words(describe(read.error()));
  auto slug = take_until(bytes, "\n");
  auto ref = take_until(bytes, "\n");
  if (!slug.empty() && !ref.empty()) {
    auto name = build_name(slug, ref);
    require(is_dns_label(name), "a build's name is a DNS label");
    require(name == build_name(slug, ref), "a build's name is the same everywhere");
  }
  if (is_utf8(bytes))  // of up to four bytes a character
    require(user_name(bytes, "abcd1234").size() <= 32 * 4 + 9, "a user's name is bounded");
}

const add_target added{"image_reference", run};

}  // namespace

}  // namespace bindery::fuzz
