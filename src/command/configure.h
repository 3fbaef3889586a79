/*
 * configure.h - from the files of a user to a command's options and amounts.
 *
 * Threads: the main thread.
 */
#ifndef MP_COMMAND_CONFIGURE_H
#define MP_COMMAND_CONFIGURE_H

#include "chain/preset.h"
#include "command/command.h"
#include "match/cache.h"

/* Reads the settings file, then matchplayrc, into context->options, and sets the log's level.
   What is wrong in them is told line by line and costs that line alone. EXIT_FAILED only when a
   file that -c named cannot be read. */
int configure(struct command_context *context);

/* The shipped presets and the user's over them; NULL: out of memory. */
struct presets *configure_presets(const struct command_context *context);

/* How far to match, and with what chain: the preset `name` (NULL: the one of matchplayrc, then the
   amounts set in matchplayrc on top of it). *match is false when the preset plays the original.
   EXIT_DONE, or EXIT_USAGE told: there is no such preset. */
int configure_amounts(const struct command_context *context, const char *name,
                      struct amounts *amounts, bool *match, struct rack *rack);

/* What was measured before, kept in the user's cache folder; NULL: done without (and told, unless
   there is no home at all). */
struct cache *configure_cache(const struct command_context *context);

#endif
