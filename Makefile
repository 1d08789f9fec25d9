# The verbs of this project. Each sets up what it needs, from a bare Python 3.11.

PYTHON ?= python3
LIGHT := .venv-light
FULL := .venv

.PHONY: run test check train train-fast export evaluate evaluate-test curve data-check clean

run: $(LIGHT)/done  ## classify seeds/ with the committed model; rows in rows.jsonl
	$(LIGHT)/bin/pourparler classify seeds/ --out rows.jsonl

test: $(FULL)/done  ## all tests
	$(FULL)/bin/python -m pytest

check: $(FULL)/done  ## style and types
	$(FULL)/bin/ruff check src training evaluation data tests
	$(FULL)/bin/ruff format --check src training evaluation data tests
	$(FULL)/bin/mypy

data-check: $(FULL)/done  ## what the corpus holds, and whether its promises hold
	$(FULL)/bin/python data/check.py

train: $(FULL)/done  ## train the default model; taken up again after a stop
	$(FULL)/bin/python training/train.py --config training/default.toml --out runs/default

train-fast: $(FULL)/done
	$(FULL)/bin/python training/train.py --config training/fast.toml --out runs/fast

export: $(FULL)/done  ## runs/ into models/, and their cards
	$(FULL)/bin/python training/export.py --run runs/default --out models/default
	$(FULL)/bin/python training/export.py --run runs/fast --out models/fast

evaluate: $(FULL)/done  ## the report on dev and real news
	$(FULL)/bin/python evaluation/evaluate.py --split dev --out evaluation/reports/dev

evaluate-test: $(FULL)/done  ## the report on test, once per release; model cards from it
	$(FULL)/bin/python evaluation/evaluate.py --split test --out evaluation/reports/test
	$(FULL)/bin/python evaluation/card.py --results evaluation/reports/test/results.json

curve: $(FULL)/done  ## the learning curve of the fast model; taken up again after a stop
	$(FULL)/bin/python evaluation/learning_curve.py --config training/fast.toml --runs runs/curve --out evaluation/reports/curve

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
