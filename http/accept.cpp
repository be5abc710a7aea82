#include "http/accept.hpp"

#include <algorithm>
#include <utility>

#include "http/weighted_list.hpp"
#include "runtime/text/same_word.hpp"

namespace bindery {

namespace {

/// `q=0`, `q=0.`, `q=0.000`
bool is_zero_weight(std::string_view parameter) {
  return same_word(parameter.substr(0, 3), "q=0") &&
         parameter.find_first_not_of("0.", 2) == std::string_view::npos;
}

}  // namespace

bool names_event_stream(std::string_view accept) {
  while (!accept.empty()) {
    auto range = take_item(accept, ',');
    if (!same_word(take_item(range, ';'), "text/event-stream")) continue;
    bool refused = false;
    while (!range.empty()) refused = is_zero_weight(take_item(range, ';')) || refused;
    if (!refused) return true;
  }
  return false;
}

bool prefers_html(std::string_view accept) {
  int html = -1, plain = -1, any_text = -1, any = -1;  // not named
  while (!accept.empty()) {
    auto one = take_item(accept, ',');
    auto range = take_item(one, ';');
    auto weight = weight_of(one);
    for (auto [name, found] : {std::pair<std::string_view, int*>{"text/html", &html},
                               {"text/plain", &plain},
                               {"text/*", &any_text},
                               {"*/*", &any}})
      if (same_word(range, name)) *found = std::max(*found, weight);
  }
  if (plain < 0) plain = any_text < 0 ? any : any_text;
  return html > 0 && html >= plain;
}

}  // namespace bindery
