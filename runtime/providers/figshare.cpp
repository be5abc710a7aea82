#include "runtime/providers/figshare.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"
#include "runtime/providers/doi.hpp"
#include "runtime/providers/forge_answer.hpp"
#include "runtime/providers/json_answer.hpp"
#include "runtime/providers/spec_text.hpp"
#include "runtime/providers/web_resolution.hpp"

namespace bindery {

namespace {

constexpr uint64_t max_version = 999'999'999;

/// What the DOI of an article says: `10.6084/m9.figshare.<article>[.v<version>]`.
struct article_doi {
  std::string unversioned;
  std::string article;
  std::string version;  ///< "" for the newest
};

bool is_number(std::string_view text, size_t most_digits) {
  return !text.empty() && text.size() <= most_digits && text.front() != '0' &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// `text` without its last part after a dot, and that part.
std::pair<std::string_view, std::string_view> split_last(std::string_view text) {
  auto dot = text.rfind('.');
  if (dot == std::string_view::npos) return {{}, text};
  return {text.substr(0, dot), text.substr(dot + 1)};
}

caf::expected<article_doi> read_article(std::string_view spec) {
  auto doi = read_doi(spec, "10.6084/m9.figshare.9782777.v1");
  if (!doi) return std::move(doi.error());
  auto refuse = [&](const std::string& why) {
    return make_error(errc::bad_spec, in_quotes(*doi) + " is no DOI of a Figshare article: " + why +
                                          ". It has the form 10.6084/m9.figshare.<number>, with "
                                          "or without a version such as .v1 at its end");
  };
  auto name = std::string_view{*doi}.substr(doi->find('/') + 1);
  if (std::count(name.begin(), name.end(), '.') < 2) return refuse("it names no article");
  article_doi result;
  auto [rest, last] = split_last(*doi);
  if (last.starts_with('v') || last.starts_with('V')) {
    result.version = last.substr(1);
    if (!is_number(result.version, 9)) return refuse("its version is no number");
  } else {
    rest = *doi;
  }
  result.unversioned = rest;
  auto [before, article] = split_last(rest);
  result.article = article;
  if (!is_number(article, 18)) return refuse("it ends in no article's number");
  // Collections are numbered on their own, and repo2docker cannot build them.
  if (ascii_lower(split_last(before).second) == "c") return refuse("it is a collection");
  return result;
}

class figshare_resolution : public web_resolution {
 public:
  figshare_resolution(std::string doi_base, std::string api_base, std::string_view spec,
                      article_doi wanted)
      : web_resolution(host_rule{{host_of(doi_base), host_of(api_base)}}),
        doi_base_(std::move(doi_base)),
        api_base_(std::move(api_base)),
        spec_(spec),
        wanted_(std::move(wanted)) {}

  caf::expected<resolve_step> start() override { return ask(doi_request_url(doi_base_, doi())); }

 protected:
  caf::expected<resolve_step> on_answer(const http_response& answer, const web_url& from) override {
    return is_registered_ ? take_versions(answer, from) : take_page(answer, from);
  }

 private:
  static std::string host_of(const std::string& base) {
    auto url = read_web_url(base, errc::bad_settings);
    return url ? url->host : std::string{};
  }

  std::string doi() const {
    return wanted_.unversioned + (wanted_.version.empty() ? "" : ".v" + wanted_.version);
  }

  /// The page of an article says only that it exists. It keeps programs out with all sorts of
  /// answers, which are none of "there is no such article".
  caf::expected<resolve_step> take_page(const http_response& answer, const web_url& from) {
    bool is_gone = answer.status == 404 || answer.status == 410;
    if (is_gone || !was_redirected())
      if (auto why = doi_refusal(answer, from.host, doi())) return why;
    if (!wanted_.version.empty()) return resolved(wanted_.version);
    is_registered_ = true;
    return ask(without_end_slashes(api_base_) + "/v2/articles/" + wanted_.article + "/versions");
  }

  caf::expected<resolve_step> take_versions(const http_response& answer, const web_url& from) {
    if (auto why = doi_refusal(answer, from.host, doi())) return why;
    auto versions = read_json(answer, from.host);
    if (!versions) return std::move(versions.error());
    if (!versions->is_array()) return unreadable(from.host, "it is no list of versions");
    uint64_t newest = 0;
    for (const auto& each : *versions) {
      auto version = number_member(each, "version", max_version);
      if (!version) return unreadable(from.host, "a version in it has no number");
      newest = std::max(newest, *version);
    }
    if (newest > 0) return resolved(std::to_string(newest));
    return make_error(errc::unresolvable_ref,
                      "The Figshare article " + wanted_.article + " has no public version");
  }

  resolve_step resolved(const std::string& version) const {
    resolved_repository result;
    result.provider = "figshare";
    result.spec = spec_;
    result.repo_url = doi();
    result.resolved_ref = wanted_.article + ".v" + version;
    result.resolved_spec = wanted_.unversioned + ".v" + version;
    result.ref_url = doi_page(result.resolved_spec);
    result.build_slug = "figshare-" + result.resolved_ref;
    result.display_name = "Figshare";
    return result;
  }

  std::string doi_base_, api_base_, spec_;
  article_doi wanted_;
  bool is_registered_ = false;
};

}  // namespace

nlohmann::json figshare_provider::display_config() const {
  return {{"displayName", "FigShare DOI"},
          {"id", "figshare"},
          {"spec", {{"validateRegex", "10\\.\\d+\\/(.)+"}}},
          {"repo",
           {{"label", "FigShare DOI"},
            {"placeholder", "example: 10.6084/m9.figshare.9782777.v1"},
            {"urlEncode", false}}},
          {"ref", {{"enabled", false}}}};
}

caf::expected<std::unique_ptr<resolution>> figshare_provider::read(std::string_view spec) const {
  auto wanted = read_article(spec);
  if (!wanted) return std::move(wanted.error());
  return std::unique_ptr<resolution>{std::make_unique<figshare_resolution>(
      doi_base_url_, api_base_url_, spec, std::move(*wanted))};
}

}  // namespace bindery
