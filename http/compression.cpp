#include "http/compression.hpp"

#include <algorithm>
#include <array>
#include <brotli/encode.h>
#include <zlib.h>

#include "http/weighted_list.hpp"
#include "runtime/text/same_word.hpp"

namespace bindery {

namespace {

std::string gzipped(std::string_view bytes, bool thorough) {
  z_stream stream{};
  constexpr int gzip_window = 15 + 16;
  if (deflateInit2(&stream, thorough ? 9 : 5, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) !=
      Z_OK)
    return {};
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  // zlib does not write what it reads from; its type is older than const.
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return done ? out : std::string{};
}

std::string brotli(std::string_view bytes, bool thorough) {
  auto size = BrotliEncoderMaxCompressedSize(bytes.size());
  std::string out(size, '\0');
  if (!BrotliEncoderCompress(thorough ? BROTLI_MAX_QUALITY : 4, BROTLI_DEFAULT_WINDOW,
                             BROTLI_MODE_TEXT, bytes.size(),
                             reinterpret_cast<const uint8_t*>(bytes.data()), &size,
                             reinterpret_cast<uint8_t*>(out.data())))
    return {};
  out.resize(size);
  return out;
}

}  // namespace

std::string_view to_string(coding how) {
  return how == coding::gzip ? "gzip" : how == coding::brotli ? "br" : "";
}

coding best_coding(std::string_view accepted) {
  int gzip = -1, br = -1, any = -1;  // not named
  while (!accepted.empty()) {
    auto one = take_item(accepted, ',');
    auto name = take_item(one, ';');
    auto weight = weight_of(one);
    if (same_word(name, "gzip") || same_word(name, "x-gzip")) gzip = weight;
    if (same_word(name, "br")) br = weight;
    if (name == "*") any = weight;
  }
  if (gzip < 0) gzip = any;
  if (br < 0) br = any;
  if (br > 0 && br >= gzip) return coding::brotli;
  return gzip > 0 ? coding::gzip : coding::plain;
}

bool is_compressible(std::string_view content_type) {
  constexpr std::array<std::string_view, 6> types = {
      "text/",           "application/json", "application/javascript",
      "application/xml", "image/svg+xml",    "application/wasm"};
  return std::any_of(types.begin(), types.end(),
                     [&](auto type) { return content_type.starts_with(type); });
}

std::string compressed(coding how, std::string_view bytes, bool thorough) {
  if (how == coding::gzip) return gzipped(bytes, thorough);
  if (how == coding::brotli) return brotli(bytes, thorough);
  return std::string{bytes};
}

}  // namespace bindery
