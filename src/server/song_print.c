/* song_print.c - songs as the protocol answers them. */
#include "server/song_print.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <time.h>

void song_print_time(struct client *client, const char *name, int64_t time_s)
{
    char text[64];
    struct tm utc;
    time_t seconds = (time_t)time_s;

    if (gmtime_r(&seconds, &utc) != NULL &&
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc) > 0) {
        client_pair(client, name, text);
    }
}

/* "44100:16:2"; the middle is "f" for floats and for what is decoded to them. */
static void print_format(struct client *client, uint32_t rate_hz, uint32_t bits, bool is_float,
                         uint32_t channels)
{
    char word[16];

    if (rate_hz == 0 || channels == 0) {
        return;
    }
    snprintf(word, sizeof word, "%" PRIu32, bits);
    client_pairf(client, "Format", "%" PRIu32 ":%s:%" PRIu32, rate_hz,
                 is_float || bits == 0 ? "f" : word, channels);
}

static void print_duration(struct client *client, double seconds)
{
    if (seconds > 0) {
        client_pairf(client, "Time", "%ld", lround(seconds));
        client_pairf(client, "duration", "%.3f", seconds);
    }
}

static void print_tags(struct client *client, const struct catalogue *catalogue,
                       const struct song *song)
{
    uint64_t wanted = client_tags(client);

    for (int kind = 0; kind < TAG_KINDS; kind++) {
        const char *value;

        if ((wanted >> kind & 1) == 0) {
            continue;
        }
        for (size_t i = 0; (value = song_tag(catalogue, song, (enum tag)kind, i)) != NULL; i++) {
            client_pair(client, tag_name((enum tag)kind), value);
        }
    }
}

void song_print(struct client *client, struct server_parts *parts, const struct song *song)
{
    char uri[SONG_URI_SIZE];
    struct song_facts facts;

    song_facts(parts->catalogue, song, &facts);
    client_pair(client, "file", song_uri(parts->catalogue, song, uri));
    if (facts.modified_s > 0) {
        song_print_time(client, "Last-Modified", facts.modified_s);
    }
    print_format(client, facts.rate_hz, facts.bits, facts.is_float, facts.channels);
    print_tags(client, parts->catalogue, song);
    print_duration(client, facts.duration_s);
    /* Not MPD's: why it is there and cannot be played. Clients pass over what they do not know. */
    if (facts.error != NULL) {
        client_pair(client, "Error", facts.error);
    }
}

void song_print_tags(struct client *client, const char *uri, const struct tags *tags)
{
    uint64_t wanted = client_tags(client);

    client_pair(client, "file", uri);
    print_format(client, tags->rate_hz, tags->bits, tags->is_float, tags->channels);
    for (size_t i = 0; i < tags->count; i++) {
        if ((wanted >> tags->values[i].kind & 1) != 0) {
            client_pair(client, tag_name(tags->values[i].kind), tags->values[i].text);
        }
    }
    print_duration(client, tags->duration_s);
}

void song_print_uri(struct client *client, struct server_parts *parts, const char *uri)
{
    const struct song *song = catalogue_find(parts->catalogue, uri);

    if (song != NULL) {
        song_print(client, parts, song);
    } else {
        client_pair(client, "file", uri);
    }
}
