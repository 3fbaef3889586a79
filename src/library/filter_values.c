/* filter_values.c - times and sample formats as filters write them. */
#include "library/filter_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* "Z", "+02:00", "-0130" or nothing; as seconds. */
static bool parse_zone(const char *text, int64_t *offset_s)
{
    unsigned hours = 0, minutes = 0;
    int read = 0;

    *offset_s = 0;
    if (text[0] == '\0' || strcmp(text, "Z") == 0) {
        return true;
    }
    if (text[0] != '+' && text[0] != '-') {
        return false;
    }
    if (sscanf(text + 1, "%2u:%2u%n", &hours, &minutes, &read) != 2 &&
        sscanf(text + 1, "%2u%2u%n", &hours, &minutes, &read) != 2 &&
        sscanf(text + 1, "%2u%n", &hours, &read) != 1) {
        return false;
    }
    *offset_s = (text[0] == '-' ? -1 : 1) * (int64_t)(hours * 3600 + minutes * 60);
    return text[1 + read] == '\0';
}

bool filter_parse_time(const char *text, int64_t *time_s)
{
    static const char *const formats[] = {"%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H",
                                          "%Y%m%dT%H%M%S", "%Y-%m-%d"};
    char *end;
    long long number;

    errno = 0;
    number = strtoll(text, &end, 10);
    if (end != text && *end == '\0' && errno == 0) {
        *time_s = number;
        return true;
    }
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        struct tm utc = {0};
        const char *rest = strptime(text, formats[i], &utc);
        int64_t offset_s;

        if (rest != NULL && parse_zone(rest, &offset_s)) {
            *time_s = (int64_t)timegm(&utc) - offset_s;
            return true;
        }
    }
    return false;
}

/* One of the three numbers. False: not one. */
static bool parse_number(const char **at, bool with_mask, uint32_t limit, uint32_t *number)
{
    char *end;
    unsigned long value;

    if (with_mask && **at == '*') {
        *number = 0;
        ++*at;
        return true;
    }
    if (**at < '0' || **at > '9') {
        return false;
    }
    value = strtoul(*at, &end, 10);
    *at = end;
    *number = (uint32_t)value;
    return value > 0 && value <= limit;
}

int filter_parse_format(struct filter *filter, const char *text, bool with_mask, char *message,
                        size_t size)
{
    const char *wrong = NULL;

    if (!parse_number(&text, with_mask, 4000000, &filter->rate_hz)) {
        wrong = "Failed to parse the sample rate";
    } else if (*text++ != ':') {
        wrong = "Sample format missing";
    } else if (*text == 'f') {
        filter->is_float = true;
        text++;
    } else if (!parse_number(&text, with_mask, 64, &filter->bits)) {
        wrong = "Failed to parse the sample format";
    }
    if (wrong == NULL && *text++ != ':') {
        wrong = "Channel count missing";
    } else if (wrong == NULL && !parse_number(&text, with_mask, 255, &filter->channels)) {
        wrong = "Failed to parse the channel count";
    } else if (wrong == NULL && *text != '\0') {
        wrong = "Extra data after channel count";
    }
    if (wrong != NULL) {
        snprintf(message, size, "%s", wrong);
        return -EINVAL;
    }
    return 0;
}
