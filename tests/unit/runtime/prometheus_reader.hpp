#pragma once

#include <cmath>
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "runtime/text/escape.hpp"

namespace bindery::test {

/// A strict reader of Prometheus' text format 0.0.4: throws on whatever a scraper may refuse.
class prometheus_reader {
 public:
  using labels = std::map<std::string, std::string>;

  struct sample {
    std::string name;
    labels with;
    double value = 0;
  };

  explicit prometheus_reader(const std::string& text) {
    if (!is_utf8(text)) throw std::runtime_error("not UTF-8");
    if (text.empty() || text.back() != '\n') throw std::runtime_error("no break at the end");
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);) read(line);
    for (const auto& [family, type] : types)
      if (type == "histogram") check_histogram(family);
  }

  /// Value of exactly this series; throws where there is none.
  double value(const std::string& name, const labels& with = {}) const {
    for (const auto& each : samples)
      if (each.name == name && each.with == with) return each.value;
    throw std::runtime_error("no series " + name);
  }

  bool has(const std::string& name) const { return types.count(name) == 1; }

  std::vector<sample> samples;
  std::map<std::string, std::string> types;
  std::map<std::string, std::string> helps;

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw std::runtime_error(why + ": " + line_);
  }

  void read(const std::string& line) {
    line_ = line;
    at_ = 0;
    if (line.rfind("# HELP ", 0) == 0) {
      at_ = 7;
      family_ = read_name();
      take(' ');
      if (!helps.emplace(family_, line.substr(at_)).second) refuse("second HELP");
    } else if (line.rfind("# TYPE ", 0) == 0) {
      at_ = 7;
      if (read_name() != family_) refuse("TYPE of another family than HELP");
      take(' ');
      auto type = line.substr(at_);
      if (type != "counter" && type != "gauge" && type != "histogram") refuse("unknown type");
      if (!types.emplace(family_, type).second) refuse("second TYPE");
    } else {
      read_sample();
    }
  }

  void read_sample() {
    sample one;
    one.name = read_name();
    auto type = types.find(family_);
    if (type == types.end()) refuse("sample before its TYPE");
    if (!belongs(one.name, type->second)) refuse("sample outside its family");
    if (peek() == '{') read_labels(one.with);
    take(' ');
    auto number = line_.substr(at_);
    char* end = nullptr;
    one.value = std::strtod(number.c_str(), &end);
    if (number.empty() || *end != '\0' || number.front() == ' ') refuse("no number");
    if (type->second == "counter" && !(one.value >= 0)) refuse("negative counter");
    if (!seen_.insert({one.name, one.with}).second) refuse("series twice");
    samples.push_back(std::move(one));
  }

  bool belongs(const std::string& name, const std::string& type) const {
    if (type != "histogram") return name == family_;
    return name == family_ + "_bucket" || name == family_ + "_sum" || name == family_ + "_count";
  }

  void read_labels(labels& into) {
    take('{');
    while (true) {
      auto name = read_name();
      take('=');
      take('"');
      std::string value;
      for (; peek() != '"'; ++at_) {
        if (peek() != '\\') {
          value += peek();
          continue;
        }
        ++at_;
        if (peek() != 'n' && peek() != '\\' && peek() != '"') refuse("unknown escape");
        value += peek() == 'n' ? '\n' : peek();
      }
      take('"');
      if (!into.emplace(name, value).second) refuse("label twice");
      if (peek() == '}') break;
      take(',');
    }
    take('}');
  }

  std::string read_name() {
    auto begin = at_;
    auto letter = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    if (!letter(peek())) refuse("no name");
    while (at_ < line_.size() && (letter(line_[at_]) || (line_[at_] >= '0' && line_[at_] <= '9')))
      ++at_;
    return line_.substr(begin, at_ - begin);
  }

  char peek() const {
    if (at_ >= line_.size()) refuse("ends early");
    return line_[at_];
  }

  void take(char c) {
    if (peek() != c) refuse(std::string{"expected "} + c);
    ++at_;
  }

  /// Per set of labels: bounds ascend, counts do not fall, +Inf is there and equals `_count`.
  void check_histogram(const std::string& family) const {
    struct shape {
      double bound = -INFINITY;
      double count = 0;
    };
    std::map<labels, shape> shapes;
    for (const auto& each : samples) {
      if (each.name != family + "_bucket") continue;
      auto key = each.with;
      if (key.count("le") == 0) throw std::runtime_error("bucket without le in " + family);
      auto bound = std::strtod(key["le"].c_str(), nullptr);
      key.erase("le");
      auto& shape = shapes[key];
      if (!(bound > shape.bound)) throw std::runtime_error("bounds do not ascend in " + family);
      if (each.value < shape.count) throw std::runtime_error("not cumulative: " + family);
      shape = {bound, each.value};
    }
    for (const auto& [key, shape] : shapes) {
      if (!std::isinf(shape.bound)) throw std::runtime_error("no +Inf bucket in " + family);
      if (value(family + "_count", key) != shape.count)
        throw std::runtime_error("_count differs from the last bucket of " + family);
      value(family + "_sum", key);
    }
  }

  std::string line_;
  size_t at_ = 0;
  std::string family_;
  std::set<std::pair<std::string, labels>> seen_;
};

}  // namespace bindery::test
