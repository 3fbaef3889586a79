/* test_record_pack.c - records as bytes: what comes back, and what bytes of any origin do. */
#include "library/record_pack.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stddef.h>

#include <cmocka.h>

static void pack(struct record_bytes *bytes)
{
    struct tag_value values[] = {{TAG_ARTIST, "Ärtist"}, {TAG_ARTIST, "Other"}, {TAG_WORK, "w"}};
    struct tags tags = {.values = values,
                        .count = 3,
                        .duration_s = 1234.567,
                        .rate_hz = 192000,
                        .channels = 6,
                        .bits = 24,
                        .is_float = true,
                        .codec = "WavPack",
                        .track_gain_db = -3.25,
                        .track_peak = (double)NAN,
                        .album_gain_db = 0.0,
                        .album_peak = 1.5};

    assert_int_equal(record_pack_tags(bytes, &tags), 0);
}

static void gives_back_what_was_packed(void **state)
{
    struct record_view *view = malloc(sizeof *view);
    struct record_bytes bytes = {0};

    (void)state;
    assert_non_null(view);
    pack(&bytes);
    assert_int_equal(record_unpack_tags(view, bytes.data, bytes.size), 0);
    assert_int_equal(view->tags.count, 3);
    assert_string_equal(tags_get(&view->tags, TAG_ARTIST, 0), "Ärtist");
    assert_string_equal(tags_get(&view->tags, TAG_ARTIST, 1), "Other");
    assert_string_equal(tags_first(&view->tags, TAG_WORK), "w");
    assert_true(fabs(view->tags.duration_s - 1234.567) < 1e-9);
    assert_int_equal(view->tags.rate_hz, 192000);
    assert_int_equal(view->tags.channels, 6);
    assert_int_equal(view->tags.bits, 24);
    assert_true(view->tags.is_float);
    assert_string_equal(view->tags.codec, "WavPack");
    assert_true(view->tags.track_gain_db == -3.25 && isnan(view->tags.track_peak));
    record_bytes_finish(&bytes);
    free(view);
}

static void refuses_what_is_cut_short_or_longer(void **state)
{
    struct record_view *view = malloc(sizeof *view);
    struct record_bytes bytes = {0};

    (void)state;
    assert_non_null(view);
    pack(&bytes);
    for (size_t size = 0; size < bytes.size; size++) {
        unsigned char *part = malloc(size + 1); /* so that reading behind it would be seen */

        assert_non_null(part);
        memcpy(part, bytes.data, size);
        assert_int_equal(record_unpack_tags(view, part, size), -EINVAL);
        free(part);
    }
    assert_non_null(record_bytes_grow(&bytes, 1));
    bytes.data[bytes.size] = 0;
    assert_int_equal(record_unpack_tags(view, bytes.data, bytes.size + 1), -EINVAL);
    bytes.data[0] ^= 64; /* of another version */
    assert_int_equal(record_unpack_tags(view, bytes.data, bytes.size), -EINVAL);
    record_bytes_finish(&bytes);
    free(view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_back_what_was_packed),
        cmocka_unit_test(refuses_what_is_cut_short_or_longer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
