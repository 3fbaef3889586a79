#!/usr/bin/env bash
# e2e_check_rt - contrib/check-rt sees what marked code must not do, and passes what it may.
set -u
build=${BUILD:-build}
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT

# compile COMPILER NAME < source: an object, as the player's own are built
compile() {
    cat >"$folder/$2.c"
    "$1" -std=c11 -O2 -g -D_GNU_SOURCE -Isrc -c "$folder/$2.c" -o "$folder/$2.o"
}

# faults NAME CALLER CALLEE OBJECT...: the check must fail, with a line that names both functions
faults() {
    local name=$1 caller=$2 callee=$3 output
    shift 3
    if output=$(contrib/check-rt "$@" 2>&1); then
        echo "not ok $name: check-rt passed it"
    elif ! grep -Eq "$caller(\.[a-z0-9.]+)?\(\) refers to $callee(\.[a-z0-9.]+)?," <<<"$output"; then
        echo "not ok $name: no line names $caller and $callee: $output"
    else
        echo "ok $name"
    fi
}

passes() {
    local name=$1 output
    shift
    if output=$(contrib/check-rt "$@" 2>&1); then
        echo "ok $name"
    else
        echo "not ok $name: $output"
    fi
}

look() {
    local cc=$1

    compile "$cc" clean <<'end'
#include "base/rt.h"
#include <math.h>
#include <string.h>
#include <time.h>
static const double table[4] = {1.0, 2.0, 3.0, 4.0};
static double memory[64];
MP_RT double clean_step(double *audio, int which);
MP_RT static __attribute__((noinline)) double helper(double x)
{
    return sqrt(x) * table[(int)x & 3];
}
MP_RT double clean_step(double *audio, int which)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    memcpy(audio, memory, sizeof memory);
    switch (which) {
    case 0: audio[1] = helper(audio[0]); break;
    case 1: audio[2] = helper(audio[1]) + 1; break;
    case 2: audio[7] = 3; break;
    case 3: audio[5] = helper(audio[4]) * 3; break;
    case 4: audio[6] = audio[1] / audio[2]; break;
    case 5: memmove(audio, audio + which, 16); break;
    default: break;
    }
    return audio[3] + (double)now.tv_nsec;
}
end
    compile "$cc" across <<'end'
#include "base/rt.h"
extern MP_RT double clean_step(double *audio, int which);
MP_RT double across_step(double *audio);
MP_RT double across_step(double *audio) { return clean_step(audio, 3); }
end
    compile "$cc" allocates <<'end'
#include "base/rt.h"
#include <stdlib.h>
MP_RT void *allocating_step(size_t bytes);
MP_RT void *allocating_step(size_t bytes) { return malloc(bytes); }
end
    compile "$cc" unmarked <<'end'
#include "base/rt.h"
#include <stdlib.h>
int before(int x);
int before(int x) { return x * 3; }
static __attribute__((noinline)) int unmarked_helper(int x) { return abs(x) + rand(); }
MP_RT int unmarked_step(int x);
MP_RT int unmarked_step(int x) { return unmarked_helper(x) + 1; }
end
    compile "$cc" unmarked_global <<'end'
#include "base/rt.h"
int elsewhere(int x);
MP_RT int global_step(int x);
MP_RT int global_step(int x) { return elsewhere(x) + 1; }
end
    compile "$cc" elsewhere <<'end'
int elsewhere(int x);
int elsewhere(int x) { return x + 1; }
end
    compile "$cc" prints <<'end'
#include "base/rt.h"
#include <stdio.h>
MP_RT void printing_step(int x);
MP_RT void printing_step(int x) { printf("%d frames\n", x); }
end
    # Without the PLT the call goes through the table of addresses.
    "$cc" -std=c11 -O2 -fPIC -fno-plt -Isrc -c "$folder/prints.c" -o "$folder/prints_got.o"
    compile "$cc" address <<'end'
#include "base/rt.h"
#include <stdlib.h>
MP_RT void (*address_step(void))(void *);
MP_RT void (*address_step(void))(void *) { return free; }
end
    compile "$cc" cold <<'end'
#include "base/rt.h"
#include <stdlib.h>
__attribute__((cold, noinline)) static void cold_helper(int *x) { *x = rand(); abort(); }
MP_RT void cold_step(int *x);
MP_RT void cold_step(int *x) { if (*x < 0) cold_helper(x); }
end

    passes "passes_clean_marked_code ($cc)" "$folder/clean.o"
    passes "passes_calls_between_marked_files ($cc)" "$folder/clean.o" "$folder/across.o"
    faults "names_malloc_in_marked_code ($cc)" allocating_step malloc "$folder/allocates.o"
    faults "names_an_unmarked_static_function ($cc)" unmarked_step unmarked_helper \
        "$folder/unmarked.o"
    faults "names_an_unmarked_function_of_another_file ($cc)" global_step elsewhere \
        "$folder/unmarked_global.o" "$folder/elsewhere.o"
    faults "names_printf_called_through_the_plt ($cc)" printing_step printf "$folder/prints.o"
    faults "names_printf_called_without_the_plt ($cc)" printing_step printf "$folder/prints_got.o"
    faults "names_a_function_whose_address_is_taken ($cc)" address_step free "$folder/address.o"
    faults "names_a_cold_unmarked_function ($cc)" cold_step cold_helper "$folder/cold.o"
    faults "finds_one_fault_among_clean_objects ($cc)" allocating_step malloc "$folder/clean.o" \
        "$folder/allocates.o" "$folder/elsewhere.o"
    if contrib/check-rt "$folder/elsewhere.o" >/dev/null 2>&1; then
        echo "not ok refuses_objects_without_marks ($cc): it passed them"
    else
        echo "ok refuses_objects_without_marks ($cc)"
    fi
}

look gcc
if command -v clang >/dev/null; then
    look clang
else
    echo "skip check_rt_with_clang: clang is not installed"
fi
passes "the_player_itself_is_clean" "$build/obj/src"
