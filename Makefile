# make run opens the app, make test checks everything: `python run.py` does the work, on every system.

export PYTHON
START := $(or $(PYTHON),$(shell command -v python3 || command -v python || echo python3))

.PHONY: run test dev lint screenshots clean

run:
	@exec "$(START)" run.py app

test dev lint screenshots clean:
	@exec "$(START)" run.py $@
