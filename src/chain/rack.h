/*
 * rack.h - what a chain is made of, as a description that can be edited, stored and built.
 *
 * A rack is plain data: an ordered list of entries, each a kind of module, whether it is bypassed,
 * and a value for each of its parameters. Editing it touches no sound. rack_build makes a chain of
 * it; the player runs that in over what came before, and the output cross-fades to it: that is how
 * modules are added, removed, moved, bypassed and set while music plays. Chains of different
 * latency need no padding: each is fed from its own place in the stream.
 *
 * Bypassed entries are left out of the chain. The match's closing gain (final amplitude) is the
 * limiter's to apply; where the limiter is left out the match EQ takes it over, and where the
 * match EQ is left out there is no match and so no such gain.
 *
 * Threads: any but the audio thread; one thread at a time for one rack.
 */
#ifndef MP_CHAIN_RACK_H
#define MP_CHAIN_RACK_H

#include "chain/chain.h"
#include "chain/dynamics.h"
#include "chain/economy.h"
#include "chain/limiter.h"
#include "chain/match_eq.h"
#include "chain/spectral.h"

enum { RACK_ENTRIES_MAX = CHAIN_MODULES_MAX, RACK_PARAMETERS_MAX = 32 };

/* What modules take from the plan of a match, not from a preset. Borrowed during the build. */
struct rack_plan {
    const struct match_eq_design *match_eq; /* NULL: there is no match; such entries are left out */
    const struct spectral_design *spectral; /* NULL: it is not known; such entries are left out */
    const struct limiter_design *limiter;   /* NULL: as active, with gain 1 */
    const struct dynamics_goal *dynamics;   /* NULL: not known; mode reference is left out */
    struct economy economy;
};

/* One kind of module: a line of the table in rack.c is all that a new one needs. The table is in
   the order in which they usually stand. */
struct rack_kind {
    const struct module_class *class;
    bool once;   /* a rack holds at most one of it */
    bool finite; /* what it puts out depends on a stretch of its input alone, not on all before */
    /* values[i] belongs to class->parameters[i]. Module, or NULL with errno; errno 0: there is
       nothing to do for it (it is left out). */
    struct module *(*create)(const struct module_format *format, const struct rack_plan *plan,
                             const double *values);
};

struct rack_entry {
    const struct rack_kind *kind;
    bool bypassed;
    double values[RACK_PARAMETERS_MAX];
};

struct rack {
    size_t length;
    struct rack_entry entries[RACK_ENTRIES_MAX];
};

const struct rack_kind *rack_kinds(size_t *count);
const struct rack_kind *rack_kind_named(const char *name); /* "limiter"; NULL: none */

void rack_init(struct rack *rack);       /* empty */
void rack_init_exact(struct rack *rack); /* match EQ, limiter: the preset `matchering` */

/* All return 0, or change nothing: -ENOENT (no such kind or parameter), -EINVAL (no such index),
   -ENOSPC (full), -EEXIST (one is there, and there may be only one), -ERANGE (value outside the
   parameter's range). */
/* Inserts at `at` (0 ... length), with standard values. */
int rack_add(struct rack *rack, const char *kind, size_t at);
int rack_remove(struct rack *rack, size_t index);
int rack_move(struct rack *rack, size_t from, size_t to); /* it then has index `to` */
int rack_bypass(struct rack *rack, size_t index, bool bypassed);
int rack_set_parameter(struct rack *rack, size_t index, const char *name, double value);

bool rack_equal(const struct rack *one, const struct rack *other);
bool rack_is_exact(const struct rack *rack); /* the rack of rack_init_exact */
/* True if it changes the sound even where the match has nothing to change. */
bool rack_does_more(const struct rack *rack);
/* Index of the first entry of a kind that is not bypassed; rack->length: there is none. */
size_t rack_sounding(const struct rack *rack, const char *kind);
/* An economy without what could not be spared in this rack: it has no such module. */
struct economy rack_economy(const struct rack *rack, const struct economy *economy);
/* Index of the first entry of a kind, or -1. */
int rack_find(const struct rack *rack, const char *kind);

/* True if an entry that sounds needs the profiles' short-term levels (PROFILE_CHARACTER). */
bool rack_needs_character(const struct rack *rack);

/* A chain of silent modules with locked memory where that is allowed. NULL with errno. */
struct chain *rack_build(const struct rack *rack, const struct module_format *format,
                         const struct rack_plan *plan);
/* The modules of the entries `from` ... `to`-1 alone, in memory that is not locked: for work that
   is not heard. Both parts of a rack, one behind the other, sound as the whole. */
struct chain *rack_build_part(const struct rack *rack, size_t from, size_t to,
                              const struct module_format *format, const struct rack_plan *plan);

#endif
