/* queue_support.c - six short songs and a server. */
#include "queue_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEAD_BYTES = 44, SOUND_BYTES = 4410 * 4 };

/* A tenth of a second of silence. */
static void write_song(const char *folder, const char *name)
{
    static const unsigned char head[HEAD_BYTES + 1] =
        "RIFF\x0c\x45\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x02\x00\x44\xac\x00\x00\x10\xb1\x02"
        "\x00\x04\x00\x10\x00"
        "data\xe8\x44\x00\x00";
    static const unsigned char silence[SOUND_BYTES];
    char path[256];
    FILE *file;

    snprintf(path, sizeof path, "%s/music/%s", folder, name);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(head, 1, HEAD_BYTES, file), HEAD_BYTES);
    assert_int_equal(fwrite(silence, 1, SOUND_BYTES, file), SOUND_BYTES);
    assert_int_equal(fclose(file), 0);
}

int queue_support_set_up(void **state)
{
    static const char *const names[] = {"one.wav", "two.wav", "three.wav",
                                        "d/a.wav", "d/b.wav", "d/e/c.wav"};
    struct served *served = served_start("[library]\nauto_update = no\nsummaries = no\n");
    char path[256];
    int client;

    *state = served;
    snprintf(path, sizeof path, "%s/music/d", served_folder(served));
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/music/d/e", served_folder(served));
    assert_int_equal(mkdir(path, 0700), 0);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        write_song(served_folder(served), names[i]);
    }
    client = served_connect(served);
    served_ask(client, "update");
    served_await(client, "count \"(file != '')\"", "songs: 6\n");
    close(client);
    return 0;
}

int queue_support_tear_down(void **state)
{
    served_destroy(*state);
    return 0;
}

const char *queue_support_uris(int connection, const char *line)
{
    static char uris[4096];
    const char *answer = served_ask(connection, line);

    uris[0] = '\0';
    if (strncmp(answer, "ACK", 3) == 0) {
        return answer;
    }
    for (const char *at = strstr(answer, "file: "); at != NULL; at = strstr(at, "file: ")) {
        size_t used = strlen(uris), length = strcspn(at += 6, "\n");

        if (length > 4 && strncmp(at + length - 4, ".wav", 4) == 0) {
            length -= 4;
        }
        snprintf(uris + used, sizeof uris - used, "%s%.*s", used > 0 ? " " : "", (int)length, at);
    }
    return uris;
}
