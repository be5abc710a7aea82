#include "runtime/metrics/repo_label.hpp"

#include <set>

#include <boost/test/unit_test.hpp>

using namespace bindery;

namespace {

std::string repo(int n) {
  return "https://example.org/u/r" + std::to_string(n);
}

void count_often(repo_label& labels, const std::string& name, int times) {
  for (int i = 0; i < times; ++i) labels.count(name);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(repo_labels)

BOOST_AUTO_TEST_CASE(first_ones_have_their_own_label_the_rest_is_other) {
  repo_label labels{2};
  BOOST_TEST(labels.count(repo(1)).label == repo(1));
  BOOST_TEST(labels.count(repo(2)).label == repo(2));
  BOOST_TEST(labels.count(repo(3)).label == "other");
  BOOST_TEST(labels.count(repo(1)).label == repo(1));
  BOOST_TEST(labels.count(repo(1)).dropped == "");
}

BOOST_AUTO_TEST_CASE(one_seen_more_than_twice_as_often_takes_the_place_of_the_least) {
  repo_label labels{2};
  count_often(labels, repo(1), 5);
  count_often(labels, repo(2), 3);
  count_often(labels, repo(3), 5);
  BOOST_TEST(labels.count(repo(3)).label == "other");
  auto seventh = labels.count(repo(3));
  BOOST_TEST(seventh.label == repo(3));
  BOOST_TEST(seventh.dropped == repo(2));
  BOOST_TEST(labels.count(repo(3)).dropped == "");
  BOOST_TEST(labels.count(repo(2)).label == "other");
  BOOST_TEST(labels.count(repo(1)).label == repo(1));
}

BOOST_AUTO_TEST_CASE(equally_popular_ones_do_not_take_turns) {
  repo_label labels{1};
  labels.count(repo(1));
  int drops = 0;
  for (int i = 0; i < 1000; ++i)
    for (int n : {1, 2}) drops += labels.count(repo(n)).dropped.empty() ? 0 : 1;
  BOOST_TEST(drops == 0);
}

BOOST_AUTO_TEST_CASE(number_of_labels_in_use_is_bounded_under_a_flood) {
  repo_label labels{20, 50};
  std::set<std::string> in_use;
  size_t most = 0;
  auto take = [&](const std::string& name) {
    auto chosen = labels.count(name);
    if (!chosen.dropped.empty()) BOOST_TEST(in_use.erase(chosen.dropped) == 1U);
    if (chosen.label != "other") in_use.insert(chosen.label);
    most = std::max(most, in_use.size());
  };
  for (int i = 0; i < 100'000; ++i) {
    take(repo(i));
    if (i % 3 == 0) take(repo(-(i % 5) - 1));
  }
  BOOST_TEST(most == 20U);
  for (int n = 1; n <= 5; ++n) BOOST_TEST(in_use.count(repo(-n)) == 1U);
}

BOOST_AUTO_TEST_CASE(a_riser_is_not_lost_among_one_offs) {
  repo_label labels{1, 10};
  count_often(labels, repo(1), 3);
  std::string label;
  for (int i = 0; i < 7; ++i) {
    label = labels.count("riser").label;
    for (int k = 0; k < 5; ++k) labels.count(repo(100 + 5 * i + k));
  }
  BOOST_TEST(label == "riser");
}

BOOST_AUTO_TEST_CASE(yesterdays_favourite_gives_way) {
  repo_label labels{1, 9};
  count_often(labels, repo(1), 1000);
  int until_labelled = 0;
  while (labels.count(repo(2)).label == "other" && until_labelled < 2000) ++until_labelled;
  BOOST_TEST(until_labelled < 1000);
}

BOOST_AUTO_TEST_CASE(names_unfit_for_a_label_are_other) {
  repo_label labels;
  for (std::string name : {std::string{}, std::string(513, 'x'), std::string{"a\nb"},
                           std::string{"a b"}, std::string{"a\xff"}, std::string("a\0b", 3)})
    BOOST_TEST(labels.count(name).label == "other");
  BOOST_TEST(labels.count(std::string(512, 'x')).label == std::string(512, 'x'));
}

BOOST_AUTO_TEST_CASE(no_labels_at_all_is_all_other) {
  repo_label labels{0, 0};
  count_often(labels, repo(1), 10);
  BOOST_TEST(labels.count(repo(1)).label == "other");
}

BOOST_AUTO_TEST_SUITE_END()
