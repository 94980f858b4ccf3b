#!/usr/bin/python3
"""formats_test.py DIR: what other programs read in the reports below DIR, beside each results.json.

- results.tap: Perl's TAP::Parser (that of prove) finds a test point for each case, ok for those that passed or were
  observed, and no directive; PyYAML finds the verdict in each diagnostic block.
- summary.md: cmark-gfm, GitHub's own renderer, makes no link, no image and no markup of any text but ours.
- badge.svg is XML; badge.json has what shields.io's endpoint requires.

Needs Debian's perl, python3-yaml and cmark-gfm."""

import html.parser
import json
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree

import yaml

GOOD = ("pass", "observed")
# Prints a line for each test point, then the number of other things.
READ_TAP = """
use TAP::Parser;
my $parser = TAP::Parser->new({ source => $ARGV[0] });
my ($yaml, $other) = (0, 0);
while (my $result = $parser->next) {
  if ($result->is_test) {
    print $result->is_actual_ok ? "ok" : "not ok", " ", $result->directive, "\\n";
  } elsif ($result->is_yaml) { $yaml++ }
  elsif (!($result->is_plan || $result->is_comment || $result->is_version || $result->is_bailout)) { $other++ }
}
print "yaml $yaml, other $other, errors ", scalar($parser->parse_errors), "\\n";
"""
TAGS = {"h2", "h3", "p", "strong", "ul", "li", "code", "details", "summary", "table", "thead", "tbody", "tr", "th", "td"}
FLAGS = ["-e", "table", "-e", "autolink", "-e", "strikethrough", "-e", "tasklist", "--unsafe"]


class Tags(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = []
        self.headings = 0

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        if {name for name, _ in attrs} - {"align"}:
            self.seen.append(f"{tag} {attrs}")


def check_tap(file, results):
    cases = results["cases"]
    done = subprocess.run(["perl", "-e", READ_TAP, file], stdout=subprocess.PIPE, text=True, check=True)
    *points, rest = done.stdout.splitlines()
    expected = [("ok " if case["verdict"] in GOOD else "not ok ") for case in cases]
    if points != expected:
        yield f"Perl reads {len(points)} test points, of {len(cases)}; or others, or directives"
    bad = [case for case in cases if case["verdict"] not in GOOD]
    if rest != f"yaml {len(bad)}, other 0, errors {0 if cases else 1}":  # a run of nothing is an error
        yield f"Perl reads {rest}"
    blocks = re.findall(r"^  ---\n(.*?)^  \.\.\.$", file.read_text(encoding="utf-8"), re.M | re.S)
    if len(blocks) != len(bad):
        yield f"{len(blocks)} blocks, of {len(bad)}"
    for block, case in zip(blocks, bad):
        read = yaml.safe_load(block)
        if read["verdict"] != case["verdict"] or ("message" in read) != bool(case["reason"]):
            yield f"the block of {case['id']!r} says {read}"


def check_markdown(file, results):
    done = subprocess.run(["cmark-gfm", *FLAGS, file], stdout=subprocess.PIPE, text=True, check=True)
    tags = Tags()
    tags.feed(done.stdout)
    for tag in set(tags.seen) - TAGS:
        yield f"it has <{tag}>"
    if not done.stdout.startswith("<h2>"):
        yield "it does not begin with the verdict"
    bad = sum(case["verdict"] not in GOOD for case in results["cases"])
    if tags.seen.count("details") != (3 if bad else 2):
        yield f"it has {tags.seen.count('details')} folded parts"


def check_badge(folder):
    xml.etree.ElementTree.parse(folder / "badge.svg")
    badge = json.loads((folder / "badge.json").read_text(encoding="utf-8"))
    if badge["schemaVersion"] != 1 or not badge["label"] or not badge["message"]:
        yield f"badge.json has {badge}"


def main(folder):
    files = sorted(pathlib.Path(folder).rglob("results.json"))
    if not files:
        sys.exit(f"no results.json below {folder}")
    faults = 0
    for file in files:
        results = json.loads(file.read_text(encoding="utf-8"))
        found = [*check_tap(file.parent / "results.tap", results),
                 *check_markdown(file.parent / "summary.md", results), *check_badge(file.parent)]
        for fault in found:
            print(f"{file.parent}: {fault}")
        faults += len(found)
    print(f"{len(files)} reports, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
