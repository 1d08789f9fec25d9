# The verbs of this project. Each sets up what it needs, from a bare Python 3.11.

PYTHON ?= python3
LIGHT := .venv-light
FULL := .venv
RUN_LIGHT := $(LIGHT)/bin/python
RUN_FULL := PYTHONPATH=training:evaluation:data $(FULL)/bin/python

.PHONY: run test check train train-fast export evaluate evaluate-test data-check bench clean

run: $(LIGHT)/done  ## classify seeds/ with the committed model; rows in rows.jsonl
	$(LIGHT)/bin/pourparler classify seeds/ --out rows.jsonl

test: $(FULL)/done  ## all tests
	$(FULL)/bin/python -m pytest

check: $(FULL)/done  ## style and types
	$(FULL)/bin/ruff check src training evaluation data tests
	$(FULL)/bin/ruff format --check src training evaluation data tests
	$(FULL)/bin/mypy

data-check: $(FULL)/done  ## what the corpus holds, and whether its promises hold
	$(RUN_FULL) data/check.py

train: $(FULL)/done  ## train the default model; taken up again after a stop
	$(RUN_FULL) training/train.py --config training/default.toml --out runs/default

train-fast: $(FULL)/done
	$(RUN_FULL) training/train.py --config training/fast.toml --out runs/fast

export: $(FULL)/done  ## runs/ into models/, and their cards
	$(RUN_FULL) training/export.py --run runs/default --out models/default
	$(RUN_FULL) training/export.py --run runs/fast --out models/fast

evaluate: $(FULL)/done  ## the report on dev and real news
	$(RUN_FULL) evaluation/evaluate.py --split dev --out evaluation/reports/dev

evaluate-test: $(FULL)/done  ## the report on test, once per release; model cards from it
	$(RUN_FULL) evaluation/evaluate.py --split test --out evaluation/reports/test
	$(RUN_FULL) evaluation/card.py --results evaluation/reports/test/results.json

$(LIGHT)/done: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(LIGHT)
	$(LIGHT)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(FULL)/done: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(FULL)
	$(FULL)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[train,parquet,dev]'
	touch $@

clean:
	rm -rf $(LIGHT) $(FULL) .mypy_cache .pytest_cache .ruff_cache
