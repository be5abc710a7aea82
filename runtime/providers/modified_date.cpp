#include "runtime/providers/modified_date.hpp"

#include <charconv>
#include <chrono>

namespace bindery {

namespace {

constexpr std::string_view form = "0000-00-00T00:00:00";

bool has_form(std::string_view text) {
  for (size_t i = 0; i < form.size(); ++i) {
    bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (form[i] == '0' ? !is_digit : text[i] != form[i]) return false;
  }
  return true;
}

/// What may follow the seconds: a fraction, `Z`, an offset.
bool is_rest(std::string_view text) {
  return text.size() <= 20 && text.find_first_not_of("0123456789.Z+-:") == std::string_view::npos &&
         (text.empty() || text.front() < '0' || text.front() > '9');
}

unsigned number(std::string_view text, size_t at, size_t digits) {
  unsigned value = 0;
  std::from_chars(text.data() + at, text.data() + at + digits, value);
  return value;
}

}  // namespace

std::optional<int64_t> read_modified_date(std::string_view text) {
  using namespace std::chrono;
  if (text.size() < form.size() || !has_form(text) || !is_rest(text.substr(form.size())))
    return std::nullopt;
  year_month_day day{year{static_cast<int>(number(text, 0, 4))}, month{number(text, 5, 2)},
                     std::chrono::day{number(text, 8, 2)}};
  auto hour = number(text, 11, 2), minute = number(text, 14, 2), second = number(text, 17, 2);
  if (!day.ok() || day.year() < year{1970} || hour > 23 || minute > 59 || second > 59)
    return std::nullopt;
  auto time = sys_days{day} + hours{hour} + minutes{minute} + seconds{second};
  return duration_cast<seconds>(time.time_since_epoch()).count();
}

}  // namespace bindery
