/* configure.c - from the files of a user to a command's options and amounts. */
#include "command/configure.h"

#include "chain/preset.h"
#include "config/paths.h"
#include "config/rcfile.h"
#include "match/amounts.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void report_line(void *context, const char *message)
{
    const struct command_context *command = context;

    log_write(command->log, LOG_WARNING, "%s", message);
}

/* Takes path. A missing file is no error unless it was asked for by name. */
static int read_options(struct command_context *context, char *path, bool asked_for)
{
    int status = EXIT_DONE;
    int error = path != NULL ? rcfile_read(context->options, path, report_line, context) : -ENOENT;

    if (error != 0 && (error != -ENOENT || asked_for)) {
        const char *name = path != NULL ? path : "matchplayrc";

        if (asked_for) {
            status = command_fail(context, "%s: %s; -c wants a matchplayrc that can be read", name,
                                  strerror(-error));
        } else {
            log_write(context->log, LOG_WARNING, "%s: %s; its settings are not used", name,
                      strerror(-error));
        }
    }
    free(path);
    return status;
}

int configure(struct command_context *context)
{
    int status = read_options(context, path_in(PATH_STATE, "settings"), false);

    if (status == EXIT_DONE) {
        status = context->config_path != NULL
                     ? read_options(context, strdup(context->config_path), true)
                     : read_options(context, path_in(PATH_CONFIG, "matchplayrc"), false);
    }
    log_set_level(context->log,
                  context->verbose ? LOG_DEBUG
                                   : (enum log_level)options_choice(context->options, "log_level"));
    return status;
}

struct presets *configure_presets(const struct command_context *context)
{
    return presets_load(report_line, (void *)(uintptr_t)context /* only its log is used */);
}

/* What matchplayrc says itself goes over the preset that it names. */
static void take_settings(const struct options *options, struct amounts *amounts)
{
    static const char *const names[] = {"level", "eq", "width"};
    double *const fields[] = {&amounts->level, &amounts->eq, &amounts->width};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (options_is_set(options, names[i])) {
            *fields[i] = options_number(options, names[i]) / 100;
        }
    }
    if (options_is_set(options, "limiter")) {
        amounts->limiter = options_boolean(options, "limiter");
    }
    if (options_is_set(options, "max_boost_db")) {
        amounts->max_boost_db = options_number(options, "max_boost_db");
        if (amounts->max_boost_db <= 0) {
            amounts->max_boost_db = HUGE_VAL;
        }
    }
}

int configure_amounts(const struct command_context *context, const char *name,
                      struct amounts *amounts, bool *match, struct rack *rack)
{
    bool asked_for = name != NULL;
    struct presets *presets = configure_presets(context);
    const struct preset *preset;
    char message[512];
    int status = EXIT_DONE;

    if (presets == NULL) {
        return command_fail(context, "out of memory");
    }
    name = asked_for ? name : options_text(context->options, "preset");
    if (!presets_expect(presets, name, message, sizeof message)) {
        status = command_misuse(context, "%s", message);
        goto done;
    }
    preset = presets_find(presets, name);
    amounts_of_preset(preset, amounts, match);
    rack_of_preset(preset, rack);
    if (!asked_for) {
        take_settings(context->options, amounts);
    }
done:
    presets_destroy(presets);
    return status;
}

struct cache *configure_cache(const struct command_context *context)
{
    char *path = path_in(PATH_CACHE, "analysis.db");
    struct cache *cache = NULL;

    if (path != NULL) {
        cache = cache_open(path, options_integer(context->options, "cache_limit") * 1000000,
                           context->log);
    }
    free(path);
    return cache;
}
