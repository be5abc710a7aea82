// The nine providers: any spec, and any answers to what it makes them ask.
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>

#include <curl/curl.h>

#include "answer_text.hpp"
#include "runtime/build/repo2docker.hpp"
#include "runtime/error.hpp"
#include "runtime/names.hpp"
#include "runtime/providers/provider_table.hpp"
#include "runtime/providers/spec_text.hpp"
#include "runtime/providers/web_url.hpp"
#include "runtime/registry/image_reference.hpp"
#include "runtime/text/escape.hpp"
#include "runtime/text/random.hpp"
#include "target.hpp"

namespace bindery::fuzz {

namespace {

/// Another one in each process: an input that holds it was made of what the fuzzer saw compared.
const std::string secret_text = random_token();

const provider_table& table() {
  static const auto made = [] {
    settings all;
    all.github.access_token = all.gist.access_token = secret{secret_text};
    all.gitlab.private_token = secret{secret_text};
    return provider_table::make(all);
  }();
  return *made;
}

/// The host as libcurl reads it, which is who asks.
std::string host_of(const std::string& url) {
  std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed{curl_url(), curl_url_cleanup};
  char* host = nullptr;
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK ||
      curl_url_get(parsed.get(), CURLUPART_HOST, &host, 0) != CURLUE_OK)
    return {};
  std::string text{host};
  curl_free(host);
  return ascii_lower(text);
}

void check(const http_request& request) {
  auto host = host_of(request.url);
  auto read = read_web_url(request.url, errc::bad_answer);
  require(read && read->host == host, "nobody reads another host in a URL");
  // The defaults of the settings: what the operator named.
  constexpr std::array named = {"api.github.com", "github.com",       "gitlab.com",
                                "doi.org",        "api.figshare.com", "www.hydroshare.org"};
  bool is_named = std::find(named.begin(), named.end(), host) != named.end();
  require(is_named || (request.public_only && is_public_host(host)),
          "a host that a stranger names is a public one");
  for (const auto& [name, value] : request.headers) {
    require((name + value).find_first_of("\r\n") == std::string::npos, "no field writes others");
    if (value.find(secret_text) != std::string::npos)
      require(host == "api.github.com" || host == "gitlab.com", "secrets go to their own forge");
  }
  require(request.url.find(secret_text) == std::string::npos, "no secret in a URL");
  require(request.timeout.count() > 0 && request.timeout <= std::chrono::seconds{60} &&
              request.max_body_bytes <= 16 * 1024 * 1024 && request.max_redirects <= 10,
          "a request is bounded");
}

void check(const git_query& query) {
  require(!query.url.starts_with('-') && !query.ref.starts_with('-'), "nothing is an option");
  require(query.public_only, "a remote that a stranger names is a public one");
}

void check(const repo_provider& provider, const resolved_repository& found) {
  auto image = image_name("registry.example:5000/binder-", found.build_slug, found.resolved_ref);
  auto read = parse_image_reference(image);
  require(static_cast<bool>(read), "a resolution names an image");
  build_request build{build_name(found.build_slug, found.resolved_ref),
                      image,
                      found.repo_url,
                      found.resolved_ref,
                      found.provider,
                      ""};
  require(static_cast<bool>(repo2docker_arguments({}, build)), "a resolution can be built");
  for (const auto* text : {&found.repo_url, &found.resolved_ref, &found.ref_url,
                           &found.resolved_spec, &found.build_slug})
    require(!text->empty() && is_utf8(*text) && !has_control(*text), "a resolution is plain text");
  require(static_cast<bool>(provider.read(found.resolved_spec)), "a resolution can be asked again");
}

/// What is shown of the repository, by the same answers.
void preview(const repo_provider& provider, std::string_view spec, std::string_view answers) {
  auto source = provider.preview_of(spec);
  if (!source) return;
  preview_search search{std::move(*source)};
  auto step = search.start();
  for (int steps = 0; steps < 64; ++steps) {
    if (auto* found = std::get_if<preview_search::finding>(&step)) {
      require(!found->what || (is_utf8(found->what->text) &&
                               found->what->text.size() <= longest_preview_bytes &&
                               !has_control(found->what->url)),
              "a preview is bounded text");
      return;
    }
    const auto& request = std::get<http_request>(step);
    check(request);
    require(request.headers.empty(), "no login goes along");
    if (answers.empty()) return;
    step = search.on_response(read_answer(take_until(answers, "\n---\n")));
  }
  require(false, "a search for a preview ends");
}

/// The spec in the first line, then answers, each after a line `---`. An answer to a question for
/// a commit is that commit, or else words of a failure.
void run(const repo_provider& provider, std::string_view bytes) {
  if (bytes.find(secret_text) != bytes.npos) return;
  auto spec = take_until(bytes, "\n");
  static_cast<void>(table().admit(provider, spec));
  auto work = provider.read(spec);
  if (!work) return require_words(describe(work.error()));
  require(!repository_key(provider, spec).empty(), "a repository has a name");
  auto step = (*work)->start();
  take_until(bytes, "---\n");
  preview(provider, spec, bytes);
  for (int steps = 0; steps < 16; ++steps) {
    if (!step) {
      auto words = describe(step.error());
      require(words.find(secret_text) == std::string::npos, "no secret in an error");
      return require_words(words);
    }
    if (auto* done = std::get_if<resolved_repository>(&*step)) return check(provider, *done);
    if (std::holds_alternative<notice>(*step)) {
      step = (*work)->go_on();
      continue;
    }
    if (bytes.empty()) return;
    auto answer = take_until(bytes, "\n---\n");
    if (auto* query = std::get_if<git_query>(&*step)) {
      check(*query);
      step = answer.size() == 40
                 ? (*work)->on_commit(std::string{answer})
                 : (*work)->on_failure(make_error(errc::unresolvable_ref, "not there"));
    } else {
      check(std::get<http_request>(*step));
      step = (*work)->on_response(read_answer(answer));
    }
  }
}

struct add_providers {
  add_providers() {
    for (std::string prefix :
         {"gh", "gist", "gl", "git", "zenodo", "figshare", "hydroshare", "dataverse", "ckan"})
      add_target{"provider_" + prefix,
                 [prefix](std::string_view bytes) { run(*table().find(prefix), bytes); }};
  }
} const added;

}  // namespace

}  // namespace bindery::fuzz
