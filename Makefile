# matchplay: `make run` plays, `make test` tests; `make help` lists the rest.

VERSION := 0.1.0
BUILD   ?= build
CC      ?= gcc
PREFIX  ?= /usr/local

PACKAGES := alsa libavformat libavcodec libavutil libswresample fftw3 fftw3f libebur128
CFLAGS   ?= -O2 -g
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes \
            -Wmissing-prototypes -Wcast-qual -Wwrite-strings -Wundef -Wvla -Wformat=2 \
            -Wdouble-promotion
WERROR   ?=
EXTRA    ?=
INCLUDES := -Isrc -I.
DEFINES  := -D_GNU_SOURCE -DMATCHPLAY_VERSION='"$(VERSION)"'
# pkg-config is asked when a recipe runs, not before: `make run` installs it first.
LIB_CFLAGS = $(shell pkg-config --cflags $(PACKAGES))
LIBS       = $(shell pkg-config --libs $(PACKAGES)) -liniparser -lpthread -lm
COMPILE    = $(CC) -std=c11 $(CFLAGS) $(WARNINGS) $(WERROR) $(EXTRA) $(DEFINES) $(INCLUDES) -MMD -MP

SOURCES  := $(filter-out src/main.c,$(wildcard src/*/*.c))
OBJECTS  := $(SOURCES:%.c=$(BUILD)/obj/%.o)
TUI      := $(wildcard tui/*.c)
TESTS    := $(basename $(notdir $(wildcard tests/test_*.c)))
SUPPORT  := $(filter-out $(wildcard tests/test_*.c),$(wildcard tests/*.c))

all: $(BUILD)/matchplayd $(BUILD)/matchplay

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(COMPILE) $(LIB_CFLAGS) -c $< -o $@

$(BUILD)/libmatchplay.a: $(OBJECTS)
	@rm -f $@
	ar rcs $@ $^

$(BUILD)/matchplayd: $(BUILD)/obj/src/main.o $(BUILD)/libmatchplay.a
	$(CC) $(CFLAGS) $(EXTRA) $^ $(LIBS) -o $@

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

# --- tests -------------------------------------------------------------------------------------

$(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(SUPPORT:%.c=$(BUILD)/obj/%.o) $(BUILD)/libmatchplay.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(EXTRA) $^ $(LIBS) -lcmocka -o $@

# One test alone: make test-ring
test-%: $(BUILD)/tests/test_%
	$<
