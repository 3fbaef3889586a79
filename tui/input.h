/*
 * input.h - what a person did: a key, the mouse, another size of the terminal.
 *
 * A key is a Unicode code point (control keys as the terminal sends them: ^A is 1), or one of the
 * names below, with INPUT_ALT or-ed in when Esc or Alt came before it.
 *
 * Threads: any.
 */
#ifndef MP_TUI_INPUT_H
#define MP_TUI_INPUT_H

enum input_kind { INPUT_NONE, INPUT_KEY, INPUT_CLICK, INPUT_WHEEL, INPUT_RESIZE };

enum {
    INPUT_ALT = 0x1000000,
    INPUT_TAB = 9,
    INPUT_ENTER = 13,
    INPUT_ESCAPE = 27,
    INPUT_SPACE = 32,
    INPUT_BACKSPACE = 127,
    INPUT_FIRST_NAMED = 0x110000, /* past all of Unicode */
    INPUT_UP = INPUT_FIRST_NAMED,
    INPUT_DOWN,
    INPUT_LEFT,
    INPUT_RIGHT,
    INPUT_HOME,
    INPUT_END,
    INPUT_PAGE_UP,
    INPUT_PAGE_DOWN,
    INPUT_INSERT,
    INPUT_DELETE,
    INPUT_BACK_TAB,
    INPUT_F1, /* F2 is INPUT_F1 + 1 ... */
    INPUT_F12 = INPUT_F1 + 11,
};

struct input {
    enum input_kind kind;
    int key;
    int row, column; /* of the mouse */
    int clicks;      /* 1, or 2 for a double click */
    int lines;       /* of the wheel: negative is up */
};

#endif
