/* test_chain_panel.c - the chain in view 8: what shows, and what keys change. */
#include "screen_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char answers[] = "tests/data/screen/chain-answers.txt";

static void tab_shows_the_chain_and_goes_back(void **state)
{
    struct stage stage;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    stage_type(&stage, "8");
    assert_false(stage_was_asked(&stage, "match \"chain\""));
    stage_type(&stage, "tab");
    stage_assert_shows(&stage, "Match EQ");
    stage_assert_shows(&stage, "Dynamics (bypassed)");
    stage_assert_shows(&stage, "mode                 reference");
    stage_assert_shows(&stage, "ceiling              -1 dBTP");
    stage_assert_shows(&stage, "add spectral");
    stage_assert_shows(&stage, "edited: S saves, X takes it back");
    stage_type(&stage, "tab");
    stage_assert_shows(&stage, "preset");
    stage_close(&stage);
}

static void keys_change_what_is_selected(void **state)
{
    static const char *const keys[][2] = {
        {"enter", "match \"chain\" \"bypass\" \"match_eq\"\n"},
        {"j D", "match \"chain\" \"remove\" \"dynamics\"\n"},
        {"j enter", "match \"chain\" \"set\" \"dynamics\" \"mode\" \"manual\"\n"},
        {"j j <", "match \"chain\" \"set\" \"limiter\" \"ceiling\" \"-1.5\"\n"},
        {"> >", "match \"chain\" \"set\" \"limiter\" \"ceiling\" \"-0.5\"\n"},
        {"enter ^U - 3 enter", "match \"chain\" \"set\" \"limiter\" \"ceiling\" \"-3\"\n"},
        {"j enter", "match \"chain\" \"add\" \"spectral\"\n"},
        {"X", "match \"chain\" \"reset\"\n"},
    };
    struct stage stage;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    stage_type(&stage, "8 tab");
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        stage_type(&stage, keys[i][0]);
        if (!stage_was_asked(&stage, keys[i][1])) {
            fail_msg("%s does not send %s", keys[i][0], keys[i][1]);
        }
    }
    stage_close(&stage);
}

static void modules_are_moved_one_place(void **state)
{
    struct stage stage;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    stage_type(&stage, "8 tab p");
    assert_true(stage_was_asked(&stage, "match \"chain\" \"move\" \"match_eq\" \"1\"\n"));
    stage_type(&stage, "j P");
    assert_true(stage_was_asked(&stage, "match \"chain\" \"move\" \"dynamics\" \"0\"\n"));
    stage_type(&stage, "j p");
    stage_assert_shows(&stage, "select a module to move it"); /* a parameter stays where it is */
    stage_type(&stage, "g P");
    stage_assert_shows(&stage, "it is the first already");
    stage_close(&stage);
}

static void the_selection_goes_with_the_module_that_is_moved(void **state)
{
    static const char block[] = "module: match_eq\ntitle: Match EQ\nbypassed: 0\n";
    static const char behind[] = "module: limiter\n";
    struct stage stage;
    char *at, *end;

    (void)state;
    stage_open(&stage, answers, 24, 80, true);
    stage_type(&stage, "8 tab p");
    at = strstr(stage.answers, block); /* the player has moved it behind dynamics */
    assert_non_null(at);
    end = strstr(at, behind);
    assert_non_null(end);
    memmove(at, at + sizeof block - 1, (size_t)(end - at) - (sizeof block - 1));
    memcpy(end - (sizeof block - 1), block, sizeof block - 1);
    stage_type(&stage, "tab tab p");
    assert_true(stage_was_asked(&stage, "match \"chain\" \"move\" \"match_eq\" \"2\"\n"));
    stage_close(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tab_shows_the_chain_and_goes_back),
        cmocka_unit_test(keys_change_what_is_selected),
        cmocka_unit_test(modules_are_moved_one_place),
        cmocka_unit_test(the_selection_goes_with_the_module_that_is_moved),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
