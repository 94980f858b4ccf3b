#include "harness/cli/progress.h"

#include <algorithm>
#include <cstdlib>

#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/format.h>

namespace pep554 {
namespace {

Colour& wanted_colour() {
  static Colour colour = Colour::automatic;
  return colour;
}

const char* colour_of(Verdict verdict) {
  if (verdict == Verdict::pass || verdict == Verdict::observed)
    return "32";
  return is_failure(verdict) ? "31" : "33";
}

} // namespace

Progress::Style fitting_style(std::FILE* stream, bool quiet) {
  if (quiet)
    return Progress::Style::quiet;
  return ::isatty(::fileno(stream)) != 0 ? Progress::Style::terminal : Progress::Style::log;
}

void use_colour(Colour colour) {
  wanted_colour() = colour;
}

bool wants_colour(std::FILE* stream) {
  if (wanted_colour() != Colour::automatic)
    return wanted_colour() == Colour::always;
  const char* no_colour = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  const bool refused = no_colour != nullptr && *no_colour != '\0';
  const bool dumb = term != nullptr && std::string_view(term) == "dumb";
  return !refused && !dumb && ::isatty(::fileno(stream)) != 0;
}

size_t width_of(std::FILE* stream) {
  winsize size{};
  return ::ioctl(::fileno(stream), TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

AsIs painted(Verdict verdict, bool colour) {
  if (!colour)
    return {std::string(to_string(verdict))};
  return {fmt::format("\033[{}m{}\033[0m", colour_of(verdict), to_string(verdict))};
}

void Progress::finished(const CaseResult& one) {
  ++done_;
  const bool passed = one.verdict == Verdict::pass || one.verdict == Verdict::observed;
  if (style_ == Style::quiet)
    return;
  if (!passed) {
    ++not_passed_;
    line(one);
  }
  if (style_ == Style::terminal)
    print(stream_, "\r\033[K[{}/{}] {} not passed  {}", done_, total_, not_passed_, one.id);
  else if (throttle_.due(done_))
    print(stream_, "{} of {} run, {} not passed\n", done_, total_, not_passed_);
  flush();
}

void Progress::shrinking(const std::string& signature) {
  if (style_ == Style::quiet)
    return;
  print(stream_, "{}shrinking a failure of a property: {}{}",
        AsIs{style_ == Style::terminal ? "\r\033[K" : ""}, signature,
        AsIs{style_ == Style::terminal ? "" : "\n"});
  flush();
}

void Progress::line(const CaseResult& one) {
  if (style_ == Style::terminal)
    put(stream_, "\r\033[K");
  const std::string padding(14 - std::min<size_t>(14, to_string(one.verdict).size()), ' ');
  print(stream_, "{}{} {}: {}\n", painted(one.verdict, colour_), padding, one.id, one.reason);
}

void Progress::end() {
  if (style_ == Style::terminal)
    put(stream_, "\r\033[K");
  flush();
}

// A closed stream does not stop the run: the results are files.
void Progress::flush() {
  pep554::flush(stream_);
}

} // namespace pep554
