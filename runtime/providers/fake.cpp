#include "runtime/providers/fake.hpp"

#include <utility>

#include <nlohmann/json.hpp>

#include "runtime/providers/spec_text.hpp"
#include "runtime/text/escape.hpp"

namespace bindery {

namespace {

constexpr size_t commit_digits = 40;

class fake_resolution : public resolution {
 public:
  fake_resolution(std::string_view spec, std::string name) : spec_(spec), name_(std::move(name)) {}

  caf::expected<resolve_step> start() override {
    resolved_repository result;
    result.provider = "fake";
    result.spec = spec_;
    // A domain that is reserved for examples: nothing can ever be fetched from it.
    result.repo_url = "https://example.com/fake/" + percent_escape(name_, "/");
    result.resolved_ref = sha256_hex(name_).substr(0, commit_digits);
    result.ref_url = result.repo_url + "/tree/" + result.resolved_ref;
    result.build_slug = "fake-" + name_;
    result.resolved_spec = percent_escape(name_, "/");
    result.display_name = "Fake";
    return result;
  }

 private:
  std::string spec_, name_;
};

}  // namespace

nlohmann::json fake_provider::display_config() const {
  return {{"displayName", "Fake"},
          {"id", "fake"},
          {"spec", {{"validateRegex", ".+"}}},
          {"repo",
           {{"label", "Any text stands for a repository"},
            {"placeholder", "example: anything"},
            {"urlEncode", false}}},
          {"ref", {{"enabled", false}}}};
}

caf::expected<std::unique_ptr<resolution>> fake_provider::read(std::string_view spec) const {
  if (auto why = check_spec(spec)) return why;
  auto name = read_part(spec, "The repository's name");
  if (!name) return std::move(name.error());
  return std::unique_ptr<resolution>{std::make_unique<fake_resolution>(spec, std::move(*name))};
}

}  // namespace bindery
