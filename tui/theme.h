/*
 * theme.h - what each part of the screen looks like: roles, and a colour for each in every theme.
 *
 * Views name roles, never colours. A theme has three columns: for terminals of 8, of 256 and of
 * true colour (given as 0xRRGGBB), and an attribute that must carry the meaning alone where there
 * is no colour at all (NO_COLOR, or a terminal that has none).
 *
 * Threads: any; tables are const.
 */
#ifndef MP_TUI_THEME_H
#define MP_TUI_THEME_H

#include <stdint.h>

enum role {
    ROLE_TEXT,
    ROLE_DIM,           /* what matters less: times, folders, hints */
    ROLE_TITLE,         /* of a pane or a table */
    ROLE_SELECTED,      /* the line that keys act on */
    ROLE_SELECTED_AWAY, /* the same in a pane that does not have the keys */
    ROLE_MARKED,
    ROLE_PLAYING, /* the track that is heard */
    ROLE_MATCH,   /* what the search found */
    ROLE_STATUS,  /* the lines at the foot */
    ROLE_STATUS_STRONG,
    ROLE_MATCHED,   /* B */
    ROLE_ORIGINAL,  /* A */
    ROLE_REFERENCE, /* C */
    ROLE_WARNING,
    ROLE_ERROR,
    ROLE_KEY, /* a key's name in help */
    ROLE_BAR,
    ROLE_BAR_REST,
    ROLE_METER_LOW,
    ROLE_METER_MIDDLE,
    ROLE_METER_HIGH,
    ROLES
};

enum { STYLE_BOLD = 1, STYLE_DIM = 2, STYLE_REVERSE = 4, STYLE_UNDERLINE = 8 };
enum { COLOUR_NONE = -1 }; /* the terminal's own */

struct look {
    int32_t front, back; /* 0xRRGGBB, or an index below 8 or 256; COLOUR_NONE */
    uint8_t style;
};

enum theme_depth { THEME_MONO, THEME_8, THEME_256, THEME_TRUE };

struct theme {
    const char *name;
    struct look looks[ROLES]; /* true colour; the others are made of it */
    int8_t eight[ROLES];      /* foreground for 8 colours, COLOUR_NONE: the terminal's own */
    uint8_t mono[ROLES];      /* style alone */
};

const struct theme *theme_named(const char *name); /* NULL: none such */
const struct theme *theme_at(int index);           /* NULL past the last */
/* How a role is drawn at a depth; colours are indices below 8 or 256, or 0xRRGGBB. */
struct look theme_look(const struct theme *theme, enum role role, enum theme_depth depth);

#endif
