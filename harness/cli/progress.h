// Progress of a run: one line that is rewritten on a terminal, plain lines in a log, nothing with
// --quiet. Cases that did not pass are printed at once.
#pragma once

#include <cstdio>
#include <string>

#include "harness/cli/print.h"
#include "harness/cli/throttle.h"
#include "harness/engine/result.h"

namespace pep554 {

class Progress {
public:
  enum class Style { quiet, log, terminal };

  // `stream` is borrowed. `done` of `total` were reported before.
  Progress(std::FILE* stream, Style style, bool colour, size_t total, size_t done = 0)
      : stream_(stream), style_(style), colour_(colour), total_(total), done_(done),
        throttle_(total) {}

  void finished(const CaseResult& one);
  void shrinking(const std::string& signature); // of a property
  void end();                                   // takes the rewritten line away

private:
  void line(const CaseResult& one);
  void flush();

  std::FILE* stream_;
  Style style_;
  bool colour_;
  size_t total_;
  size_t done_;
  size_t not_passed_ = 0;
  Throttle throttle_;
};

// The style that fits the stream.
Progress::Style fitting_style(std::FILE* stream, bool quiet);

// When output is coloured. Automatic: on a terminal, unless NO_COLOR is set or TERM is "dumb".
enum class Colour { automatic, always, never };
// For the whole process; before threads are started.
void use_colour(Colour colour);
bool wants_colour(std::FILE* stream);

// Columns of the terminal that the stream is; 0 when it is none.
size_t width_of(std::FILE* stream);

// The verdict's name in its colour, or plain.
AsIs painted(Verdict verdict, bool colour);

} // namespace pep554
