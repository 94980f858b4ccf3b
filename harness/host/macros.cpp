#include "harness/host/macros.h"

#include <cctype>
#include <cstdint>
#include <optional>

namespace pep554::host {
namespace {

enum class Kind { emit, wait, open };

struct Macro {
  Kind kind = Kind::emit;
  size_t size = 0;       // bytes of the text that it takes
  std::string_view gate; // of wait and open
};

// A bytes object of Python, written without quotes.
std::string bytes_of(std::string_view text) {
  std::string expression = "bytes((";
  for (const char byte : text)
    expression += std::to_string(static_cast<std::uint8_t>(byte)) + ",";
  return expression + "))";
}

// `posix` is built into every CPython, and needs no path. A str is made by decode(), for want of
// quotes.
std::string posix() {
  return "__import__(" + bytes_of("posix") + ".decode())";
}

// One write of one record: {"e":"emitted","lane":L,"step":S,"hex":"..."}
std::string emit_function(const MacroContext& context) {
  const std::string head = R"({"e":"emitted","lane":)" + std::to_string(context.lane) +
                           R"(,"step":)" + std::to_string(context.step) + R"(,"hex":")";
  const std::string value = "str(v)[:" + std::to_string(emit_limit) + "].encode(" +
                            bytes_of("utf-8") + ".decode()," + bytes_of("backslashreplace") +
                            ".decode()).hex().encode()";
  return "(lambda v:" + posix() + ".write(" + std::to_string(context.event_fd) + "," +
         bytes_of(head) + "+" + value + "+" + bytes_of("\"}") + "))";
}

// A gate is a pipe with one byte: each waiting lane reads it, and writes it back for the next.
std::string wait_expression(const GateEnds& gate) {
  return "(lambda p:p.write(" + std::to_string(gate.write) + ",p.read(" +
         std::to_string(gate.read) + ",1)))(" + posix() + ")";
}

std::string open_expression(const GateEnds& gate) {
  return posix() + ".write(" + std::to_string(gate.write) + "," + bytes_of("!") + ")";
}

bool is_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
}

// Reads ("name") with quotes of either kind, escaped alike or not; the macro may stand in a
// literal.
std::optional<Macro> gate_call(std::string_view text, Kind kind, size_t word) {
  size_t at = word + 1;
  const size_t quote = at;
  while (at < text.size() && text[at] == '\\')
    ++at;
  if (at >= text.size() || (text[at] != '"' && text[at] != '\''))
    return std::nullopt;
  const std::string_view delimiter = text.substr(quote, ++at - quote);
  const size_t name = at;
  while (at < text.size() && is_name(text[at]))
    ++at;
  const std::string_view gate = text.substr(name, at - name);
  if (gate.empty() || !text.substr(at).starts_with(delimiter))
    return std::nullopt;
  at += delimiter.size();
  if (at >= text.size() || text[at] != ')')
    return std::nullopt;
  return Macro{kind, at + 1, gate};
}

// The macro at the beginning of the text, if there is one.
std::optional<Macro> macro_at(std::string_view text) {
  if (text.starts_with("$emit("))
    return Macro{Kind::emit, 5, {}}; // the parentheses become those of the call
  if (text.starts_with("$wait("))
    return gate_call(text, Kind::wait, 5);
  if (text.starts_with("$open("))
    return gate_call(text, Kind::open, 5);
  return std::nullopt;
}

std::string expansion(const Macro& macro, const MacroContext& context) {
  if (macro.kind == Kind::emit)
    return emit_function(context);
  const GateEnds& gate = context.gates->find(macro.gate)->second;
  return macro.kind == Kind::wait ? wait_expression(gate) : open_expression(gate);
}

// Calls found(macro) for each macro, and plain(text) for what is between them.
template <typename Found, typename Plain>
void scan(std::string_view text, Found found, Plain plain) {
  size_t dollar = 0;
  while ((dollar = text.find('$', dollar)) != std::string_view::npos) {
    const std::optional<Macro> macro = macro_at(text.substr(dollar));
    if (!macro) {
      ++dollar;
      continue;
    }
    plain(text.substr(0, dollar));
    found(*macro);
    text.remove_prefix(dollar + macro->size);
    dollar = 0;
  }
  plain(text);
}

} // namespace

std::string expand(std::string_view text, const MacroContext& context) {
  std::string expanded;
  scan(
      text, [&](const Macro& macro) { expanded += expansion(macro, context); },
      [&](std::string_view between) { expanded += between; });
  return expanded;
}

std::set<std::string> gates_of(const Program& program) {
  std::set<std::string> gates;
  const auto add = [&gates](const Macro& macro) {
    if (macro.kind != Kind::emit)
      gates.emplace(macro.gate);
  };
  for (const auto& lane : program.lanes) {
    for (const Step& step : lane) {
      if (step.op == Op::open || step.op == Op::wait)
        gates.insert(step.text);
      else if (step.op == Op::run || step.op == Op::eval)
        scan(step.text, add, [](std::string_view) {});
    }
  }
  return gates;
}

} // namespace pep554::host
