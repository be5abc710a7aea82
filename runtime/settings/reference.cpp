#include "runtime/settings/reference.hpp"

#include <utility>
#include <vector>

#include "runtime/settings/field_visitor.hpp"
#include "runtime/settings/settings.hpp"

namespace bindery {

namespace {

constexpr const char* preface =
    "# Settings\n"
    "\n"
    "One YAML or JSON file: sections and keys have BinderHub's own names, so the `config:` of an\n"
    "existing Helm values file can be used as it is. `bindery check --settings FILE` tells every\n"
    "problem with its path. Byte sizes take `K M G T`. This page is what `bindery settings` "
    "prints.\n";

constexpr const char* environment_variables =
    "\n## Environment\n"
    "\n"
    "Secrets are better kept out of the file. These variables win over it: "
    "`JUPYTERHUB_API_TOKEN`,\n"
    "`BINDERHUB_BUILD_TOKEN_SECRET`, `GITHUB_ACCESS_TOKEN`, `GITHUB_CLIENT_ID`, "
    "`GITHUB_CLIENT_SECRET`,\n"
    "`GITLAB_ACCESS_TOKEN`, `GITLAB_PRIVATE_TOKEN`,\n"
    "`BINDERHUB_CONTAINER_REGISTRY_HELPER_AUTH_TOKEN`. `DOCKER_HOST` is the default of\n"
    "`Bindery.container_engine`, and docker's `config.json` is looked for in `DOCKER_CONFIG`.\n"
    "\n"
    "What JupyterHub tells its services wins too: `JUPYTERHUB_CLIENT_ID`, `JUPYTERHUB_API_URL`,\n"
    "`JUPYTERHUB_OAUTH_CALLBACK_URL`, `JUPYTERHUB_OAUTH_ACCESS_SCOPES`, "
    "`JUPYTERHUB_ALLOW_NAMED_SERVERS`,\n"
    "`JUPYTERHUB_NAMED_SERVER_LIMIT_PER_USER`. `JUPYTERHUB_SERVICE_NAME` stands for the scope "
    "that\n"
    "lets users in where none is given, and `JUPYTERHUB_SERVICE_PREFIX` for "
    "`BinderHub.base_url`. `BUILD_NAMESPACE` has no effect before builds in Kubernetes have.\n";

/// A cell of a table: nothing in it may end the cell or the row.
std::string cell(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string code(std::string_view text) {
  return text.empty() ? "" : "`" + cell(text) + "`";
}

std::string codes(const std::vector<std::string>& texts) {
  std::string all;
  for (const auto& text : texts) all += (all.empty() ? "" : ", ") + code(text);
  return all;
}

class reference_writer final : public field_visitor {
 public:
  void section(std::string_view name, std::string_view doc) override {
    end_table();
    text_ += "\n## " + std::string{name} + "\n\n" + std::string{doc} + ".\n\n";
    text_ += "| key | value | default | meaning |\n| --- | --- | --- | --- |\n";
  }
  void text(std::string_view key, std::string& field, std::string_view doc) override {
    row(key, "text", code(field), doc);
  }
  void text_or_none(std::string_view key, std::string& field, std::string_view doc) override {
    row(key, "text or null", code(field), doc);
  }
  void choice(std::string_view key, std::string& field, const std::vector<std::string>& words,
              std::string_view doc) override {
    row(key, codes(words), code(field), doc);
  }
  void hidden(std::string_view key, secret&, std::string_view doc) override {
    row(key, "text, a secret", "", doc);
  }
  void boolean(std::string_view key, bool& field, std::string_view doc) override {
    row(key, "true or false", field ? "`true`" : "`false`", doc);
  }
  void yes_or_no(std::string_view key, std::string&, std::string_view doc) override {
    row(key, "true or false", "", doc);
  }
  void number(std::string_view key, int64_t& field, int64_t least, int64_t most,
              std::string_view doc) override {
    row(key, std::to_string(least) + " to " + std::to_string(most), code(std::to_string(field)),
        doc);
  }
  void bytes(std::string_view key, uint64_t& field, std::string_view doc) override {
    row(key, "bytes", code(std::to_string(field)), doc);
  }
  void texts(std::string_view key, std::vector<std::string>& field, std::string_view doc) override {
    row(key, "list of texts", codes(field), doc);
  }
  void pairs(std::string_view key, std::map<std::string, std::string>&,
             std::string_view doc) override {
    row(key, "map of texts", "", doc);
  }
  void hidden_pairs(std::string_view key, std::map<std::string, secret>&,
                    std::string_view doc) override {
    row(key, "map of texts, secrets", "", doc);
  }
  void class_name(std::string_view key, std::string& field, const std::vector<std::string>& known,
                  std::string_view doc) override {
    row(key, codes(known), code(field), doc);
  }
  void class_names(std::string_view key, std::vector<std::pair<std::string, std::string>>&,
                   const std::vector<std::string>& known, std::string_view doc) override {
    row(key, "map to " + codes(known), "", doc);
  }
  void optional_number(std::string_view key, std::optional<uint32_t>& field, int64_t least,
                       int64_t most, std::string_view doc) override {
    row(key, std::to_string(least) + " to " + std::to_string(most),
        field ? code(std::to_string(*field)) : "none", doc);
  }
  void spec_configs(std::string_view key, std::vector<spec_config_entry>&,
                    std::string_view doc) override {
    row(key, "list of `{pattern, config}`", "", doc);
  }
  void older_place(std::string_view key, std::string_view now) override {
    for (auto& one : rows_)
      if (one.key == key) one.cells = "|  |  | Older name of `" + cell(now) + "` |\n";
  }
  void not_yet(std::string_view key, std::string_view instead) override {
    auto words = "Accepted without effect: " + std::string{instead};
    for (auto& one : rows_)
      if (one.key == key) {  // read already, for what will honour it
        one.cells = "|  |  | " + cell(words) + " |\n";
        return;
      }
    row(key, "", "", words);
  }
  void removed(std::string_view key, std::string_view instead) override {
    row(key, "", "", "Not supported: " + std::string{instead});
  }
  void begin_nested(std::string_view key) override { nested_ = std::string{key} + "."; }
  void end_nested() override { nested_.clear(); }
  void alias(std::string_view key, std::string_view now) override {
    row(key, "", "", "Older name of `" + std::string{now} + "`");
  }

  std::string take() {
    end_table();
    return std::move(text_);
  }

 private:
  void row(std::string_view key, std::string_view value, std::string_view standard,
           std::string_view doc) {
    rows_.push_back(
        {nested_ + std::string{key},
         "| " + std::string{value} + " | " + std::string{standard} + " | " + cell(doc) + " |\n"});
  }

  void end_table() {
    for (const auto& one : rows_) text_ += "| `" + one.key + "` " + one.cells;
    rows_.clear();
  }

  struct table_row {
    std::string key;
    std::string cells;
  };
  std::string text_;
  std::string nested_;           ///< key of the map that is described, with a dot
  std::vector<table_row> rows_;  ///< of the current section
};

}  // namespace

std::string settings_reference() {
  settings defaults;
  reference_writer writer;
  declare(writer, defaults);
  return preface + writer.take() + environment_variables;
}

}  // namespace bindery
