"""How much memory a life of an interpreter (create, run, destroy) leaves behind, by who makes it."""


SOURCE = """
import io, os
class Record:
    def __init__(self, name):
        self.name = name
records = [Record(str(number)) for number in range(100)]
"""


def _cycles(subject, count):
    for _ in range(count):
        made = subject.create()
        subject.call(subject.run, made, SOURCE)
        subject.call(subject.destroy, made)


def growths(subjects, measure, cycles, blocks):
    """Bytes per cycle, one figure a block, of each of the subjects (by name), in turns."""
    found = {name: [] for name in subjects}
    for subject in subjects.values():
        _cycles(subject, 10)
    for _ in range(blocks):
        for name, subject in subjects.items():
            before = measure()
            _cycles(subject, cycles)
            found[name].append((measure() - before) / cycles)
    return found
