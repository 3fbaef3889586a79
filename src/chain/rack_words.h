/*
 * rack_words.h - a rack in words, as presets.ini, the protocol and the screen have it.
 *
 * Names, ranges, units and standard values are those of the modules' own tables (module.h); a
 * parameter is "MODULE.PARAMETER" where it stands alone. Messages are one line each, say what is
 * wrong and what would be right, and hold no name of a file.
 *
 * Threads: any but the audio thread; one thread at a time for one rack.
 */
#ifndef MP_CHAIN_RACK_WORDS_H
#define MP_CHAIN_RACK_WORDS_H

#include "chain/rack.h"

/* "limiter", or "no module limitter; the nearest is limiter". NULL with a message. */
const struct rack_kind *rack_words_kind(const char *name, char *message, size_t size);
/* Adds a kind where it usually stands: conditioner, match_eq, dynamics, spectral, limiter. As
   rack_add; 0 too if it is there already. */
int rack_words_add(struct rack *rack, const struct rack_kind *kind);

/* Its value: a number of its range, or where its values have names ("off|on") one of these, or yes
   or no for off and on. 0, or -EINVAL or -ERANGE with a message. */
int rack_words_value(const struct rack_kind *kind, const struct module_parameter *parameter,
                     const char *text, double *value, char *message, size_t size);
/* The value as it is read back: "-1.5", "on". */
void rack_words_write(const struct module_parameter *parameter, double value, char *text,
                      size_t size);
/* The kind's index of a parameter; -1: none, with a message. */
int rack_words_parameter(const struct rack_kind *kind, const char *name, char *message,
                         size_t size);

/* The modules that sound, "match_eq limiter", with `between` between them; as many as there is room
   for. */
void rack_words_list(const struct rack *rack, const char *between, char *text, size_t size);
/* Sets "MODULE.PARAMETER"; a module that is missing is added where it usually stands. 0, or
   -ENOENT, -EINVAL, -ERANGE, -ENOSPC with a message, and nothing has changed. */
int rack_words_set(struct rack *rack, const char *name, const char *text, char *message,
                   size_t size);
/* "match_eq limiter": these modules in this order, none of them bypassed; those that were there
   keep their values. Or with `bypass`, the modules that are bypassed, no others. What cannot be is
   left out, and told through `tell` (may be NULL), one message each. */
typedef void rack_words_tell(void *context, const char *message);
void rack_words_order(struct rack *rack, const char *text, rack_words_tell *tell, void *context);
void rack_words_bypass(struct rack *rack, const char *text, rack_words_tell *tell, void *context);

#endif
