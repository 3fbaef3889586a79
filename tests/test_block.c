/* test_block.c - the pool of blocks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/block.h"
#include "base/ring.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>

static void gives_each_block_once_then_null(void **state)
{
    struct block_pool *pool = block_pool_create(5, 100);
    struct block *blocks[5];

    (void)state;
    assert_non_null(pool);
    assert_int_equal(100, block_pool_frames(pool));
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(5 - i, block_pool_free(pool));
        blocks[i] = block_acquire(pool);
        assert_non_null(blocks[i]);
        for (size_t k = 0; k < i; k++) {
            assert_ptr_not_equal(blocks[k], blocks[i]);
        }
    }
    assert_null(block_acquire(pool));
    block_release(pool, blocks[2]);
    assert_int_equal(1, block_pool_free(pool));
    assert_ptr_equal(blocks[2], block_acquire(pool));
    for (size_t i = 0; i < 5; i++) {
        block_release(pool, blocks[i]);
    }
    assert_int_equal(5, block_pool_free(pool));
    block_pool_destroy(pool);
}

static void aligns_channels_that_do_not_overlap(void **state)
{
    enum { COUNT = 6, FRAMES = 37 }; /* no whole number of cache lines */
    struct block_pool *pool = block_pool_create(COUNT, FRAMES);
    struct block *blocks[COUNT];
    float number = 0.0F;

    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        blocks[i] = block_acquire(pool);
        for (size_t c = 0; c < BLOCK_CHANNELS; c++) {
            assert_int_equal(0, (uintptr_t)blocks[i]->channel[c] % 64);
            for (size_t n = 0; n < FRAMES; n++) {
                blocks[i]->channel[c][n] = number++;
            }
        }
    }
    number = 0.0F;
    for (size_t i = 0; i < COUNT; i++) {
        for (size_t c = 0; c < BLOCK_CHANNELS; c++) {
            for (size_t n = 0; n < FRAMES; n++) {
                assert_true(blocks[i]->channel[c][n] == number++);
            }
        }
        block_release(pool, blocks[i]);
    }
    block_pool_destroy(pool);
}

static void tells_the_memory_of_its_samples(void **state)
{
    struct block_pool *pool = block_pool_create(3, 512);
    struct block *block = block_acquire(pool);
    void *address;
    size_t bytes;

    (void)state;
    block_pool_memory(pool, &address, &bytes);
    assert_int_equal(3 * 2 * 512 * sizeof(float), bytes);
    assert_in_range((uintptr_t)block->channel[1], (uintptr_t)address,
                    (uintptr_t)address + bytes - 512 * sizeof(float));
    block_release(pool, block);
    block_pool_destroy(pool);
}

static void refuses_empty_pools(void **state)
{
    (void)state;
    errno = 0;
    assert_null(block_pool_create(0, 512));
    assert_int_equal(EINVAL, errno);
    errno = 0;
    assert_null(block_pool_create(4, 0));
    assert_int_equal(EINVAL, errno);
    errno = 0;
    assert_null(block_pool_create(SIZE_MAX / 4, 512));
    assert_int_equal(EINVAL, errno);
    block_pool_destroy(NULL);
}

enum { MANY = 50000 };

struct relay {
    struct block_pool *pool;
    struct ring *filled;
    size_t wrong;
};

/* As the audio thread: takes filled blocks, gives them back. */
static void *consume(void *argument)
{
    struct relay *relay = argument;

    for (int64_t i = 0; i < MANY;) {
        struct block *block;

        if (!ring_pop(relay->filled, &block)) {
            sched_yield();
            continue;
        }
        relay->wrong += block->position != i || block->channel[1][63] != (float)i;
        block_release(relay->pool, block);
        i++;
    }
    return NULL;
}

static void passes_blocks_between_two_threads(void **state)
{
    struct relay relay = {.pool = block_pool_create(4, 64),
                          .filled = ring_create(4, sizeof(struct block *))};
    pthread_t consumer;

    (void)state;
    assert_int_equal(0, pthread_create(&consumer, NULL, consume, &relay));
    for (int64_t i = 0; i < MANY;) {
        struct block *block = block_acquire(relay.pool);

        if (block == NULL) {
            sched_yield();
            continue;
        }
        block->position = i;
        block->channel[1][63] = (float)i;
        assert_true(ring_push(relay.filled, &block));
        i++;
    }
    pthread_join(consumer, NULL);
    assert_int_equal(0, relay.wrong);
    assert_int_equal(4, block_pool_free(relay.pool));
    ring_destroy(relay.filled);
    block_pool_destroy(relay.pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_each_block_once_then_null),
        cmocka_unit_test(aligns_channels_that_do_not_overlap),
        cmocka_unit_test(tells_the_memory_of_its_samples),
        cmocka_unit_test(refuses_empty_pools),
        cmocka_unit_test(passes_blocks_between_two_threads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
