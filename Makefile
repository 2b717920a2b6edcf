# Two commands: `make run` (a clinic on this machine, with a walk through a patient's visit) and `make test`.
# Each does all of its own set-up on a Debian 12 that has a Swift toolchain.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: run test setup setup-interop setup-bench build plugin interop bench-peers protos clean

# What the server needs, what the generator needs, and what speaks on the telephone.
PACKAGES := libprotobuf-c-dev libsqlite3-dev sqlite3 pkg-config make gcc libc6-dev tzdata \
            protobuf-c-compiler protobuf-compiler libprotobuf-dev espeak-ng sox
# The peers that the tests speak to.
INTEROP_PACKAGES := golang-go golang-github-containerd-ttrpc-dev gogoprotobuf rustc cargo librust-ttrpc-dev python3 python3-venv openssl
# The peers that only `kiosk-dev bench rpc` measures; no test wants them.
BENCH_PACKAGES := g++ libgrpc++-dev protobuf-compiler-grpc golang-google-grpc-dev protoc-gen-go-1-3

run: setup
	@echo "Compilando kiosk-server, ivr-bridge, kioskctl y kiosk-dev (release; la primera vez tarda unos minutos)…"
	@swift build -c release
	@$$(swift build -c release --show-bin-path)/kiosk-dev visita $(if $(VISITA),--solo-visita)

test: interop plugin
	swift build --build-tests
	@# One after the other: power cuts and simulations fill both cores, and a call with a deadline should not wait for them.
	swift test --skip-build --no-parallel

build: setup
	swift build -c release

# A minute for each target; the first build takes some minutes more.
fuzz: setup
	@swift build --product kiosk-dev && "$$(swift build --show-bin-path)/kiosk-dev" fuzz

# The wire's tests with a sanitizer in everything that they run; each in a folder of its own, a quarter of an hour the first time.
tsan: setup
	WIRE=1 TSAN_OPTIONS=suppressions=$(CURDIR)/Tests/tsan.supp swift test --sanitize=thread --scratch-path .build-tsan --no-parallel

# LeakSanitizer reports XCTest itself.
asan: setup
	WIRE=1 ASAN_OPTIONS=detect_leaks=0 swift test --sanitize=address --scratch-path .build-asan --no-parallel

# Our protoc plugin is a package of its own, so that an ordinary build never compiles swift-protobuf.
plugin:
	swift build --package-path Sources/protoc-gen-ventanilla --product protoc-gen-ventanilla

# An existing kiosk-dev is used as it is: with a new method half done it could not be built.
protos: setup plugin
	@dev="$$(swift build --show-bin-path)/kiosk-dev"; [ -x "$$dev" ] || swift build --product kiosk-dev; "$$dev" generate-protos

# Peers that we did not write: Debian's Go and Rust ttrpc, and a bare C server as the limit.
interop: setup-interop
	@$(MAKE) --no-print-directory -C Tests/Interop

# Debian's gRPC, C++ and Go, for `kiosk-dev bench rpc`; without them it goes on and says so.
bench-peers: interop setup-bench
	@$(MAKE) --no-print-directory -C Tests/Interop grpc

setup: wanted = $(PACKAGES)
setup-interop: wanted = $(PACKAGES) $(INTEROP_PACKAGES)
setup-bench: wanted = $(BENCH_PACKAGES)
setup setup-interop setup-bench:
	@command -v swift >/dev/null || { echo "Falta Swift: instale Swift 6.2 o posterior (https://www.swift.org/install/linux/) y repita la orden."; exit 1; }
	@missing=""; for p in $(wanted); do \
	  dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'install ok installed' || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ]; then as=""; elif sudo -n true 2>/dev/null; then as="sudo -n"; \
	  else echo "Faltan paquetes de Debian. Escriba:  sudo apt-get update && sudo apt-get install -y$$missing"; exit 1; fi; \
	  echo "Instalando paquetes de Debian:$$missing"; \
	  $$as apt-get update -qq && \
	  $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null || \
	  { echo "No se pudieron instalar. Escriba:  sudo apt-get update && sudo apt-get install -y$$missing"; exit 1; }; \
	fi

clean:
	rm -rf .build .build-fuzz .build-tsan .build-asan Sources/protoc-gen-ventanilla/.build .build-interop
