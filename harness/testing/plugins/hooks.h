// Hooks of test plugins: the calls of the ABI, and places within them.
#ifndef PEP554_TESTING_HOOKS_H
#define PEP554_TESTING_HOOKS_H

// Bits, so that a fault can act at several. A call's slot is the hook at its beginning.
enum hook {
  LOAD = 1 << 0, // the shared object's constructor
  GET_EXTENSION = 1 << 1,
  START = 1 << 2,
  DESCRIBE = 1 << 3,
  FACT = 1 << 4, // of describe: before each fact is given
  BEFORE_FORK = 1 << 5,
  AFTER_FORK_PARENT = 1 << 6,
  AFTER_FORK_CHILD = 1 << 7,
  ATTACH = 1 << 8,
  DETACH = 1 << 9,
  ENUMERATE = 1 << 10,
  GET_CURRENT = 1 << 11,
  GET_MAIN = 1 << 12,
  CREATE = 1 << 13,
  CONSTRUCT = 1 << 14,
  READ_ID = 1 << 15,
  WRITE_ID = 1 << 16,
  IS_RUNNING = 1 << 17,
  DESTROY = 1 << 18,
  RUN = 1 << 19,
  RELEASE = 1 << 20,
  EVAL = 1 << 21,
  STOP = 1 << 22,
  LANE = 1 << 23,      // of run, on another thread than the runtime's
  SCRIPT = 1 << 24,    // of run and eval: the code is to be executed
  REFUSING = 1 << 25,  // of each slot: before the error record is filled
  REFUSED = 1 << 26,   // ... after that
  SUCCEEDED = 1 << 27, // of each slot: it is about to answer ok
  EACH_SLOT = ENUMERATE | GET_CURRENT | GET_MAIN | CREATE | CONSTRUCT | READ_ID | WRITE_ID |
              IS_RUNNING | DESTROY | RUN | RELEASE | EVAL | STOP
};

#endif // PEP554_TESTING_HOOKS_H
