// What our own plugins answer when they are asked for extensions, before anything was started.
#include <string>

#include <dlfcn.h>
#include <gtest/gtest.h>

#include "harness/abi/pep554_plugin.h"

namespace {

struct Has {
  const char* file; // in the build's folder lib
  bool eval;
  bool fork;
  bool thread;
};

void PrintTo(const Has& has, std::ostream* stream) {
  *stream << has.file;
}

class Extensions : public testing::TestWithParam<Has> {
protected:
  void SetUp() override {
    const std::string path = std::string(PEP554_BUILD_DIR "/lib/") + GetParam().file;
    void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    ASSERT_NE(library, nullptr) << ::dlerror();
    table_ = static_cast<const pep554_plugin_t*>(::dlsym(library, PEP554_PLUGIN_SYMBOL));
    ASSERT_NE(table_, nullptr);
  }

  const void* ask(const char* name) { return table_->get_extension(name); }

private:
  const pep554_plugin_t* table_ = nullptr;
};

TEST_P(Extensions, AreThoseThatItHas) {
  EXPECT_EQ(ask(PEP554_EXT_EVAL) != nullptr, GetParam().eval);
  EXPECT_EQ(ask(PEP554_EXT_FORK) != nullptr, GetParam().fork);
  EXPECT_EQ(ask(PEP554_EXT_THREAD) != nullptr, GetParam().thread);
}

TEST_P(Extensions, AreTheSameEachTime) {
  EXPECT_EQ(ask(PEP554_EXT_THREAD), ask(PEP554_EXT_THREAD));
}

TEST_P(Extensions, OfOtherNamesAndVersionsAreNull) {
  for (const char* name :
       {"", "/1", "pep554.thread", "pep554.thread/", "pep554.thread/2", "pep554.thread/10",
        "pep554.thread/1 ", "PEP554.THREAD/1", "pep554.eval/0", "org.example.thing/1"})
    EXPECT_EQ(ask(name), nullptr) << name;
}

INSTANTIATE_TEST_SUITE_P(Plugins, Extensions,
                         testing::Values(Has{"pep554-cpython.so", true, true, true},
                                         Has{"template/plugin_template.so", false, false, true},
                                         Has{"template/plugin_template_rust.so", false, false,
                                             true}),
                         [](const auto& one) {
                           std::string name = one.param.file;
                           for (char& c : name)
                             c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
                           return name;
                         });

} // namespace
