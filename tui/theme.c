/* theme.c - the themes, and how their colours are brought to what a terminal has. */
#include "tui/theme.h"

#include <stddef.h>
#include <string.h>

#define NONE COLOUR_NONE

/* The status lines and bars are drawn in the terminal's own colours: what changes every second then
   costs few bytes on a slow line.
   Dark: for light text on a dark ground, and the terminal's own ground left alone. */
static const struct theme themes[] = {
    {
        "dark",
        {
            [ROLE_TEXT] = {NONE, NONE, 0},
            [ROLE_DIM] = {0x8a8a8a, NONE, 0},
            [ROLE_TITLE] = {0x87afd7, NONE, STYLE_BOLD},
            [ROLE_SELECTED] = {0xffffff, 0x005f87, 0},
            [ROLE_SELECTED_AWAY] = {NONE, 0x303030, 0},
            [ROLE_MARKED] = {0xffd75f, NONE, 0},
            [ROLE_PLAYING] = {0x87d787, NONE, STYLE_BOLD},
            [ROLE_MATCH] = {0xffd75f, NONE, STYLE_UNDERLINE},
            [ROLE_STATUS] = {NONE, NONE, 0},
            [ROLE_STATUS_STRONG] = {NONE, NONE, STYLE_BOLD},
            [ROLE_MATCHED] = {0x5fd7ff, NONE, STYLE_BOLD},
            [ROLE_ORIGINAL] = {0xffaf5f, NONE, STYLE_BOLD},
            [ROLE_REFERENCE] = {0xd787ff, NONE, STYLE_BOLD},
            [ROLE_WARNING] = {0xffaf00, NONE, 0},
            [ROLE_ERROR] = {0xff5f5f, NONE, STYLE_BOLD},
            [ROLE_KEY] = {0x5fd7ff, NONE, 0},
            [ROLE_BAR] = {NONE, NONE, 0},
            [ROLE_BAR_REST] = {NONE, NONE, 0},
            [ROLE_METER_LOW] = {0x5faf5f, NONE, 0},
            [ROLE_METER_MIDDLE] = {0xd7d75f, NONE, 0},
            [ROLE_METER_HIGH] = {0xff5f5f, NONE, 0},
        },
        {
            [ROLE_TEXT] = NONE,
            [ROLE_DIM] = NONE,
            [ROLE_TITLE] = 6,
            [ROLE_SELECTED] = NONE,
            [ROLE_SELECTED_AWAY] = NONE,
            [ROLE_MARKED] = 3,
            [ROLE_PLAYING] = 2,
            [ROLE_MATCH] = 3,
            [ROLE_STATUS] = NONE,
            [ROLE_STATUS_STRONG] = NONE,
            [ROLE_MATCHED] = 6,
            [ROLE_ORIGINAL] = 3,
            [ROLE_REFERENCE] = 5,
            [ROLE_WARNING] = 3,
            [ROLE_ERROR] = 1,
            [ROLE_KEY] = 6,
            [ROLE_BAR] = 6,
            [ROLE_BAR_REST] = NONE,
            [ROLE_METER_LOW] = 2,
            [ROLE_METER_MIDDLE] = 3,
            [ROLE_METER_HIGH] = 1,
        },
        {
            [ROLE_DIM] = STYLE_DIM,
            [ROLE_TITLE] = STYLE_BOLD,
            [ROLE_SELECTED] = STYLE_REVERSE,
            [ROLE_SELECTED_AWAY] = STYLE_UNDERLINE,
            [ROLE_MARKED] = STYLE_BOLD,
            [ROLE_PLAYING] = STYLE_BOLD,
            [ROLE_MATCH] = STYLE_UNDERLINE,
            [ROLE_STATUS_STRONG] = STYLE_BOLD,
            [ROLE_MATCHED] = STYLE_BOLD,
            [ROLE_ORIGINAL] = STYLE_BOLD,
            [ROLE_REFERENCE] = STYLE_BOLD,
            [ROLE_WARNING] = STYLE_BOLD,
            [ROLE_ERROR] = STYLE_BOLD | STYLE_REVERSE,
            [ROLE_KEY] = STYLE_BOLD,
            [ROLE_METER_HIGH] = STYLE_BOLD,
        },
    },
    {
        "light",
        {
            [ROLE_TEXT] = {NONE, NONE, 0},
            [ROLE_DIM] = {0x767676, NONE, 0},
            [ROLE_TITLE] = {0x005f87, NONE, STYLE_BOLD},
            [ROLE_SELECTED] = {0xffffff, 0x005faf, 0},
            [ROLE_SELECTED_AWAY] = {NONE, 0xdadada, 0},
            [ROLE_MARKED] = {0xaf5f00, NONE, 0},
            [ROLE_PLAYING] = {0x008700, NONE, STYLE_BOLD},
            [ROLE_MATCH] = {0xaf5f00, NONE, STYLE_UNDERLINE},
            [ROLE_STATUS] = {NONE, NONE, 0},
            [ROLE_STATUS_STRONG] = {NONE, NONE, STYLE_BOLD},
            [ROLE_MATCHED] = {0x0087af, NONE, STYLE_BOLD},
            [ROLE_ORIGINAL] = {0xaf5f00, NONE, STYLE_BOLD},
            [ROLE_REFERENCE] = {0x8700af, NONE, STYLE_BOLD},
            [ROLE_WARNING] = {0xaf5f00, NONE, 0},
            [ROLE_ERROR] = {0xaf0000, NONE, STYLE_BOLD},
            [ROLE_KEY] = {0x005faf, NONE, 0},
            [ROLE_BAR] = {NONE, NONE, 0},
            [ROLE_BAR_REST] = {NONE, NONE, 0},
            [ROLE_METER_LOW] = {0x008700, NONE, 0},
            [ROLE_METER_MIDDLE] = {0x875f00, NONE, 0},
            [ROLE_METER_HIGH] = {0xaf0000, NONE, 0},
        },
        {
            [ROLE_TEXT] = NONE,
            [ROLE_DIM] = NONE,
            [ROLE_TITLE] = 4,
            [ROLE_SELECTED] = NONE,
            [ROLE_SELECTED_AWAY] = NONE,
            [ROLE_MARKED] = 1,
            [ROLE_PLAYING] = 2,
            [ROLE_MATCH] = 1,
            [ROLE_STATUS] = NONE,
            [ROLE_STATUS_STRONG] = NONE,
            [ROLE_MATCHED] = 4,
            [ROLE_ORIGINAL] = 1,
            [ROLE_REFERENCE] = 5,
            [ROLE_WARNING] = 1,
            [ROLE_ERROR] = 1,
            [ROLE_KEY] = 4,
            [ROLE_BAR] = 4,
            [ROLE_BAR_REST] = NONE,
            [ROLE_METER_LOW] = 2,
            [ROLE_METER_MIDDLE] = 3,
            [ROLE_METER_HIGH] = 1,
        },
        {
            [ROLE_DIM] = STYLE_DIM,
            [ROLE_TITLE] = STYLE_BOLD,
            [ROLE_SELECTED] = STYLE_REVERSE,
            [ROLE_SELECTED_AWAY] = STYLE_UNDERLINE,
            [ROLE_MARKED] = STYLE_BOLD,
            [ROLE_PLAYING] = STYLE_BOLD,
            [ROLE_MATCH] = STYLE_UNDERLINE,
            [ROLE_STATUS_STRONG] = STYLE_BOLD,
            [ROLE_MATCHED] = STYLE_BOLD,
            [ROLE_ORIGINAL] = STYLE_BOLD,
            [ROLE_REFERENCE] = STYLE_BOLD,
            [ROLE_WARNING] = STYLE_BOLD,
            [ROLE_ERROR] = STYLE_BOLD | STYLE_REVERSE,
            [ROLE_KEY] = STYLE_BOLD,
            [ROLE_METER_HIGH] = STYLE_BOLD,
        },
    },
};

const struct theme *theme_at(int index)
{
    return index >= 0 && (size_t)index < sizeof themes / sizeof themes[0] ? &themes[index] : NULL;
}

const struct theme *theme_named(const char *name)
{
    for (int i = 0; theme_at(i) != NULL; i++) {
        if (strcmp(themes[i].name, name) == 0) {
            return &themes[i];
        }
    }
    return NULL;
}

/* The nearest of xterm's colour cube (16 to 231) and greys (232 to 255). */
static int32_t to_256(int32_t colour)
{
    static const int steps[] = {0, 95, 135, 175, 215, 255};
    int part[3] = {(colour >> 16) & 255, (colour >> 8) & 255, colour & 255};
    int place[3], grey, best = 0, cube = 0, error = 0;

    for (int i = 0; i < 3; i++) {
        place[i] = 0;
        for (int j = 1; j < 6; j++) {
            if ((part[i] - steps[j]) * (part[i] - steps[j]) <
                (part[i] - steps[place[i]]) * (part[i] - steps[place[i]])) {
                place[i] = j;
            }
        }
        cube += (part[i] - steps[place[i]]) * (part[i] - steps[place[i]]);
    }
    grey = ((part[0] + part[1] + part[2]) / 3 - 8 + 5) / 10;
    grey = grey < 0 ? 0 : grey > 23 ? 23 : grey;
    for (int i = 0; i < 3; i++) {
        error += (part[i] - 8 - 10 * grey) * (part[i] - 8 - 10 * grey);
    }
    best = error < cube ? 232 + grey : 16 + 36 * place[0] + 6 * place[1] + place[2];
    return best;
}

struct look theme_look(const struct theme *theme, enum role role, enum theme_depth depth)
{
    struct look look = theme->looks[role];

    switch (depth) {
    case THEME_MONO:
        return (struct look){NONE, NONE, theme->mono[role]};
    case THEME_8: /* grounds are told by reverse and underline, as without colour */
        return (struct look){theme->eight[role], NONE, theme->mono[role]};
    case THEME_256:
        look.front = look.front == NONE ? NONE : to_256(look.front);
        look.back = look.back == NONE ? NONE : to_256(look.back);
        return look;
    case THEME_TRUE:
    default:
        return look;
    }
}
