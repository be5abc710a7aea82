#include "runtime/providers/dataverse.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"
#include "runtime/providers/doi.hpp"
#include "runtime/providers/forge_answer.hpp"
#include "runtime/providers/json_answer.hpp"
#include "runtime/providers/spec_text.hpp"
#include "runtime/providers/web_resolution.hpp"
#include "runtime/text/escape.hpp"

namespace bindery {

namespace {

constexpr uint64_t max_dataset_id = 999'999'999'999'999;
constexpr uint64_t max_version = 999'999;
constexpr size_t max_url_bytes = 500;

/// The identifier as an image's name may hold it (escapism with a dash).
std::string escaped(std::string_view identifier) {
  std::string result;
  for (char c : ascii_lower(identifier)) {
    bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    result += plain ? std::string{c} : "-" + to_hex({&c, 1});
  }
  return result;
}

/// The DOI in the spelling of the page that it led to: a Dataverse tells upper and lower case
/// apart, the resolver of DOIs does not.
std::string as_spelled(const web_url& page, const std::string& doi) {
  constexpr std::string_view key = "persistentId=";
  for (size_t at = 0; at < page.query.size();) {
    auto end = std::min(page.query.find('&', at), page.query.size());
    auto pair = std::string_view{page.query}.substr(at, end - at);
    if (pair.starts_with(key)) {
      auto value = percent_unescape(pair.substr(key.size()));
      if (value && ascii_lower(*value) == "doi:" + ascii_lower(doi)) return value->substr(4);
    }
    at = end + 1;
  }
  return doi;
}

class dataverse_resolution : public web_resolution {
 public:
  dataverse_resolution(host_rule hosts, const std::string& base, std::string_view spec,
                       std::string doi)
      : web_resolution(std::move(hosts)), base_(base), spec_(spec), doi_(std::move(doi)) {}

  caf::expected<resolve_step> start() override { return ask(doi_request_url(base_, doi_)); }

 protected:
  caf::expected<resolve_step> on_answer(const http_response& answer, const web_url& from) override {
    return is_found_ ? take_dataset(answer, from.host) : take_page(answer, from);
  }

 private:
  /// The page tells which host has the dataset. Some keep programs out of their pages (403), but
  /// not of their API.
  caf::expected<resolve_step> take_page(const http_response& answer, const web_url& from) {
    bool keeps_out = was_redirected() && (answer.status == 401 || answer.status == 403);
    if (!keeps_out)
      if (auto why = doi_refusal(answer, from.host, doi_)) return why;
    if (!was_redirected())
      return make_error(errc::unresolvable_ref,
                        "The DOI " + doi_ + " leads to no page. Check its spelling");
    is_found_ = true;
    return ask(from.origin() + "/api/datasets/:persistentId?persistentId=" +
               percent_escape("doi:" + as_spelled(from, doi_), ":/"));
  }

  caf::expected<resolve_step> take_dataset(const http_response& answer, const std::string& host) {
    if (answer.status == 401 || answer.status == 403 || answer.status == 404)
      return make_error(errc::unresolvable_ref,
                        host + " has no public dataset with the DOI " + doi_ +
                            ". Check that it is the DOI of a published dataset on a Dataverse, "
                            "and not that of a file");
    if (answer.status != 200) return forge_refusal(answer, host, "for " + doi_, "its settings");
    auto whole = read_json(answer, host);
    if (!whole) return std::move(whole.error());
    const auto* status = text_member(*whole, "status");
    const auto* data = member(*whole, "data");
    if (status == nullptr || *status != "OK" || data == nullptr)
      return unreadable(host, "it does not tell of a dataset");
    return read_dataset(*data, host);
  }

  caf::expected<resolve_step> read_dataset(const nlohmann::json& data, const std::string& host) {
    const auto* authority = text_member(data, "authority");
    const auto* identifier = text_member(data, "identifier");
    const auto* page = text_member(data, "persistentUrl");
    if (authority == nullptr || identifier == nullptr || page == nullptr)
      return unreadable(host, "the dataset lacks its authority, identifier or persistentUrl");
    // A host must not answer for the datasets of others.
    if (ascii_lower(*authority + "/" + *identifier) != ascii_lower(doi_))
      return unreadable(host, "it tells of the dataset " +
                                  in_quotes(*authority + "/" + *identifier) + " instead of " +
                                  doi_);
    if (page->size() > max_url_bytes || !read_web_url(*page, errc::bad_answer))
      return unreadable(host, "the dataset's persistentUrl " + in_quotes(*page) + " is no URL");
    auto version = version_of(data);
    if (!version) return unreadable(host, "the dataset lacks its id, or a published version");
    resolved_repository result;
    result.provider = "dataverse";
    result.spec = spec_;
    result.repo_url = doi_;
    result.resolved_ref = *version;
    result.resolved_spec = *authority + "/" + *identifier;
    result.ref_url = *page;
    result.build_slug = "dataverse-" + escaped(*identifier);
    result.display_name = "Dataverse";
    return result;
  }

  /// The dataset's number and its newest version: `3035124.v3.0`.
  static std::optional<std::string> version_of(const nlohmann::json& data) {
    const auto* latest = member(data, "latestVersion");
    if (latest == nullptr) return std::nullopt;
    auto id = number_member(data, "id", max_dataset_id);
    auto major = number_member(*latest, "versionNumber", max_version);
    auto minor = number_member(*latest, "versionMinorNumber", max_version);
    if (!id || !major || !minor) return std::nullopt;
    return std::to_string(*id) + ".v" + std::to_string(*major) + "." + std::to_string(*minor);
  }

  std::string base_, spec_, doi_;
  bool is_found_ = false;
};

}  // namespace

dataverse_provider::dataverse_provider(const dataverse_settings& wanted)
    : doi_base_url_(wanted.doi_base_url),
      hosts_(host_rule::around(doi_base_url_).and_also(wanted.private_hosts)) {}

nlohmann::json dataverse_provider::display_config() const {
  return {{"displayName", "Dataverse DOI"},
          {"id", "dataverse"},
          {"spec", {{"validateRegex", "10\\.\\d+\\/(.)+"}}},
          {"repo",
           {{"label", "Dataverse DOI"},
            {"placeholder", "example: 10.7910/DVN/TJCLKP"},
            {"urlEncode", false}}},
          {"ref", {{"enabled", false}}}};
}

caf::expected<std::unique_ptr<resolution>> dataverse_provider::read(std::string_view spec) const {
  auto doi = read_doi(spec, "10.7910/DVN/TJCLKP");
  if (!doi) return std::move(doi.error());
  return std::unique_ptr<resolution>{
      std::make_unique<dataverse_resolution>(hosts_, doi_base_url_, spec, std::move(*doi))};
}

}  // namespace bindery
