#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <caf/atom.hpp>
#include <caf/error.hpp>
#include <caf/typed_actor.hpp>

#include "runtime/build/request.hpp"
#include "runtime/health.hpp"
#include "runtime/hub/identity.hpp"
#include "runtime/hub/progress.hpp"
#include "runtime/hub/server_list.hpp"
#include "runtime/launch/event.hpp"
#include "runtime/launch/limits.hpp"
#include "runtime/launch/request.hpp"
#include "runtime/launch/server.hpp"
#include "runtime/launch/stage_time.hpp"
#include "runtime/net/http_message.hpp"
#include "runtime/process/process.hpp"
#include "runtime/providers/preview.hpp"
#include "runtime/providers/provider.hpp"

/// Every actor's interface: a sentence on its purpose, one commented signature per message.
/// All message types are registered in `actors/messages.cpp`, so any of them may cross nodes.
namespace bindery {

using build_atom = caf::atom_constant<caf::atom("build")>;
using check_atom = caf::atom_constant<caf::atom("check")>;
using chunk_atom = caf::atom_constant<caf::atom("chunk")>;
using count_atom = caf::atom_constant<caf::atom("count")>;
using create_atom = caf::atom_constant<caf::atom("create")>;
using delete_atom = caf::atom_constant<caf::atom("delete")>;
using end_atom = caf::atom_constant<caf::atom("end")>;
using event_atom = caf::atom_constant<caf::atom("event")>;
using exists_atom = caf::atom_constant<caf::atom("exists")>;
using fetch_atom = caf::atom_constant<caf::atom("fetch")>;
using launch_atom = caf::atom_constant<caf::atom("launch")>;
using leave_atom = caf::atom_constant<caf::atom("leave")>;
using line_atom = caf::atom_constant<caf::atom("line")>;
using list_atom = caf::atom_constant<caf::atom("list")>;
using login_atom = caf::atom_constant<caf::atom("login")>;
using progress_atom = caf::atom_constant<caf::atom("progress")>;
using read_atom = caf::atom_constant<caf::atom("read")>;
using reserve_atom = caf::atom_constant<caf::atom("reserve")>;
using resolve_atom = caf::atom_constant<caf::atom("resolve")>;
using run_atom = caf::atom_constant<caf::atom("run")>;
using start_atom = caf::atom_constant<caf::atom("start")>;
using stop_atom = caf::atom_constant<caf::atom("stop")>;
using stream_atom = caf::atom_constant<caf::atom("stream")>;
using subscribe_atom = caf::atom_constant<caf::atom("subscribe")>;
using wait_atom = caf::atom_constant<caf::atom("wait")>;

// -- the outside world ----------------------------------------------------------------------------

/// Takes what `http_client_actor` streams.
using http_sink_actor = caf::typed_actor<
    // Bytes of the body of stream `ticket`, in order.
    caf::reacts_to<chunk_atom, uint64_t, std::string>,
    // The answer is complete. A status outside 2xx comes with its body and without chunks.
    caf::reacts_to<end_atom, uint64_t, http_response>,
    // The stream broke: unreachable, timeout, too_large, bad_answer, cancelled.
    caf::reacts_to<end_atom, uint64_t, caf::error>>;

/// Carries out HTTP requests on this process's one curl engine.
using http_client_actor = caf::typed_actor<
    // The whole answer, whatever its status. Errors: unreachable, timeout, too_large, bad_answer.
    caf::replies_to<fetch_atom, http_request>::with<http_response>,
    // Opens a stream; what comes goes to the sink under the ticket replied here. Ends with the
    // sink.
    caf::replies_to<stream_atom, http_request, http_sink_actor>::with<uint64_t>,
    // Ends a stream early; its sink hears nothing more. Unknown tickets are ignored.
    caf::reacts_to<stop_atom, uint64_t>>;

/// Takes what a child process says.
using process_sink_actor = caf::typed_actor<
    // A line (without its break) from standard output (1) or standard error (2) of `ticket`.
    caf::reacts_to<line_atom, uint64_t, int32_t, std::string>,
    // The process ended and all its lines were delivered.
    caf::reacts_to<end_atom, uint64_t, process_exit>,
    // The process could not be started: process_failed.
    caf::reacts_to<end_atom, uint64_t, caf::error>>;

/// Runs child processes on this process's one process engine.
using process_runner_actor = caf::typed_actor<
    // Runs to the end. Errors: process_failed where it cannot be started.
    caf::replies_to<run_atom, process_spec>::with<process_result>,
    // Starts; lines and end go to the sink under the ticket replied here. Ends with the sink.
    caf::replies_to<start_atom, process_spec, process_sink_actor>::with<uint64_t>,
    // Stops the process group: SIGTERM, then SIGKILL after its grace. The sink still hears `end`.
    caf::reacts_to<stop_atom, uint64_t>,
    // From the process engine, as to a sink.
    caf::reacts_to<line_atom, uint64_t, int32_t, std::string>,
    caf::reacts_to<end_atom, uint64_t, process_exit>,
    caf::reacts_to<end_atom, uint64_t, caf::error>>;

/// Asks git remotes, a bounded number at a time, each with a deadline.
using git_actor = caf::typed_actor<
    // The 40-hex commit. Errors: unresolvable_ref, unreachable, timeout, forbidden (protocol).
    caf::replies_to<resolve_atom, git_query>::with<std::string>>;

/// Knows which images the registry (or, without one, the container engine) has.
using registry_actor = caf::typed_actor<
    // Is this image (with registry part and tag) there? Errors: unreachable, upstream_error,
    // forbidden, timeout; after three attempts.
    caf::replies_to<exists_atom, std::string>::with<bool>,
    // What a push of this image takes: JSON for repo2docker's CONTAINER_ENGINE_REGISTRY_CREDENTIALS
    // (a secret), or "" where the builder has its own login or needs none. Errors as above.
    caf::replies_to<login_atom, std::string>::with<std::string>,
    // Fails where the registry cannot serve now.
    caf::replies_to<check_atom>::with<void>>;

/// The container engine's API (Docker's, or Podman's in its shape).
using container_engine_actor = caf::typed_actor<
    // Is this image there? Errors: unreachable, upstream_error, timeout.
    caf::replies_to<exists_atom, std::string>::with<bool>,
    // The engine's version. Fails where it cannot serve now.
    caf::replies_to<check_atom>::with<std::string>>;

/// Takes the progress of a server that JupyterHub starts.
using hub_sink_actor = caf::typed_actor<caf::reacts_to<progress_atom, hub_progress>>;

/// JupyterHub's REST API. Connection errors and 5xx are retried (4 attempts, 4 s doubling).
using jupyterhub_actor = caf::typed_actor<
    // Creates a user. One that exists is an error (already_running) unless this was a retry.
    caf::replies_to<create_atom, std::string>::with<void>,
    // Asks for server `server` ("" for the default one) of `user` with JSON user options.
    caf::replies_to<start_atom, std::string, std::string, std::string>::with<void>,
    // Follows the start of (user, server): each event but the last to the sink, the last one, which
    // is ready or failed, as the reply. Ends with the sink. Errors: timeout (launch_timeout),
    // unreachable, upstream_error, bad_answer, too_large.
    caf::replies_to<progress_atom, std::string, std::string, hub_sink_actor>::with<hub_progress>,
    // Names of a user's servers that run or are on their way, "" for the default one.
    caf::replies_to<list_atom, std::string>::with<std::vector<std::string>>,
    // Stops a server, and forgets it where it has a name; one that is gone is fine.
    caf::replies_to<stop_atom, std::string, std::string>::with<void>,
    // Deletes a user with all its servers; one that is gone is fine.
    caf::replies_to<delete_atom, std::string>::with<void>,
    // Every server that runs, starts or stops, of all users. Errors: those of any request;
    // upstream_error too where the token may not see them.
    caf::replies_to<list_atom>::with<hub_server_list>,
    // Fails where the hub cannot serve now.
    caf::replies_to<check_atom>::with<void>>;

/// Finds out who is behind a request, as JupyterHub's services do. Remembers the hub's answers for
/// a while.
using login_actor = caf::typed_actor<
    // Whose token this is, in the browser's session at the hub named second ("" for none). Errors:
    // forbidden where the hub knows no such token, too_many_requests, unreachable, timeout,
    // upstream_error, bad_answer.
    caf::replies_to<check_atom, std::string, std::string>::with<hub_identity>,
    // Trades the code of a login for its token. Errors: forbidden where the hub refuses the code,
    // and those above.
    caf::replies_to<create_atom, std::string>::with<hub_login>,
    // The token's owner logged out: forget whose it was.
    caf::reacts_to<delete_atom, std::string>>;

// -- limits ---------------------------------------------------------------------------------------

/// Counts the launches of each client network in a window of time.
using rate_limit_actor = caf::typed_actor<
    // One more launch of this client address: whether it may go on, and what is left.
    caf::replies_to<count_atom, std::string>::with<rate_count>,
    // From itself: forget the windows that are over.
    caf::reacts_to<end_atom>>;

/// Knows how many servers run, and how many may: counts JupyterHub's, and the places that launches
/// hold whose servers are not among those yet.
using launch_quota_actor = caf::typed_actor<
    // May a launch go on? Holds no place. Errors: pod_quota, repo_quota, in the words for clients;
    // the hub's own where its servers cannot be counted.
    caf::replies_to<check_atom, quota_claim>::with<void>,
    // As `check`, and holds a place: until the asker has ended and a later list of the hub's
    // servers shows what became of it. From a supervisor; asking again changes nothing.
    caf::replies_to<reserve_atom, quota_claim>::with<void>,
    // What runs. Errors: the hub's own.
    caf::replies_to<count_atom>::with<server_usage>>;

// -- builds ---------------------------------------------------------------------------------------

/// Takes the events of a build.
using build_sink_actor = caf::typed_actor<caf::reacts_to<event_atom, std::string, stream_event>>;

/// One build: drives a backend, numbers and keeps its events, serves any number of subscribers.
using build_actor = caf::typed_actor<
    // Every event with a number above the given one goes to the sink, kept ones first. The build's
    // last event is `built` or `failed`.
    caf::reacts_to<subscribe_atom, build_sink_actor, uint64_t>,
    // The sink wants no more. The build goes on.
    caf::reacts_to<leave_atom, build_sink_actor>,
    // From the directory: so many builds are ahead of this one.
    caf::reacts_to<wait_atom, uint64_t>,
    // From the directory: a slot is free, start the backend.
    caf::reacts_to<start_atom>,
    // From the backend: the next event, still unnumbered.
    caf::reacts_to<event_atom, std::string, stream_event>,
    // From itself: it ended long enough ago.
    caf::reacts_to<stop_atom>>;

/// Knows the one build of each image name, and how many may run at once.
using build_directory_actor = caf::typed_actor<
    // The build of this image: running, waiting or just built; started where there is none.
    // Errors: shutting_down, too_many_requests.
    caf::replies_to<build_atom, build_request>::with<build_actor>,
    // From a build: it ended, with an image or not. A failed one is forgotten at once, so that the
    // next asker starts anew.
    caf::reacts_to<end_atom, std::string, bool>>;

/// Tells the logs of failed builds that one node keeps.
using build_log_reader_actor = caf::typed_actor<
    // The whole log of this id. Errors: unresolvable_ref where there is none (any more), io_failed.
    caf::replies_to<read_atom, std::string>::with<std::string>>;

/// Keeps the logs of failed builds on this node's disk. Blocks while it writes, so it lives in a
/// thread of its own.
using build_logs_actor = caf::typed_actor<
    // Keeps the log (text) of a build (its name); the id by which it can be read for as long as the
    // settings say. Errors: io_failed.
    caf::replies_to<create_atom, std::string, std::string>::with<std::string>,
    // As `build_log_reader_actor`.
    caf::replies_to<read_atom, std::string>::with<std::string>,
    // From a builder on another node whose launch was asked for here: keeps a copy of the log that
    // the reader there has under this id, under the same one. Many may ask at once: it comes over
    // once. Errors: io_failed, timeout, the reader's own.
    caf::replies_to<fetch_atom, std::string, build_log_reader_actor>::with<void>,
    // From itself: time to look for logs that have become too old.
    caf::reacts_to<delete_atom>>;

// -- launches -------------------------------------------------------------------------------------

/// Takes the events of a launch.
using launch_sink_actor = caf::typed_actor<
    // The next event of launch `launch_id`. `ready` and `failed` are the last.
    caf::reacts_to<event_atom, std::string, stream_event>>;

/// One launch: decides every step, from spec to server. Numbers every event it sends.
using launch_supervisor_actor = caf::typed_actor<
    // Nobody watches for now, though somebody may come back: start no server, and hold the news of
    // one that is ready.
    caf::reacts_to<wait_atom>,
    // Somebody watches again.
    caf::reacts_to<start_atom>,
    // The client is gone: end the launch, undo what it alone needs, leave the build running.
    caf::reacts_to<leave_atom>,
    // From its launcher: another attempt begins.
    caf::reacts_to<run_atom>,
    // From its children: something to tell the client, still unnumbered.
    caf::reacts_to<event_atom, std::string, stream_event>>;

/// Child of a supervisor: finds out which commit a spec means. Tells notices meanwhile.
using resolver_actor = caf::typed_actor<
    // Errors: unknown_provider, bad_spec, banned_spec, unresolvable_ref, unreachable, ...
    caf::replies_to<run_atom>::with<resolved_repository>,
    // From itself: the client had time to read the notice.
    caf::reacts_to<start_atom>>;

/// Child of a supervisor: has an image built and passes on the build's events.
using builder_actor = caf::typed_actor<
    // Answers when the image is there. Errors: build_failed with the build's own words.
    caf::replies_to<run_atom>::with<void>,
    // From the build.
    caf::reacts_to<event_atom, std::string, stream_event>>;

/// Child of a supervisor: gets a server from JupyterHub, trying again where that may help.
using launcher_actor = caf::typed_actor<
    // Errors: launch_failed, already_running, unreachable, timeout, after the last attempt.
    caf::replies_to<run_atom>::with<launched_server>,
    // Nobody wants the server any more: delete what was or is being created, then end.
    caf::reacts_to<leave_atom>,
    // From JupyterHub.
    caf::reacts_to<progress_atom, hub_progress>,
    // From itself: time for the next attempt.
    caf::reacts_to<start_atom>>;

/// Starts supervisors on another node of the cluster. Blocks while it dials, so it lives in a
/// thread of its own.
using runner_worker_actor = caf::typed_actor<
    // A supervisor for this launch on the first node that takes it; its events go to the desk, and
    // the log of a build that fails to where this node keeps its own.
    // Errors: unreachable, naming each node that was tried.
    caf::replies_to<run_atom, launch_request, launch_sink_actor>::with<launch_supervisor_actor>>;

/// This node's door to launches: starts supervisors (here or on another node), hands their events
/// to whoever watches.
using launch_desk_actor = caf::typed_actor<
    // Starts the launch; its events go to the sink. The same launch id again joins what runs.
    caf::reacts_to<launch_atom, launch_request, launch_sink_actor>,
    // The sink's client went away.
    caf::reacts_to<leave_atom, std::string, launch_sink_actor>,
    // An event from a supervisor, wherever it runs.
    caf::reacts_to<event_atom, std::string, stream_event>,
    // From itself: this launch ended long enough ago.
    caf::reacts_to<delete_atom, std::string>>;

/// Remembers how long the stages of launches took, in a file too. Blocks while it writes, so it
/// lives in a thread of its own.
using launch_history_actor = caf::typed_actor<
    // A stage went well. From supervisors and builds.
    caf::reacts_to<event_atom, stage_time>,
    // What to expect of the repository with this key (`repository_key`).
    caf::replies_to<count_atom, std::string>::with<launch_estimate>,
    // From itself: time to write the file.
    caf::reacts_to<end_atom>>;

/// Fetches what people read of a repository while they wait, once however many ask.
using previews_actor = caf::typed_actor<
    // Of the repository and ref of a spec (raw, still percent-escaped), by the provider's prefix in
    // links. Errors: unknown_provider, bad_spec, banned_spec, unresolvable_ref where there is
    // nothing to show, too_many_requests.
    caf::replies_to<fetch_atom, std::string, std::string>::with<repository_preview>>;

/// Answers `/health`: runs checks, each cached and shared between concurrent askers.
using health_actor = caf::typed_actor<caf::replies_to<check_atom>::with<health_report>>;

}  // namespace bindery
