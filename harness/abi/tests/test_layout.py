"""The Rust mirror of the header has its sizes, places and numbers. Usage: test_layout.py C RUST,
two programs that print them."""

import subprocess
import sys
import unittest


class Layout(unittest.TestCase):
    def test_is_the_headers(self):
        in_c, in_rust = (
            subprocess.run([program], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
            for program in PROGRAMS
        )
        self.assertIn("pep554_plugin_t 144", in_c)
        self.assertEqual(in_rust, in_c)


if __name__ == "__main__":
    PROGRAMS = sys.argv[1:3]
    unittest.main(argv=sys.argv[:1])
