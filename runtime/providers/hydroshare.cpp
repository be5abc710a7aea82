#include "runtime/providers/hydroshare.hpp"

#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "runtime/error.hpp"
#include "runtime/providers/forge_answer.hpp"
#include "runtime/providers/json_answer.hpp"
#include "runtime/providers/modified_date.hpp"
#include "runtime/providers/spec_text.hpp"
#include "runtime/providers/web_resolution.hpp"

namespace bindery {

namespace {

constexpr size_t id_digits = 32;

/// The last 32 hex digits in a row, as BinderHub finds them; "" where there are none.
std::string id_in(std::string_view text) {
  size_t run = 0;
  for (size_t at = text.size(); at-- > 0;) {
    run =
        std::string_view{"0123456789abcdef"}.find(text[at]) == std::string_view::npos ? 0 : run + 1;
    if (run == id_digits) return std::string{text.substr(at, id_digits)};
  }
  return {};
}

/// When the resource was changed last.
std::optional<int64_t> modified_in(const nlohmann::json& elements) {
  const auto* dates = member(elements, "dates");
  if (dates == nullptr || !dates->is_array()) return std::nullopt;
  for (const auto& each : *dates) {
    const auto* type = text_member(each, "type");
    if (type == nullptr || *type != "modified") continue;
    const auto* date = text_member(each, "start_date");
    return date == nullptr ? std::nullopt : read_modified_date(*date);
  }
  return std::nullopt;
}

class hydroshare_resolution : public web_resolution {
 public:
  hydroshare_resolution(const std::string& base, std::string_view spec, std::string id)
      : web_resolution(host_rule::around(base)), base_(base), spec_(spec), id_(std::move(id)) {}

  caf::expected<resolve_step> start() override {
    return ask(without_end_slashes(base_) + "/hsapi/resource/" + id_ + "/scimeta/elements");
  }

 protected:
  caf::expected<resolve_step> on_answer(const http_response& answer, const web_url& from) override {
    if (answer.status == 401 || answer.status == 403 || answer.status == 404)
      return make_error(errc::unresolvable_ref, "There is no public resource " + id_ +
                                                    " on HydroShare. Check its id, and that it is "
                                                    "shared with everybody");
    if (answer.status != 200)
      return forge_refusal(answer, from.host, "for the resource " + id_, "its settings");
    auto elements = read_json(answer, from.host);
    if (!elements) return std::move(elements.error());
    if (auto modified = modified_in(*elements)) return resolved(*modified);
    return unreadable(from.host, "it does not tell when the resource " + id_ + " was modified");
  }

 private:
  resolve_step resolved(int64_t modified) const {
    resolved_repository result;
    result.provider = "hydroshare";
    result.spec = spec_;
    result.repo_url = "https://www.hydroshare.org/resource/" + id_;
    result.resolved_ref = id_ + ".v" + std::to_string(modified);
    result.resolved_spec = result.repo_url;
    result.ref_url = result.repo_url;
    result.build_slug = "hydroshare-" + result.resolved_ref;
    result.display_name = "Hydroshare";
    return result;
  }

  std::string base_, spec_, id_;
};

}  // namespace

nlohmann::json hydroshare_provider::display_config() const {
  return {{"displayName", "Hydroshare resource"},
          {"id", "hydroshare"},
          {"spec", {{"validateRegex", "[^/]+"}}},
          {"repo",
           {{"label", "Hydroshare resource id"},
            {"placeholder", "example: 8f7c2f0341ef4180b0dbe97f59130756"},
            {"urlEncode", true}}},
          {"ref", {{"enabled", false}}}};
}

caf::expected<std::unique_ptr<resolution>> hydroshare_provider::read(std::string_view spec) const {
  if (auto why = check_spec(spec)) return why;
  auto text = read_part(spec, "The resource");
  if (!text) return std::move(text.error());
  auto id = id_in(*text);
  if (id.empty())
    return make_error(errc::bad_spec, "There is no id of a HydroShare resource in " +
                                          in_quotes(*text) +
                                          ". It has 32 hex digits in lower case, such as "
                                          "8f7c2f0341ef4180b0dbe97f59130756");
  return std::unique_ptr<resolution>{
      std::make_unique<hydroshare_resolution>(api_base_url_, spec, std::move(id))};
}

}  // namespace bindery
