/* reference_words.c - REF[:WEIGHT] as it is written on a command line. */
#include "command/reference_words.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool reference_split(const char *text, char **path, double *weight, char *message, size_t size)
{
    const char *colon = strrchr(text, ':');
    char *end = NULL, *front;
    double number = 0.0;
    bool whole_exists = access(text, F_OK) == 0, front_exists, is_number;

    *path = NULL;
    *weight = 1.0;
    if (colon == NULL || colon == text) {
        *path = strdup(text);
        return *path != NULL;
    }
    front = strndup(text, (size_t)(colon - text));
    if (front == NULL) {
        snprintf(message, size, "out of memory");
        return false;
    }
    front_exists = access(front, F_OK) == 0;
    number = strtod(colon + 1, &end);
    is_number = end != colon + 1 && *end == '\0';
    if (is_number && isfinite(number) && number > 0.0 && (front_exists || !whole_exists)) {
        *path = front;
        *weight = number;
        return true;
    }
    if (is_number && front_exists && !whole_exists) {
        snprintf(message, size, "%s: a weight is a number above 0", text);
        free(front);
        return false;
    }
    free(front);
    *path = strdup(text);
    return *path != NULL;
}
