#include "runtime/providers/zenodo.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"
#include "runtime/providers/doi.hpp"
#include "runtime/providers/spec_text.hpp"
#include "runtime/providers/web_resolution.hpp"

namespace bindery {

namespace {

constexpr size_t max_id_bytes = 64;

/// The last element of a record's path, "" for other pages. The page of a DOI that is Zenodo's own
/// is a record whatever its path; others might be pages of another archive with the same number.
std::string record_of(std::string_view path, const std::string& doi) {
  while (path.ends_with('/')) path.remove_suffix(1);
  auto slash = path.rfind('/');
  if (slash == std::string_view::npos) return {};
  auto id = path.substr(slash + 1);
  auto before = path.substr(0, slash);
  bool is_record = before.ends_with("/records") || before.ends_with("/record");
  if (!is_record && !doi.starts_with("10.5281/")) return {};
  // It becomes an image's tag.
  bool usable = id.size() <= max_id_bytes && !check_name(id, "") && id.front() != '.' &&
                id.front() != '-' && id.front() != '_';
  return usable ? std::string{id} : std::string{};
}

class zenodo_resolution : public web_resolution {
 public:
  zenodo_resolution(const std::string& base, std::string_view spec, std::string doi)
      : web_resolution(host_rule::around(base)), base_(base), spec_(spec), doi_(std::move(doi)) {}

  caf::expected<resolve_step> start() override { return ask(doi_request_url(base_, doi_)); }

 protected:
  caf::expected<resolve_step> on_answer(const http_response& answer, const web_url& from) override {
    if (auto why = doi_refusal(answer, from.host, doi_)) return why;
    auto id = record_of(from.path, doi_);
    if (was_redirected() && !id.empty()) return resolved(id);
    return make_error(errc::unresolvable_ref,
                      "The DOI " + doi_ + " leads to " + from.origin() + from.path.substr(0, 200) +
                          ", which is no record of Zenodo. Check the DOI and the kind of source");
  }

 private:
  /// The DOI of exactly this version. That of all versions has another number in it.
  std::string resolved_doi(const std::string& id) const {
    auto name = ascii_lower(doi_).find("zenodo.");
    return name == std::string::npos ? doi_ : doi_.substr(0, name) + "zenodo." + id;
  }

  resolve_step resolved(const std::string& id) const {
    resolved_repository result;
    result.provider = "zenodo";
    result.spec = spec_;
    result.repo_url = doi_;
    result.resolved_ref = id;
    result.resolved_spec = resolved_doi(id);
    result.ref_url = doi_page(result.resolved_spec);
    result.build_slug = "zenodo-" + id;
    result.display_name = "Zenodo";
    return result;
  }

  std::string base_, spec_, doi_;
};

}  // namespace

nlohmann::json zenodo_provider::display_config() const {
  return {{"displayName", "Zenodo DOI"},
          {"id", "zenodo"},
          {"spec", {{"validateRegex", "10\\.\\d+\\/(.)+"}}},
          {"repo",
           {{"label", "Zenodo DOI"},
            {"placeholder", "example: 10.5281/zenodo.3242074"},
            {"urlEncode", false}}},
          {"ref", {{"enabled", false}}}};
}

caf::expected<std::unique_ptr<resolution>> zenodo_provider::read(std::string_view spec) const {
  auto doi = read_doi(spec, "10.5281/zenodo.3242074");
  if (!doi) return std::move(doi.error());
  return std::unique_ptr<resolution>{
      std::make_unique<zenodo_resolution>(doi_base_url_, spec, std::move(*doi))};
}

}  // namespace bindery
