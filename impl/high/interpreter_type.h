// The class Interpreter: an id, and what can be done with the interpreter that has it. An object is
// no more than a name: it may be lost, and may outlive its interpreter.
#pragma once

#include "impl/common/python.h"

namespace pep554 {

// The functions of the low-level module.
enum Function { kEnumerate, kGetCurrent, kGetMain, kCreate, kIsRunning, kDestroy, kRun, kNames };

// State of the module `interpreters`, one for each interpreter that imports it.
struct ModuleState {
  PyObject* low;              // the low-level module, which does the work
  PyObject* names[kNames];    // of its functions, interned
  PyObject* interpreter_type; // class Interpreter
};

extern PyModuleDef interpreters_definition;

ModuleState* state_of(PyObject* module);

// Calls a function of the low-level module, with up to two arguments.
PyObject* call_low(const ModuleState* state, Function function, PyObject* first = nullptr,
                   PyObject* second = nullptr);

// Makes the class, as an attribute of a module that is being executed.
Ref make_interpreter_type(PyObject* module);

// An object for an id that the low-level module has returned; null with the error where `id` is.
PyObject* wrap_id(const ModuleState* state, PyObject* id);

} // namespace pep554
