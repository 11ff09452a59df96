# `make` alone lists the tasks. On Windows without make: README.md, "Without make".

PYTHON ?= python3
DATA ?= shapes10
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
export NNBOOK_DATA = $(DATA)

help:  ## list the tasks
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-10s %s\n", $$1, $$2}'

book: $(VENV)/book.done  ## execute the pages and build the site (DATA=cifar10 for the real pictures)
	@$(BIN)/python -m tools.site.build

test: $(VENV)/test.done  ## check helpers, notebooks and site, in under 15 minutes
	@echo "Testing helpers, notebooks and the site: 8 to 15 minutes on 2 cores."
	@NNBOOK_DATA=shapes10 $(BIN)/python -m pytest -m "not slow"

test-all: $(VENV)/test.done  ## all of `make test`, and what is slow
	@echo "Testing everything: 15 to 30 minutes on 2 cores."
	@NNBOOK_DATA=shapes10 $(BIN)/python -m pytest

notebooks: $(VENV)/book.done  ## make the .ipynb from the .md, executed; only those that are out of date
	@$(BIN)/python -m tools.notebooks

lab: $(VENV)/book.done  ## open copies of the notebooks in my/ to try things out
	@$(BIN)/python -m tools.notebooks --copy my
	@$(BIN)/jupyter lab --notebook-dir=my $(LAB)

serve: $(VENV)/book.done  ## show the built site at http://localhost:8000 (PORT=8001 for another port)
	@test -f _build/html/index.html || { echo "Nothing is built yet: run 'make book' first."; exit 1; }
	@$(BIN)/python -c 'import socket; socket.create_server(("127.0.0.1", $(PORT))).close()' 2> /dev/null \
		|| { echo "Port $(PORT) is in use: stop what uses it, or run 'make serve PORT=8001'."; exit 1; }
	@echo "The book is at http://localhost:$(PORT) (stop with Ctrl-C)."
	@$(BIN)/python -m http.server $(PORT) --bind 127.0.0.1 --directory _build/html

cifar10: $(VENV)/book.done  ## download CIFAR-10 (162 MB) into the cache; goes on where it stopped
	@$(BIN)/python -m nnbook.datasets

links: $(VENV)/book.done  ## check every link to other sites; needs the network
	@$(BIN)/python -m tools.site.build --links

pdf: $(VENV)/book.done  ## the whole book as one PDF; needs LaTeX
	@$(BIN)/python -m tools.site.build --pdf

weigh: $(VENV)/test.done  ## bytes and paint times of the site against Jupyter Book's default; needs Chromium
	@$(BIN)/python -m tools.site.weigh

record: $(VENV)/book.done  ## train what the pages show recorded, two to three hours
	@$(BIN)/python -m tools.records.engine

bench: $(VENV)/book.done  ## race the fast recipe against the notes' on CIFAR-10, 20 to 60 minutes; goes on where it stopped
	@$(BIN)/python -m tools.records.race

clean:  ## remove what was built; the environment and your my/ stay
	rm -rf _build

$(VENV)/book.done: requirements.txt pyproject.toml
	@echo "Making the environment in $(VENV): 2 to 5 minutes, about 2 GB, once."
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(None if (3, 11) <= v < (3, 14) else f"Python 3.11, 3.12 or 3.13 is needed, but $(PYTHON) is {v[0]}.{v[1]}: run make PYTHON=python3.12")'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --progress-bar off -r requirements.txt
	@$(BIN)/python -m pip install --quiet --no-deps -e .
	@touch $@

$(VENV)/test.done: requirements-dev.txt $(VENV)/book.done
	@$(BIN)/python -m pip install --quiet --progress-bar off -r requirements-dev.txt
	@touch $@

.PHONY: help book test test-all notebooks lab serve cifar10 links pdf weigh record bench clean
