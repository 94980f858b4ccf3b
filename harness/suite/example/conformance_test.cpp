// Every case of the suite as a test of GoogleTest. The target is the argument, or PEP554_TARGET in
// the environment:
//
//   ./conformance_test python:python3.11 --gtest_filter='destroy.*'
#include <cstdlib>
#include <exception>
#include <iostream>

#include <gtest/gtest.h>
#include <pep554/suite.h>

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv); // takes its own options away
  pep554::SuiteOptions options;
  if (const char* target = std::getenv("PEP554_TARGET"))
    options.target = target;
  if (argc > 1)
    options.target = argv[1];
  try {
    pep554::register_suite(options);
  } catch (const std::exception& problem) {
    std::cerr << problem.what() << '\n';
    return 2;
  }
  return RUN_ALL_TESTS();
}
