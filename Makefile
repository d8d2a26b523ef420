# iKOMEK 109. `make run` and `make test` set up what they need by themselves:
# nothing but Go, git and make has to be there, and neither of them is root.
# `make help` lists the rest.

ARGS    ?=
# Whole calls on a real Asterisk, and the pages' commands: they need the processor
# to themselves, since they are about sound in real time. UNIT is all the rest.
SCENES   = ./e2e ./docs
UNIT     = $(shell go list ./... | grep -v -e '/e2e$$' -e '/docs$$')
FUZZ    ?= 20s
VERSION  = $(shell git describe --tags --always --dirty 2>/dev/null)
LINT     = go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

# The program is pure Go; only the race detector needs a C compiler. The version
# comes from the line above, so that a checkout owned by somebody else builds.
export CGO_ENABLED ?= 0
export GOFLAGS := $(strip $(shell go env GOFLAGS) -buildvcs=false)

.DEFAULT_GOAL := help
.PHONY: help build run setup unit e2e test fuzz race bench chaos lint fmt fmt-check vet tidy clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

# The compiler is given more memory before it looks for garbage: a first build,
# which compiles everything, takes an eighth less.
build: ## build bin/ikomek109
	@test -e bin/ikomek109 || echo 'building (a first time takes a minute) …' >&2
	@GOGC=400 go build -ldflags '-X main.version=$(VERSION)' -o bin/ikomek109 ./cmd/ikomek109

# exec, so that the program is make's own child: make hands SIGTERM on to it and
# waits for its end.
run: build ## set everything up and answer calls until Ctrl-C; make run ARGS="--listen 192.0.2.10"
	@exec bin/ikomek109 run $(ARGS)

test: setup ## run every test: set-up, units, scenarios on a real Asterisk
	@$(MAKE) --no-print-directory --keep-going unit e2e

setup: ## get what the tests need: Asterisk, espeak-ng, sox, and the prompts
	@echo '== set-up: Asterisk, espeak-ng, sox, prompts (a first time takes a minute or two)'
	@go test -count=1 -timeout 15m -run '^$$' ./e2e

unit: ## run the unit tests and the store's
	@echo '== unit tests'
	@go test -count=1 -timeout 10m $(UNIT)

e2e: ## run the scenarios on a real Asterisk, and every block of commands of the pages
	@echo '== scenarios on a real Asterisk, and the commands of the pages'
	@go test -count=1 -timeout 20m -p 1 -v $(SCENES)

fuzz: ## try what nobody would write on every parser; make fuzz FUZZ=5m for longer than 20 s each
	@grep -rH '^func Fuzz' --include='*_test.go' . | sed -E 's|^(.*)/[^/]*:func (Fuzz[A-Za-z]*).*|\1 \2|' | \
	while read -r dir name; do \
		echo "== $$dir $$name"; \
		go test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZ) -fuzzminimizetime 10x "$$dir" || exit 1; \
	done

race: ## run the unit tests under the race detector (needs gcc)
	@CGO_ENABLED=1 go test -race -count=1 -timeout 20m $(UNIT)

bench: build ## measure rendering, processor time, delay and memory per call; writes JSON under bench/
	@go run ./bench --program bin/ikomek109 $(ARGS)

chaos: build ## kill, cut and fill at random under traffic, then balance the books; make chaos ARGS="--for 2m --seed 7"
	@go run ./chaos --program bin/ikomek109 $(ARGS)

fmt: ## format the code
	@$(LINT) fmt

fmt-check: ## tell what is not formatted
	@$(LINT) fmt --diff

vet: ## vet the code
	@go vet ./...

lint: ## lint the code, the arrows between the rooms included
	@$(LINT) run --allow-parallel-runners

tidy: ## tell whether go.mod and go.sum are tidy
	@go mod tidy -diff

clean: ## remove what was built; the user's cache and data stay
	@rm -rf bin
