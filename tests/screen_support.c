/* screen_support.c - a screen on a canvas, and a player whose answers stand in a file. */
#include "tests/screen_support.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

enum { QUIET_TURNS = 3, TURNS_MAX = 2000, NOW_MS = 1 };

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "re");
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    int byte;

    if (file == NULL) {
        fail_msg("%s: %s", path, strerror(errno));
    }
    while ((byte = fgetc(file)) != EOF) {
        fputc(byte, memory);
    }
    fclose(file);
    fclose(memory);
    return text;
}

static void open_socket(struct stage *stage)
{
    const char *folder = getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp";
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    snprintf(stage->socket, sizeof stage->socket, "%s/screen-%ld", folder, (long)getpid());
    snprintf(address.sun_path, sizeof address.sun_path, "%.100s", stage->socket);
    unlink(stage->socket);
    stage->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(stage->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(stage->listener, 4), 0);
}

int stage_set_up(void **state)
{
    /* Relative folders do not count: the filters stand in this one. */
    char *config = realpath("tests/data/screen/config", NULL);
    int result = config != NULL ? setenv("XDG_CONFIG_HOME", config, 1) : -1;

    (void)state;
    free(config);
    unsetenv("SSH_CONNECTION");
    return result;
}

void stage_open(struct stage *stage, const char *answers, int rows, int columns, bool unicode)
{
    stage_open_with(stage, options_create(), answers, rows, columns, unicode);
}

void stage_open_with(struct stage *stage, struct options *options, const char *answers, int rows,
                     int columns, bool unicode)
{
    memset(stage, 0, sizeof *stage);
    stage->clients[0] = stage->clients[1] = -1;
    stage->answers = read_file(answers);
    stage->asked_file = open_memstream(&stage->asked, &stage->asked_size);
    open_socket(stage);
    stage->options = options;
    stage->screen = screen_create(stage->options, stage->socket, NULL);
    stage->canvas = canvas_create(rows, columns, unicode);
    assert_non_null(stage->screen);
    assert_non_null(stage->canvas);
    screen_show(stage->screen, stage->screen->current);
    stage_settle(stage);
    assert_true(stage->screen->state.joined);
}

void stage_close(struct stage *stage)
{
    screen_destroy(stage->screen);
    canvas_destroy(stage->canvas);
    options_destroy(stage->options);
    for (int i = 0; i < 2; i++) {
        if (stage->clients[i] >= 0) {
            close(stage->clients[i]);
        }
    }
    close(stage->listener);
    unlink(stage->socket);
    fclose(stage->asked_file);
    free(stage->asked);
    free(stage->answers);
}

void stage_answer_more(struct stage *stage, const char *answers)
{
    char *all = malloc(strlen(answers) + strlen(stage->answers) + 1);

    assert_non_null(all);
    stpcpy(stpcpy(all, answers), stage->answers);
    free(stage->answers);
    stage->answers = all;
}

/* --- the player ---------------------------------------------------------------------------- */

static void say(int file, const char *text, size_t size)
{
    assert_int_equal(write(file, text, size), size);
}

static void answer(struct stage *stage, int file, const char *line)
{
    static const char unknown[] = "ACK [5@0] {} unknown command\n";
    size_t length = strlen(line);
    char *at = stage->answers;

    if (strncmp(line, "idle", 4) == 0) {
        return;
    }
    fprintf(stage->asked_file, "%s\n", line);
    fflush(stage->asked_file);
    while ((at = strstr(at, "> ")) != NULL) {
        bool begins = at == stage->answers || at[-1] == '\n';

        at += 2;
        if (begins && strncmp(at, line, length) == 0 && at[length] == '\n') {
            char *first = at + length + 1;
            char *end = strncmp(first, "OK\n", 3) == 0 ? first : strstr(first, "\nOK\n");

            assert_non_null(end);
            end += end == first ? 3 : 4;
            say(file, first, (size_t)(end - first));
            return;
        }
    }
    say(file, unknown, sizeof unknown - 1);
}

static bool read_client(struct stage *stage, int index)
{
    char *input = stage->input[index];
    size_t *used = &stage->used[index];
    ssize_t got = read(stage->clients[index], input + *used, sizeof stage->input[0] - *used - 1);
    char *end;

    if (got <= 0) {
        return false;
    }
    *used += (size_t)got;
    input[*used] = '\0';
    while ((end = strchr(input, '\n')) != NULL) {
        *end = '\0';
        answer(stage, stage->clients[index], input);
        *used -= (size_t)(end + 1 - input);
        memmove(input, end + 1, *used + 1);
    }
    return true;
}

/* True if anything was said. */
static bool serve_player(struct stage *stage)
{
    bool any = false;

    for (int i = 0; i < 2; i++) {
        if (stage->clients[i] < 0) {
            stage->clients[i] = accept4(stage->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (stage->clients[i] >= 0) {
                say(stage->clients[i], "OK MPD 0.23.5\n", 14);
                any = true;
            }
        } else {
            any = read_client(stage, i) || any;
        }
    }
    return any;
}

static bool serve_screen(struct stage *stage)
{
    struct pollfd fds[CLIENT_FDS];
    int timeout = 0;
    int count = client_poll(stage->screen->client, fds, &timeout);

    poll(fds, (nfds_t)count, 0);
    client_serve(stage->screen->client, fds, count);
    for (int i = 0; i < count; i++) {
        if (fds[i].revents != 0) {
            return true;
        }
    }
    return count == 0;
}

void stage_settle(struct stage *stage)
{
    int quiet = 0;

    for (int i = 0; i < TURNS_MAX && quiet < QUIET_TURNS; i++) {
        bool any = serve_screen(stage);

        any = serve_player(stage) || any;
        if (stage->screen->dirty || any) {
            screen_tick(stage->screen, NOW_MS);
            screen_draw(stage->screen, stage->canvas);
        }
        quiet = any || client_waiting(stage->screen->client) > 0 ? 0 : quiet + 1;
    }
    screen_tick(stage->screen, NOW_MS);
    screen_draw(stage->screen, stage->canvas);
}

void stage_lose_player(struct stage *stage)
{
    for (int i = 0; i < 2; i++) {
        close(stage->clients[i]);
        stage->clients[i] = -1;
    }
    close(stage->listener);
    unlink(stage->socket);
    stage->listener = open("/dev/null", O_RDONLY | O_CLOEXEC); /* nobody comes there */
    for (int i = 0; i < 20 && stage->screen->state.joined; i++) {
        serve_screen(stage);
    }
    assert_false(stage->screen->state.joined);
}

/* --- a person ------------------------------------------------------------------------------ */

static void type(struct stage *stage, const char *keys, bool at_once)
{
    char word[64];

    while (*keys != '\0') {
        size_t length = strcspn(keys, " ");
        struct input input = {.kind = INPUT_KEY};

        snprintf(word, sizeof word, "%.*s", (int)length, keys);
        input.key = key_named(word);
        if (input.key < 0) {
            fail_msg("there is no key %s", word);
        }
        screen_input(stage->screen, &input);
        if (!at_once) {
            stage_settle(stage);
        }
        keys += length;
        keys += strspn(keys, " ");
    }
}

void stage_type(struct stage *stage, const char *keys)
{
    type(stage, keys, false);
}

void stage_type_at_once(struct stage *stage, const char *keys)
{
    type(stage, keys, true);
}

char *stage_text(struct stage *stage)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);

    canvas_write_text(stage->canvas, file);
    fclose(file);
    return text;
}

bool stage_shows(struct stage *stage, const char *part)
{
    char *text = stage_text(stage);
    bool found = strstr(text, part) != NULL;

    free(text);
    return found;
}

void stage_assert_shows(struct stage *stage, const char *part)
{
    if (!stage_shows(stage, part)) {
        fail_msg("nowhere is \"%s\" on\n%s", part, stage_text(stage));
    }
}

bool stage_was_asked(struct stage *stage, const char *text)
{
    fflush(stage->asked_file);
    return strstr(stage->asked, text) != NULL;
}

void stage_is_golden(struct stage *stage, const char *name)
{
    char *text = stage_text(stage);
    char path[256];
    char *golden;

    snprintf(path, sizeof path, "tests/data/screen/%s.txt", name);
    if (getenv("GOLDEN_UPDATE") != NULL) {
        FILE *file = fopen(path, "we");

        assert_non_null(file);
        fputs(text, file);
        fclose(file);
        free(text);
        return;
    }
    golden = read_file(path);
    if (strcmp(golden, text) != 0) {
        fail_msg("%s shows\n%s\ninstead of\n%s", name, text, golden);
    }
    free(golden);
    free(text);
}
