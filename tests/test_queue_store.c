/* test_queue_store.c - the queue comes back as of its last change, wherever the file was cut. */
#include "library/queue_store.h"

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

static char told[2048];
static char path[256];

static void tell(void *context, const char *line)
{
    (void)context;
    snprintf(told, sizeof told, "%s", line);
}

static int set_up(void **state)
{
    const char *where = getenv("TMPDIR");
    char folder[200];

    snprintf(folder, sizeof folder, "%s/queue-XXXXXX", where != NULL ? where : "/tmp");
    *state = mkdtemp(folder) != NULL ? strdup(folder) : NULL;
    snprintf(path, sizeof path, "%s/queue", folder);
    told[0] = '\0';
    return *state == NULL;
}

static int tear_down(void **state)
{
    char command[512];

    snprintf(command, sizeof command, "chmod -R u+w '%s'; rm -r '%s'", (char *)*state,
             (char *)*state);
    free(*state);
    return system(command);
}

/* --- a player's life -------------------------------------------------------------------------- */

struct life {
    struct queue *queue;
    struct queue_store *store;
    struct queue_place place;
};

static void begin(struct life *life)
{
    life->queue = queue_create();
    life->store = queue_store_open(path, life->queue, &life->place, tell, NULL);
    assert_non_null(life->store);
}

/* As a kill does: nothing is written any more. */
static void kill_it(struct life *life)
{
    static char *copy;
    size_t size;
    char *text = config_read_file(path, 1 << 24, &size);
    FILE *file;

    copy = text;
    queue_store_close(life->store);
    queue_destroy(life->queue);
    file = fopen(path, "w");
    assert_non_null(file);
    fwrite(copy, 1, size, file);
    fclose(file);
    free(text);
}

static void end(struct life *life)
{
    queue_store_close(life->store);
    queue_destroy(life->queue);
}

static bool describe_entry(void *context, const struct queue_entry *entry)
{
    char *text = context;

    sprintf(text + strlen(text), "%u:%s(%s)%u ", (unsigned)entry->id, entry->uri,
            entry->origin != NULL ? entry->origin : "-", (unsigned)entry->priority);
    return true;
}

/* All that must come back, as one line. */
static char *describe(struct life *life)
{
    char *text = calloc(1, 65536);
    struct queue_modes modes;

    queue_each(life->queue, 0, queue_length(life->queue), describe_entry, text);
    queue_read_modes(life->queue, &modes);
    sprintf(text + strlen(text), "| %d%d%d%d | %u %.3f %d%d", modes.random, modes.repeat,
            (int)modes.single, (int)modes.consume, (unsigned)life->place.id, life->place.elapsed_s,
            life->place.playing, life->place.paused);
    return text;
}

static void save(struct life *life)
{
    assert_int_equal(queue_store_save(life->store, &life->place), 0);
}

static void nothing(struct life *life)
{
    (void)life;
}

static void add_three(struct life *life)
{
    static const char *const uris[] = {"a b.flac", "/x/\xc3\xb6.mp3", "c"};

    queue_insert_many(life->queue, 0, uris, 3, "jazz\tand \\more", NULL);
}

static void add_in_between(struct life *life)
{
    static const char *const uris[] = {"d", "e"};

    queue_insert_many(life->queue, 1, uris, 2, NULL, NULL);
    queue_insert(life->queue, 5, "f 1", "rock", NULL);
    queue_insert(life->queue, 6, "g", "rock", NULL);
}

static void take_out(struct life *life)
{
    queue_delete(life->queue, 2, 4);
}

static void move_and_swap(struct life *life)
{
    queue_move(life->queue, 0, 2, 3);
    queue_swap(life->queue, 0, 4);
}

static void shuffle(struct life *life)
{
    queue_shuffle(life->queue, 0, 5);
}

static void prioritise(struct life *life)
{
    queue_set_priority(life->queue, queue_id_at(life->queue, 2), 17);
}

static void rename_it(struct life *life)
{
    queue_rename_origin(life->queue, "jazz\tand \\more", "blues");
    queue_insert(life->queue, 0, "h", "jazz\tand \\more", NULL);
    queue_rename_origin(life->queue, "rock", NULL);
}

static void set_modes(struct life *life)
{
    struct queue_modes modes = {true, true, QUEUE_SINGLE_ONESHOT, QUEUE_CONSUME_ON};

    queue_set_modes(life->queue, &modes);
}

static void play(struct life *life)
{
    life->place = (struct queue_place){queue_id_at(life->queue, 1), 12.345, true, false};
}

static void pause_it(struct life *life)
{
    life->place.elapsed_s = 13.5;
    life->place.playing = false;
    life->place.paused = true;
}

static void clear_it(struct life *life)
{
    queue_clear(life->queue);
    queue_insert(life->queue, 0, "z", NULL, NULL);
    life->place = (struct queue_place){0};
}

static void (*const deeds[])(struct life *life) = {
    nothing,    add_three, add_in_between, take_out, move_and_swap, shuffle,
    prioritise, rename_it, set_modes,      play,     pause_it,      clear_it,
};
enum { DEEDS = sizeof deeds / sizeof deeds[0] };

/* --- tests ------------------------------------------------------------------------------------ */

static void comes_back_after_a_kill_as_of_the_last_change(void **state)
{
    (void)state;
    for (size_t last = 0; last < DEEDS; last++) {
        struct life life;
        char *wanted, *got;

        unlink(path);
        begin(&life);
        for (size_t i = 0; i <= last; i++) {
            deeds[i](&life);
            save(&life);
        }
        wanted = describe(&life);
        kill_it(&life);
        begin(&life);
        got = describe(&life);
        assert_string_equal(got, wanted);
        assert_int_equal(queue_current(life.queue), life.place.id);
        end(&life);
        begin(&life); /* and once more, from what was written whole */
        free(got);
        got = describe(&life);
        assert_string_equal(got, wanted);
        end(&life);
        free(wanted);
        free(got);
    }
    assert_string_equal(told, "");
}

static void cut_anywhere_it_is_what_it_was_after_some_change(void **state)
{
    struct life life;
    char *states[DEEDS], *text;
    size_t size, reached = 0;

    (void)state;
    begin(&life);
    for (size_t i = 0; i < DEEDS; i++) {
        deeds[i](&life);
        save(&life);
        states[i] = describe(&life);
    }
    text = config_read_file(path, 1 << 20, &size);
    end(&life);
    for (size_t cut = 0; cut <= size; cut++) {
        FILE *file = fopen(path, "w");
        char *got;

        fwrite(text, 1, cut, file);
        fclose(file);
        begin(&life);
        got = describe(&life);
        while (reached < DEEDS && strcmp(got, states[reached]) != 0) {
            reached++; /* longer files know later states */
        }
        assert_in_range(reached, 0, DEEDS - 1);
        free(got);
        end(&life);
    }
    assert_int_equal(reached, DEEDS - 1);
    assert_string_equal(told, "");
    for (size_t i = 0; i < DEEDS; i++) {
        free(states[i]);
    }
    free(text);
}

static void ids_are_not_used_again_after_a_restart(void **state)
{
    struct life life;
    uint32_t old, new;

    (void)state;
    begin(&life);
    assert_int_equal(queue_insert(life.queue, 0, "a", NULL, &old), 0);
    queue_clear(life.queue);
    save(&life);
    kill_it(&life);
    begin(&life);
    assert_int_equal(queue_insert(life.queue, 0, "a", NULL, &new), 0);
    assert_true(new > old);
    end(&life);
}

static void does_not_grow_for_ever(void **state)
{
    struct life life;
    struct stat status;

    (void)state;
    begin(&life);
    add_three(&life);
    for (int i = 0; i < 20000; i++) {
        queue_swap(life.queue, 0, 1);
        save(&life);
    }
    assert_int_equal(stat(path, &status), 0);
    assert_true(status.st_size < 100000);
    end(&life);
}

static void bad_lines_are_told_and_cost_only_themselves(void **state)
{
    static const char bad[] =
        "matchplay queue 1\nadd 1 a\nadd 1 twice\nadd x y\nnonsense\ndelete 5 9\n"
        "order 0 7\nmove 1\npriority 1 300\nadd 4294967295 z\nplace 1 nan playing\n"
        "add 2 b\0c\nadd 3 d\nrename x\nmodes 2 0 0 0\n\nadd 4 e\n";
    struct life life;
    FILE *file = fopen(path, "w");
    char *got;

    (void)state;
    fwrite(bad, 1, sizeof bad - 1, file);
    fclose(file);
    begin(&life);
    got = describe(&life);
    assert_string_equal(got, "1:a(-)0 3:d(-)0 4:e(-)0 | 0000 | 0 0.000 00");
    assert_non_null(strstr(told, "queue:16: "));
    free(got);
    end(&life);
}

static void what_is_no_queue_is_set_aside(void **state)
{
    struct life life;
    FILE *file = fopen(path, "w");
    char aside[300];

    (void)state;
    fputs("somebody's diary\n", file);
    fclose(file);
    begin(&life);
    assert_int_equal(queue_length(life.queue), 0);
    assert_non_null(strstr(told, "queue.bad"));
    snprintf(aside, sizeof aside, "%s.bad", path);
    assert_int_equal(access(aside, F_OK), 0);
    end(&life);
}

static void a_disk_that_takes_nothing_is_told_and_tried_again(void **state)
{
    struct life life;
    char away[300];

    snprintf(away, sizeof away, "%s-away", (char *)*state);
    assert_int_equal(rename(*state, away), 0);
    begin(&life);
    assert_non_null(strstr(told, "the queue cannot be kept"));
    add_three(&life);
    assert_int_not_equal(queue_store_save(life.store, &life.place), 0);
    assert_int_equal(rename(away, *state), 0);
    save(&life);
    kill_it(&life);
    begin(&life);
    assert_int_equal(queue_length(life.queue), 3);
    end(&life);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(comes_back_after_a_kill_as_of_the_last_change),
        TEST(cut_anywhere_it_is_what_it_was_after_some_change),
        TEST(ids_are_not_used_again_after_a_restart),
        TEST(does_not_grow_for_ever),
        TEST(bad_lines_are_told_and_cost_only_themselves),
        TEST(what_is_no_queue_is_set_aside),
        TEST(a_disk_that_takes_nothing_is_told_and_tried_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
