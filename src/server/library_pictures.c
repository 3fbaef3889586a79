/* library_pictures.c - cover art: beside the track, and inside of it. */
#include "server/library_commands.h"

#include "library/cover.h"
#include "media/picture.h"

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

/* What of it goes into one answer. */
static size_t piece(const struct client *client, size_t size, size_t offset)
{
    size_t limit = client_binary_limit(client);

    return size - offset < limit ? size - offset : limit;
}

static int answer_file(struct client *client, int file, size_t offset)
{
    struct stat status;
    size_t size, wanted;
    ssize_t got;
    char *bytes;
    int error;

    if (fstat(file, &status) < 0 || !S_ISREG(status.st_mode)) {
        return client_ack(client, ACK_NO_EXIST, "No file exists");
    }
    size = (size_t)status.st_size;
    if (offset > size) {
        return client_ack(client, ACK_ARG, "Offset too large");
    }
    wanted = piece(client, size, offset);
    bytes = malloc(wanted + 1);
    if (bytes == NULL) {
        return client_ack_errno(client, -ENOMEM, "picture");
    }
    got = pread(file, bytes, wanted, (off_t)offset);
    if (got < 0) {
        error = client_ack_errno(client, -errno, "picture");
    } else {
        client_pairf(client, "size", "%zu", size);
        client_binary(client, bytes, (size_t)got);
        error = 0;
    }
    free(bytes);
    return error;
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

int library_album_art(struct client *client, const struct words *words)
{
    char *path, *cover;
    size_t offset = 0;
    int file, error = parse_offset(client, words, &offset);

    if (error != 0) {
        return error;
    }
    path = path_of(client, words->word[1]);
    cover = path != NULL ? cover_find(path) : NULL;
    /* A pipe with the name of a picture must not hold up the player. */
    file = cover != NULL ? open(cover, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
    if (file >= 0) {
        error = answer_file(client, file, offset);
        close(file);
    } else {
        error = client_ack(client, ACK_NO_EXIST, "No file exists");
    }
    free(cover);
    free(path);
    return error;
}

int library_read_picture(struct client *client, const struct words *words)
{
    const struct catalogue *catalogue = server_parts(client_server(client))->catalogue;
    const char *uri = words->word[1];
    struct picture picture = {.bytes = NULL};
    size_t offset = 0;
    char *path;
    int error = parse_offset(client, words, &offset);

    if (error != 0) {
        return error;
    }
    path = uri[0] == '/' || catalogue_find(catalogue, uri) != NULL ? path_of(client, uri) : NULL;
    if (path == NULL) {
        return client_ack(client, ACK_NO_EXIST, "No such song");
    }
    error = picture_read(&picture, path, NULL);
    free(path);
    if (error == -ENODATA) {
        return 0;
    }
    if (error < 0) {
        return client_ack(client, ACK_NO_EXIST, "No such song");
    }
    if (offset > picture.size) {
        error = client_ack(client, ACK_ARG, "Offset too large");
    } else {
        client_pairf(client, "size", "%zu", picture.size);
        client_pair(client, "type", picture.mime);
        client_binary(client, picture.bytes + offset, piece(client, picture.size, offset));
    }
    picture_finish(&picture);
    return error;
}
