/* test_queue.c - the queue does what a plain array does, and a client can follow its changes. */
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
    const char *uris[8] = {NULL};
    char text[8][24];
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

/* Entries 0 ... count-1, ids from 1 on. */
static struct queue *queue_of(size_t count)
{
    struct queue *queue = queue_create();

    for (size_t i = 0; i < count; i++) {
        assert_int_equal(queue_insert(queue, i, "x", NULL, NULL), 0);
    }
    return queue;
}

static void says_what_cannot_be(void **state)
{
    struct queue *queue = queue_of(3);
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
    struct queue *queue = queue_of(2);
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
        cmocka_unit_test(says_what_cannot_be),
        cmocka_unit_test(tags_that_were_read_anew_raise_the_version_of_their_entries),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
