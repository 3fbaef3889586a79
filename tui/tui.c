/* tui.c - the terminal, through curses. */
#include "tui/tui.h"

#include "tui/output.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

enum { ESCAPE_MS = 25, DOUBLE_CLICK_MS = 400, WIDE_MAX = 8 };
enum { JOINER = 0x200d, TEXT_STYLE = 0xfe0e, EMOJI_STYLE = 0xfe0f };

struct tui {
    SCREEN *screen;
    struct output output;
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

/* What signal handlers need where nothing else can be reached: the terminal is one for the process.
 */
static struct termios terminal_before;
static volatile sig_atomic_t terminal_taken;
static int terminal_file = -1;

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

/* Curses on the terminal; NULL with a line in message. */
static SCREEN *open_screen(FILE *file, char *message, size_t size)
{
    const char *type = getenv("TERM") != NULL ? getenv("TERM") : "";
    SCREEN *screen = newterm(NULL, file, stdin);

    if (screen == NULL) {
        snprintf(message, size, "the terminal type TERM=%s is not known; try TERM=xterm", type);
        return NULL;
    }
    set_term(screen);
    if (tigetstr("cup") == NULL) { /* curses would draw all the same */
        endwin();
        delscreen(screen);
        snprintf(message, size, "a terminal of TERM=%s cannot move its cursor; try TERM=xterm",
                 type);
        return NULL;
    }
    return screen;
}

/* False with a line in message. */
static bool open_terminal(struct tui *tui, char *message, size_t size)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) ||
        tcgetattr(STDIN_FILENO, &terminal_before) < 0) {
        snprintf(message, size, "there is no terminal here; matchplay play FILE needs none");
        return false;
    }
    if (output_open(&tui->output, STDOUT_FILENO) < 0) {
        snprintf(message, size, "the terminal cannot be opened: %s", strerror(errno));
        return false;
    }
    tui->screen = open_screen(tui->output.curses, message, size);
    if (tui->screen == NULL) {
        output_close(&tui->output);
        return false;
    }
    terminal_file = tui->output.terminal;
    terminal_taken = 1;
    return true;
}

struct tui *tui_open(const struct tui_settings *settings, char *message, size_t size)
{
    struct tui *tui = calloc(1, sizeof *tui);

    if (tui == NULL) {
        snprintf(message, size, "out of memory");
        return NULL;
    }
    setlocale(LC_CTYPE, "");
    if (!open_terminal(tui, message, size)) {
        free(tui);
        return NULL;
    }
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
    output_drop(&tui->output);
    output_begin(&tui->output);
    endwin();
    output_end(&tui->output);
    output_send_last(&tui->output);
    terminal_taken = 0;
    tcsetattr(STDIN_FILENO, TCSANOW, &terminal_before); /* curses' own went to memory, too */
    delscreen(tui->screen);
    output_close(&tui->output);
    free(tui->shown);
    free(tui);
}

void tui_restore(void)
{
    /* Mouse off, attributes off, cursor on, the other screen, the keypad as it was. */
    static const char bytes[] = "\033[?1000l\033[?1006l\033[0m\033[?25h\033[?1049l\033[?1l\033>";

    if (terminal_taken) {
        ssize_t written = write(terminal_file, bytes, sizeof bytes - 1);

        if (written != (ssize_t)sizeof bytes - 1) { /* it is full: this takes the place of that */
            tcflush(terminal_file, TCOFLUSH);
            written = write(terminal_file, bytes, sizeof bytes - 1);
            (void)written;
        }
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

/* The character of a cell as curses wants it, NUL-terminated, and its columns to the C library. */
static int write_wide(const struct tui *tui, const struct cell *cell, wchar_t wide[WIDE_MAX])
{
    mbstate_t state = {0};
    const char *bytes = cell->bytes;
    size_t count, kept = 1;
    int columns;

    if (!tui->unicode) { /* a mark goes, its letter stays */
        wide[0] = (unsigned char)bytes[0] < 0x80 ? (wchar_t)bytes[0] : L'?';
        wide[1] = L'\0';
        return 1;
    }
    count = mbsrtowcs(wide, &bytes, WIDE_MAX - 1, &state);
    columns = count != (size_t)-1 && count > 0 ? wcwidth(wide[0]) : -1;
    if (columns < 1 || columns > cell->columns) {
        wide[0] = L'?';
        wide[1] = L'\0';
        return 1;
    }
    for (size_t i = 1; i < count && wcwidth(wide[i]) == 0; i++) {
        if (wide[i] != TEXT_STYLE && wide[i] != EMOJI_STYLE) { /* they change widths in some */
            wide[kept++] = wide[i];
        }
    }
    kept -= wide[kept - 1] == JOINER; /* it would take the next cell in */
    wide[kept] = L'\0';
    return columns;
}

static void draw_cell(struct tui *tui, const struct cell *cell, int row, int column)
{
    wchar_t wide[WIDE_MAX] = {0};
    int columns = write_wide(tui, cell, wide);
    int pair = tui->pairs[cell->role];
    cchar_t out;

    setcchar(&out, wide, tui->styles[cell->role], 0, &pair);
    mvadd_wch(row, column, &out);
    if (columns < cell->columns) { /* so that nothing older stays in its other half */
        setcchar(&out, L" ", tui->styles[cell->role], 0, &pair);
        mvadd_wch(row, column + 1, &out);
    }
}

/* What stands behind a text's end does not count. */
static bool is_same(const struct cell *one, const struct cell *other)
{
    return one->columns == other->columns && one->role == other->role &&
           strcmp(one->bytes, other->bytes) == 0;
}

void tui_draw(struct tui *tui, const struct canvas *canvas)
{
    struct area all = canvas_area(canvas);
    int cursor_row, cursor_column;

    output_begin(&tui->output);
    for (int row = 0; row < all.rows && row < tui->rows; row++) {
        for (int column = 0; column < all.columns && column < tui->columns; column++) {
            const struct cell *cell = canvas_cell(canvas, row, column);
            struct cell *shown = &tui->shown[row * tui->columns + column];

            if (!tui->all && is_same(cell, shown)) {
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
    output_end(&tui->output);
}

void tui_redraw(struct tui *tui)
{
    clearok(stdscr, TRUE);
    tui->all = true;
}

void tui_send(struct tui *tui)
{
    output_send(&tui->output);
}

int tui_waiting_file(const struct tui *tui)
{
    return output_is_waiting(&tui->output) ? tui->output.terminal : -1;
}

bool tui_is_behind(const struct tui *tui)
{
    return output_is_behind(&tui->output);
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
        output_begin(&tui->output); /* the next get_wch would do it, and wait for the terminal */
        refresh();
        output_end(&tui->output);
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
