#include "http/answer_text.hpp"

namespace bindery {

namespace {

std::string_view status_words(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 400:
      return "Bad Request";
    case 408:
      return "Request Timeout";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 431:
      return "Request Header Fields Too Large";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Internal Server Error";
  }
}

}  // namespace

std::string_view security_fields() {
  return "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
         "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
         "frame-ancestors 'self'\r\n"
         "X-Content-Type-Options: nosniff\r\n"
         "Referrer-Policy: strict-origin-when-cross-origin\r\n";
}

std::string answer_head(int status, std::string_view fields, std::string_view content_type,
                        uint64_t body_bytes, bool close) {
  std::string text = "HTTP/1.1 " + std::to_string(status) + ' ';
  text.append(status_words(status)).append("\r\n").append(fields);
  if (status != 204) {
    text.append("Content-Type: ").append(content_type);
    text.append("\r\nContent-Length: ").append(std::to_string(body_bytes)).append("\r\n");
  }
  if (close) text += "Connection: close\r\n";
  return text += "\r\n";
}

std::string answer_text(int status, std::string_view fields, std::string_view content_type,
                        std::string_view body, bool with_body, bool close) {
  auto text = answer_head(status, fields, content_type, body.size(), close);
  if (with_body) text += body;
  return text;
}

std::string refusal_text(int status, std::string_view fields, std::string_view reason) {
  return answer_text(status, std::string{security_fields()}.append(fields),
                     "text/plain; charset=utf-8", std::string{reason} + "\n", true, true);
}

}  // namespace bindery
