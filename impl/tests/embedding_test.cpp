// The modules in a program that embeds Python: interpreters and thread states made by the C API, a
// main interpreter that executes nothing, a fork of the program's own, a second initialization.
#include "impl/common/python.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <string>

// Leaks are not looked for: CPython keeps some of its memory until the process ends. Nothing calls
// this without the sanitizer. NOLINTNEXTLINE(bugprone-reserved-identifier)
extern "C" __attribute__((visibility("default"))) const char* __asan_default_options() {
  return "detect_leaks=0";
}

namespace pep554 {
namespace {

class EmbeddingTest : public testing::Test {
protected:
  static void SetUpTestSuite() { setenv("PYTHONPATH", PEP554_BUILD_DIR "/impl", 1); }
  void SetUp() override { initialize(); }
  void TearDown() override { finalize(); }

  static void initialize() {
    PyConfig config;
    PyConfig_InitPythonConfig(&config);
    config.site_import = 0;
    config.install_signal_handlers = 0;
    PyConfig_SetBytesString(&config, &config.program_name, PEP554_PYTHON);
    const PyStatus status = Py_InitializeFromConfig(&config);
    PyConfig_Clear(&config);
    ASSERT_FALSE(PyStatus_Exception(status));
    ASSERT_EQ(import_result(), "None");
  }

  static void finalize() { EXPECT_EQ(Py_FinalizeEx(), 0); }

  static std::string import_result() {
    return evaluate("__builtins__.exec('import interpreters')");
  }

  // str() of an expression, or of the exception it raises, in the current interpreter's __main__.
  static std::string evaluate(const char* expression) {
    PyObject* globals = PyModule_GetDict(PyImport_AddModule("__main__"));
    const Ref result(PyRun_String(expression, Py_eval_input, globals, globals));
    return text_of(result);
  }

  static std::string text_of(const Ref& result) {
    PyObject* type = nullptr;
    PyObject* value = nullptr;
    PyObject* traceback = nullptr;
    PyErr_Fetch(&type, &value, &traceback);
    const Ref owned_type(type);
    const Ref owned_value(value);
    const Ref owned_traceback(traceback);
    const Ref text(PyObject_Str(result ? result.get() : value));
    return PyUnicode_AsUTF8(text.get());
  }

  // Its only thread state; that of the main interpreter is current again.
  static PyThreadState* new_interpreter() {
    PyThreadState* caller = PyThreadState_Get();
    PyThreadState* state = Py_NewInterpreter();
    PyThreadState_Swap(caller);
    return state;
  }
};

TEST_F(EmbeddingTest, InterpreterOfTheApiIsListedAndUsable) {
  new_interpreter();
  EXPECT_EQ(evaluate("interpreters.enumerate()"), "[Interpreter(0), Interpreter(1)]");
  EXPECT_EQ(evaluate("interpreters.Interpreter(1).run('x = 1')"), "None");
  EXPECT_EQ(evaluate("interpreters.Interpreter(1).is_running()"), "False");
  EXPECT_EQ(evaluate("interpreters.Interpreter(1).destroy()"), "None");
  EXPECT_EQ(evaluate("interpreters.enumerate()"), "[Interpreter(0)]");
}

TEST_F(EmbeddingTest, InterpreterWithoutThreadStateIsRefused) {
  PyThreadState* state = new_interpreter();
  PyInterpreterState* interp = state->interp;
  PyThreadState_Clear(state);
  PyThreadState_Delete(state);
  EXPECT_EQ(evaluate("interpreters.Interpreter(1).is_running()"), "False");
  const char* lost = "interpreter 1 has lost its thread state";
  EXPECT_EQ(evaluate("interpreters.Interpreter(1).run('x = 1')"), lost);
  EXPECT_EQ(evaluate("interpreters.Interpreter(1).destroy()"), lost);
  PyThreadState* caller = PyThreadState_Get();
  PyInterpreterState_Clear(interp);
  PyInterpreterState_Delete(interp);
  PyThreadState_Swap(caller);
}

TEST_F(EmbeddingTest, ThreadStateOfTheProgramKeepsItAlive) {
  PyThreadState* state = PyThreadState_New(new_interpreter()->interp);
  EXPECT_EQ(evaluate("interpreters.Interpreter(1).destroy()"), "interpreter 1 still has threads");
  EXPECT_EQ(evaluate("interpreters.Interpreter(1).run('x = 1')"), "None");
  PyThreadState_Clear(state);
  PyThreadState_Delete(state);
  EXPECT_EQ(evaluate("interpreters.Interpreter(1).destroy()"), "None");
}

TEST_F(EmbeddingTest, MainRunsOnlyWhileItExecutes) {
  EXPECT_EQ(evaluate("interpreters.get_main().is_running()"), "True");
  PyThreadState* main_state = PyThreadState_Swap(new_interpreter());
  import_result();
  EXPECT_EQ(evaluate("interpreters.get_main().is_running()"), "False");
  EXPECT_EQ(evaluate("interpreters.get_main().run('x = 42')"), "None");
  EXPECT_EQ(evaluate("interpreters.get_main().destroy()"),
            "interpreter 0 is the main one and cannot be destroyed");
  PyThreadState* other = PyThreadState_Swap(main_state);
  EXPECT_EQ(evaluate("x"), "42");
  EXPECT_EQ(evaluate("interpreters.Interpreter(1).destroy()"), "None");
  (void)other;
}

// The caller runs nothing that the runtime knows of, yet it is below the run.
TEST_F(EmbeddingTest, CallerOfARunIsRunning) {
  evaluate("interpreters.create()");
  const Ref module(PyImport_ImportModule("interpreters"));
  const Ref created(PyObject_CallMethod(module.get(), "Interpreter", "i", 1));
  const Ref result(
      PyObject_CallMethod(created.get(), "run", "s",
                          "import interpreters; assert interpreters.get_main().is_running()"));
  EXPECT_TRUE(result);
}

TEST_F(EmbeddingTest, SecondInitializationBeginsAnew) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(evaluate("interpreters.create()"), "Interpreter(1)");
    EXPECT_EQ(evaluate("interpreters.Interpreter(1).run('x = 1')"), "None");
    finalize();
    initialize();
  }
}

TEST_F(EmbeddingTest, ForkWithoutTheRuntimeKeepsInterpreters) {
  evaluate("interpreters.create()");
  const pid_t child = fork();
  if (child == 0)
    _exit(evaluate("interpreters.Interpreter(1).run('x = 1')") == "None" ? 7 : 8);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 7);
}

} // namespace
} // namespace pep554
