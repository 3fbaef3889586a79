/* test_queue.c - the queue against a plain array, and the rules of what is played after what. */
#include "library/queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MODEL_MAX = 400, STEPS = 20000 };

/* --- a plain array that does the same, slowly ------------------------------------------------ */

struct model_entry {
    uint32_t id;
    int number; /* its uri is "nN" */
    int origin; /* -1: none, else "oN" */
    int priority;
};

struct model {
    struct queue *queue;
    struct model_entry entries[MODEL_MAX];
    size_t count;
    /* What a client knows that asks for nothing but changes. */
    uint32_t seen[MODEL_MAX];
    uint32_t seen_version;
};

static unsigned chance_state = 12345;

static unsigned chance(unsigned bound)
{
    chance_state = chance_state * 1103515245U + 12345U;
    return (chance_state >> 8) % bound;
}

static void model_insert(struct model *model, size_t position)
{
    struct model_entry new = {0, (int)chance(50), (int)chance(4) - 1, 0};
    char uri[16], origin[16];

    snprintf(uri, sizeof uri, "n%d", new.number);
    snprintf(origin, sizeof origin, "o%d", new.origin);
    assert_int_equal(
        queue_insert(model->queue, position, uri, new.origin >= 0 ? origin : NULL, &new.id), 0);
    memmove(model->entries + position + 1, model->entries + position,
            (model->count - position) * sizeof new);
    model->entries[position] = new;
    model->count++;
}

static void model_insert_many(struct model *model, size_t position, size_t count)
{
    const char *uris[8];
    char text[8][16];
    uint32_t first;

    memmove(model->entries + position + count, model->entries + position,
            (model->count - position) * sizeof model->entries[0]);
    for (size_t i = 0; i < count; i++) {
        model->entries[position + i] = (struct model_entry){0, (int)i, 1, 0};
        snprintf(text[i], sizeof text[i], "n%zu", i);
        uris[i] = text[i];
    }
    assert_int_equal(queue_insert_many(model->queue, position, uris, count, "o1", &first), 0);
    for (size_t i = 0; i < count; i++) {
        model->entries[position + i].id = first + (uint32_t)i;
    }
    model->count += count;
}

static void model_delete(struct model *model, size_t first, size_t last)
{
    assert_int_equal(queue_delete(model->queue, first, last), 0);
    memmove(model->entries + first, model->entries + last,
            (model->count - last) * sizeof model->entries[0]);
    model->count -= last - first;
}

static void model_move(struct model *model, size_t first, size_t last, size_t to)
{
    struct model_entry moved[MODEL_MAX];
    size_t count = last - first;

    assert_int_equal(queue_move(model->queue, first, last, to), 0);
    memcpy(moved, model->entries + first, count * sizeof moved[0]);
    memmove(model->entries + first, model->entries + last, (model->count - last) * sizeof moved[0]);
    memmove(model->entries + to + count, model->entries + to,
            (model->count - count - to) * sizeof moved[0]);
    memcpy(model->entries + to, moved, count * sizeof moved[0]);
}

static void model_swap(struct model *model, size_t one, size_t other)
{
    struct model_entry entry = model->entries[one];

    assert_int_equal(queue_swap(model->queue, one, other), 0);
    model->entries[one] = model->entries[other];
    model->entries[other] = entry;
}

/* What comes out of a shuffle is taken over, once it is seen to be the same entries. */
static void model_shuffle(struct model *model, size_t first, size_t last)
{
    struct model_entry old[MODEL_MAX];
    size_t found = 0;

    assert_int_equal(queue_shuffle(model->queue, first, last), 0);
    memcpy(old, model->entries, sizeof old);
    for (size_t i = first; i < last; i++) {
        for (size_t k = first; k < last; k++) {
            if (old[k].id == queue_id_at(model->queue, i)) {
                model->entries[i] = old[k];
                found++;
            }
        }
    }
    assert_int_equal(found, last - first);
}

static void model_prioritise(struct model *model, size_t position)
{
    model->entries[position].priority = (int)chance(3) * 100;
    assert_int_equal(queue_set_priority(model->queue, model->entries[position].id,
                                        (uint8_t)model->entries[position].priority),
                     0);
}

static void model_rename(struct model *model)
{
    int from = (int)chance(3), to = (int)chance(4) - 1;
    char from_text[16], to_text[16];

    snprintf(from_text, sizeof from_text, "o%d", from);
    snprintf(to_text, sizeof to_text, "o%d", to);
    queue_rename_origin(model->queue, from_text, to >= 0 ? to_text : NULL);
    for (size_t i = 0; i < model->count; i++) {
        if (model->entries[i].origin == from) {
            model->entries[i].origin = to;
        }
    }
}

static bool see_changed(void *context, const struct queue_entry *entry)
{
    struct model *model = context;

    if (entry->version > model->seen_version) {
        model->seen[entry->position] = entry->id;
    }
    return true;
}

static void compare(struct model *model)
{
    assert_int_equal(queue_length(model->queue), model->count);
    queue_each(model->queue, 0, model->count, see_changed, model);
    model->seen_version = queue_version(model->queue);
    for (size_t i = 0; i < model->count; i++) {
        const struct model_entry *wanted = &model->entries[i];
        struct queue_entry entry;
        char uri[16], origin[16];

        snprintf(uri, sizeof uri, "n%d", wanted->number);
        snprintf(origin, sizeof origin, "o%d", wanted->origin);
        assert_int_equal(queue_id_at(model->queue, i), wanted->id);
        assert_int_equal(model->seen[i], wanted->id);
        assert_true(queue_read(model->queue, wanted->id, &entry));
        assert_int_equal(entry.position, i);
        assert_int_equal(queue_position_of(model->queue, wanted->id), i);
        assert_int_equal(entry.priority, wanted->priority);
        assert_string_equal(entry.uri, uri);
        if (wanted->origin >= 0) {
            assert_string_equal(entry.origin, origin);
        } else {
            assert_null(entry.origin);
        }
    }
    assert_int_equal(queue_id_at(model->queue, model->count), QUEUE_NONE);
}

/* Each entry comes once on the way through the order from its first. */
static void order_has_each_once(struct model *model)
{
    struct queue_modes modes;
    bool found[MODEL_MAX] = {false};
    uint32_t id = queue_current(model->queue), first = id;
    size_t count = 0;

    queue_read_modes(model->queue, &modes);
    if (modes.repeat || model->count == 0 || id == QUEUE_NONE) {
        return;
    }
    for (uint32_t before = QUEUE_NONE; before != first;) {
        before = first;
        first = queue_previous(model->queue, before);
    }
    for (id = first; id != QUEUE_NONE; id = queue_next(model->queue, id, true, NULL)) {
        long position = queue_position_of(model->queue, id);

        assert_in_range(position, 0, (long)model->count - 1);
        assert_false(found[position]);
        found[position] = true;
        count++;
    }
    assert_int_equal(count, model->count);
}

static void step_model(struct model *model)
{
    size_t count = model->count;
    size_t first = count > 0 ? chance((unsigned)count) : 0;
    size_t last = count > 0 ? first + 1 + chance((unsigned)(count - first)) : 0;
    unsigned kind = chance(20);

    if (count == 0 || (kind < 6 && count + 8 < MODEL_MAX)) {
        model_insert(model, kind < 3 ? count : chance((unsigned)count + 1));
    } else if (kind == 6 && count + 8 < MODEL_MAX) {
        model_insert_many(model, chance((unsigned)count + 1), chance(9));
    } else if (kind < 10) {
        model_delete(model, first, chance(10) == 0 ? last : first + 1);
    } else if (kind < 13) {
        model_move(model, first, last, chance((unsigned)(count - (last - first) + 1)));
    } else if (kind == 13) {
        model_swap(model, first, last - 1);
    } else if (kind == 14 && chance(5) == 0) {
        model_shuffle(model, first, last);
    } else if (kind == 15) {
        model_prioritise(model, first);
    } else if (kind == 16 && chance(10) == 0) {
        model_rename(model);
    } else if (kind == 17) {
        queue_set_current(model->queue, queue_id_at(model->queue, first));
    } else if (kind == 18) {
        queue_choose(model->queue, queue_id_at(model->queue, first));
        queue_set_current(model->queue, queue_id_at(model->queue, first));
    } else if (kind == 19) {
        struct queue_modes modes = {chance(3) > 0, chance(4) == 0, QUEUE_SINGLE_OFF,
                                    QUEUE_CONSUME_OFF};

        queue_set_modes(model->queue, &modes);
    }
}

static void does_what_a_plain_array_does(void **state)
{
    struct model *model = calloc(1, sizeof *model);

    (void)state;
    model->queue = queue_create();
    for (int i = 0; i < STEPS; i++) {
        step_model(model);
        if (i % 8 == 0) {
            compare(model);
            order_has_each_once(model);
        }
    }
    queue_clear(model->queue);
    model->count = 0;
    compare(model);
    queue_destroy(model->queue);
    free(model);
}

/* --- rules ----------------------------------------------------------------------------------- */

/* Entries 0 ... count-1, ids from 1 on. */
static struct queue *queue_of(size_t count, const struct queue_modes *modes)
{
    struct queue *queue = queue_create();

    for (size_t i = 0; i < count; i++) {
        assert_int_equal(queue_insert(queue, i, "x", NULL, NULL), 0);
    }
    queue_set_modes(queue, modes);
    return queue;
}

/* What is heard after the current entry when it ends, or when `next` is asked for; the queue moves
   on as the player makes it. */
static uint32_t move_on(struct queue *queue, bool by_user, bool *border)
{
    uint32_t old = queue_current(queue);
    uint32_t next = queue_next(queue, old, by_user, border);

    queue_set_current(queue, next);
    queue_played(queue, old);
    return next;
}

static void plays_to_the_end_and_begins_at_the_first_again(void **state)
{
    struct queue *queue = queue_of(2, &(struct queue_modes){0});
    bool border;

    (void)state;
    assert_int_equal(queue_first(queue), 1);
    queue_set_current(queue, 1);
    assert_int_equal(queue_previous(queue, 1), 1);
    assert_int_equal(move_on(queue, false, &border), 2);
    assert_false(border);
    assert_int_equal(queue_previous(queue, 2), 1);
    assert_int_equal(queue_first(queue), 2);
    assert_int_equal(move_on(queue, false, &border), QUEUE_NONE);
    assert_int_equal(queue_first(queue), 1);
    queue_destroy(queue);
}

static void repeat_goes_round(void **state)
{
    struct queue *queue = queue_of(2, &(struct queue_modes){.repeat = true});

    (void)state;
    queue_set_current(queue, 2);
    assert_int_equal(queue_next(queue, 2, false, NULL), 1);
    assert_int_equal(queue_next(queue, 2, true, NULL), 1);
    assert_int_equal(queue_previous(queue, 1), 2);
    queue_destroy(queue);
}

static void single_pauses_on_the_next_but_next_does_not(void **state)
{
    struct queue *queue = queue_of(3, &(struct queue_modes){.single = QUEUE_SINGLE_ON});
    struct queue_modes modes;
    bool border;

    (void)state;
    queue_set_current(queue, 1);
    assert_int_equal(move_on(queue, true, &border), 2);
    assert_false(border);
    assert_int_equal(move_on(queue, false, &border), 3);
    assert_true(border);
    queue_read_modes(queue, &modes);
    assert_int_equal(modes.single, QUEUE_SINGLE_ON);
    queue_destroy(queue);
}

static void oneshot_ends_with_the_track(void **state)
{
    struct queue *queue = queue_of(3, &(struct queue_modes){.single = QUEUE_SINGLE_ONESHOT});
    struct queue_modes modes;
    bool border;

    (void)state;
    queue_set_current(queue, 1);
    assert_int_equal(move_on(queue, true, &border), 2);
    queue_read_modes(queue, &modes);
    assert_int_equal(modes.single, QUEUE_SINGLE_ONESHOT);
    assert_int_equal(move_on(queue, false, &border), 3);
    assert_true(border);
    queue_read_modes(queue, &modes);
    assert_int_equal(modes.single, QUEUE_SINGLE_OFF);
    queue_destroy(queue);
}

static void single_and_repeat_play_one_for_ever_but_next_moves_on(void **state)
{
    struct queue_modes modes = {.repeat = true, .single = QUEUE_SINGLE_ON};
    struct queue *queue = queue_of(3, &modes);
    bool border;

    (void)state;
    queue_set_current(queue, 2);
    assert_int_equal(queue_next(queue, 2, false, &border), 2);
    assert_false(border);
    assert_int_equal(queue_next(queue, 2, true, &border), 3);
    queue_destroy(queue);
}

static void consume_takes_out_what_was_played(void **state)
{
    struct queue *queue = queue_of(3, &(struct queue_modes){.consume = QUEUE_CONSUME_ON});

    (void)state;
    queue_set_current(queue, 2);
    assert_int_equal(move_on(queue, false, NULL), 3);
    assert_int_equal(queue_length(queue), 2);
    assert_int_equal(queue_position_of(queue, 2), -1);
    assert_int_equal(move_on(queue, true, NULL), QUEUE_NONE);
    assert_int_equal(queue_length(queue), 1);
    assert_int_equal(queue_first(queue), 1);
    queue_destroy(queue);
}

static void consume_and_repeat_end_with_the_last_one(void **state)
{
    struct queue_modes modes = {.repeat = true, .consume = QUEUE_CONSUME_ON};
    struct queue *queue = queue_of(2, &modes);

    (void)state;
    queue_set_current(queue, 2);
    assert_int_equal(move_on(queue, false, NULL), 1);
    assert_int_equal(move_on(queue, false, NULL), QUEUE_NONE);
    assert_int_equal(queue_length(queue), 0);
    queue_destroy(queue);
}

/* --- random ---------------------------------------------------------------------------------- */

enum { ROUND = 40 };

static void random_plays_each_once_a_round(void **state)
{
    struct queue *queue = queue_of(ROUND, &(struct queue_modes){.random = true, .repeat = true});
    uint32_t last = QUEUE_NONE, order[2][ROUND];

    (void)state;
    queue_set_current(queue, queue_first(queue));
    for (int round = 0; round < 20; round++) {
        bool heard[ROUND + 1] = {false};

        for (int i = 0; i < ROUND; i++) {
            uint32_t id = queue_current(queue);

            assert_false(heard[id]);
            assert_int_not_equal(id, last);
            heard[id] = true;
            order[round % 2][i] = last = id;
            assert_int_equal(queue_next(queue, id, false, NULL), /* asked as often as one likes */
                             queue_next(queue, id, false, NULL));
            move_on(queue, false, NULL);
        }
    }
    assert_memory_not_equal(order[0], order[1], sizeof order[0]);
    queue_destroy(queue);
}

static void random_turned_on_goes_on_with_all_others(void **state)
{
    struct queue *queue = queue_of(ROUND, &(struct queue_modes){0});
    size_t count = 1;

    (void)state;
    queue_set_current(queue, 7);
    queue_set_modes(queue, &(struct queue_modes){.random = true});
    assert_int_equal(queue_previous(queue, 7), 7);
    while (move_on(queue, false, NULL) != QUEUE_NONE) {
        count++;
    }
    assert_int_equal(count, ROUND);
    queue_destroy(queue);
}

static void previous_goes_back_the_way_it_came(void **state)
{
    struct queue *queue = queue_of(ROUND, &(struct queue_modes){.random = true});
    uint32_t way[5];

    (void)state;
    queue_set_current(queue, queue_first(queue));
    for (int i = 0; i < 5; i++) {
        way[i] = queue_current(queue);
        move_on(queue, true, NULL);
    }
    for (int i = 5; i-- > 0;) {
        queue_set_current(queue, queue_previous(queue, queue_current(queue)));
        assert_int_equal(queue_current(queue), way[i]);
    }
    queue_destroy(queue);
}

static void what_a_user_picks_comes_after_what_was_heard(void **state)
{
    struct queue *queue = queue_of(ROUND, &(struct queue_modes){.random = true});
    uint32_t heard, picked;

    (void)state;
    queue_set_current(queue, queue_first(queue));
    move_on(queue, false, NULL);
    heard = queue_current(queue);
    picked = heard % ROUND + 1;
    queue_choose(queue, picked);
    queue_set_current(queue, picked);
    assert_int_equal(queue_previous(queue, picked), heard);
    assert_int_not_equal(queue_next(queue, picked, false, NULL), heard);
    queue_destroy(queue);
}

static void after_stop_all_others_follow_the_current_one(void **state)
{
    struct queue *queue = queue_of(ROUND, &(struct queue_modes){.random = true});
    size_t count = 1;
    uint32_t heard;

    (void)state;
    queue_set_current(queue, queue_first(queue));
    for (int i = 0; i < 10; i++) {
        move_on(queue, false, NULL);
    }
    heard = queue_current(queue);
    queue_stopped(queue);
    assert_int_equal(queue_first(queue), heard);
    while (move_on(queue, false, NULL) != QUEUE_NONE) {
        count++;
    }
    assert_int_equal(count, ROUND);
    queue_destroy(queue);
}

static void higher_priority_comes_first_in_random(void **state)
{
    struct queue *queue = queue_of(ROUND, &(struct queue_modes){.random = true});
    uint32_t old;

    (void)state;
    queue_set_current(queue, queue_first(queue));
    old = queue_current(queue);
    for (int i = 0; i < 3; i++) {
        move_on(queue, false, NULL);
    }
    for (uint32_t id = 1; id <= ROUND; id++) { /* the one heard now is left alone */
        if (id % 10 == 0 && id != queue_current(queue)) {
            assert_int_equal(queue_set_priority(queue, id, (uint8_t)(id + 10)), 0);
        }
    }
    queue_set_priority(queue, old, 200); /* was heard already: once more, and next */
    assert_int_equal(move_on(queue, false, NULL), old);
    for (uint32_t id = 40; id >= 10; id -= 10) {
        if (id != old && queue_next(queue, queue_current(queue), false, NULL) == id) {
            move_on(queue, false, NULL);
        }
    }
    assert_int_not_equal(queue_next(queue, queue_current(queue), false, NULL) % 10, 0);
    queue_destroy(queue);
}

static void what_is_added_in_random_is_played_in_this_round(void **state)
{
    struct queue *queue = queue_of(ROUND, &(struct queue_modes){.random = true});
    uint32_t id, next;
    bool heard = false;

    (void)state;
    queue_set_current(queue, queue_first(queue));
    for (int i = 0; i < ROUND / 2; i++) {
        move_on(queue, false, NULL);
    }
    next = queue_next(queue, queue_current(queue), false, NULL);
    assert_int_equal(queue_insert(queue, 0, "new", NULL, &id), 0);
    assert_int_equal(queue_next(queue, queue_current(queue), false, NULL), next);
    while (move_on(queue, false, NULL) != QUEUE_NONE) {
        heard = heard || queue_current(queue) == id;
    }
    assert_true(heard);
    queue_destroy(queue);
}

/* --- deletions while playing ------------------------------------------------------------------ */

static void playing_goes_on_after_what_is_deleted(void **state)
{
    struct queue *queue = queue_of(5, &(struct queue_modes){0});

    (void)state;
    queue_set_current(queue, 2);
    assert_int_equal(queue_survivor(queue, 1, 3), 4);
    assert_int_equal(queue_survivor(queue, 2, 3), 2); /* not the current one */
    assert_int_equal(queue_survivor(queue, 1, 5), QUEUE_NONE);
    assert_int_equal(queue_delete(queue, 1, 3), 0);
    assert_int_equal(queue_current(queue), QUEUE_NONE);
    queue_set_modes(queue, &(struct queue_modes){.repeat = true});
    queue_set_current(queue, 5);
    assert_int_equal(queue_survivor(queue, 1, 3), 1);
    queue_destroy(queue);
}

static void says_what_cannot_be(void **state)
{
    struct queue *queue = queue_of(3, &(struct queue_modes){0});
    uint32_t version = queue_version(queue);

    (void)state;
    assert_int_equal(queue_insert(queue, 4, "x", NULL, NULL), -ERANGE);
    assert_int_equal(queue_insert(queue, 0, "x\ny", NULL, NULL), -EINVAL);
    assert_int_equal(queue_insert(queue, 0, "", NULL, NULL), -EINVAL);
    assert_int_equal(queue_delete(queue, 2, 4), -ERANGE);
    assert_int_equal(queue_delete(queue, 2, 2), -ERANGE);
    assert_int_equal(queue_move(queue, 0, 2, 2), -ERANGE);
    assert_int_equal(queue_swap(queue, 0, 3), -ERANGE);
    assert_int_equal(queue_shuffle(queue, 0, 4), -ERANGE);
    assert_int_equal(queue_set_priority(queue, 9, 1), -ENOENT);
    assert_int_equal(queue_version(queue), version);
    assert_int_equal(queue_length(queue), 3);
    queue_destroy(queue);
}

static void tags_that_were_read_anew_raise_the_version_of_their_entries(void **state)
{
    struct queue *queue = queue_of(2, &(struct queue_modes){0});
    struct queue_entry entry;
    uint32_t id, version;

    (void)state;
    queue_insert(queue, 1, "y", NULL, &id);
    version = queue_version(queue);
    queue_touch_uri(queue, "not there");
    assert_int_equal(queue_version(queue), version);
    queue_touch_uri(queue, "y");
    assert_true(queue_read(queue, id, &entry));
    assert_true(entry.version > version);
    assert_true(queue_read(queue, 2, &entry));
    assert_true(entry.version <= version);
    queue_destroy(queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_what_a_plain_array_does),
        cmocka_unit_test(plays_to_the_end_and_begins_at_the_first_again),
        cmocka_unit_test(repeat_goes_round),
        cmocka_unit_test(single_pauses_on_the_next_but_next_does_not),
        cmocka_unit_test(oneshot_ends_with_the_track),
        cmocka_unit_test(single_and_repeat_play_one_for_ever_but_next_moves_on),
        cmocka_unit_test(consume_takes_out_what_was_played),
        cmocka_unit_test(consume_and_repeat_end_with_the_last_one),
        cmocka_unit_test(random_plays_each_once_a_round),
        cmocka_unit_test(random_turned_on_goes_on_with_all_others),
        cmocka_unit_test(previous_goes_back_the_way_it_came),
        cmocka_unit_test(what_a_user_picks_comes_after_what_was_heard),
        cmocka_unit_test(after_stop_all_others_follow_the_current_one),
        cmocka_unit_test(higher_priority_comes_first_in_random),
        cmocka_unit_test(what_is_added_in_random_is_played_in_this_round),
        cmocka_unit_test(playing_goes_on_after_what_is_deleted),
        cmocka_unit_test(says_what_cannot_be),
        cmocka_unit_test(tags_that_were_read_anew_raise_the_version_of_their_entries),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
