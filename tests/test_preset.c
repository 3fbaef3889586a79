/* test_preset.c - presets, shipped and the user's own. */
#include "chain/preset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char told[2048];

static void tell(void *context, const char *line)
{
    size_t used = strlen(told);

    (void)context;
    snprintf(told + used, sizeof told - used, "%s\n", line);
}

static void read_text(struct presets *presets, const char *text)
{
    char path[] = "/tmp/matchplay-preset-XXXXXX";
    int file = mkstemp(path);

    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), strlen(text));
    close(file);
    told[0] = '\0';
    assert_int_equal(presets_read(presets, path, tell, NULL), 0);
    unlink(path);
}

static void has_the_exact_match_without_any_file(void **state)
{
    struct presets *presets = presets_create();
    const struct preset *exact = presets_find(presets, "matchering");

    (void)state;
    assert_non_null(exact);
    assert_true(exact->values[PRESET_MATCH] == 1 && exact->values[PRESET_LIMITER] == 1);
    assert_true(exact->values[PRESET_EQ] == 100 && exact->values[PRESET_MAX_BOOST_DB] == 0);
    assert_int_equal(presets_read(presets, "/nowhere/presets.ini", tell, NULL), -ENOENT);
    presets_destroy(presets);
}

static void the_shipped_file_is_good(void **state)
{
    struct presets *presets = presets_create();
    const struct preset *gentle;

    (void)state;
    told[0] = '\0';
    assert_int_equal(presets_read(presets, "presets.ini", tell, NULL), 0);
    assert_string_equal(told, "");
    assert_int_equal(presets_count(presets), 5);
    for (size_t i = 0; i < 5; i++) { /* in the order of the file */
        static const char *const ids[] = {"matchering", "gentle", "full", "night", "original"};

        assert_string_equal(presets_get(presets, i)->id, ids[i]);
    }
    assert_true(presets_find(presets, "original")->values[PRESET_MATCH] == 0);
    gentle = presets_find(presets, "gentle");
    assert_true(gentle->values[PRESET_EQ] == 60 && gentle->values[PRESET_MAX_BOOST_DB] == 18);
    assert_string_equal(gentle->name, "Gentle");
    assert_true(rack_is_exact(&presets_find(presets, "matchering")->rack));
    assert_true(rack_is_exact(&gentle->rack));
    assert_int_equal(presets_find(presets, "full")->rack.length, 5); /* all modules there are */
    assert_int_equal(rack_find(&presets_find(presets, "night")->rack, "spectral"), -1);
    for (size_t i = 0; i < presets_count(presets); i++) {
        const struct preset *preset = presets_get(presets, i);

        assert_true(preset->values[PRESET_MAX_BOOST_DB] ==
                    (strcmp(preset->id, "matchering") == 0 ? 0 : 18));
        assert_true(strlen(presets_get(presets, i)->description) > 10);
    }
    presets_destroy(presets);
}

static void a_later_file_changes_what_it_names_and_leaves_the_rest(void **state)
{
    struct presets *presets = presets_create();
    const struct preset *preset;

    (void)state;
    read_text(presets, "[soft]\nname = Soft\neq = 30\nlimiter = no\n");
    read_text(presets, "[soft]\neq = 40\n[empty]\n");
    preset = presets_find(presets, "soft");
    assert_string_equal(preset->name, "Soft");
    assert_true(preset->values[PRESET_EQ] == 40 && preset->values[PRESET_LIMITER] == 0);
    assert_true(preset->values[PRESET_WIDTH] == 100);
    assert_non_null(presets_find(presets, "empty"));
    /* One's own lift nothing by more than 18 dB, unless they say so. */
    assert_true(preset->values[PRESET_MAX_BOOST_DB] == 18);
    read_text(presets, "[soft]\nmax_boost_db = 0\n[matchering]\neq = 90\n");
    assert_true(preset->values[PRESET_MAX_BOOST_DB] == 0);
    assert_true(presets_find(presets, "matchering")->values[PRESET_MAX_BOOST_DB] == 0);
    presets_destroy(presets);
}

static void says_what_is_wrong_and_where(void **state)
{
    struct presets *presets = presets_create();

    (void)state;
    read_text(presets,
              "[loud]\nlevel = 200\neqq = 3\nwidth = 20\n[no_good]\neq = 1\n[b c]\neq = 2\n");
    assert_non_null(strstr(told, ":2: [loud] level = 200: it goes from 0 to 100 %\n"));
    assert_non_null(strstr(told, ":3: [loud] there is no parameter eqq; the nearest is eq\n"));
    assert_non_null(strstr(told, ":5: [no_good] a preset's id is of a-z, 0-9 and -"));
    assert_non_null(strstr(told, ":7: "));
    assert_true(presets_find(presets, "loud")->values[PRESET_WIDTH] == 20);
    assert_true(presets_find(presets, "loud")->values[PRESET_LEVEL] == 100);
    assert_null(presets_find(presets, "no_good"));
    assert_int_equal(presets_count(presets), 2);
    assert_string_equal(presets_nearest(presets, "laud"), "loud");
    presets_destroy(presets);
}

static void a_preset_says_what_its_chain_is_made_of(void **state)
{
    struct presets *presets = presets_create();
    const struct rack *rack;

    (void)state;
    read_text(presets, "[mine]\nbypass = limiter\nspectral.range = 4\n"
                       "chain = limiter match_eq spectral\nlimiter.ceiling = -2\n");
    assert_string_equal(told, "");
    rack = &presets_find(presets, "mine")->rack;
    assert_int_equal(rack->length, 3);
    assert_int_equal(rack_find(rack, "limiter"), 0);
    assert_true(rack->entries[0].bypassed && rack->entries[0].values[LIMITER_CEILING] == -2);
    assert_true(rack->entries[2].values[0] == 4);
    read_text(presets, "[mine]\nspectral.range = 5\n"); /* a later file: the rest stays */
    assert_true(rack->entries[2].values[0] == 5 && rack->entries[0].bypassed);
    read_text(presets, "[mine]\nchain = match_eq reverb\nlimiter.celing = 3\nspectral.range = 99\n"
                       "a.b.c = 1\n");
    assert_non_null(strstr(told, ":2: [mine] there is no module reverb\n"));
    assert_non_null(strstr(told, ":3: [mine] limiter has no parameter celing; the nearest is "
                                 "ceiling\n"));
    assert_non_null(strstr(told, ":4: [mine] spectral.range: 99 is no number from 0 to 12 dB\n"));
    assert_non_null(strstr(told, ":5: [mine] there is no module a\n"));
    assert_int_equal(rack->length, 1);
    presets_destroy(presets);
}

static void what_is_saved_is_read_back_and_taken_out_again(void **state)
{
    struct presets *shipped = presets_create(), *own = presets_create();
    struct preset copy;
    char folder[] = "/tmp/matchplay-presets-XXXXXX", path[128], quoted[] = "It's \"mine\"",
         name[] = "It's mine; all of it";

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/new/presets.ini", folder);
    assert_int_equal(presets_read(shipped, "presets.ini", NULL, NULL), 0);
    for (size_t i = 0; i < presets_count(shipped); i++) {
        assert_int_equal(preset_save(presets_get(shipped, i), path), 0);
    }
    copy = *presets_find(shipped, "full");
    copy.name = name;
    copy.description = quoted; /* cannot be written, and is left out */
    assert_int_equal(preset_save(&copy, path), 0);
    told[0] = '\0';
    assert_int_equal(presets_read(own, path, tell, NULL), 0);
    assert_string_equal(told, "");
    assert_int_equal(presets_count(own), presets_count(shipped));
    for (size_t i = 0; i < presets_count(shipped); i++) {
        const struct preset *one = presets_get(shipped, i);
        const struct preset *other = presets_find(own, one->id);

        assert_non_null(other);
        assert_true(rack_equal(&one->rack, &other->rack));
        assert_memory_equal(one->values, other->values, sizeof one->values);
    }
    assert_string_equal(presets_find(own, "full")->name, name);
    assert_int_equal(preset_remove("full", path), 0);
    assert_int_equal(preset_remove("full", path), -ENOENT);
    presets_destroy(own);
    own = presets_create();
    assert_int_equal(presets_read(own, path, tell, NULL), 0);
    assert_null(presets_find(own, "full"));
    assert_int_equal(presets_count(own), presets_count(shipped) - 1);
    copy.id = quoted;
    assert_int_equal(preset_save(&copy, path), -EINVAL);
    unlink(path);
    snprintf(path, sizeof path, "%s/new", folder);
    assert_int_equal(rmdir(path) | rmdir(folder), 0);
    presets_destroy(own);
    presets_destroy(shipped);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_exact_match_without_any_file),
        cmocka_unit_test(the_shipped_file_is_good),
        cmocka_unit_test(a_later_file_changes_what_it_names_and_leaves_the_rest),
        cmocka_unit_test(says_what_is_wrong_and_where),
        cmocka_unit_test(a_preset_says_what_its_chain_is_made_of),
        cmocka_unit_test(what_is_saved_is_read_back_and_taken_out_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
