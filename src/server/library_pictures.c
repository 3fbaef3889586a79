/* library_pictures.c - cover art: beside the track, and inside of it. */
#include "server/library_commands.h"

#include "library/cover.h"
#include "media/picture.h"
#include "server/errand.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The file a uri stands for: below the music folder, or, for those on this machine, anywhere. NULL:
   no file of theirs. The caller's. */
static char *path_of(struct client *client, const char *uri)
{
    char *path = NULL;

    if (uri[0] == '/') {
        return client_is_local(client) ? strdup(uri) : NULL;
    }
    if (!library_uri_is_safe(uri) ||
        asprintf(&path, "%s/%s", server_parts(client_server(client))->music_directory, uri) < 0) {
        return NULL;
    }
    return path;
}

/* A whole number as it stands behind the uri. */
static int parse_offset(struct client *client, const struct words *words, size_t *offset)
{
    uint32_t value;
    char message[512];

    if (!protocol_unsigned(words->word[2], &value, message, sizeof message)) {
        return client_ack(client, ACK_ARG, "%s", message);
    }
    *offset = value;
    return 0;
}

/* --- what is looked for, in another thread ------------------------------------------------------
 */

struct looking {
    char *path; /* of the track */
    size_t offset, limit;
    int error;              /* -ERANGE: nothing stands at the offset */
    size_t size;            /* of all of it */
    struct picture picture; /* beside the track: what goes into this answer, without a type */
};

static void destroy(void *context)
{
    struct looking *looking = context;

    picture_finish(&looking->picture);
    free(looking->path);
    free(looking);
}

/* What of it goes into one answer. */
static size_t piece(const struct looking *looking)
{
    size_t left = looking->size - looking->offset;

    return left < looking->limit ? left : looking->limit;
}

static int read_file(struct looking *looking, int file)
{
    struct stat status;
    ssize_t got;

    if (fstat(file, &status) < 0 || !S_ISREG(status.st_mode)) {
        return -ENOENT;
    }
    looking->size = (size_t)status.st_size;
    if (looking->offset > looking->size) {
        return -ERANGE;
    }
    looking->picture.bytes = malloc(piece(looking) + 1);
    if (looking->picture.bytes == NULL) {
        return -ENOMEM;
    }
    got = pread(file, looking->picture.bytes, piece(looking), (off_t)looking->offset);
    looking->picture.size = got > 0 ? (size_t)got : 0;
    return got < 0 ? -errno : 0;
}

static void look_beside(void *context)
{
    struct looking *looking = context;
    char *cover = cover_find(looking->path);
    /* A pipe with the name of a picture must not hold up the thread. */
    int file = cover != NULL ? open(cover, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;

    looking->error = file >= 0 ? read_file(looking, file) : -ENOENT;
    if (file >= 0) {
        close(file);
    }
    free(cover);
}

static void look_inside(void *context)
{
    struct looking *looking = context;

    looking->error = picture_read(&looking->picture, looking->path, NULL);
    looking->size = looking->picture.size;
    if (looking->error == 0 && looking->offset > looking->size) {
        looking->error = -ERANGE;
    }
}

/* --- answers ------------------------------------------------------------------------------------
 */

static int answer_beside(struct client *client, void *context)
{
    const struct looking *looking = context;

    switch (looking->error) {
    case 0:
        client_pairf(client, "size", "%zu", looking->size);
        client_binary(client, looking->picture.bytes, looking->picture.size);
        return 0;
    case -ENOENT:
        return client_ack(client, ACK_NO_EXIST, "No file exists");
    case -ERANGE:
        return client_ack(client, ACK_ARG, "Offset too large");
    default:
        return client_ack_errno(client, looking->error, "picture");
    }
}

static int answer_inside(struct client *client, void *context)
{
    const struct looking *looking = context;

    if (looking->error == -ENODATA) {
        return 0;
    }
    if (looking->error == -ERANGE) {
        return client_ack(client, ACK_ARG, "Offset too large");
    }
    if (looking->error < 0) {
        return client_ack(client, ACK_NO_EXIST, "No such song");
    }
    client_pairf(client, "size", "%zu", looking->size);
    client_pair(client, "type", looking->picture.mime);
    client_binary(client, looking->picture.bytes + looking->offset, piece(looking));
    return 0;
}

static const struct errand_kind beside = {look_beside, answer_beside, destroy};
static const struct errand_kind inside = {look_inside, answer_inside, destroy};

static int look(struct client *client, const struct errand_kind *kind, char *path_taken,
                size_t offset)
{
    struct looking *looking = calloc(1, sizeof *looking);

    if (looking == NULL) {
        free(path_taken);
        return client_ack_errno(client, -ENOMEM, "picture");
    }
    looking->path = path_taken;
    looking->offset = offset;
    looking->limit = client_binary_limit(client);
    return errand_send(client, kind, looking);
}

int library_album_art(struct client *client, const struct words *words)
{
    size_t offset = 0;
    int error = parse_offset(client, words, &offset);
    char *path;

    if (error != 0) {
        return error;
    }
    path = path_of(client, words->word[1]);
    return path != NULL ? look(client, &beside, path, offset)
                        : client_ack(client, ACK_NO_EXIST, "No file exists");
}

int library_read_picture(struct client *client, const struct words *words)
{
    const struct catalogue *catalogue = server_parts(client_server(client))->catalogue;
    const char *uri = words->word[1];
    size_t offset = 0;
    int error = parse_offset(client, words, &offset);
    char *path;

    if (error != 0) {
        return error;
    }
    path = uri[0] == '/' || catalogue_find(catalogue, uri) != NULL ? path_of(client, uri) : NULL;
    return path != NULL ? look(client, &inside, path, offset)
                        : client_ack(client, ACK_NO_EXIST, "No such song");
}
