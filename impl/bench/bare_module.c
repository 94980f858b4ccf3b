/* The extension module pep554_bare: bare.h for Python, and how much memory the process has.
 * An interpreter is an int here, valid until it is destroyed. For the main interpreter only. */
#include "impl/bench/bare.h"

#include <malloc.h>
#include <stdio.h>
#include <unistd.h>

static PyObject* create(PyObject* module, PyObject* unused) {
  (void)module, (void)unused;
  PyThreadState* state = bare_create();
  if (state != NULL)
    return PyLong_FromVoidPtr(state);
  PyErr_SetString(PyExc_RuntimeError, "the C API made no interpreter");
  return NULL;
}

static PyObject* run(PyObject* module, PyObject* args) {
  (void)module;
  unsigned long long state = 0;
  const char* source = NULL;
  if (!PyArg_ParseTuple(args, "Ks:run", &state, &source))
    return NULL;
  if (bare_run((PyThreadState*)(uintptr_t)state, source) == 0)
    Py_RETURN_NONE;
  PyErr_SetString(PyExc_RuntimeError, "the source text failed");
  return NULL;
}

static PyObject* destroy(PyObject* module, PyObject* handle) {
  (void)module;
  PyThreadState* state = PyLong_AsVoidPtr(handle);
  if (state == NULL)
    return NULL;
  bare_destroy(state);
  Py_RETURN_NONE;
}

static PyObject* bytes_in_use(PyObject* module, PyObject* unused) {
  (void)module, (void)unused;
  PyType_ClearCache(); /* keeps the names of attributes last looked up, up to some thousands */
  const struct mallinfo2 info = mallinfo2();
  return PyLong_FromSize_t(info.uordblks + info.hblkhd);
}

static PyObject* resident_bytes(PyObject* module, PyObject* unused) {
  (void)module, (void)unused;
  unsigned long size = 0;
  unsigned long resident = 0;
  FILE* file = fopen("/proc/self/statm", "r");
  const int fields = file != NULL ? fscanf(file, "%lu %lu", &size, &resident) : 0;
  if (file != NULL)
    fclose(file);
  if (fields == 2)
    return PyLong_FromUnsignedLong(resident * (unsigned long)sysconf(_SC_PAGESIZE));
  PyErr_SetString(PyExc_OSError, "cannot read /proc/self/statm");
  return NULL;
}

static PyMethodDef methods[] = {
    {"create", create, METH_NOARGS, "create()\n--\n\nReturn a new interpreter."},
    {"run", run, METH_VARARGS, "run(handle, source)\n--\n\nCompile and execute in __main__."},
    {"destroy", destroy, METH_O, "destroy(handle)\n--\n\nEnd the interpreter."},
    {"bytes_in_use", bytes_in_use, METH_NOARGS,
     "bytes_in_use()\n--\n\nReturn how many bytes of malloc are in use."},
    {"resident_bytes", resident_bytes, METH_NOARGS,
     "resident_bytes()\n--\n\nReturn how many bytes of the process are in memory."},
    {NULL, NULL, 0, NULL}};

static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "pep554_bare", .m_size = 0,
                                 .m_methods = methods};

PyMODINIT_FUNC PyInit_pep554_bare(void) {
  return PyModuleDef_Init(&definition);
}
