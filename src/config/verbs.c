/* verbs.c - the subcommands by name. */
#include "config/verbs.h"

#include "config/options.h"

#include <string.h>

static const char *const verbs[] = {"play", "match", "analyze", "serve",  "send",
                                    "stop", "scan",  "devices", "doctor", "bench"};

const char *const *verbs_table(size_t *count)
{
    *count = sizeof verbs / sizeof verbs[0];
    return verbs;
}

bool verb_exists(const char *name)
{
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strcmp(verbs[i], name) == 0) {
            return true;
        }
    }
    return false;
}

const char *verb_nearest(const char *name)
{
    return option_nearest_name(name, verbs, sizeof verbs / sizeof verbs[0]);
}
