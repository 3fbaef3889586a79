/* test_queue_rules.c - what is played after what. */
#include "library/queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

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

static void random_begins_with_another_order_after_its_end(void **state)
{
    struct queue *queue = queue_of(ROUND, &(struct queue_modes){.random = true});
    uint32_t order[2][ROUND];

    (void)state;
    for (int round = 0; round < 2; round++) {
        queue_set_current(queue, queue_first(queue));
        for (int i = 0; i < ROUND; i++) {
            order[round][i] = queue_current(queue);
            move_on(queue, false, NULL);
        }
        assert_int_equal(queue_current(queue), QUEUE_NONE);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plays_to_the_end_and_begins_at_the_first_again),
        cmocka_unit_test(repeat_goes_round),
        cmocka_unit_test(single_pauses_on_the_next_but_next_does_not),
        cmocka_unit_test(oneshot_ends_with_the_track),
        cmocka_unit_test(single_and_repeat_play_one_for_ever_but_next_moves_on),
        cmocka_unit_test(consume_takes_out_what_was_played),
        cmocka_unit_test(consume_and_repeat_end_with_the_last_one),
        cmocka_unit_test(random_plays_each_once_a_round),
        cmocka_unit_test(random_begins_with_another_order_after_its_end),
        cmocka_unit_test(random_turned_on_goes_on_with_all_others),
        cmocka_unit_test(previous_goes_back_the_way_it_came),
        cmocka_unit_test(what_a_user_picks_comes_after_what_was_heard),
        cmocka_unit_test(after_stop_all_others_follow_the_current_one),
        cmocka_unit_test(higher_priority_comes_first_in_random),
        cmocka_unit_test(what_is_added_in_random_is_played_in_this_round),
        cmocka_unit_test(playing_goes_on_after_what_is_deleted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
