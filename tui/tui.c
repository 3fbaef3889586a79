/* tui.c - the terminal, through curses. */
#include "tui/tui.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

enum { ESCAPE_MS = 25, DOUBLE_CLICK_MS = 400, BEHIND_BYTES = 512, WIDE_MAX = 8 };

struct tui {
    SCREEN *screen;
    const struct theme *theme;
    enum theme_depth depth;
    bool unicode, all;
    short pairs[ROLES];
    attr_t styles[ROLES];
    struct cell *shown; /* what the terminal has */
    int rows, columns;
    struct timespec clicked;
    int clicked_row, clicked_column;
};

/* What tui_restore needs where nothing else can be reached: the terminal is one for the process. */
static struct termios terminal_before;
static volatile sig_atomic_t terminal_taken;

/* --- colours ------------------------------------------------------------------------------- */

static enum theme_depth depth_of_terminal(void)
{
    const char *no = getenv("NO_COLOR");
    const char *true_colour = getenv("COLORTERM");

    if ((no != NULL && no[0] != '\0') || !has_colors()) {
        return THEME_MONO;
    }
    if (COLORS >= 256) {
        return true_colour != NULL && COLORS > 256 &&
                       (strcmp(true_colour, "truecolor") == 0 || strcmp(true_colour, "24bit") == 0)
                   ? THEME_TRUE
                   : THEME_256;
    }
    return COLORS >= 8 ? THEME_8 : THEME_MONO;
}

static attr_t style_of(uint8_t style)
{
    attr_t attributes = A_NORMAL;

    attributes |= (style & STYLE_BOLD) != 0 ? A_BOLD : A_NORMAL;
    attributes |= (style & STYLE_DIM) != 0 ? A_DIM : A_NORMAL;
    attributes |= (style & STYLE_REVERSE) != 0 ? A_REVERSE : A_NORMAL;
    attributes |= (style & STYLE_UNDERLINE) != 0 ? A_UNDERLINE : A_NORMAL;
    return attributes;
}

/* Direct colour terminals take 0xRRGGBB as the number of a colour, but for the first eight. */
static int colour_of(int32_t colour)
{
    return colour == COLOUR_NONE ? -1 : colour;
}

static void make_pairs(struct tui *tui)
{
    for (int role = 0; role < ROLES; role++) {
        struct look look = theme_look(tui->theme, (enum role)role, tui->depth);

        tui->styles[role] = style_of(look.style);
        tui->pairs[role] = 0;
        if (tui->depth != THEME_MONO && (look.front != COLOUR_NONE || look.back != COLOUR_NONE)) {
            tui->pairs[role] = (short)(role + 1);
            init_extended_pair(role + 1, colour_of(look.front), colour_of(look.back));
        }
    }
}

void tui_set_theme(struct tui *tui, const struct theme *theme)
{
    tui->theme = theme;
    make_pairs(tui);
    tui_redraw(tui);
}

/* --- coming and going ---------------------------------------------------------------------- */

static int fit(struct tui *tui)
{
    int rows, columns;
    struct cell *shown;

    getmaxyx(stdscr, rows, columns);
    if (tui->shown != NULL && rows == tui->rows && columns == tui->columns) {
        return 0;
    }
    shown = calloc((size_t)rows * (size_t)columns, sizeof *shown);
    if (shown == NULL) {
        return -ENOMEM;
    }
    free(tui->shown);
    tui->shown = shown;
    tui->rows = rows;
    tui->columns = columns;
    tui->all = true;
    return 0;
}

static void set_modes(const struct tui_settings *settings)
{
    cbreak();
    noecho();
    nonl();
    intrflush(stdscr, FALSE);
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    set_escdelay(ESCAPE_MS);
    raw();
    if (settings->mouse) {
        mousemask(BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON1_DOUBLE_CLICKED | BUTTON4_PRESSED |
                      BUTTON5_PRESSED,
                  NULL);
        mouseinterval(0);
    }
    if (has_colors()) {
        start_color();
        use_default_colors();
    }
}

struct tui *tui_open(const struct tui_settings *settings, char *message, size_t size)
{
    struct tui *tui = calloc(1, sizeof *tui);

    if (tui == NULL) {
        snprintf(message, size, "out of memory");
        return NULL;
    }
    setlocale(LC_CTYPE, "");
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) ||
        tcgetattr(STDIN_FILENO, &terminal_before) < 0) {
        snprintf(message, size, "there is no terminal here; matchplay play FILE needs none");
        free(tui);
        return NULL;
    }
    tui->screen = newterm(NULL, stdout, stdin);
    if (tui->screen == NULL) {
        snprintf(message, size, "the terminal type TERM=%s is not known; try TERM=xterm",
                 getenv("TERM") != NULL ? getenv("TERM") : "");
        free(tui);
        return NULL;
    }
    set_term(tui->screen);
    terminal_taken = 1;
    set_modes(settings);
    tui->theme = settings->theme;
    tui->depth = settings->depth >= 0 ? (enum theme_depth)settings->depth : depth_of_terminal();
    tui->unicode = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    make_pairs(tui);
    if (fit(tui) < 0) {
        tui_close(tui);
        snprintf(message, size, "out of memory");
        return NULL;
    }
    return tui;
}

void tui_close(struct tui *tui)
{
    if (tui == NULL) {
        return;
    }
    endwin();
    terminal_taken = 0;
    delscreen(tui->screen);
    free(tui->shown);
    free(tui);
}

void tui_restore(void)
{
    /* Mouse off, attributes off, cursor on, the other screen, the keypad as it was. */
    static const char bytes[] = "\033[?1000l\033[?1006l\033[0m\033[?25h\033[?1049l\033[?1l\033>";

    if (terminal_taken) {
        ssize_t written = write(STDOUT_FILENO, bytes, sizeof bytes - 1);

        (void)written;
        tcsetattr(STDIN_FILENO, TCSANOW, &terminal_before);
    }
}

void tui_size(const struct tui *tui, int *rows, int *columns)
{
    *rows = tui->rows;
    *columns = tui->columns;
}

bool tui_is_unicode(const struct tui *tui)
{
    return tui->unicode;
}

/* --- drawing ------------------------------------------------------------------------------- */

static void draw_cell(struct tui *tui, const struct cell *cell, int row, int column)
{
    wchar_t wide[WIDE_MAX] = {0};
    mbstate_t state = {0};
    const char *bytes = cell->bytes;
    size_t count = mbsrtowcs(wide, &bytes, WIDE_MAX - 1, &state);
    int pair = tui->pairs[cell->role];
    cchar_t out;

    if (count == (size_t)-1 || count == 0) {
        wide[0] = L'?';
        count = 1;
    }
    wide[count] = L'\0';
    setcchar(&out, wide, tui->styles[cell->role], 0, &pair);
    mvadd_wch(row, column, &out);
}

void tui_draw(struct tui *tui, const struct canvas *canvas)
{
    struct area all = canvas_area(canvas);
    int cursor_row, cursor_column;

    for (int row = 0; row < all.rows && row < tui->rows; row++) {
        for (int column = 0; column < all.columns && column < tui->columns; column++) {
            const struct cell *cell = canvas_cell(canvas, row, column);
            struct cell *shown = &tui->shown[row * tui->columns + column];

            if (!tui->all && memcmp(cell, shown, sizeof *cell) == 0) {
                continue;
            }
            *shown = *cell;
            if (cell->columns > 0) {
                draw_cell(tui, cell, row, column);
            }
        }
    }
    tui->all = false;
    canvas_cursor(canvas, &cursor_row, &cursor_column);
    if (cursor_row >= 0) {
        move(cursor_row, cursor_column);
        curs_set(1);
    } else {
        curs_set(0);
    }
    refresh();
}

void tui_redraw(struct tui *tui)
{
    clearok(stdscr, TRUE);
    tui->all = true;
}

bool tui_is_behind(const struct tui *tui)
{
    int waiting = 0;

    (void)tui;
    return ioctl(STDOUT_FILENO, TIOCOUTQ, &waiting) == 0 && waiting > BEHIND_BYTES;
}

/* --- reading ------------------------------------------------------------------------------- */

static bool is_double(struct tui *tui, const MEVENT *event)
{
    struct timespec now;
    long ms;
    bool same = event->y == tui->clicked_row && event->x == tui->clicked_column;

    clock_gettime(CLOCK_MONOTONIC, &now);
    ms = (now.tv_sec - tui->clicked.tv_sec) * 1000 + (now.tv_nsec - tui->clicked.tv_nsec) / 1000000;
    tui->clicked = now;
    tui->clicked_row = event->y;
    tui->clicked_column = event->x;
    return same && ms < DOUBLE_CLICK_MS;
}

static void read_mouse(struct tui *tui, struct input *input)
{
    MEVENT event;

    if (getmouse(&event) != OK) {
        return;
    }
    input->row = event.y;
    input->column = event.x;
    if ((event.bstate & (BUTTON4_PRESSED | BUTTON5_PRESSED)) != 0) {
        input->kind = INPUT_WHEEL;
        input->lines = (event.bstate & BUTTON4_PRESSED) != 0 ? -3 : 3;
    } else if ((event.bstate & BUTTON1_DOUBLE_CLICKED) != 0) { /* both came at once */
        input->kind = INPUT_CLICK;
        input->clicks = 2;
    } else if ((event.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED)) != 0) {
        input->kind = INPUT_CLICK;
        input->clicks = is_double(tui, &event) ? 2 : 1;
    }
}

static int named_key(wint_t code)
{
    static const struct {
        wint_t code;
        int key;
    } keys[] = {
        {KEY_UP, INPUT_UP},         {KEY_DOWN, INPUT_DOWN},       {KEY_LEFT, INPUT_LEFT},
        {KEY_RIGHT, INPUT_RIGHT},   {KEY_HOME, INPUT_HOME},       {KEY_END, INPUT_END},
        {KEY_PPAGE, INPUT_PAGE_UP}, {KEY_NPAGE, INPUT_PAGE_DOWN}, {KEY_IC, INPUT_INSERT},
        {KEY_DC, INPUT_DELETE},     {KEY_BTAB, INPUT_BACK_TAB},   {KEY_BACKSPACE, INPUT_BACKSPACE},
        {KEY_ENTER, INPUT_ENTER},
    };

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (keys[i].code == code) {
            return keys[i].key;
        }
    }
    if (code >= KEY_F(1) && code <= KEY_F(12)) {
        return INPUT_F1 + (int)(code - KEY_F(1));
    }
    return 0;
}

static int plain_key(wint_t code)
{
    return code == 8 || code == 127 ? INPUT_BACKSPACE : code == '\n' ? INPUT_ENTER : (int)code;
}

void tui_read(struct tui *tui, struct input *input)
{
    wint_t code = 0;
    int got = get_wch(&code);

    memset(input, 0, sizeof *input);
    if (got == ERR) {
        return;
    }
    if (got == KEY_CODE_YES && code == KEY_RESIZE) {
        fit(tui);
        input->kind = INPUT_RESIZE;
    } else if (got == KEY_CODE_YES && code == KEY_MOUSE) {
        read_mouse(tui, input);
    } else if (got == KEY_CODE_YES) {
        input->key = named_key(code);
        input->kind = input->key != 0 ? INPUT_KEY : INPUT_NONE;
    } else {
        input->kind = INPUT_KEY;
        input->key = plain_key(code);
        if (code == INPUT_ESCAPE && get_wch(&code) == OK) {
            input->key = plain_key(code) | INPUT_ALT;
        }
    }
}
