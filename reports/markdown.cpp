#include "reports/markdown.h"

#include <algorithm>
#include <cctype>
#include <ostream>
#include <utility>

#include <fmt/format.h>

#include "reports/page_items.h"
#include "reports/summary.h"
#include "reports/text.h"
#include "spec/readable.h"

namespace pep554 {
namespace {

// Bytes for the lists; the rest of the document is shorter than what remains of the 60,000.
constexpr size_t room_for_sections = 14'000;
constexpr size_t room_for_cases = 26'000;
constexpr size_t room_for_facts = 8'000;

// The items as a list, as far as there is room; how many are left out is said in its last line.
class MarkdownList {
public:
  explicit MarkdownList(size_t room) : room_(room) {}

  void add(const std::string& item) {
    if (text_.size() + item.size() > room_)
      ++left_out_;
    else
      text_ += "- " + item + "\n";
  }

  std::string text() const {
    return left_out_ == 0 ? text_ : fmt::format("{}- and {} more\n", text_, left_out_);
  }

private:
  size_t room_;
  std::string text_;
  size_t left_out_ = 0;
};

// Letters and digits, at most one sign of punctuation behind them. Not digits alone before a dot:
// at the beginning of a line that is a list.
bool is_plain(std::string_view word) {
  const auto letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; };
  const auto plain = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  const bool has_letter = std::ranges::any_of(word, letter);
  if (!word.empty() &&
      std::string_view(has_letter ? ".,:;" : ",:;").find(word.back()) != std::string_view::npos)
    word.remove_suffix(1);
  return !word.empty() && std::ranges::all_of(word, plain);
}

std::string folded(const std::string& summary, const std::string& body) {
  return fmt::format("<details>\n<summary>{}</summary>\n\n{}\n</details>\n\n", summary, body);
}

std::string headline(const RunResult& run) {
  return fmt::format("## PEP 554 {} {}: {}\n\n**{}.** {}\n\n{}\n\n", sign_of(claim_of(run)),
                     to_string(claim_of(run)), code_span(run.target.name), to_string(claim_of(run)),
                     markdown_text(run.claim), tally(run.counts(), "case"));
}

std::string all_sections(const std::vector<MarkdownSection>& sections) {
  std::string text;
  for (const MarkdownSection& section : sections) {
    const std::string title = "### " + markdown_text(section.title) + "\n\n";
    if (text.size() + title.size() > room_for_sections)
      break;
    MarkdownList list(room_for_sections - text.size() - title.size());
    for (const std::string& item : section.items)
      list.add(markdown_text(item));
    text += title + list.text() + "\n";
  }
  return text;
}

std::string results_not_passed(const RunResult& run) {
  MarkdownList list(room_for_cases);
  size_t count = 0;
  for (const auto& alike : problems_of(run)) {
    const CaseResult& one = *alike.front();
    count += alike.size();
    list.add(
        fmt::format("{} {}{} {}{}{}", sign_of(one.verdict), to_string(one.verdict),
                    alike.size() > 1 ? fmt::format(", {} results, the first", alike.size()) : "",
                    code_span(one.id, 200), one.reason.empty() ? "" : ": ", code_span(one.reason)));
  }
  return count == 0 ? "" : folded(counted(count, "result") + " did not pass", list.text());
}

size_t number_of(const Counts& counts, bool (*wanted)(Verdict)) {
  size_t sum = 0;
  for (const auto& [verdict, count] : counts)
    sum += wanted(verdict) ? count : 0;
  return sum;
}

// No text of others: the classes and numbers.
std::string clause_table(const RunResult& run) {
  std::string table = "| class | clauses | passed | failed | observed | no result |\n"
                      "|---|--:|--:|--:|--:|--:|\n";
  const auto counts = clause_counts(run);
  for (const auto kind : clause_kinds) {
    const Counts& of_kind = counts.find(kind)->second;
    table += fmt::format("| {} | {} | {} | {} | {} | {} |\n", to_string(kind), total(of_kind),
                         number_of(of_kind, [](Verdict v) { return v == Verdict::pass; }),
                         number_of(of_kind, is_failure),
                         number_of(of_kind, [](Verdict v) { return v == Verdict::observed; }),
                         number_of(of_kind, is_missing));
  }
  return table;
}

std::string facts_list(const RunResult& run) {
  const std::string selection = selection_of(run);
  MarkdownList list(room_for_facts);
  const auto add = [&](std::string_view name, std::string_view value) {
    list.add(fmt::format("{}: {}", markdown_text(name), code_span(value)));
  };
  add("target", run.target.name);
  add("selection", selection.empty() ? "everything" : selection);
  add("started", run.started);
  add("took", fmt::format("{:.1f} s", static_cast<double>(run.milliseconds) / 1000.0));
  add("pep554", run.version);
  add("isolation", run.isolation);
  for (const auto& [name, value] : run.target.facts)
    if (!value.empty())
      add(name, value);
  return list.text();
}

} // namespace

std::string code_span(std::string_view text, size_t width) {
  std::string content = on_one_line(text, width);
  if (content.empty())
    return "";
  size_t longest = 0;
  size_t run = 0;
  for (const char c : content) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const bool spaced = content.front() == '`' || content.back() == '`' || content.front() == ' ' ||
                      content.back() == ' ';
  const std::string fence(longest + 1, '`');
  const char* space = spaced ? " " : "";
  return fence + space + content + space + fence;
}

std::string markdown_text(std::string_view text) {
  const std::string line = on_one_line(text, 2000);
  std::string written;
  std::string foreign; // words that are to stand in one code span
  const auto flush_foreign = [&] {
    written += code_span(std::exchange(foreign, {}), std::string::npos);
  };
  for (size_t from = 0; from <= line.size();) {
    const size_t end = std::min(line.find(' ', from), line.size());
    const std::string_view word = std::string_view(line).substr(from, end - from);
    if (is_plain(word)) {
      flush_foreign();
      written += written.empty() ? "" : " ";
      written += word;
    } else if (!word.empty()) {
      if (foreign.empty())
        written += written.empty() ? "" : " ";
      foreign += (foreign.empty() ? "" : " ") + std::string(word);
    }
    from = end + 1;
  }
  flush_foreign();
  return written;
}

void write_markdown(const RunResult& run, const std::vector<MarkdownSection>& sections,
                    std::ostream& out) {
  out << headline(run) << all_sections(sections) << results_not_passed(run)
      << folded("Clauses by class", clause_table(run)) << folded("Target and run", facts_list(run));
}

} // namespace pep554
