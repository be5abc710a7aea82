#include "runtime/providers/ckan.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"
#include "runtime/providers/forge_answer.hpp"
#include "runtime/providers/json_answer.hpp"
#include "runtime/providers/modified_date.hpp"
#include "runtime/providers/spec_text.hpp"
#include "runtime/providers/web_resolution.hpp"
#include "runtime/text/escape.hpp"

namespace bindery {

namespace {

/// CKAN's own bound; with the time it fits an image's tag.
constexpr size_t max_name_bytes = 100;

/// A dataset's address: `https://<host>[/<prefix>]/dataset/<dataset>[/history/<activity>][?…]`.
struct dataset_address {
  std::string url;       ///< as it was written
  std::string api;       ///< base of the API
  std::string dataset;   ///< name or id
  std::string activity;  ///< id of a past state; "" for the present one
};

/// The elements of a path, without escapes. Errors: bad_spec.
caf::expected<std::vector<std::string>> split(std::string_view path) {
  std::vector<std::string> elements;
  while (path.ends_with('/')) path.remove_suffix(1);
  for (size_t at = 1; at <= path.size();) {
    auto slash = std::min(path.find('/', at), path.size());
    auto element = read_part(path.substr(at, slash - at), "A part of the dataset's address");
    if (!element) return std::move(element.error());
    if (*element == "." || *element == "..")
      return make_error(errc::bad_spec, "The dataset's address must not hold \".\" and \"..\"");
    elements.push_back(std::move(*element));
    at = slash + 1;
  }
  return elements;
}

/// The first `activity_id` of a query, without escapes; "" where there is none.
std::string activity_in(std::string_view query) {
  constexpr std::string_view key = "activity_id=";
  for (size_t at = 0; at < query.size();) {
    auto end = std::min(query.find('&', at), query.size());
    auto pair = query.substr(at, end - at);
    if (pair.starts_with(key) && pair.size() > key.size()) {
      auto value = percent_unescape(pair.substr(key.size()));
      return value ? *value : std::string{pair.substr(key.size())};
    }
    at = end + 1;
  }
  return {};
}

/// A dataset's or an activity's name: it becomes part of image and tag. Errors: bad_spec.
caf::error check_id(const std::string& id, const std::string& what) {
  if (auto why = check_name(id, what)) return why;
  if (id.size() <= max_name_bytes &&
      std::string_view{".-_"}.find(id.front()) == std::string_view::npos)
    return {};
  return make_error(errc::bad_spec, what + " cannot be " + in_quotes(id) +
                                        ": it is longer than 100 characters, or begins with no "
                                        "letter or digit");
}

caf::expected<dataset_address> read_elements(const web_url& url,
                                             const std::vector<std::string>& elements) {
  auto found = std::find(elements.begin(), elements.end(), "dataset");
  if (found == elements.end() || found + 1 == elements.end())
    return make_error(errc::bad_spec, in_quotes(url.origin() + url.path) +
                                          " is not the address of a CKAN dataset, such as "
                                          "https://demo.ckan.org/dataset/my-sample-dataset-001");
  dataset_address result;
  result.api = url.origin();
  for (auto each = elements.begin(); each != found; ++each)
    result.api += "/" + percent_escape(*each);
  result.api += "/api/3/action/";
  result.dataset = *(found + 1);
  auto history = std::find(found + 2, elements.end(), "history");
  if (history != elements.end() && history + 1 != elements.end())
    result.activity = *(history + 1);
  else
    result.activity = activity_in(url.query);
  return result;
}

caf::expected<dataset_address> read_address(std::string_view spec, const host_rule& hosts) {
  if (auto why = check_spec(spec)) return why;
  auto text = read_part(spec, "The dataset's address");
  if (!text) return std::move(text.error());
  auto url = read_web_url(*text, errc::bad_spec);
  if (!url) return std::move(url.error());
  if (!hosts.allows(url->host))
    return make_error(errc::bad_spec, "The host of " + in_quotes(url->origin()) +
                                          " is one of a private network, and such hosts are not "
                                          "asked. The operator of this site can allow it with "
                                          "CKANProvider.private_hosts");
  auto elements = split(url->path);
  if (!elements) return std::move(elements.error());
  auto result = read_elements(*url, *elements);
  if (!result) return result;
  if (auto why = check_id(result->dataset, "The dataset")) return why;
  if (!result->activity.empty())
    if (auto why = check_id(result->activity, "The activity")) return why;
  result->url = std::move(*text);
  return result;
}

class ckan_resolution : public web_resolution {
 public:
  ckan_resolution(host_rule hosts, std::string_view spec, dataset_address wanted)
      : web_resolution(std::move(hosts)), spec_(spec), wanted_(std::move(wanted)) {}

  caf::expected<resolve_step> start() override {
    if (wanted_.activity.empty())
      return ask(wanted_.api + "package_show?id=" + percent_escape(wanted_.dataset));
    return ask(wanted_.api + "activity_data_show?id=" + percent_escape(wanted_.activity) +
               "&object_type=package");
  }

 protected:
  caf::expected<resolve_step> on_answer(const http_response& answer, const web_url& from) override {
    if (answer.status == 401 || answer.status == 403 || answer.status == 404)
      return make_error(errc::unresolvable_ref,
                        from.host + " has no public dataset " + in_quotes(wanted_.dataset) +
                            (wanted_.activity.empty() ? "" : " with that activity") +
                            ". Check its address");
    if (answer.status != 200)
      return forge_refusal(answer, from.host, "for the dataset " + in_quotes(wanted_.dataset),
                           "its settings");
    auto whole = read_json(answer, from.host);
    if (!whole) return std::move(whole.error());
    const auto* result = member(*whole, "result");
    const auto* date = result == nullptr ? nullptr : text_member(*result, "metadata_modified");
    auto modified = date == nullptr ? std::nullopt : read_modified_date(*date);
    if (modified) return resolved(*modified);
    return unreadable(from.host, "it does not tell when the dataset was modified");
  }

 private:
  resolve_step resolved(int64_t modified) const {
    resolved_repository result;
    result.provider = "ckan";
    result.spec = spec_;
    result.repo_url = wanted_.url;
    result.resolved_ref = wanted_.dataset + ".v" + std::to_string(modified);
    // As it is, but what would end the path of a link: a query tells which state is meant.
    result.resolved_spec = percent_escape(wanted_.url, ":/");
    result.ref_url = wanted_.url;
    result.build_slug = "ckan-" + wanted_.dataset;
    result.display_name = "CKAN";
    return result;
  }

  std::string spec_;
  dataset_address wanted_;
};

}  // namespace

nlohmann::json ckan_provider::display_config() const {
  return {{"displayName", "CKAN dataset"},
          {"id", "ckan"},
          {"spec", {{"validateRegex", "[^/]+"}}},
          {"repo",
           {{"label", "CKAN dataset URL"},
            {"placeholder", "https://demo.ckan.org/dataset/my-sample-dataset-001"},
            {"urlEncode", true}}},
          {"ref", {{"enabled", false}}}};
}

caf::expected<std::unique_ptr<resolution>> ckan_provider::read(std::string_view spec) const {
  auto wanted = read_address(spec, hosts_);
  if (!wanted) return std::move(wanted.error());
  return std::unique_ptr<resolution>{
      std::make_unique<ckan_resolution>(hosts_, spec, std::move(*wanted))};
}

}  // namespace bindery
