// Macros, text that is similar to a macro, and characters that an expansion must not contain.
#include "harness/host/macros.h"

#include <gtest/gtest.h>

namespace pep554::host {
namespace {

const GateTable gates{{"g", {7, 8}}, {"a-b.c", {9, 10}}};
const MacroContext context{200, 1, 2, &gates};

std::string expanded(std::string_view text) {
  return expand(text, context);
}

TEST(macros, other_text_stays) {
  for (const char* text : {"", "x = 1", "$", "$$", "$emit", "$emit (1)", "$wait(g)", "$wait('g)",
                           "$wait('g\")", "$wait('')", "$open('g'", "$close('g')", "cost $5"})
    EXPECT_EQ(expanded(text), text);
}

TEST(macros, emit_becomes_a_call_with_the_same_argument) {
  const std::string text = expanded("x = $emit(f(1)) + 1");
  EXPECT_TRUE(text.starts_with("x = (lambda v:"));
  EXPECT_TRUE(text.ends_with("))(f(1)) + 1"));
  EXPECT_NE(text.find(".write(200,"), std::string::npos);
}

TEST(macros, gates_become_reads_and_writes) {
  EXPECT_NE(expanded("$wait('g')").find("p.write(8,p.read(7,1))"), std::string::npos);
  EXPECT_NE(expanded("$open(\"a-b.c\")").find(".write(10,"), std::string::npos);
  EXPECT_EQ(expanded("$wait('g')"), expanded(R"($wait(\"g\"))"));
}

TEST(macros, expansions_fit_into_any_literal) {
  const std::string text = expanded("$emit(1)$wait('g')$open('g')");
  EXPECT_EQ(text.find_first_of("'\"\\{}%\n\r$"), std::string::npos) << text;
}

TEST(macros, several_in_one_text) {
  const std::string text = expanded("$emit(1);$emit(2)\n$emit(3)");
  EXPECT_EQ(text.find('$'), std::string::npos);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
}

TEST(macros, gates_are_collected_from_steps_and_texts) {
  Program program;
  program.lanes = {{{Op::open, "", "", "first"}, {Op::run, "a", "", "$wait('second')"}},
                   {{Op::eval, "", "", "$emit(1); $open(\"third\")"},
                    {Op::write_id, "a", "", "$wait('not-code')"}}};
  EXPECT_EQ(gates_of(program), (std::set<std::string>{"first", "second", "third"}));
}

} // namespace
} // namespace pep554::host
