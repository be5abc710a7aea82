#include "runtime/providers/doi.hpp"

#include <algorithm>

#include "runtime/error.hpp"
#include "runtime/providers/forge_answer.hpp"
#include "runtime/providers/spec_text.hpp"
#include "runtime/text/escape.hpp"

namespace bindery {

namespace {

constexpr auto npos = std::string_view::npos;

/// `10.` and the registrant's number, which may have parts of its own.
bool is_prefix(std::string_view text) {
  return text.starts_with("10.") && text.size() > 3 && text.back() != '.' && text[3] != '.' &&
         text.find("..") == npos && text.find_first_not_of("0123456789.") == npos;
}

bool is_suffix(std::string_view text) {
  constexpr std::string_view recommended =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._;():/";
  if (text.find_first_not_of(recommended) != npos) return false;
  for (size_t at = 0; at <= text.size();) {
    auto slash = std::min(text.find('/', at), text.size());
    auto part = text.substr(at, slash - at);
    if (part.empty() || part == "." || part == "..") return false;
    at = slash + 1;
  }
  return true;
}

}  // namespace

caf::expected<std::string> read_doi(std::string_view spec, const std::string& example) {
  if (auto why = check_spec(spec)) return why;
  auto doi = read_part(spec, "The DOI");
  if (!doi) return doi;
  auto slash = std::min(doi->find('/'), doi->size());
  if (is_prefix(std::string_view{*doi}.substr(0, slash)) && slash < doi->size() &&
      is_suffix(std::string_view{*doi}.substr(slash + 1)))
    return doi;
  return make_error(errc::bad_spec, in_quotes(*doi) +
                                        " is no DOI that could be looked up. A DOI has the form "
                                        "10.<number>/<name>, without https://doi.org/ before it, "
                                        "such as " +
                                        example);
}

std::string doi_request_url(const std::string& base, std::string_view doi) {
  return without_end_slashes(base) + "/" + percent_escape(doi, "/");
}

std::string doi_page(std::string_view doi) {
  return "https://doi.org/" + std::string{doi};
}

caf::error doi_refusal(const http_response& answer, const std::string& host,
                       const std::string& doi) {
  if (answer.status >= 200 && answer.status < 300) return {};
  if (answer.status == 404 || answer.status == 410)
    return make_error(errc::unresolvable_ref, "There is nothing under the DOI " + doi + " (" +
                                                  host + " does not know it). Check its spelling");
  if (answer.status == 401)
    return make_error(
        errc::unresolvable_ref,
        "What the DOI " + doi + " stands for is not public (" + host + " asks for a login)");
  return forge_refusal(answer, host, "for the DOI " + doi, "its settings");
}

}  // namespace bindery
