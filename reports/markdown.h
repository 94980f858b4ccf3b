// The results of a run as Markdown, for the comment on a pull request and for a job's summary.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "harness/engine/result.h"

namespace pep554 {

// A heading and a list below the verdict, such as what changed against a baseline. Plain text.
struct MarkdownSection {
  std::string title;
  std::vector<std::string> items;
};

// The verdict first, then the sections, then, folded, what did not pass, the clauses by class, and
// the run. At most 60,000 bytes: services cut or refuse longer comments, so lists end early and say
// how many entries are left out. Foreign text stands on one line in code spans: there it is neither
// markup nor HTML, and GitHub and GitLab make no link and no mention (@name) of it. Whether it
// could be written is the state of the stream.
void write_markdown(const RunResult& run, const std::vector<MarkdownSection>& sections,
                    std::ostream& out);

// The text as one code span, made readable, on one line and cut after `width` bytes; "" when empty.
std::string code_span(std::string_view text, size_t width = 400);

// Prose that may have foreign parts: words of letters and digits stay as they are, everything else
// goes into code spans.
std::string markdown_text(std::string_view text);

} // namespace pep554
