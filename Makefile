# `make` alone lists the tasks; `make TASK` is `python -m tools TASK`, which works on every system (README.md).

PYTHON ?= python3
TASKS := book serve lab cifar10 check test test-all test-site mutants notebooks address record bench class pdf links weigh cover clean

help $(TASKS):
	@$(PYTHON) -E -m tools $@ $(MAKEOVERRIDES)

# Any other word: python says which tasks there are.
.DEFAULT:
	@$(PYTHON) -E -m tools $@

.PHONY: help $(TASKS)
