// Takes repo2docker's arguments and prints its JSON lines, but builds nothing: the stub cloud at
// $STUB_CLOUD_REPO2DOCKER says how long a build takes and whether it fails, and counts it. With
// --push an image's manifest is put into the registry that its name names.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>

#include <curl/curl.h>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;

size_t keep(char* data, size_t size, size_t count, void* into) {
  static_cast<std::string*>(into)->append(data, size * count);
  return size * count;
}

/// The status, 0 where nobody answered.
long send(const char* method, const std::string& url, const std::string& body, std::string& told) {
  auto* easy = curl_easy_init();
  auto* headers = curl_slist_append(nullptr, "Content-Type: application/json");
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.c_str());
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &keep);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &told);
  long status = 0;
  if (curl_easy_perform(easy) == CURLE_OK) curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  curl_slist_free_all(headers);
  curl_easy_cleanup(easy);
  return status;
}

void say(const char* phase, const std::string& message) {
  std::puts(json{{"phase", phase}, {"message", message + "\n"}}.dump().c_str());
  std::fflush(stdout);
}

/// `host:port/name:tag` as a registry's path of its manifest.
std::string manifest_url(const std::string& image) {
  auto slash = image.find('/');
  auto colon = image.rfind(':');
  return "http://" + image.substr(0, slash) + "/v2/" + image.substr(slash + 1, colon - slash - 1) +
         "/manifests/" + image.substr(colon + 1);
}

}  // namespace

int main(int argc, char** argv) {
  std::string image, ref, repository;
  bool push = false;
  for (int i = 1; i < argc; ++i) {
    std::string_view argument = argv[i];
    if (argument.starts_with("--image=")) image = argument.substr(8);
    if (argument.starts_with("--ref=")) ref = argument.substr(6);
    if (argument == "--push") push = true;
    repository = argument;
  }
  const char* cloud = std::getenv("STUB_CLOUD_REPO2DOCKER");
  if (cloud == nullptr || image.empty()) {
    std::fputs("fake_repo2docker: needs --image and $STUB_CLOUD_REPO2DOCKER\n", stderr);
    return 2;
  }
  std::string told;
  auto status = send(
      "POST", std::string{cloud} + "/builds",
      json{{"image", image}, {"ref", ref}, {"repo_url", repository}, {"push", push}}.dump(), told);
  auto plan = json::parse(told, nullptr, false);
  if (status != 200 || !plan.is_object()) {
    std::fputs("fake_repo2docker: the stub cloud gives no plan\n", stderr);
    return 2;
  }
  say("fetching", "Picked Git content provider.");
  say("fetching", "Cloning into '/tmp/repo2docker'...");
  auto lines = plan.value("lines", 0);
  for (int i = 1; i <= lines; ++i) {
    say("building", "Step " + std::to_string(i) + "/" + std::to_string(lines) + " : RUN true");
    if (auto time = plan.value("milliseconds", 0); time > 0)
      std::this_thread::sleep_for(std::chrono::milliseconds{time / lines});
  }
  if (auto failure = plan.value("failure", std::string{}); !failure.empty()) {
    say("failed", failure);
    return 1;
  }
  if (!push) return 0;
  say("pushing", "Pushing image");
  std::string ignored;
  auto manifest = json{{"schemaVersion", 2}, {"layers", json::array()}}.dump();
  if (send("PUT", manifest_url(image), manifest, ignored) != 201) {
    say("failed", "The push refers to a registry that does not take it");
    return 1;
  }
  say("pushing", "Successfully pushed " + image);
  return 0;
}
