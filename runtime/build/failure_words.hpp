#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

/// The words by which git, Docker, BuildKit, Podman, registries and package installers tell what is
/// wrong, as they were met in real logs. Compared without regard to case.
namespace bindery {

inline constexpr std::array<std::string_view, 2> words_of_full_disk = {"no space left on device",
                                                                       "disk quota exceeded"};

inline constexpr std::array<std::string_view, 6> words_of_lost_engine = {
    "connection broken", "connection aborted", "remotedisconnected",
    "connectionreset",   "connection refused", "read timed out"};

/// Docker's client speaks of its own connection.
inline constexpr std::array<std::string_view, 3> words_of_docker_client = {
    "('connection ", "http+docker", "unixhttpconnectionpool"};

inline constexpr std::array<std::string_view, 7> words_of_missing_ref = {"failed to check out ref",
                                                                         "could not parse object",
                                                                         "couldn't find remote ref",
                                                                         "unknown revision",
                                                                         "not a tree",
                                                                         "not our ref",
                                                                         "unadvertised object"};

inline constexpr std::array<std::string_view, 9> words_of_refused_clone = {
    "could not read username", "could not read password", "authentication failed",
    "returned error: 401",     "returned error: 403",     "permission denied (",
    "host key verification",   "invalid credentials",     "http basic: access denied"};

inline constexpr std::array<std::string_view, 8> words_of_missing_repository = {
    "not found",           "does not appear to be a git repository",
    "no such repository",  "repository not exported",
    "does not exist",      "returned error: 404",
    "returned error: 410", "not a valid repository"};

inline constexpr std::array<std::string_view, 16> words_of_unreachable_repository = {
    "could not resolve host",
    "unable to connect to",
    "unable to look up",
    "connection refused",
    "connection timed out",
    "operation timed out",
    "network is unreachable",
    "no route to host",
    "failed to connect to",
    "couldn't connect",
    "hung up unexpectedly",
    "early eof",
    "rpc failed",
    "returned error: 5",
    "ssl certificate",
    "gnutls"};

inline constexpr std::array<std::string_view, 9> words_of_refused_registry = {
    "denied",
    "unauthorized",
    "no basic auth credentials",
    "authentication required",
    "insufficient_scope",
    "401 ",
    "403 ",
    "forbidden",
    "authorization failed"};

inline constexpr std::array<std::string_view, 16> words_of_unreachable_registry = {
    "no such host",
    "connection refused",
    "i/o timeout",
    "tls handshake timeout",
    "context deadline exceeded",
    "client.timeout",
    "network is unreachable",
    "no route to host",
    "connection reset",
    "unexpected http status: 5",
    "unexpected status code 5",
    "server gave http response to https client",
    "x509:",
    "server misbehaving",
    "toomanyrequests",
    ": eof"};

inline constexpr std::array<std::string_view, 7> words_of_missing_image = {
    "manifest unknown", "manifest for", "repository does not exist", "pull access denied",
    "name unknown",     "not found",    "no matching manifest for"};

inline constexpr std::array<std::string_view, 6> words_of_invalid_dockerfile = {
    "dockerfile parse error",    "unknown instruction",        "no build stage in current context",
    "file with no instructions", "failed to parse dockerfile", "unterminated heredoc"};

inline constexpr std::array<std::string_view, 11> words_of_unreachable_packages = {
    "newconnectionerror",
    "failed to establish a new connection",
    "temporary failure in name",
    "temporary failure resolving",
    "caused by sslerror",
    "readtimeouterror",
    "condahttperror",
    "could not resolve host",
    "download error",
    "failed to fetch",
    "connecttimeouterror"};

inline constexpr std::array<std::string_view, 15> words_of_unsolvable_packages = {
    "no matching distribution found for",
    "could not find a version that satisfies",
    "conflicting dependencies",
    "resolutionimpossible",
    "nothing provides",
    "could not solve for environment specs",
    "resolvepackagenotfound",
    "packagesnotfounderror",
    "unsatisfiableerror",
    "is not installable because",
    "unable to locate package",
    "has no installation candidate",
    "unmet dependencies",
    "requires a different python",
    "invalid requirement"};

/// What the engine itself said, out of the words that Docker's client puts around it.
std::string engine_words(const std::string& cause);

/// The image of `FROM`, where the failure is one of pulling it; "" else.
std::string base_image_of(const std::string& instruction, const std::string& cause);

/// The exit status of a failed step, where `cause` names one.
std::optional<int> exit_status_in(const std::string& cause);

/// A line that the builder printed around a step's own output.
bool is_builders_own(const std::string& line, const std::string& cause);

/// The registry of an image's full name; `docker.io` where it names none.
std::string registry_of(const std::string& image_name);

}  // namespace bindery
