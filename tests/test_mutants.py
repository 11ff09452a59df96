"""The tool that plants faults plants each kind, where it should, and sees whether it was noticed."""

import pytest

from tests import mutants

SOURCE = '''
"""A module of 3 lines."""
LIMIT = 2

def half(x: int | None = 1, *, exact: bool = True) -> float | None:
    """Return 0.5 x."""
    assert x > 0, "above 0"
    if exact and x >= LIMIT:
        raise ValueError(f"{x + 1} is too large")
    if not exact:
        x = -x
    return [y / 2.0 for y in (x, x) if y]

if __name__ == "__main__":
    half(7)
'''


def test_each_kind_of_fault_is_planted_and_nothing_else():
    found = mutants.mutants("module", SOURCE)
    first_line = [fault for fault in found if "| None" in fault.change]
    assert len(first_line) == 3  # x=2, x=0, exact=False
    assert {(fault.function, fault.change.partition(" -> ")[2]) for fault in found if fault not in first_line} == {
        ("", "LIMIT = 3"),
        ("", "LIMIT = 1"),
        ("half", "if not (exact and x >= LIMIT):"),
        ("half", "if exact or x >= LIMIT:"),
        ("half", "if exact and x > LIMIT:"),
        ("half", "if exact and x < LIMIT:"),
        ("half", "if not not exact:"),
        ("half", "x = +x"),
        ("half", "return [y * 2.0 for y in (x, x) if y]"),
        ("half", "return [y / 2.2 for y in (x, x) if y]"),
        ("half", "return [y / 3.0 for y in (x, x) if y]"),
        ("half", "return [y / 2.0 for y in (x, x) if not y]"),
    }
    assert len(found) == 12 + 3


def test_a_fault_is_one_change_and_keeps_its_name_when_lines_move():
    found = mutants.mutants("module", SOURCE)
    whole = mutants.whole(SOURCE).splitlines()
    for fault in found:
        lines = fault.source.splitlines()
        assert len(lines) == len(whole) and sum(a != b for a, b in zip(lines, whole, strict=True)) == 1
    moved = mutants.mutants("module", "# a comment\n\nBEFORE = 'it'\n" + SOURCE)
    assert [fault.key for fault in moved] == [fault.key for fault in found]
    assert len({fault.key for fault in found}) == len(found)


def test_a_fault_is_told_from_its_twin():
    first, second, *_ = mutants.mutants("module", "x = 1\nx = 1\n")[::2]
    assert (first.change, second.change) == ("x = 1 -> x = 2", "x = 1 -> x = 2 (2)")


def test_every_module_has_tests_its_own_first():
    for module, path in mutants.modules().items():
        if mutants.mutants(module, path.read_text("utf-8")):
            assert mutants.tests_of(module), f"no test imports {module}"
    assert mutants.tests_of("shapes10")[0].name == "test_shapes10.py"


def test_what_is_listed_as_equivalent_exists_and_has_a_reason():
    for module in {key[0] for key in mutants.equivalents()}:
        keys = {fault.key for fault in mutants.mutants(module, mutants.modules()[module].read_text("utf-8"))}
        gone = {key for key in mutants.equivalents() if key[0] == module} - keys
        assert not gone, f"take out of {mutants.EQUIVALENT.name}: {gone}"


@pytest.mark.slow
def test_a_fault_is_noticed_and_a_sound_module_is_not():
    source = mutants.modules()["checks"].read_text("utf-8")
    sound = mutants.Mutant("checks", "", "", 0, mutants.whole(source))
    assert not mutants.try_out(sound, 300)["noticed"]
    faulty = sound._replace(source=sound.source.replace("number < at_least", "number <= at_least"))
    assert faulty.source != sound.source and mutants.try_out(faulty, 300)["noticed"]
    assert mutants.try_out(sound._replace(source="while True: pass"), 5)["said"] == "no end after 5 s"
