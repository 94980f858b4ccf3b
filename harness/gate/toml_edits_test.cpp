#include "harness/gate/toml_edits.h"

#include <functional>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "spec/readable.h"

namespace pep554::gate {
namespace {

struct EditRow {
  std::string before;
  std::function<void(TomlEdits&, const toml::table&)> edit;
  std::string after;
};

const toml::array& array_in(const toml::table& table, const char* key) {
  return *table.get_as<toml::array>(key);
}

const toml::table& entry_in(const toml::table& table, size_t index) {
  return *array_in(table, "d")[index].as_table();
}

TEST(TomlEdits, LeaveTheRestAsItIs) {
  const std::string two = "# head\n\n# of one\n[[d]]\na = 1  # one\n# below\n\n# of two\n[[d]]\n"
                          "a = 2\n\n[x]\nb = 3\n";
  const auto remove = [](size_t index) {
    return [index](TomlEdits& edits, const toml::table& table) {
      edits.remove_table(entry_in(table, index));
    };
  };
  const auto change = [](std::vector<std::string> removed, std::vector<std::string> added) {
    return [removed, added](TomlEdits& edits, const toml::table& table) {
      edits.change(array_in(table, "v"), removed, added, "v");
    };
  };
  const std::vector<EditRow> table{
      {"a = \"x\"  # c\nb = 'y'\n",
       [](TomlEdits& edits, const toml::table& t) { edits.replace(*t.get("b"), "\"z\""); },
       "a = \"x\"  # c\nb = \"z\"\n"},
      {"a = [\"ä\", \"ö\"]\nb = \"ü\" # ß\n",
       [](TomlEdits& edits, const toml::table& t) { edits.replace(*t.get("b"), "\"u\""); },
       "a = [\"ä\", \"ö\"]\nb = \"u\" # ß\n"},
      {"\xEF\xBB\xBF"
       "b = 'y'\r\nc = 1\r\n",
       [](TomlEdits& edits, const toml::table& t) {
         edits.replace(*t.get("b"), "1");
         edits.add_below(*t.get("b"), "d = 2");
       },
       "\xEF\xBB\xBF"
       "b = 1\r\nd = 2\r\nc = 1\r\n"},
      {"b = 1",
       [](TomlEdits& edits, const toml::table& t) { edits.add_below(*t.get("b"), "c = 2"); },
       "b = 1\nc = 2\n"},
      {"b = \"\"\"\nlong\n\"\"\" # c\nc = 1\n",
       [](TomlEdits& edits, const toml::table& t) { edits.remove_lines(*t.get("b")); }, "c = 1\n"},
      {two, remove(0), "# head\n\n# of two\n[[d]]\na = 2\n\n[x]\nb = 3\n"},
      {two, remove(1), "# head\n\n# of one\n[[d]]\na = 1  # one\n# below\n\n[x]\nb = 3\n"},
      {"# head\n[[d]]\na = 1\n", remove(0), "# head\n"},
      {"# head\n\n[[d]]\na = 1", remove(0), "# head\n"},
      {two,
       [](TomlEdits& edits, const toml::table& t) {
         edits.remove_table(entry_in(t, 1));
         edits.add_table_below(entry_in(t, 1), "[[d]]\na = 4");
       },
       "# head\n\n# of one\n[[d]]\na = 1  # one\n# below\n\n\n[[d]]\na = 4\n[x]\nb = 3\n"},
      {two,
       [](TomlEdits& edits, const toml::table& t) {
         edits.add_table_below(entry_in(t, 0), "[[d]]\na = 4");
       },
       "# head\n\n# of one\n[[d]]\na = 1  # one\n# below\n\n[[d]]\na = 4\n\n# of two\n[[d]]\n"
       "a = 2\n\n[x]\nb = 3\n"},
      {two,
       [](TomlEdits& edits, const toml::table& t) {
         edits.add_table_above(*t.get("x"), "[[d]]\na = 4");
       },
       "# head\n\n# of one\n[[d]]\na = 1  # one\n# below\n\n# of two\n[[d]]\n"
       "a = 2\n\n[[d]]\na = 4\n\n[x]\nb = 3\n"},
      {"a = 1\n",
       [](TomlEdits& edits, const toml::table&) { edits.add_table_at_end("[x]\nb = 2"); },
       "a = 1\n\n[x]\nb = 2\n"},
      {"v = [ 'a','b' ] # c\n", change({"a"}, {"c"}), "v = [\"b\", \"c\"] # c\n"},
      {"v = []\n", change({}, {"c"}), "v = [\"c\"]\n"},
      {"v = [\n  \"a\", # of a\n  \"b\",\n]\n", change({"b"}, {"c"}),
       "v = [\n  \"a\", # of a\n  \n  \"c\",\n]\n"},
      {"v = [\n  \"a\", \"b\"\n]\n", change({"a"}, {"c"}), "v = [\n  \"b\",\n  \"c\",\n]\n"},
      {"v = [\n  # none\n]\n", change({}, {"c"}), "v = [\n  \"c\",\n  # none\n]\n"},
  };
  for (const EditRow& row : table) {
    const toml::table parsed = toml::parse(row.before);
    TomlEdits edits(row.before);
    row.edit(edits, parsed);
    EXPECT_EQ(edits.result(), row.after) << row.before;
    EXPECT_NO_THROW(toml::parse(edits.result())) << row.before;
  }
}

TEST(TomlEdits, WrapLongArrays) {
  const std::vector<std::string> texts(12, "a-long-name");
  EXPECT_EQ(toml_array({"a", "b"}, "v = "), "[\"a\", \"b\"]");
  const std::string wrapped = toml_array(texts, "v = ");
  EXPECT_EQ(wrapped.substr(0, 18), "[\n  \"a-long-name\",");
  for (size_t from = 0; from < wrapped.size(); from = wrapped.find('\n', from) + 1) {
    EXPECT_LE(wrapped.substr(from, wrapped.find('\n', from) - from).size(), 100U);
    if (wrapped.find('\n', from) == std::string::npos)
      break;
  }
  EXPECT_EQ(toml::parse("v = " + wrapped)["v"].as_array()->size(), 12U);
}

RC_GTEST_PROP(TomlEdits, WriteEveryStringSoThatItReadsBack, (const std::string& text)) {
  const std::string valid = valid_utf8(text);
  const toml::table table = toml::parse(toml_key(valid) + " = " + toml_string(valid));
  RC_ASSERT(table.get(valid)->value<std::string>() == valid);
}

} // namespace
} // namespace pep554::gate
