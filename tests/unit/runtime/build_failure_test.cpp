// Logs as repo2docker 2024.07 wrote them when these failures were really brought about with Docker
// 20.10, git 2.39 and pip 23; those of conda, BuildKit and Podman are from public reports.
#include <algorithm>
#include <sstream>
#include <vector>

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "runtime/build/failure.hpp"
#include "runtime/build/repo2docker.hpp"

using namespace bindery;

namespace {

/// A trace of a log as repo2docker wrote it, line by line.
build_trace trace_of(const std::string& log) {
  build_trace trace{"127.0.0.1:5000/x/fine:1"};
  std::istringstream lines{log};
  repo2docker_reader reader;
  auto see = [&](const std::vector<stream_event>& events) {
    for (const auto& event : events)
      trace.see(event.what, nlohmann::json::parse(event.json)["message"].get<std::string>());
  };
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty()) see(reader.read(line));
  }
  see(reader.rest());
  return trace;
}

build_end end_with(int status) {
  build_end end;
  end.exit.code = status;
  end.repo_url = "https://user:sekret@git.example/some/repo";
  end.ref = "0123456789012345678901234567890123456789";
  end.image_name = "127.0.0.1:5000/x/fine:1";
  end.program = "jupyter-repo2docker";
  end.engine = "unix:///run/engine.sock";
  end.timeout = std::chrono::hours{4};
  return end;
}

const std::string cloned = R"({"message": "Picked Git content provider.\n"}
{"message": "Cloning into '/tmp/repo2dockermofzqxl9'...\n", "phase": "fetching"}
)";
const std::string building =
    cloned + R"({"message": "HEAD is now at 2b1033b x\n", "phase": "fetching"}
{"message": "Using DockerBuildPack builder\n", "phase": "building"}
)";
const std::string based =
    building + R"({"message": "Step 1/5 : FROM bindery/base", "phase": "building"}
{"message": "\n", "phase": "building"}
{"message": " ---> fd4cd38fe131\n", "phase": "building"}
)";
const std::string built = based + R"({"message": "Step 2/5 : RUN true", "phase": "building"}
{"message": "\n", "phase": "building"}
{"message": "Successfully built 9514040e64af\n", "phase": "building"}
{"message": "Successfully tagged 127.0.0.1:5000/x/fine:1\n", "phase": "building"}
)";

std::string from(const std::string& image) {
  return building + R"({"message": "Step 1/5 : FROM )" + image + R"(", "phase": "building"}
{"message": "\n", "phase": "building"}
)";
}

std::string no_clone(const std::string& words) {
  return cloned + R"({"message": ")" + words + R"(\n", "phase": "fetching"}
{"message": "Error during build: Failed to clone repository from https://git.example/some/repo (ref 84de8a1409547869caf72b093ac2af47d22ff75b).", "phase": "failed"}
)";
}

std::string refused_by_engine(const std::string& words) {
  return building +
         R"({"message": "Error during build: 400 Client Error for http+docker://localhost/v1.41/build?t=127.0.0.1%3A21420%2Fbindery%2Fsyntax%3A1&q=False&nocache=False&rm=True&forcerm=True&pull=False&dockerfile=Dockerfile&buildargs=%7B%22NB_USER%22%3A+%22jovyan%22%7D&platform=linux%2Famd64: Bad Request (\")" +
         words + R"j(\")", "phase": "failed"}
)j";
}

struct row {
  const char* name;
  std::string log;
  build_fault fault;
  std::vector<std::string> told;
};

const std::vector<row>& rows() {
  static const std::vector<row> all = {
      {"a failing RUN",
       based + R"({"message": "Step 2/5 : RUN echo words && exit 3", "phase": "building"}
{"message": "\n", "phase": "building"}
{"message": " ---> Running in 3b687419ad90\n", "phase": "building"}
{"message": "words\n", "phase": "building"}
{"message": "Removing intermediate container 3b687419ad90\n", "phase": "building"}
{"message": "The command '/bin/sh -c echo words && exit 3' returned a non-zero code: 3", "phase": "failed"}
)",
       build_fault::step_failed,
       {"step 2/5", "RUN echo words && exit 3", "exit status 3", "Its last words: words."}},
      {"a command that is not there",
       based + R"({"message": "Step 2/5 : RUN nosuchcommand", "phase": "building"}
{"message": "\n", "phase": "building"}
{"message": " ---> Running in 4c9d2b117fde\n", "phase": "building"}
{"message": "\u001b[91m/bin/sh: 1: nosuchcommand: not found\n\u001b[0m", "phase": "building"}
{"message": "Removing intermediate container 4c9d2b117fde\n", "phase": "building"}
{"message": "The command '/bin/sh -c nosuchcommand' returned a non-zero code: 127", "phase": "failed"}
)",
       build_fault::step_failed,
       {"exit status 127", "Its last words: /bin/sh: 1: nosuchcommand: not found"}},
      {"a step that crashes",
       based + R"({"message": "Step 2/5 : RUN ./crash", "phase": "building"}
{"message": "\n", "phase": "building"}
{"message": "\u001b[91mSegmentation fault\n\u001b[0m", "phase": "building"}
{"message": "The command '/bin/sh -c ./crash' returned a non-zero code: 139", "phase": "failed"}
)",
       build_fault::step_failed,
       {"signal 11"}},
      {"out of memory",
       based +
           R"({"message": "Step 2/5 : RUN python3 -c \"x = bytearray(400*1024*1024); print(len(x))\"", "phase": "building"}
{"message": "\n", "phase": "building"}
{"message": " ---> Running in 1a560defc53b\n", "phase": "building"}
{"message": "\u001b[91mKilled\n\u001b[0m", "phase": "building"}
{"message": "Removing intermediate container 1a560defc53b\n", "phase": "building"}
{"message": "The command '/bin/sh -c python3 -c \"x = bytearray(400*1024*1024); print(len(x))\"' returned a non-zero code: 137", "phase": "failed"}
)",
       build_fault::out_of_memory,
       {"exit status 137", "memory", "LocalRepo2dockerBuild.memory_limit"}},
      {"disk full in a step",
       based +
           R"({"message": "Step 2/5 : RUN dd if=/dev/zero of=/dev/shm/x bs=1M count=200", "phase": "building"}
{"message": "\n", "phase": "building"}
{"message": "\u001b[91mdd: error writing '/dev/shm/x': No space left on device\n65+0 records in\n64+0 records out\n67108864 bytes (67 MB, 64 MiB) copied, 0.0328041 s, 2.0 GB/s\n\u001b[0m", "phase": "building"}
{"message": "Removing intermediate container 185a54feaf9b\n", "phase": "building"}
{"message": "The command '/bin/sh -c dd if=/dev/zero of=/dev/shm/x bs=1M count=200' returned a non-zero code: 1", "phase": "failed"}
)",
       build_fault::disk_full,
       {"no space left at step 2/5", "dd: error writing '/dev/shm/x'"}},
      {"disk full while cloning",
       cloned +
           R"({"message": "error: copy-fd: write returned: No space left on device\n", "phase": "fetching"}
{"message": "fatal: cannot copy '/usr/share/git-core/templates/info/exclude' to '/tmp/tiny/repo2dockera69w4rda/.git/info/exclude': No space left on device\n", "phase": "fetching"}
{"message": "Error during build: Failed to clone repository from file:///tmp/fine (ref be871da53a29ab880ed507befb983d88b6784fd3).", "phase": "failed"}
)",
       build_fault::disk_full,
       {"no space left while the repository was fetched"}},
      {"a registry of the base image that is not there",
       from("nosuch.example/none:1") +
           R"({"message": "Get \"https://nosuch.example/v2/\": dial tcp: lookup nosuch.example on 192.0.2.53:53: no such host", "phase": "failed"})",
       build_fault::base_image_unreachable,
       {"base image nosuch.example/none:1", "no such host", "FROM"}},
      {"a registry of the base image that refuses the connection",
       from("127.0.0.1:1/none:1") +
           R"({"message": "Get \"http://127.0.0.1:1/v2/\": dial tcp 127.0.0.1:1: connect: connection refused", "phase": "failed"})",
       build_fault::base_image_unreachable,
       {"base image 127.0.0.1:1/none:1", "connection refused"}},
      {"a base image that is not there",
       from("127.0.0.1:5000/none:1") +
           R"({"message": "manifest for 127.0.0.1:5000/none:1 not found: manifest unknown: manifest unknown", "phase": "failed"})",
       build_fault::base_image_missing,
       {"base image 127.0.0.1:5000/none:1 could not be pulled", "manifest unknown"}},
      {"a base image that Docker Hub does not show",
       from("nosuchuser/none:1") +
           R"({"message": "pull access denied for nosuchuser/none, repository does not exist or may require 'docker login': denied: requested access to the resource is denied", "phase": "failed"})",
       build_fault::base_image_missing,
       {"base image nosuchuser/none", "pull access denied"}},
      {"a base image that is denied",
       from("registry.example/denied:1") + R"({"message": "denied", "phase": "failed"})",
       build_fault::base_image_refused,
       {"base image registry.example/denied:1 could not be pulled: denied"}},
      {"a base image behind a login",
       from("registry.example/unauth:1") + R"({"message": "unauthorized", "phase": "failed"})",
       build_fault::base_image_refused,
       {"unauthorized"}},
      {"too many pulls",
       from("registry.example/many:1") +
           R"({"message": "toomanyrequests: You have reached your pull rate limit.", "phase": "failed"})",
       build_fault::base_image_refused,
       {"pull rate limit", "launch again later"}},
      {"an unknown instruction",
       refused_by_engine("dockerfile parse error line 2: unknown instruction: FOO"),
       build_fault::dockerfile_invalid,
       {"cannot read the Dockerfile: dockerfile parse error line 2: unknown instruction: FOO."}},
      {"no FROM",
       refused_by_engine("no build stage in current context"),
       build_fault::dockerfile_invalid,
       {"no build stage in current context"}},
      {"an empty Dockerfile",
       refused_by_engine("failed to parse Dockerfile: file with no instructions"),
       build_fault::dockerfile_invalid,
       {"file with no instructions"}},
      {"a missing argument",
       refused_by_engine("dockerfile parse error line 2: ENV requires at least one argument"),
       build_fault::dockerfile_invalid,
       {"ENV requires at least one argument"}},
      {"a file to copy that is not there",
       based + R"({"message": "Step 2/5 : COPY nosuch /x", "phase": "building"}
{"message": "\n", "phase": "building"}
{"message": "COPY failed: file not found in build context or excluded by .dockerignore: stat nosuch: file does not exist", "phase": "failed"}
)",
       build_fault::step_failed,
       {"step 2/5", "COPY nosuch /x", "file not found in build context"}},
      {"a user that is not there",
       based + R"({"message": "Step 3/6 : RUN true", "phase": "building"}
{"message": "\n", "phase": "building"}
{"message": " ---> Running in c7e958993ec2\n", "phase": "building"}
{"message": "Removing intermediate container c7e958993ec2\n", "phase": "building"}
{"message": "unable to find user nosuchuser: no matching entries in passwd file", "phase": "failed"}
)",
       build_fault::step_failed,
       {"step 3/6", "unable to find user nosuchuser"}},
      {"pip: no such package",
       based +
           R"({"message": "Step 3/6 : RUN pip3 install nosuchpackage-bindery==9", "phase": "building"}
{"message": "\n", "phase": "building"}
{"message": "\u001b[91mERROR: Could not find a version that satisfies the requirement nosuchpackage-bindery==9 (from versions: none)\n\u001b[0m", "phase": "building"}
{"message": "\u001b[91mERROR: No matching distribution found for nosuchpackage-bindery==9\n\u001b[0m", "phase": "building"}
{"message": "Removing intermediate container a0d9732acc76\n", "phase": "building"}
{"message": "The command '/bin/sh -c pip3 install nosuchpackage-bindery==9' returned a non-zero code: 1", "phase": "failed"}
)",
       build_fault::packages_unsolvable,
       {"No matching distribution found for nosuchpackage-bindery==9", "requirements.txt"}},
      {"pip: a conflict",
       based +
           R"({"message": "Step 3/6 : RUN pip3 install requests==2.31.0 idna==2.0", "phase": "building"}
{"message": "\n", "phase": "building"}
{"message": "\u001b[91mERROR: Cannot install idna==2.0 and requests==2.31.0 because these package versions have conflicting dependencies.\n\u001b[0m", "phase": "building"}
{"message": "\nThe conflict is caused by:\n    The user requested idna==2.0\n    requests 2.31.0 depends on idna<4 and >=2.5\n\nTo fix this you could try to:\n1. loosen the range of package versions you've specified\n2. remove package versions to allow pip attempt to solve the dependency conflict\n\n", "phase": "building"}
{"message": "\u001b[91mERROR: ResolutionImpossible: for help visit https://pip.pypa.io/en/latest/topics/dependency-resolution/#dealing-with-dependency-conflicts\n\u001b[0m", "phase": "building"}
{"message": "The command '/bin/sh -c pip3 install requests==2.31.0 idna==2.0' returned a non-zero code: 1", "phase": "failed"}
)",
       build_fault::packages_unsolvable,
       {"Cannot install idna==2.0 and requests==2.31.0"}},
      {"pip: no way to the index",
       based + R"({"message": "Step 2/5 : RUN pip3 install requests==2.0", "phase": "building"}
{"message": "\n", "phase": "building"}
{"message": "Could not fetch URL https://pypi.example/simple/requests/: There was a problem confirming the ssl certificate: HTTPSConnectionPool(host='pypi.example', port=443): Max retries exceeded with url: /simple/requests/ (Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate in certificate chain (_ssl.c:992)'))) - skipping\n", "phase": "building"}
{"message": "\u001b[91mERROR: Could not find a version that satisfies the requirement requests==2.0 (from versions: none)\n\u001b[0m", "phase": "building"}
{"message": "\u001b[91mERROR: No matching distribution found for requests==2.0\n\u001b[0m", "phase": "building"}
{"message": "The command '/bin/sh -c pip3 install requests==2.0' returned a non-zero code: 1", "phase": "failed"}
)",
       build_fault::packages_unreachable,
       {"could not be downloaded"}},
      {"conda: an environment that cannot be solved",
       based +
           R"({"message": "Step 39/50 : RUN TIMEFORMAT='time: %3R' bash -c 'time ${MAMBA_EXE} env update -p ${NB_PYTHON_PREFIX} --file \"environment.yml\"'", "phase": "building"}
{"message": "\n", "phase": "building"}
{"message": " ---> Running in 508dab9ef3e6\n", "phase": "building"}
{"message": "error    libmamba Could not solve for environment specs\n    Encountered problems while solving:\n      - nothing provides requested quarto\n", "phase": "building"}
{"message": "critical libmamba Could not solve for environment specs\ntime: 45.799\n", "phase": "building"}
{"message": "The command '/bin/sh -c TIMEFORMAT='time: %3R' bash -c 'time ${MAMBA_EXE} env update -p ${NB_PYTHON_PREFIX} --file \"environment.yml\"'' returned a non-zero code: 1", "phase": "failed"}
)",
       build_fault::packages_unsolvable,
       {"nothing provides requested quarto", "environment.yml"}},
      {"apt: no such package",
       based +
           R"({"message": "Step 2/5 : RUN apt-get install -y nosuchpackagex", "phase": "building"}
{"message": "\n", "phase": "building"}
{"message": "\u001b[91mE: Unable to locate package nosuchpackagex\n\u001b[0m", "phase": "building"}
{"message": "The command '/bin/sh -c apt-get install -y nosuchpackagex' returned a non-zero code: 100", "phase": "failed"}
)",
       build_fault::packages_unsolvable,
       {"Unable to locate package nosuchpackagex", "apt.txt"}},
      {"git wants a name",
       no_clone(
           "fatal: could not read Username for 'https://git.example': terminal prompts disabled"),
       build_fault::repository_refused,
       {"could not read Username", "git_credentials"}},
      {"git refuses credentials",
       no_clone("fatal: Authentication failed for 'https://git.example/some/repo/'"),
       build_fault::repository_refused,
       {"Authentication failed"}},
      {"git is forbidden",
       no_clone("fatal: unable to access 'https://git.example/some/repo/': The requested URL "
                "returned error: 403"),
       build_fault::repository_refused,
       {"403"}},
      {"ssh refuses our key",
       no_clone("git@git.example: Permission denied (publickey)."),
       build_fault::repository_refused,
       {"publickey"}},
      {"no such repository over http",
       no_clone("fatal: repository 'https://git.example/some/repo/' not found"),
       build_fault::repository_missing,
       {"Check the address"}},
      {"no such repository on a git daemon",
       no_clone("fatal: remote error: no such repository: /nosuch"),
       build_fault::repository_missing,
       {"no such repository: /nosuch"}},
      {"a git daemon that does not export it",
       no_clone("fatal: remote error: access denied or repository not exported: /nosuch"),
       build_fault::repository_missing,
       {"not exported"}},
      {"no such host",
       no_clone("fatal: unable to access 'https://nosuch.example/x/': Could not resolve host: "
                "nosuch.example"),
       build_fault::repository_unreachable,
       {"Could not resolve host"}},
      {"a git daemon that is down",
       no_clone(
           R"(fatal: unable to connect to 127.0.0.1:\n127.0.0.1[0: 127.0.0.1]: errno=Connection refused\n)"),
       build_fault::repository_unreachable,
       {"127.0.0.1"}},
      {"ssh to a host that is down",
       no_clone(
           R"(ssh: connect to host 127.0.0.1 port 1: Connection refused\r\nfatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.)"),
       build_fault::repository_unreachable,
       {"port 1: Connection refused"}},
      {"a git host with a fault",
       no_clone("fatal: unable to access 'https://git.example/some/repo/': The requested URL "
                "returned error: 500"),
       build_fault::repository_unreachable,
       {"500", "Try again later"}},
      {"a commit that is gone",
       cloned +
           R"({"message": "fatal: Could not parse object '0123456789012345678901234567890123456789'.\n", "phase": "fetching"}
{"message": "Error during build: Command '['git', 'reset', '--hard', '0123456789012345678901234567890123456789']' returned non-zero exit status 128.", "phase": "failed"}
)",
       build_fault::ref_missing,
       {"commit 0123456789012345678901234567890123456789 is not in the repository any more"}},
      {"a branch that is gone",
       cloned + R"({"message": "Failed to check out ref nosuchbranch", "phase": "failed"}
{"message": "Error during build: Failed to check out ref nosuchbranch", "phase": "failed"}
)",
       build_fault::ref_missing,
       {"launch a branch or tag that exists"}},
      {"a submodule that cannot be cloned",
       cloned + R"({"message": "HEAD is now at 2b1033b x\n", "phase": "fetching"}
{"message": "fatal: clone of 'file:///sub' into submodule path '/tmp/r/sub' failed\n", "phase": "fetching"}
{"message": "Error during build: Command '['git', 'submodule', 'update', '--init', '--recursive']' returned non-zero exit status 1.", "phase": "failed"}
)",
       build_fault::clone_failed,
       {"submodule path", "--recurse-submodules"}},
      {"a registry without our login",
       built + R"({"message": "no basic auth credentials", "phase": "failed"})",
       build_fault::push_refused,
       {"registry 127.0.0.1:5000", "DockerRegistry.username"}},
      {"a registry that refuses our login",
       built +
           R"j({"message": "Error during build: 500 Server Error for http+docker://localhost/v1.41/auth: Internal Server Error (\"login attempt to http://127.0.0.1:5000/v2/ failed with status: 401 Unauthorized\")", "phase": "failed"})j",
       build_fault::push_refused,
       {"login attempt to http://127.0.0.1:5000/v2/ failed with status: 401 Unauthorized"}},
      {"a push that is denied",
       built +
           R"({"message": "Pushing image\n", "progress": {"3d2b080f5f77": "Retrying in 2 seconds"}, "phase": "pushing"}
{"message": "denied", "phase": "failed"}
)",
       build_fault::push_refused,
       {"does not let it be stored: denied"}},
      {"a registry that is down",
       built +
           R"({"message": "Get \"http://127.0.0.1:5000/v2/\": dial tcp 127.0.0.1:5000: connect: connection refused", "phase": "failed"})",
       build_fault::push_unreachable,
       {"registry 127.0.0.1:5000", "connection refused", "Launch again"}},
      {"a registry with a fault of its own",
       built + R"({"message": "Pushing image\n", "progress": {}, "phase": "pushing"}
{"message": "received unexpected HTTP status: 503 Service Unavailable", "phase": "failed"}
)",
       build_fault::push_unreachable,
       {"503 Service Unavailable"}},
      {"a push that fails otherwise",
       built + R"({"message": "tag does not exist: 127.0.0.1:5000/x/fine:1", "phase": "failed"})",
       build_fault::push_failed,
       {"tag does not exist"}},
      {"no engine socket",
       R"j({"message": "\nContainer engine initialization error: ('Check if docker is running on the host.', DockerException(\"Error while fetching server API version: ('Connection aborted.', FileNotFoundError(2, 'No such file or directory'))\"))\n"})j",
       build_fault::engine_unreachable,
       {"no container engine answers at unix:///run/engine.sock", "Bindery.container_engine"}},
      {"an engine that goes away",
       based + R"j({"message": "Step 2/5 : RUN echo begun && sleep 30", "phase": "building"}
{"message": "\n", "phase": "building"}
{"message": "begun\n", "phase": "building"}
{"message": "Error during build: ('Connection broken: IncompleteRead(0 bytes read)', IncompleteRead(0 bytes read))", "phase": "failed"}
)j",
       build_fault::engine_unreachable,
       {"broke off at step 2/5", "unix:///run/engine.sock"}},
      {"repo2docker without its modules",
       "Traceback (most recent call last):\n"
       "  File \"/opt/bin/jupyter-repo2docker\", line 5, in <module>\n"
       "    from repo2docker.__main__ import main\n"
       "ModuleNotFoundError: No module named 'repo2docker'\n",
       build_fault::builder_missing,
       {"No module named 'repo2docker'", "Bindery.repo2docker"}},
      {"BuildKit: a failing RUN",
       building + R"({"message": "#12 [ 5/10] RUN make\n", "phase": "building"}
{"message": "#7 [2/5] RUN npm install && npm i -g serve\n", "phase": "building"}
{"message": "#7 1.234 npm ERR! missing script\n", "phase": "building"}
{"message": "ERROR: failed to solve: process \"/bin/sh -c npm install && npm i -g serve\" did not complete successfully: exit code: 254", "phase": "failed"}
)",
       build_fault::step_failed,
       {"step 2/5", "exit status 254", "npm ERR! missing script"}},
      {"BuildKit: a base image that is not there",
       building +
           R"({"message": "ERROR: failed to solve: nosuch/image:latest: failed to resolve source metadata for docker.io/nosuch/image:latest: pull access denied, repository does not exist or may require authorization", "phase": "failed"})",
       build_fault::base_image_missing,
       {"base image docker.io/nosuch/image:latest"}},
      {"BuildKit, older: out of memory",
       building +
           R"({"message": "failed to solve: executor failed running [/bin/sh -c pip install -r /tmp/requirements.txt && rm /tmp/requirements.txt]: exit code: 137", "phase": "failed"})",
       build_fault::out_of_memory,
       {"exit status 137"}},
      {"Podman: a failing RUN",
       building + R"({"message": "STEP 2: RUN dnf -y install make\n", "phase": "building"}
{"message": "error building at STEP \"RUN dnf -y install make\": error while running runtime: exit status 1", "phase": "failed"}
)",
       build_fault::step_failed,
       {"step 2", "RUN dnf -y install make", "exit status 1"}},
      {"words that nobody knows",
       building +
           R"({"message": "Error during build: The legacy buildpack has been removed.", "phase": "failed"})",
       build_fault::unknown,
       {"exit status 1", "The legacy buildpack has been removed."}},
      {"no words at all", "", build_fault::unknown, {"repo2docker ended with exit status 1"}},
  };
  return all;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(build_failures)

BOOST_AUTO_TEST_CASE(each_failure_is_named_with_its_cause_and_a_way_out) {
  for (const auto& one : rows()) {
    auto verdict = explain_failure(trace_of(one.log), end_with(1));
    BOOST_TEST(to_string(verdict.fault) == to_string(one.fault), one.name);
    for (const auto& part : one.told)
      BOOST_TEST(has(verdict.message, part),
                 one.name << ": \"" << part << "\" is not in: " << verdict.message);
    BOOST_TEST(has(verdict.message, "https://git.example/some/repo"), one.name);
    BOOST_TEST(!has(verdict.message, "sekret"), one.name);
    BOOST_TEST(verdict.message.find('\n') == std::string::npos, one.name);
    BOOST_TEST(!has(verdict.message, "\x1b"), one.name);
    BOOST_TEST((verdict.message.ends_with('.') || verdict.message.ends_with('?')),
               one.name << ": " << verdict.message);
  }
}

BOOST_AUTO_TEST_CASE(the_end_of_the_process_says_more_than_its_log) {
  auto log = trace_of(based + R"({"message": "Step 2/5 : RUN sleep 9", "phase": "building"})");
  auto end = end_with(-1);
  end.exit.timed_out = true;
  auto late = explain_failure(log, end);
  BOOST_TEST((late.fault == build_fault::timed_out));
  BOOST_TEST(has(late.message, "ran out of time at step 2/5"));
  BOOST_TEST(has(late.message, "4 hours"));
  end.timeout = std::chrono::seconds{90};
  BOOST_TEST(has(explain_failure(log, end).message, "90 seconds"));

  auto killed = end_with(-1);
  killed.exit.signal = 9;
  auto verdict = explain_failure(log, killed);
  BOOST_TEST((verdict.fault == build_fault::killed));
  BOOST_TEST(has(verdict.message, "signal 9"));
  BOOST_TEST(has(verdict.message, "out of memory"));
  killed.exit.signal = 15;
  BOOST_TEST(has(explain_failure(log, killed).message, "signal 15"));
  BOOST_TEST((explain_failure(log, end_with(137)).fault == build_fault::killed));

  auto hungry = end_with(137);
  hungry.out_of_memory = true;
  hungry.memory_limit_bytes = 512 * 1024 * 1024;
  auto memory = explain_failure(log, hungry);
  BOOST_TEST((memory.fault == build_fault::out_of_memory));
  BOOST_TEST(has(memory.message, "512 MiB"));

  auto cancelled = end_with(143);
  cancelled.cancelled = true;
  BOOST_TEST((explain_failure(log, cancelled).fault == build_fault::cancelled));
  BOOST_TEST((explain_failure(build_trace{}, end_with(127)).fault == build_fault::builder_missing));
}

BOOST_AUTO_TEST_CASE(a_builder_that_cannot_be_started_is_told_with_what_to_do) {
  auto verdict = explain_missing_builder(end_with(-1), "Cannot run x: there is no such program");
  BOOST_TEST((verdict.fault == build_fault::builder_missing));
  BOOST_TEST(has(verdict.message, "there is no such program"));
  BOOST_TEST(has(verdict.message, "Bindery.repo2docker"));
}

BOOST_AUTO_TEST_CASE(words_of_an_earlier_step_or_stage_explain_nothing) {
  auto verdict = explain_failure(
      trace_of(cloned + R"({"message": "warning: could not resolve host", "phase": "fetching"}
)" + based + R"({"message": "Step 2/5 : RUN true", "phase": "building"}
{"message": "\n", "phase": "building"}
{"message": "E: No space left on device\n", "phase": "building"}
{"message": "Step 3/5 : RUN echo 'No space left on device' && false", "phase": "building"}
{"message": "\n", "phase": "building"}
{"message": "The command '/bin/sh -c echo 'No space left on device' && false' returned a non-zero code: 1", "phase": "failed"}
)"),
      end_with(1));
  BOOST_TEST(to_string(verdict.fault) == "step_failed");
}

BOOST_AUTO_TEST_CASE(messages_and_memory_are_bounded_whatever_a_log_says) {
  build_trace trace{"x"};
  trace.see(phase::building, "Step 2/5 : RUN " + std::string(1'000'000, 'x'));
  for (int i = 0; i < 10'000; ++i) trace.see(phase::building, std::string(10'000, 'y'));
  trace.see(phase::failed, std::string(1'000'000, 'z'));
  BOOST_TEST(trace.lines().size() <= 80U);
  BOOST_TEST(trace.lines().back().size() < 500U);
  BOOST_TEST(trace.cause().size() < 20'000U);
  BOOST_TEST(explain_failure(trace, end_with(1)).message.size() < 2'100U);
}

BOOST_AUTO_TEST_CASE(colours_and_control_characters_are_taken_out) {
  BOOST_TEST(plain_text("\x1b[91mred\x1b[0m \x07text\r\n") == "red text\n");
  BOOST_TEST(plain_text("10%\r50%\r") == "10%\n50%");
  BOOST_TEST(plain_text("\x1b[") == "");
  BOOST_TEST(plain_text("\x1b") == "");
}

BOOST_AUTO_TEST_SUITE_END()
