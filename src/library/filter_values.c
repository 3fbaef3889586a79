/* filter_values.c - times and sample formats as filters write them. */
#include "library/filter_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Two digits, moved over. -1: there are none. */
static int take_digits(const char **at)
{
    const char *text = *at;

    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9') {
        return -1;
    }
    *at = text + 2;
    return (text[0] - '0') * 10 + (text[1] - '0');
}

/* "Z", "+02:00", "-0130", "+02" or nothing; as seconds. */
static bool parse_zone(const char *text, int64_t *offset_s)
{
    int sign = text[0] == '-' ? -1 : 1, hours, minutes = 0;

    *offset_s = 0;
    if (text[0] == '\0' || strcmp(text, "Z") == 0) {
        return true;
    }
    if (text[0] != '+' && text[0] != '-') {
        return false;
    }
    text++;
    hours = take_digits(&text);
    text += *text == ':' ? 1 : 0;
    if (*text != '\0') {
        minutes = take_digits(&text);
    }
    *offset_s = sign * (int64_t)(hours * 3600 + minutes * 60);
    return hours >= 0 && minutes >= 0 && *text == '\0';
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
