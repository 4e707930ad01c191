# `make run` serves the product on a fresh machine, `make call` places a call to it,
# `make test` runs all tests. Nothing else is needed before.

PYTHON ?= $(shell for v in 3.13 3.12 3.11 3; do command -v python$$v; done 2>/dev/null | while read p; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin

# `make run PORT=8001` serves elsewhere; `make call PORT=8001` calls there.
ifdef PORT
export PUBLIC_URL := http://127.0.0.1:$(PORT)
endif
PORT ?= 8000

.PHONY: run call voice test lint types format lock clean

run: .venv/installed .env
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py create_starter_bot
	@$(BIN)/python manage.py create_admin
	@echo
	@echo "  Talk to the bot  http://127.0.0.1:$(PORT)/phone/   (in a browser, with a microphone)"
	@echo "  Admin            http://127.0.0.1:$(PORT)/admin/"
	@echo "  Chatbot          POST http://127.0.0.1:$(PORT)/message   {\"message\": \"hello\"}"
	@echo "  Place a call     make call   (in a second terminal)"
	@echo "  Stop             Ctrl-C"
	@echo
	@exec $(BIN)/daphne -v 0 -b 127.0.0.1 -p $(PORT) voiceproject.asgi:application

call: .venv/installed .env
	@SAY="$(SAY)" $(BIN)/python -m calls.simulator

voice: .venv/installed-voice
	@echo "The offline voices are installed. Restart the server."

test: .venv/installed-dev
	$(BIN)/python -m pytest --cov --cov-report=term $(TESTS)

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/installed-dev
	SECRET_KEY=for-the-type-checker-only-0123456789abcdef $(BIN)/mypy

format: .venv/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock:
	uv pip compile --quiet --universal --python-version 3.11 requirements.in -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 requirements-dev.in -o requirements-dev.txt
	uv pip compile --quiet --universal --python-version 3.11 requirements-voice.in -o requirements-voice.txt

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage

.env: | .venv/installed
	@$(BIN)/python -m voiceproject.dotenv

.venv/installed: requirements.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed, and none was found. Install one, or say where it is: make PYTHON=/path/to/python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing into .venv (this takes a minute, once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.txt
	@echo "Installing what tests need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

.venv/installed-voice: .venv/installed requirements-voice.txt
	@echo "Installing the offline voices ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-voice.txt
	@touch $@
