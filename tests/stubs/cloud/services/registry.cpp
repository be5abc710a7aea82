#include <set>
#include <stdexcept>

#include "tests/stubs/cloud/service.hpp"

namespace stub_cloud {

namespace {

/// A container registry with its token service (`/token`). `login` is `none`, `basic` or `bearer`;
/// every password is right but those that begin with `bad`. Blobs are taken and forgotten.
class registry_service : public service {
 public:
  std::string name() const override { return "registry"; }

  void behave(const json& wanted) override {
    auto login = wanted.value("login", login_);
    if (login != "none" && login != "basic" && login != "bearer")
      throw std::invalid_argument{"login is none, basic or bearer"};
    login_ = login;
    for (const auto& image : wanted.value("images", json::array()))
      manifests_[image.get<std::string>()] = manifest_of(image.get<std::string>());
  }

  void reset() override {
    login_ = "none";
    manifests_.clear();
    tokens_.clear();
  }

  answer take(const request& asked) override {
    auto result = asked.path == "/token" ? token(asked) : api(asked);
    result.headers.emplace_back("Docker-Distribution-Api-Version", "registry/2.0");
    return result;
  }

 private:
  static constexpr const char* manifest_type =
      "application/vnd.docker.distribution.manifest.v2+json";

  static std::string digest_of(const std::string& text) {
    return "sha256:" + (commit_of(text) + commit_of(text + "!")).substr(0, 64);
  }

  static std::string manifest_of(const std::string& image) {
    json body = {{"schemaVersion", 2},
                 {"mediaType", manifest_type},
                 {"config",
                  {{"mediaType", "application/vnd.docker.container.image.v1+json"},
                   {"size", 7'023},
                   {"digest", digest_of(image)}}},
                 {"layers", json::array()}};
    return body.dump();
  }

  static answer fault(std::string route, int status, const char* code, const std::string& words) {
    return json_answer(
        std::move(route), status,
        {{"errors", json::array({{{"code", code}, {"message", words}, {"detail", nullptr}}})}},
        "application/json; charset=utf-8");
  }

  answer token(const request& asked) {
    const std::string route = "GET /token";
    // base64 of what begins with "x:bad" is not looked at: the user's name is bad.
    if (asked.header("authorization").starts_with("Basic YmFk"))
      return json_answer(route, 401, {{"details", "incorrect username or password"}});
    auto token = "stub-" + commit_of(asked.parameter("scope") + std::to_string(tokens_.size()));
    tokens_.insert(token);
    return json_answer(route, 200,
                       {{"token", token},
                        {"access_token", token},
                        {"expires_in", 300},
                        {"issued_at", iso_time(now_s())}});
  }

  bool is_let_in(const request& asked) const {
    auto given = asked.header("authorization");
    if (login_ == "none") return true;
    if (login_ == "basic") return given.starts_with("Basic ") && !given.starts_with("Basic YmFk");
    return given.starts_with("Bearer ") && tokens_.count(given.substr(7)) > 0;
  }

  answer challenge(const request& asked, const std::string& scope) const {
    auto result = fault("refused", 401, "UNAUTHORIZED", "authentication required");
    auto words = login_ == "basic"
                     ? std::string{"Basic realm=\"stub registry\""}
                     : "Bearer realm=\"" + asked.origin + "/token\",service=\"stub-registry\"" +
                           (scope.empty() ? "" : ",scope=\"" + scope + "\"");
    result.headers.emplace_back("WWW-Authenticate", words);
    return result;
  }

  answer api(const request& asked) {
    auto path = asked.elements();
    if (path.empty() || path[0] != "v2") return fault("unknown", 404, "NOT_FOUND", "not found");
    // A name may have several elements: what it is asked for stands at the end.
    bool is_manifest = path.size() >= 4 && path[path.size() - 2] == "manifests";
    std::string repository;
    for (size_t i = 1; is_manifest && i + 2 < path.size(); ++i)
      repository += (i > 1 ? "/" : "") + path[i];
    if (!is_let_in(asked))
      return challenge(asked, is_manifest ? "repository:" + repository + ":pull" : "");
    if (path.size() == 1) return json_answer("GET /v2/", 200, json::object());
    if (is_manifest) return manifest(asked, repository, path.back());
    return blob(asked);
  }

  answer manifest(const request& asked, const std::string& repository, const std::string& tag) {
    auto route = asked.method + " /v2/{name}/manifests/{tag}";
    auto image = repository + ":" + tag;
    if (asked.method == "PUT") manifests_[image] = asked.body;
    auto found = manifests_.find(image);
    if (found == manifests_.end()) return fault(route, 404, "MANIFEST_UNKNOWN", "manifest unknown");
    answer result;
    result.route = route;
    result.status = asked.method == "PUT" ? 201 : 200;
    result.headers = {{"Content-Type", manifest_type},
                      {"Docker-Content-Digest", digest_of(found->second)},
                      {"ETag", "\"" + digest_of(found->second) + "\""}};
    if (asked.method == "PUT")
      result.headers.emplace_back("Location", asked.origin + asked.path);
    else
      result.body = found->second;
    return result;
  }

  answer blob(const request& asked) {
    if (asked.path.find("/blobs/") == std::string::npos)
      return fault("unknown", 404, "NOT_FOUND", "not found");
    auto result = text_answer(asked.method + " /v2/{name}/blobs", 404, "");
    if (asked.method == "POST" || asked.method == "PATCH") {
      result.status = 202;
      auto place = asked.method == "PATCH" ? asked.path : asked.path + std::to_string(++uploads_);
      result.headers.emplace_back("Location", asked.origin + place);
      result.headers.emplace_back("Range", "0-" + std::to_string(asked.body.size()));
    } else if (asked.method == "PUT") {
      result.status = 201;
      result.headers.emplace_back("Docker-Content-Digest", asked.parameter("digest"));
    }
    return result;
  }

  std::string login_ = "none";
  std::map<std::string, std::string> manifests_;
  std::set<std::string> tokens_;
  uint64_t uploads_ = 0;
};

}  // namespace

service_ptr make_registry() {
  return std::make_unique<registry_service>();
}

}  // namespace stub_cloud
