/* server_support.c - a whole server in a thread, and clients that ask it something. */
#include "server_support.h"

#include "config/instance.h"
#include "config/paths.h"
#include "config/settings.h"
#include "output/sink.h"
#include "server/server_start.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <ftw.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ANSWER_SIZE = 4 << 20, PATIENCE_MS = 30000, STEP_MS = 10 };

struct served {
    char folder[64], socket[80], config[96];
    struct instance_wish wish;
    struct options *options;
    struct presets *presets;
    struct log *log;
    struct server *server;
    pthread_t thread;
};

static void put_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void set_folder(const char *variable, const char *folder, const char *name)
{
    char path[128];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(path_make_folder(path), 0);
    setenv(variable, path, 1);
}

static void *run_server(void *context)
{
    struct served *served = context;

    server_run(served->server);
    return NULL;
}

void served_start_again(struct served *served)
{
    struct server_settings settings = {
        .wish = &served->wish, .socket = served->socket, .config_path = served->config};
    char path[128], message[1024];
    char *kept = path_in(PATH_STATE, "settings");

    sink_setup();
    assert_non_null(kept);
    served->options = settings_read(kept, served->config, NULL, NULL);
    free(kept);
    served->presets = presets_load(NULL, NULL);
    snprintf(path, sizeof path, "%s/log", served->folder);
    served->log = log_open(path, LOG_DEBUG);
    assert_non_null(served->options);
    assert_non_null(served->presets);
    assert_non_null(served->log);
    settings.options = served->options;
    settings.presets = served->presets;
    settings.log = served->log;
    served->server = server_create(&settings, message, sizeof message);
    if (served->server == NULL) {
        fail_msg("%s", message);
    }
    assert_int_equal(pthread_create(&served->thread, NULL, run_server, served), 0);
}

struct served *served_start(const char *settings)
{
    struct served *served = calloc(1, sizeof *served);
    char text[4096];

    assert_non_null(served);
    snprintf(served->folder, sizeof served->folder, "/tmp/matchplay-served-XXXXXX");
    assert_non_null(mkdtemp(served->folder));
    snprintf(served->socket, sizeof served->socket, "%s/socket", served->folder);
    snprintf(served->config, sizeof served->config, "%s/matchplayrc", served->folder);
    set_folder("HOME", served->folder, "home");
    set_folder("XDG_CONFIG_HOME", served->folder, "config");
    set_folder("XDG_DATA_HOME", served->folder, "data");
    set_folder("XDG_CACHE_HOME", served->folder, "cache");
    set_folder("XDG_STATE_HOME", served->folder, "state");
    set_folder("MATCHPLAY_TEST_MUSIC", served->folder, "music");
    snprintf(text, sizeof text,
             "[output]\ndevice = clock\n[library]\nmusic_directory = %s/music\n%s", served->folder,
             settings != NULL ? settings : "");
    put_file(served->config, text);
    served->wish.socket = served->socket;
    served_start_again(served);
    return served;
}

void served_stop(struct served *served)
{
    int connection;

    if (served->server == NULL) {
        return;
    }
    connection = served_connect(served);
    served_say(connection, "kill\n", 5);
    pthread_join(served->thread, NULL);
    close(connection);
    server_save(served->server);
    server_destroy(served->server);
    log_close(served->log);
    presets_destroy(served->presets);
    options_destroy(served->options);
    served->server = NULL;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

void served_destroy(struct served *served)
{
    served_stop(served);
    nftw(served->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(served);
}

const char *served_socket(const struct served *served)
{
    return served->socket;
}

const char *served_folder(const struct served *served)
{
    return served->folder;
}

int served_connect(const struct served *served)
{
    struct instance_wish wish = {.socket = served->socket};
    char message[1024];

    /* Connections that were closed just now may still count. */
    for (int ms = 0;; ms += STEP_MS) {
        int connection = instance_connect(&wish, NULL, message, sizeof message);

        if (connection < 0) {
            fail_msg("%s", message);
        }
        if (strstr(served_hear(connection), "OK MPD ") != NULL) {
            return connection;
        }
        close(connection);
        if (ms >= PATIENCE_MS) {
            fail_msg("turned away");
        }
        usleep(STEP_MS * 1000);
    }
}

void served_say(int connection, const void *bytes, size_t count)
{
    const char *at = bytes;

    while (count > 0) {
        ssize_t sent = send(connection, at, count, MSG_NOSIGNAL);

        if (sent < 0) {
            return; /* the answer will show that it has closed */
        }
        at += sent;
        count -= (size_t)sent;
    }
}

/* OK or ACK stands in the last line, and that is whole. */
static bool is_whole(const char *text, size_t length)
{
    const char *line = text;

    if (length == 0 || text[length - 1] != '\n') {
        return false;
    }
    for (const char *at = text; at < text + length - 1; at++) {
        line = *at == '\n' ? at + 1 : line;
    }
    return strncmp(line, "OK\n", 3) == 0 || strncmp(line, "ACK ", 4) == 0 ||
           strncmp(line, "OK MPD ", 7) == 0;
}

const char *served_hear(int connection)
{
    static char text[ANSWER_SIZE];
    size_t length = 0;

    text[0] = '\0';
    while (!is_whole(text, length)) {
        struct pollfd file = {.fd = connection, .events = POLLIN};
        ssize_t count;

        if (poll(&file, 1, PATIENCE_MS) == 0) {
            fail_msg("nothing came after \"%s\"", text);
        }
        count = recv(connection, text + length, sizeof text - 1 - length, 0);
        if (count <= 0) {
            break;
        }
        length += (size_t)count;
        text[length] = '\0';
    }
    return text;
}

const char *served_ask(int connection, const char *line)
{
    served_say(connection, line, strlen(line));
    served_say(connection, "\n", 1);
    return served_hear(connection);
}

const char *served_value(const char *answer, const char *name)
{
    static char value[4096];
    size_t length = strlen(name);

    value[0] = '\0';
    while (answer != NULL && *answer != '\0') {
        const char *end = strchr(answer, '\n');

        if (strncmp(answer, name, length) == 0 && strncmp(answer + length, ": ", 2) == 0) {
            snprintf(value, sizeof value, "%.*s", (int)(end - answer) - (int)length - 2,
                     answer + length + 2);
            break;
        }
        answer = end != NULL ? end + 1 : NULL;
    }
    return value;
}

const char *served_await(int connection, const char *line, const char *text)
{
    for (int ms = 0;; ms += STEP_MS) {
        const char *answer = served_ask(connection, line);

        if (strstr(answer, text) != NULL) {
            return answer;
        }
        if (ms >= PATIENCE_MS) {
            fail_msg("no \"%s\" in: %s", text, answer);
        }
        usleep(STEP_MS * 1000);
    }
}
