#include "actors/messages.hpp"

#include <caf/actor_system_config.hpp>

#include "actors/interfaces.hpp"

namespace bindery {

void register_messages(caf::actor_system_config& config) {
  config.add_message_type<http_request>("http_request")
      .add_message_type<http_response>("http_response")
      .add_message_type<process_spec>("process_spec")
      .add_message_type<process_exit>("process_exit")
      .add_message_type<process_result>("process_result")
      .add_message_type<git_query>("git_query")
      .add_message_type<hub_progress>("hub_progress")
      .add_message_type<hub_identity>("hub_identity")
      .add_message_type<hub_login>("hub_login")
      .add_message_type<hub_server_list>("hub_server_list")
      .add_message_type<quota_claim>("quota_claim")
      .add_message_type<server_usage>("server_usage")
      .add_message_type<rate_count>("rate_count")
      .add_message_type<health_report>("health_report")
      .add_message_type<stage_time>("stage_time")
      .add_message_type<launch_estimate>("launch_estimate")
      .add_message_type<repository_preview>("repository_preview")
      .add_message_type<build_request>("build_request")
      .add_message_type<stream_event>("stream_event")
      .add_message_type<launch_request>("launch_request")
      .add_message_type<launched_server>("launched_server")
      .add_message_type<resolved_repository>("resolved_repository")
      .add_message_type<http_sink_actor>("http_sink_actor")
      .add_message_type<process_sink_actor>("process_sink_actor")
      .add_message_type<hub_sink_actor>("hub_sink_actor")
      .add_message_type<build_sink_actor>("build_sink_actor")
      .add_message_type<build_actor>("build_actor")
      .add_message_type<build_log_reader_actor>("build_log_reader_actor")
      .add_message_type<build_logs_actor>("build_logs_actor")
      .add_message_type<launch_sink_actor>("launch_sink_actor")
      .add_message_type<launch_supervisor_actor>("launch_supervisor_actor")
      .add_message_type<launch_desk_actor>("launch_desk_actor");
}

}  // namespace bindery
