# make run opens the app, make test checks everything: `python run.py` does the work, on every system.

export PYTHON
START := $(or $(PYTHON),$(shell command -v python3 || command -v python || echo python3))

.PHONY: run test dev lint screenshots cluster cluster-test clean

run:
	@exec "$(START)" run.py app

test dev lint screenshots cluster cluster-test clean:
	@exec "$(START)" run.py $@
