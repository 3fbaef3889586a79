/* library_comments.c - `readcomments`: what the library knows of a file, and what else stands in
 * it.
 */
#include "server/library_commands.h"

#include "media/comments.h"
#include "server/errand.h"
#include "server/track_sound.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static void tell_gain(struct client *client, const char *name, double gain_db)
{
    if (!isnan(gain_db)) {
        client_pairf(client, name, "%.2f dB", gain_db);
    }
}

static void tell_peak(struct client *client, const char *name, double peak)
{
    if (!isnan(peak)) {
        client_pairf(client, name, "%.6f", peak);
    }
}

static void tell_known(struct client *client, const struct catalogue *catalogue,
                       const struct song *song)
{
    struct song_facts facts;
    const char *value;

    for (int kind = 0; kind < TAG_KINDS; kind++) {
        for (size_t i = 0; (value = song_tag(catalogue, song, (enum tag)kind, i)) != NULL; i++) {
            client_pair(client, tag_name((enum tag)kind), value);
        }
    }
    song_facts(catalogue, song, &facts);
    tell_gain(client, "REPLAYGAIN_TRACK_GAIN", facts.track_gain_db);
    tell_peak(client, "REPLAYGAIN_TRACK_PEAK", facts.track_peak);
    tell_gain(client, "REPLAYGAIN_ALBUM_GAIN", facts.album_gain_db);
    tell_peak(client, "REPLAYGAIN_ALBUM_PEAK", facts.album_peak);
}

/* --- what else there is, from the file ------------------------------------------------------- */

struct reading {
    char *path;
    struct comments comments;
};

static void read_file(void *context)
{
    struct reading *reading = context;

    comments_read(&reading->comments, reading->path);
}

static int tell_others(struct client *client, void *context)
{
    const struct reading *reading = context;

    for (size_t i = 0; i < reading->comments.count; i++) {
        client_pair(client, reading->comments.list[i].name, reading->comments.list[i].value);
    }
    return 0; /* a file that cannot be read has nothing more to say */
}

static void destroy(void *context)
{
    struct reading *reading = context;

    comments_finish(&reading->comments);
    free(reading->path);
    free(reading);
}

int library_read_comments(struct client *client, const struct words *words)
{
    static const struct errand_kind kind = {read_file, tell_others, destroy};
    const struct server_parts *parts = server_parts(client_server(client));
    const char *uri = words->word[1];
    const struct song *song = catalogue_find(parts->catalogue, uri);
    struct reading *reading;

    if (song == NULL || (uri[0] == '/' && !client_is_local(client))) {
        return client_ack(client, ACK_NO_EXIST, "No such song");
    }
    tell_known(client, parts->catalogue, song);
    if (media_is_address(uri)) {
        return 0;
    }
    reading = calloc(1, sizeof *reading);
    if (reading == NULL || (reading->path = track_path(parts, uri)) == NULL) {
        free(reading);
        return client_ack_errno(client, -ENOMEM, "comments");
    }
    return errand_send(client, &kind, reading);
}
