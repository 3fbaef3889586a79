# matchplay: `make run` plays, `make test` tests; `make help` lists the rest.

VERSION := 0.1.0
BUILD   ?= build
PREFIX  ?= /usr/local
DESTDIR ?=
ifeq ($(origin CC),default)
CC := gcc
endif

PACKAGES := alsa libavformat libavcodec libavutil libswresample fftw3 fftw3f libebur128 libuv \
            sqlite3 libutf8proc
CFLAGS   ?= -O2 -g
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes \
            -Wmissing-prototypes -Wcast-qual -Wwrite-strings -Wundef -Wvla -Wformat=2 \
            -Wdouble-promotion
WERROR   ?=
EXTRA    ?=
INCLUDES := -Isrc -I.
DEFINES  := -D_GNU_SOURCE -DMATCHPLAY_VERSION=\"$(VERSION)\"
LIBEXEC  := $(PREFIX)/libexec
DATA     := $(PREFIX)/share

# pkg-config is asked when a recipe needs it, and once: `make run` installs it first.
LIB_CFLAGS = $(eval LIB_CFLAGS := $$(shell pkg-config --cflags $(PACKAGES) ncursesw libmpdclient))$(LIB_CFLAGS)
LIBS       = $(eval LIBS := $$(shell pkg-config --libs $(PACKAGES)) -liniparser -lpthread -lm)$(LIBS)
COMPILE    = $(CC) -std=c11 $(CFLAGS) $(WARNINGS) $(WERROR) $(EXTRA) $(DEFINES) $(INCLUDES) \
             $(LIB_CFLAGS)
LINK       = $(CC) $(CFLAGS) $(EXTRA)

SOURCES  := $(filter-out src/main.c,$(wildcard src/*/*.c))
TUI      := $(wildcard tui/*.c)
TESTS    := $(wildcard tests/test_*.c)
SUPPORT  := $(filter-out $(TESTS),$(wildcard tests/*.c))
OBJECTS  := $(SOURCES:%.c=$(BUILD)/obj/%.o)
PROGRAMS := $(if $(wildcard src/main.c),$(BUILD)/matchplayd) \
            $(if $(wildcard tui/main.c),$(BUILD)/matchplay)
UNIT     := $(TESTS:tests/%.c=$(BUILD)/tests/%)
TOOLS    := $(patsubst tests/tools/%.c,$(BUILD)/tests/%,$(wildcard tests/tools/*.c))
SHIM     := $(BUILD)/tests/rt_shim.so $(BUILD)/tests/rt_planted $(BUILD)/tests/slow_disk.so \
            $(BUILD)/tests/bad_card.so
ALL_H    := $(wildcard src/*/*.h tui/*.h tests/*.h tests/*/*.h)
ALL_C    := $(wildcard src/main.c) $(SOURCES) $(TUI) $(TESTS) $(SUPPORT) $(wildcard tests/*/*.c)

Q := $(if $(V),,@)
# Both cores, unless somebody said -j.
SUBMAKE = +$(Q)$(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

.PHONY: all run test bench lint format asan tsan fuzz check-rt neon vm install clean help \
        run-tests unit-tests some-tests neon-tests run-fuzz FORCE
.DELETE_ON_ERROR:
.SECONDARY:

all: $(PROGRAMS)

help:
	@echo 'make run       install what is missing (asks sudo), build, play your music or the demo'
	@echo 'make test      install what the tests need, build, run all of them'
	@echo 'make           build $(BUILD)/matchplay and $(BUILD)/matchplayd'
	@echo 'make test-ring one test alone: tests/test_ring.c'
	@echo 'make bench     what it costs here, beside others'
	@echo 'make lint      floors, format, cppcheck, clang-tidy'
	@echo 'make format    lay the code out as .clang-format says'
	@echo 'make check-rt  does the audio thread call only what it may'
	@echo 'make asan      the tests under address and undefined behaviour sanitizers'
	@echo 'make tsan      the tests of threads under the thread sanitizer'
	@echo 'make fuzz      random input to the readers of files, FUZZ_SECONDS=20 each'
	@echo 'make neon      the tests of the sound itself, for 64-bit ARM, emulated'
	@echo 'make vm        the player on kernel drivers in a virtual machine, 3 minutes'
	@echo 'make install   to PREFIX=$(PREFIX), under DESTDIR if given'
	@echo 'make clean     remove $(BUILD)/'
	@echo 'V=1 shows commands; CC, CFLAGS, WERROR=-Werror, EXTRA, BUILD=FOLDER are heeded.'

# --- the two commands --------------------------------------------------------------------------

run:
	$(Q)contrib/deps.sh run
	$(SUBMAKE) all
	$(Q)contrib/run-demo.sh $(BUILD) $(ARGS)

test:
	$(Q)contrib/deps.sh test
	$(SUBMAKE) run-tests

# --- building ----------------------------------------------------------------------------------

# Changes when a flag does, and everything is built anew then.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@pkg-config --exists --print-errors $(PACKAGES) ncursesw libmpdclient || \
	    { echo 'A library is missing: contrib/deps.sh run installs what is needed.' >&2; exit 1; }
	@echo '$(COMPILE) $(LIBS)' > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

$(BUILD)/obj/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	@echo '  cc $<'
	$(Q)$(COMPILE) -MMD -MP -c $< -o $@

# Where to look last; it first looks beside itself, so that another PREFIX at install works too.
$(BUILD)/obj/src/config/paths.o: private DEFINES += -DMATCHPLAY_LIBEXECDIR=\"$(LIBEXEC)\" \
                                                    -DMATCHPLAY_DATADIR=\"$(DATA)\"

$(BUILD)/libmatchplay.a: $(OBJECTS)
	@rm -f $@
	$(Q)ar rcs $@ $^

$(BUILD)/matchplayd: $(BUILD)/obj/src/main.o $(BUILD)/libmatchplay.a
	@echo '  link $@'
	$(Q)$(LINK) $^ $(LIBS) -o $@

# The screen takes config/ and base/ out of the archive and links none of the sound libraries.
TUI_PACKAGES := ncursesw libmpdclient libutf8proc
TUI_LIBS = $(eval TUI_LIBS := $$(shell pkg-config --libs $(TUI_PACKAGES)) -liniparser -lpthread -lm)$(TUI_LIBS)

$(BUILD)/libtui.a: $(patsubst %.c,$(BUILD)/obj/%.o,$(filter-out tui/main.c,$(TUI)))
	@rm -f $@
	$(Q)ar rcs $@ $^

$(BUILD)/matchplay: $(BUILD)/obj/tui/main.o $(BUILD)/libtui.a $(BUILD)/libmatchplay.a
	@echo '  link $@'
	$(Q)$(LINK) $^ $(TUI_LIBS) -o $@

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

# --- tests -------------------------------------------------------------------------------------

# What tests share is taken out of an archive, so that each links only what it uses.
$(BUILD)/libsupport.a: $(SUPPORT:%.c=$(BUILD)/obj/%.o)
	@rm -f $@
	$(Q)ar rcs $@ $^

TEST_PARTS = $(BUILD)/libsupport.a $(BUILD)/libtui.a $(BUILD)/libmatchplay.a
TEST_LIBS  = $(LIBS) $(TUI_LIBS)

$(BUILD)/tests/test_%: $(BUILD)/obj/tests/test_%.o $(TEST_PARTS)
	@mkdir -p $(@D)
	@echo '  link $@'
	$(Q)$(LINK) $^ $(TEST_LIBS) -lcmocka -o $@

# Programs that the scripts use.
$(BUILD)/tests/%: $(BUILD)/obj/tests/tools/%.o $(BUILD)/libmatchplay.a
	@mkdir -p $(@D)
	@echo '  link $@'
	$(Q)$(LINK) $^ $(LIBS) -o $@

# What watches the audio thread at run time, and a program that breaks its rules on purpose.
$(BUILD)/tests/rt_shim.so: $(wildcard tests/shim/rt_shim*) $(BUILD)/flags
	@mkdir -p $(@D)
	@echo '  cc $@'
	$(Q)$(COMPILE) -O0 -fPIC -fno-builtin -shared $(filter %.c,$^) -ldl -o $@

# A card without a card, for the mixer's test.
$(BUILD)/tests/mixer_card.so: tests/shim/mixer_card.c $(BUILD)/flags
	@mkdir -p $(@D)
	@echo '  cc $<'
	$(Q)$(COMPILE) -DPIC -fPIC -shared $< $(LIBS) -o $@

$(BUILD)/tests/test_mixer: | $(BUILD)/tests/mixer_card.so

# A card that goes wrong.
$(BUILD)/tests/bad_card.so: tests/shim/bad_card.c tests/shim/real.h $(BUILD)/flags
	@mkdir -p $(@D)
	@echo '  cc $@'
	$(Q)$(COMPILE) -fPIC -shared $< $(LIBS) -ldl -o $@

# A disk that sleeps.
$(BUILD)/tests/slow_disk.so: tests/shim/slow_disk.c tests/shim/real.h $(BUILD)/flags
	@mkdir -p $(@D)
	@echo '  cc $@'
	$(Q)$(COMPILE) -fPIC -shared $< -ldl -o $@

$(BUILD)/tests/rt_planted: tests/shim/rt_planted.c $(BUILD)/flags
	@mkdir -p $(@D)
	@echo '  cc $<'
	$(Q)$(COMPILE) -O0 -fno-builtin $< -lpthread -o $@

unit-tests: $(UNIT) $(TOOLS)

run-tests: $(PROGRAMS) $(UNIT) $(TOOLS) $(SHIM)
	@tests/run $(BUILD)

# The sanitizers' runs: all of cmocka's tests, or ONLY some, and SCRIPTS of tests/e2e_*.sh.
ONLY    ?= $(TESTS:tests/test_%.c=%)
SCRIPTS ?=

some-tests: $(filter $(ONLY:%=$(BUILD)/tests/test_%),$(UNIT)) $(if $(SCRIPTS),$(PROGRAMS) $(TOOLS))
	@tests/run $(BUILD) $(ONLY) $(SCRIPTS)

# One test alone: make test-ring
test-%: $(BUILD)/tests/test_%
	$<

# Bad input goes through the programs themselves here; scripts that preload or measure do not.
ASAN_SCRIPTS := $(basename $(notdir $(wildcard tests/e2e_bad_input.sh)))
# These play in real time for minutes (the thread sanitizer has them), or measure time or memory.
ASAN_TESTS   := $(filter-out seek pause toggle list changes abx_session burn memory,\
                             $(TESTS:tests/test_%.c=%))
TSAN_TESTS   := $(filter ring block decoding log stream deck output player matcher seams seek pause \
                         toggle tap analyser meters gather changes list cue scanner \
                         scanner_watch opening running \
                         summaries server restart,$(TESTS:tests/test_%.c=%))

asan:
	$(SUBMAKE) some-tests BUILD=$(BUILD)/asan CFLAGS='-O1 -g' SCRIPTS='$(ASAN_SCRIPTS)' \
	    ONLY='$(ASAN_TESTS)' \
	    EXTRA='-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer'

tsan:
	$(SUBMAKE) some-tests BUILD=$(BUILD)/tsan CFLAGS='-O1 -g' ONLY='$(TSAN_TESTS)' \
	    EXTRA='-fsanitize=thread'

check-rt: $(OBJECTS)
	@contrib/check-rt -v $(BUILD)/obj/src

# The floors that compute, and their tests, built for 64-bit ARM and run by qemu-user.
NEON_TESTS := ab biquad blind block chain conditioner convolver crossover dynamics envelope fft format \
              kernels latency limiter limiter_peak magnitudes match_eq rack ring smooth \
              spectral stft true_peak
NEON_SUPPORT := chain_support limiter_model spectral_support tone_support
NEON_ROOT  := build/neon/root
NEON_LIBS  := $(NEON_ROOT)/usr/lib/aarch64-linux-gnu

neon:
	$(Q)contrib/deps.sh neon
	$(SUBMAKE) neon-tests BUILD=build/neon CC=aarch64-linux-gnu-gcc \
	    LIB_CFLAGS='-isystem $(NEON_ROOT)/usr/include' TEST_PARTS=build/neon/libsound.a \
	    TEST_LIBS='-L$(NEON_LIBS) -lfftw3 -lfftw3f -lebur128 -lpthread -lm'

neon-tests: $(NEON_TESTS:%=$(BUILD)/tests/test_%)
	@TEST_RUNNER='qemu-aarch64 -L /usr/aarch64-linux-gnu -E LD_LIBRARY_PATH=$(NEON_LIBS)' \
	    tests/run $(BUILD) $(NEON_TESTS)

$(BUILD)/libsound.a: $(filter $(foreach floor,base dsp measure chain,$(BUILD)/obj/src/$(floor)/%),\
                                $(OBJECTS)) \
                     $(NEON_SUPPORT:%=$(BUILD)/obj/tests/%.o)
	@rm -f $@
	$(Q)ar rcs $@ $^

vm:
	$(Q)contrib/deps.sh test
	$(Q)VM=$(or $(VM),build/vm) contrib/deps.sh vm
	$(SUBMAKE) all
	@VM=$(or $(VM),build/vm) tests/run $(BUILD) e2e_vm

# --- speed, beside others: no test asserts it ----------------------------------------------------

bench:
	$(Q)contrib/deps.sh test
	$(Q)contrib/deps.sh peers
	$(SUBMAKE) all $(BUILD)/tests/make_library $(BUILD)/tests/bench_library
	$(Q)contrib/bench $(BUILD)

$(BUILD)/bench_%: $(BUILD)/obj/tests/peers/bench_%.o $(BUILD)/libmatchplay.a
	@echo '  link $@'
	$(Q)$(LINK) $^ $(LIBS) -o $@

# --- checks of the code itself -----------------------------------------------------------------

lint:
	$(Q)contrib/deps.sh lint
	$(SUBMAKE) compile_commands.json
	$(Q)contrib/lint

format:
	clang-format -i $(ALL_C) $(ALL_H)

# For editors, clang-tidy and cppcheck.
compile_commands.json: Makefile $(BUILD)/flags $(ALL_C)
	@sep='['; for file in $(ALL_C); do \
	    printf '%s\n{"directory": "%s", "file": "%s", "command": "%s"}' "$$sep" '$(CURDIR)' $$file \
	        '$(subst \",\\\",$(COMPILE)) -c '$$file; sep=,; \
	done > $@; echo ']' >> $@

# Random input to whatever reads files from outside; one program for each tests/fuzz/*.c.
FUZZ_SECONDS ?= 20
FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/%,$(wildcard tests/fuzz/*.c))

fuzz:
	$(SUBMAKE) run-fuzz BUILD=$(BUILD)/fuzz CC=clang CFLAGS='-O1 -g' \
	    EXTRA='-fsanitize=fuzzer-no-link,address,undefined -fno-omit-frame-pointer'

$(BUILD)/fuzz_%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(BUILD)/libmatchplay.a
	@echo '  link $@'
	$(Q)$(LINK) -fsanitize=fuzzer $^ $(LIBS) -o $@

run-fuzz: $(FUZZERS)
	@for fuzzer in $^; do \
	    mkdir -p $$fuzzer.corpus && echo "  fuzz $$fuzzer" && \
	    $$fuzzer -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -artifact_prefix=$$fuzzer- \
	        $$fuzzer.corpus 2>$$fuzzer.log || { tail -n 40 $$fuzzer.log; exit 1; }; \
	    tail -n 1 $$fuzzer.log; \
	done

# --- installing --------------------------------------------------------------------------------

# The rules for SCHED_FIFO lie in share/matchplay: they change a machine, and its owner puts them in.
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(LIBEXEC)/matchplay $(DESTDIR)$(DATA)/matchplay \
	    $(DESTDIR)$(PREFIX)/lib/systemd/user $(DESTDIR)$(PREFIX)/lib/systemd/system \
	    $(DESTDIR)$(DATA)/bash-completion/completions $(DESTDIR)$(DATA)/zsh/site-functions \
	    $(DESTDIR)$(DATA)/fish/vendor_completions.d $(DESTDIR)$(DATA)/man/man1
	install $(BUILD)/matchplay $(DESTDIR)$(PREFIX)/bin/
	install $(BUILD)/matchplayd $(DESTDIR)$(LIBEXEC)/matchplay/
	install -m 644 presets.ini matchplayrc $(DESTDIR)$(DATA)/matchplay/
	install -m 644 contrib/limits.d-matchplay.conf $(DESTDIR)$(DATA)/matchplay/limits.conf
	install -m 644 contrib/matchplay.1 $(DESTDIR)$(DATA)/man/man1/
	install -m 644 contrib/completions/matchplay.bash \
	    $(DESTDIR)$(DATA)/bash-completion/completions/matchplay
	install -m 644 contrib/completions/_matchplay $(DESTDIR)$(DATA)/zsh/site-functions/
	install -m 644 contrib/completions/matchplay.fish $(DESTDIR)$(DATA)/fish/vendor_completions.d/
	sed 's|@LIBEXEC@|$(LIBEXEC)|' contrib/matchplay.service \
	    > $(DESTDIR)$(PREFIX)/lib/systemd/user/matchplay.service
	sed 's|@LIBEXEC@|$(LIBEXEC)|' contrib/matchplay@.service \
	    > $(DESTDIR)$(PREFIX)/lib/systemd/system/matchplay@.service
	chmod 644 $(DESTDIR)$(PREFIX)/lib/systemd/*/matchplay*.service

clean:
	rm -rf $(BUILD) compile_commands.json
