#include "runtime/names.hpp"

#include <algorithm>

#include "runtime/text/escape.hpp"

namespace bindery {

namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
  return text;
}

bool alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

size_t characters(std::string_view text) {
  return text.size() - static_cast<size_t>(std::count_if(text.begin(), text.end(), continues));
}

/// Where character number `index` (from 0) begins.
size_t offset_of(std::string_view text, size_t index) {
  size_t at = 0;
  for (; at < text.size(); ++at)
    if (!continues(text[at]) && index-- == 0) break;
  return at;
}

}  // namespace

std::string safe_slug(std::string_view slug, size_t limit, size_t hash_length) {
  std::string escaped;
  for (char c : slug) {
    if (alphanumeric(c))
      escaped += c;
    else
      escaped += "-" + to_hex({&c, 1});
  }
  auto room = limit > hash_length + 1 ? limit - hash_length - 1 : 0;
  return lower(escaped.substr(0, room) + "-" + sha256_hex(slug).substr(0, hash_length));
}

std::string image_name(std::string_view image_prefix, std::string_view build_slug,
                       std::string_view ref) {
  auto room = image_prefix.size() < 255 ? 255 - image_prefix.size() : 0;
  std::string name{image_prefix};
  name += safe_slug(build_slug, room) + ":" + std::string{ref};
  std::replace(name.begin(), name.end(), '_', '-');
  return lower(std::move(name));
}

std::string build_name(std::string_view build_slug, std::string_view ref) {
  constexpr size_t limit = 63;
  constexpr size_t prefix = 6;  // "build-"
  constexpr size_t ref_room = 6;
  return "build-" + safe_slug(build_slug, limit - prefix - ref_room - 1) + "-" +
         safe_slug(ref, ref_room, 2);
}

std::string user_name(std::string_view repo_url, std::string_view suffix) {
  auto scheme = repo_url.find("://");
  auto path = scheme == std::string_view::npos ? repo_url : repo_url.substr(scheme + 3);
  auto slash = path.find('/');
  if (scheme != std::string_view::npos)
    path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash);
  path = path.substr(0, path.find_first_of("?#"));
  while (!path.empty() && path.front() == '/') path.remove_prefix(1);
  while (!path.empty() && path.back() == '/') path.remove_suffix(1);
  if (path.ends_with(".git")) path.remove_suffix(4);
  auto name = lower(std::string{path});
  std::replace(name.begin(), name.end(), '/', '-');
  if (characters(name) > 32)
    name = name.substr(0, offset_of(name, 15)) + "-" +
           name.substr(offset_of(name, characters(name) - 15));
  return name + "-" + std::string{suffix};
}

}  // namespace bindery
