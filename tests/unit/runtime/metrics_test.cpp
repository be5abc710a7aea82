#include "runtime/metrics/metrics.hpp"

#include <ctime>
#include <set>
#include <thread>
#include <unistd.h>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "prometheus_reader.hpp"
#include "runtime/metrics/repo_label.hpp"

using namespace bindery;
using namespace bindery::test;
using namespace std::chrono_literals;

namespace {

const std::string repo = "https://github.com/u/r";

prometheus_reader read(const metrics& of) {
  return prometheus_reader{of.text()};
}

/// Bounds of a histogram's buckets as they stand in the text, in order.
std::vector<std::string> bounds(const prometheus_reader& text, const std::string& family,
                                const prometheus_reader::labels& with) {
  std::vector<std::string> found;
  for (auto each : text.samples) {
    if (each.name != family + "_bucket") continue;
    auto bound = each.with["le"];
    each.with.erase("le");
    if (each.with == with) found.push_back(bound);
  }
  return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(prometheus_text)

BOOST_AUTO_TEST_CASE(reader_refuses_what_is_malformed) {
  std::string head = "# HELP a b\n# TYPE a counter\n";
  BOOST_CHECK_NO_THROW(prometheus_reader{head + "a{x=\"\\\"\\n\"} 1\n"});
  for (std::string bad :
       {"a{x=\"\\t\"} 1\n", "a{x=\"1\",x=\"2\"} 1\n", "a 1\na 1\n", "a x\n", "a 1", "b 1\n",
        "a{x=\"\n\"} 1\n", "a -1\n", "# TYPE a counter\n", "a{x=\"\xff\"} 1\n"})
    BOOST_CHECK_THROW(prometheus_reader{head + bad}, std::runtime_error);
  head = "# HELP h b\n# TYPE h histogram\n";
  auto tail = std::string{"h_bucket{le=\"+Inf\"} 2\nh_sum 1\nh_count 2\n"};
  BOOST_CHECK_NO_THROW(prometheus_reader{head + "h_bucket{le=\"1.0\"} 2\n" + tail});
  BOOST_CHECK_THROW(prometheus_reader{head + "h_bucket{le=\"1.0\"} 3\n" + tail},
                    std::runtime_error);
  BOOST_CHECK_THROW(prometheus_reader{head + "h_bucket{le=\"1.0\"} 1\nh_sum 1\nh_count 1\n"},
                    std::runtime_error);
}

BOOST_AUTO_TEST_CASE(fresh_metrics_are_zero) {
  metrics m;
  auto text = read(m);
  BOOST_TEST(text.value("binderhub_inprogress_builds") == 0);
  BOOST_TEST(text.value("binderhub_inprogress_launches") == 0);
  BOOST_TEST(text.value("bindery_info", {{"version", BINDERY_VERSION}}) == 1);
  BOOST_TEST(text.value("binderhub_build_time_seconds_count", {{"status", "success"}}) == 0);
  BOOST_TEST(!text.has("binderhub_github_rate_limit_remaining"));
}

BOOST_AUTO_TEST_CASE(every_contract_name_has_its_type_and_a_help) {
  metrics m;
  m.build_began();
  m.build_ended("success", "GitHub", repo, 1s);
  m.launch_began();
  m.launch_ended("success", 0, "GitHub", repo, 1s);
  m.set_github_rate_limit_remaining(1);
  auto text = read(m);
  std::map<std::string, std::string> expected = {{"binderhub_build_time_seconds", "histogram"},
                                                 {"binderhub_launch_time_seconds", "histogram"},
                                                 {"binderhub_build_count_total", "counter"},
                                                 {"binderhub_launch_count_total", "counter"},
                                                 {"binderhub_inprogress_builds", "gauge"},
                                                 {"binderhub_inprogress_launches", "gauge"},
                                                 {"binderhub_github_rate_limit_remaining", "gauge"},
                                                 {"bindery_info", "gauge"},
                                                 {"bindery_open_connections", "gauge"},
                                                 {"bindery_open_event_streams", "gauge"},
                                                 {"bindery_connections_accepted_total", "counter"},
                                                 {"bindery_connections_refused_total", "counter"},
                                                 {"bindery_slow_readers_total", "counter"},
                                                 {"process_cpu_seconds_total", "counter"},
                                                 {"process_resident_memory_bytes", "gauge"},
                                                 {"process_virtual_memory_bytes", "gauge"},
                                                 {"process_start_time_seconds", "gauge"},
                                                 {"process_open_fds", "gauge"},
                                                 {"process_max_fds", "gauge"}};
  BOOST_TEST((text.types == expected));
  for (const auto& [name, type] : expected) BOOST_TEST(!text.helps[name].empty());
}

BOOST_AUTO_TEST_CASE(buckets_are_upstreams_to_the_letter) {
  metrics m;
  auto text = read(m);
  std::vector<std::string> build = {"60.0",   "120.0",  "300.0",  "600.0",
                                    "1800.0", "3600.0", "7200.0", "+Inf"};
  std::vector<std::string> launch = {"2.0",  "5.0",   "10.0",  "20.0",  "30.0",
                                     "60.0", "120.0", "300.0", "600.0", "+Inf"};
  for (std::string status : {"success", "failure"})
    BOOST_TEST(bounds(text, "binderhub_build_time_seconds", {{"status", status}}) == build);
  BOOST_TEST(bounds(text, "binderhub_launch_time_seconds",
                    {{"status", "success"}, {"retries", "0"}}) == launch);
  for (std::string status : {"failure", "retry"})
    BOOST_TEST(bounds(text, "binderhub_launch_time_seconds",
                      {{"status", status}, {"retries", "-1"}}) == launch);
}

BOOST_AUTO_TEST_CASE(builds_are_counted_and_timed) {
  metrics m;
  m.build_began();
  m.build_began();
  m.build_began();
  m.build_ended("success", "GitHub", repo, 61'500ms);
  m.build_ended("failure", "Git", repo, 10ms);
  auto text = read(m);
  BOOST_TEST(text.value("binderhub_inprogress_builds") == 1);
  auto bucket = [&text](std::string status, std::string bound) {
    return text.value("binderhub_build_time_seconds_bucket", {{"status", status}, {"le", bound}});
  };
  BOOST_TEST(bucket("success", "60.0") == 0);
  BOOST_TEST(bucket("success", "120.0") == 1);
  BOOST_TEST(bucket("failure", "60.0") == 1);
  BOOST_TEST(text.value("binderhub_build_time_seconds_sum", {{"status", "success"}}) == 61.5);
  for (auto [status, provider] : {std::pair{"success", "GitHub"}, std::pair{"failure", "Git"}})
    BOOST_TEST(text.value("binderhub_build_count_total",
                          {{"status", status}, {"provider", provider}, {"repo", repo}}) == 1);
}

BOOST_AUTO_TEST_CASE(launches_are_counted_and_timed) {
  metrics m;
  m.launch_began();
  m.launch_retried(3s);
  m.launch_retried(7s);
  m.launch_ended("success", 2, "GitHub", repo, 4s);
  m.launch_began();
  m.launch_ended("failure", 3, "GitHub", repo, 4s);
  m.launch_refused("repo_quota", "GitHub", repo);
  m.launch_refused("pod_quota", "GitHub", repo);
  auto text = read(m);
  BOOST_TEST(text.value("binderhub_inprogress_launches") == 0);
  auto timed = [&text](std::string status, std::string retries) {
    return text.value("binderhub_launch_time_seconds_count",
                      {{"status", status}, {"retries", retries}});
  };
  BOOST_TEST(timed("success", "2") == 1);
  BOOST_TEST(timed("success", "0") == 0);
  BOOST_TEST(timed("failure", "-1") == 1);
  BOOST_TEST(timed("retry", "-1") == 2);
  for (std::string status : {"success", "failure", "repo_quota", "pod_quota"})
    BOOST_TEST(text.value("binderhub_launch_count_total",
                          {{"status", status}, {"provider", "GitHub"}, {"repo", repo}}) == 1);
}

BOOST_AUTO_TEST_CASE(hostile_labels_are_escaped_or_other) {
  metrics m;
  std::string url = "https://h/\"} 1\\n,le=\"60\"}\\";
  m.launch_refused("pod_quota", "Git\n\"Hub\\", url);
  m.launch_refused("pod_quota", "\xff", "a\nb 1");
  auto text = read(m);
  BOOST_TEST(
      text.value("binderhub_launch_count_total",
                 {{"status", "pod_quota"}, {"provider", "Git\n\"Hub\\"}, {"repo", "other"}}) == 1);
  BOOST_TEST(text.value("binderhub_launch_count_total",
                        {{"status", "pod_quota"}, {"provider", "other"}, {"repo", "other"}}) == 1);
  url = "https://h/\"}1\\n,le=\"60\"}\\";
  m.launch_refused("pod_quota", "Git", url);
  BOOST_TEST(read(m).value("binderhub_launch_count_total",
                           {{"status", "pod_quota"}, {"provider", "Git"}, {"repo", url}}) == 1);
}

BOOST_AUTO_TEST_CASE(series_of_repositories_are_bounded) {
  metrics m;
  for (int i = 0; i < 1000; ++i) {
    auto name = "https://h/" + std::to_string(i);
    m.build_began();
    m.build_ended("success", "Git", name, 1s);
    m.launch_refused("pod_quota", "Git", name);
    m.launch_refused("repo_quota", "Git", name);
  }
  for (int i = 0; i < 30; ++i) m.launch_refused("pod_quota", "Git", "https://h/late-favourite");
  std::set<std::string> of_builds, of_launches;
  for (auto each : read(m).samples) {
    if (each.name == "binderhub_build_count_total") of_builds.insert(each.with["repo"]);
    if (each.name == "binderhub_launch_count_total") of_launches.insert(each.with["repo"]);
  }
  BOOST_TEST(of_builds.size() <= 201U);
  BOOST_TEST(of_launches.size() == 201U);
  BOOST_TEST(of_launches.count("https://h/late-favourite") == 1U);
}

BOOST_AUTO_TEST_CASE(http_counts_are_as_set_last) {
  metrics m;
  m.set_http_counts(9, 9, 9, 9, 9);
  m.set_http_counts(1, 2, 30'000'000'001, 4, 5);
  m.set_github_rate_limit_remaining(4999);
  auto text = read(m);
  BOOST_TEST(text.value("bindery_open_connections") == 1);
  BOOST_TEST(text.value("bindery_open_event_streams") == 2);
  BOOST_TEST(text.value("bindery_connections_accepted_total") == 30'000'000'001);
  BOOST_TEST(text.value("bindery_connections_refused_total") == 4);
  BOOST_TEST(text.value("bindery_slow_readers_total") == 5);
  BOOST_TEST(text.value("binderhub_github_rate_limit_remaining") == 4999);
}

BOOST_AUTO_TEST_CASE(process_values_are_of_this_process) {
  metrics m;
  auto before = read(m);
  auto now = static_cast<double>(std::time(nullptr));
  auto start = before.value("process_start_time_seconds");
  BOOST_TEST(start <= now + 2);
  BOOST_TEST(start > now - 3600);
  auto memory = before.value("process_resident_memory_bytes");
  BOOST_TEST(memory > 1e6);
  BOOST_TEST(memory < before.value("process_virtual_memory_bytes"));
  int ends[2];
  BOOST_REQUIRE(::pipe(ends) == 0);
  BOOST_TEST(read(m).value("process_open_fds") == before.value("process_open_fds") + 2);
  ::close(ends[0]);
  ::close(ends[1]);
  std::clock_t until = std::clock() + CLOCKS_PER_SEC / 10;
  while (std::clock() < until) m.text();
  BOOST_TEST(read(m).value("process_cpu_seconds_total") >
             before.value("process_cpu_seconds_total"));
}

BOOST_AUTO_TEST_CASE(threads_may_count_and_scrape_at_once) {
  metrics m;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&m, t] {
      for (int i = 0; i < 500; ++i) {
        m.launch_began();
        m.launch_ended("success", 0, "Git", "https://h/" + std::to_string(i * (t + 1)), 1ms);
        if (i % 50 == 0) m.text();
      }
    });
  for (auto& each : threads) each.join();
  auto text = read(m);
  BOOST_TEST(text.value("binderhub_inprogress_launches") == 0);
  BOOST_TEST(text.value("binderhub_launch_time_seconds_count",
                        {{"status", "success"}, {"retries", "0"}}) == 2000);
}

BOOST_AUTO_TEST_SUITE_END()
