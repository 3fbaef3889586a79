/* test_ring.c - the queue between two threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/ring.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>

static void keeps_elements_in_order_across_the_wrap(void **state)
{
    struct ring *ring = ring_create(4, sizeof(int));
    int next_in = 0, next_out = 0;

    (void)state;
    assert_non_null(ring);
    for (int round = 0; round < 50; round++) {
        for (int i = 0; i < 1 + round % 4; i++, next_in++) {
            assert_true(ring_push(ring, &next_in));
        }
        for (int i = 0; i < 1 + round % 4; i++, next_out++) {
            int got = -1;

            assert_true(ring_pop(ring, &got));
            assert_int_equal(next_out, got);
        }
    }
    ring_destroy(ring);
}

static void answers_full_and_changes_nothing(void **state)
{
    struct ring *ring = ring_create(3, sizeof(int));
    int got;

    (void)state;
    assert_int_equal(4, ring_capacity(ring)); /* the next power of two */
    for (int i = 0; i < 4; i++) {
        assert_int_equal(4 - i, ring_writable(ring));
        assert_true(ring_push(ring, &i));
    }
    assert_false(ring_push(ring, &(int){99}));
    assert_int_equal(0, ring_writable(ring));
    assert_int_equal(4, ring_readable(ring));
    assert_int_equal(4, ring_fill(ring));
    for (int i = 0; i < 4; i++) {
        assert_true(ring_pop(ring, &got));
        assert_int_equal(i, got);
    }
    ring_destroy(ring);
}

static void answers_empty_and_leaves_the_element_untouched(void **state)
{
    struct ring *ring = ring_create(2, sizeof(int));
    int got = 7;

    (void)state;
    assert_false(ring_pop(ring, &got));
    assert_false(ring_peek(ring, &got));
    assert_int_equal(7, got);
    assert_int_equal(0, ring_readable(ring));
    assert_int_equal(0, ring_fill(ring));
    ring_destroy(ring);
}

static void shows_the_next_element_without_taking_it(void **state)
{
    struct ring *ring = ring_create(2, sizeof(int));
    int got = 0;

    (void)state;
    ring_push(ring, &(int){5});
    ring_push(ring, &(int){6});
    assert_true(ring_peek(ring, &got));
    assert_true(ring_peek(ring, &got));
    assert_int_equal(5, got);
    assert_int_equal(2, ring_fill(ring));
    assert_true(ring_pop(ring, &got));
    assert_int_equal(5, got);
    assert_true(ring_peek(ring, &got));
    assert_int_equal(6, got);
    ring_destroy(ring);
}

static void holds_elements_of_any_size(void **state)
{
    struct odd {
        char bytes[13];
    };
    struct ring *ring = ring_create(8, sizeof(struct odd));
    struct odd in, out;

    (void)state;
    for (int i = 0; i < 20; i++) {
        for (int k = 0; k < 13; k++) {
            in.bytes[k] = (char)(i + k);
        }
        assert_true(ring_push(ring, &in));
        assert_true(ring_pop(ring, &out));
        assert_memory_equal(&in, &out, sizeof in);
    }
    ring_destroy(ring);
}

static void refuses_no_elements(void **state)
{
    (void)state;
    errno = 0;
    assert_null(ring_create(0, 4));
    assert_int_equal(EINVAL, errno);
    errno = 0;
    assert_null(ring_create(4, 0));
    assert_int_equal(EINVAL, errno);
    errno = 0;
    assert_null(ring_create(SIZE_MAX / 2, 8));
    assert_int_equal(EINVAL, errno);
    ring_destroy(NULL);
}

static void tells_its_memory(void **state)
{
    struct ring *ring = ring_create(16, 8);
    void *address;
    size_t bytes;

    (void)state;
    ring_memory(ring, &address, &bytes);
    assert_int_equal(0, (uintptr_t)address % 64);
    assert_true(bytes >= 16 * 8);
    ring_destroy(ring);
}

enum { MANY = 200000 };

/* Two words that must arrive together. */
struct pair {
    uint64_t number, inverse;
};

static void *write_many(void *argument)
{
    struct ring *ring = argument;

    for (uint64_t i = 0; i < MANY;) {
        struct pair pair = {i, ~i};

        if (ring_push(ring, &pair)) {
            i++;
        } else {
            sched_yield();
        }
    }
    return NULL;
}

static void keeps_order_between_two_threads(void **state)
{
    struct ring *ring = ring_create(8, sizeof(struct pair));
    pthread_t writer;
    size_t wrong = 0, too_full = 0;

    (void)state;
    assert_int_equal(0, pthread_create(&writer, NULL, write_many, ring));
    for (uint64_t i = 0; i < MANY;) {
        struct pair pair;

        too_full += ring_fill(ring) > 8;
        if (!ring_pop(ring, &pair)) {
            sched_yield();
            continue;
        }
        wrong += pair.number != i || pair.inverse != ~i;
        i++;
    }
    pthread_join(writer, NULL);
    assert_int_equal(0, wrong);
    assert_int_equal(0, too_full);
    assert_int_equal(0, ring_fill(ring));
    ring_destroy(ring);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_elements_in_order_across_the_wrap),
        cmocka_unit_test(answers_full_and_changes_nothing),
        cmocka_unit_test(answers_empty_and_leaves_the_element_untouched),
        cmocka_unit_test(shows_the_next_element_without_taking_it),
        cmocka_unit_test(holds_elements_of_any_size),
        cmocka_unit_test(refuses_no_elements),
        cmocka_unit_test(tells_its_memory),
        cmocka_unit_test(keeps_order_between_two_threads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
