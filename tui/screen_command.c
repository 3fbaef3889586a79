/* screen_command.c - the command line: what can be typed after ':', and its completion. */
#include "tui/screen.h"

#include "config/paths.h"
#include "tui/amounts.h"
#include "tui/complete.h"
#include "tui/marks.h"
#include "tui/play_rows.h"
#include "tui/views.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 16 };

struct line_words {
    char text[LINE_EDIT_SIZE];
    char *word[WORDS_MAX];
    const char *from[WORDS_MAX]; /* where each begins in the line itself */
    size_t count;
    bool open; /* the last one ends within quotes */
};

struct screen_word {
    const char *name, *arguments, *help;
    size_t least, most;
    void (*run)(struct screen *screen, const struct line_words *words);
};

/* Splits at blanks; "..." and '...' hold together. */
static void split(const char *line, struct line_words *words)
{
    char *out = words->text;

    words->count = 0;
    words->open = false;
    while (words->count < WORDS_MAX) {
        char quote = '\0';

        line += strspn(line, " \t");
        if (*line == '\0') {
            return;
        }
        words->from[words->count] = line;
        words->word[words->count++] = out;
        for (; *line != '\0' && (quote != '\0' || strchr(" \t", *line) == NULL); line++) {
            if (quote != '\0' ? *line == quote : *line == '"' || *line == '\'') {
                quote = quote != '\0' ? '\0' : *line;
            } else {
                *out++ = *line;
            }
        }
        *out++ = '\0';
        words->open = quote != '\0';
    }
}

/* --- the commands -------------------------------------------------------------------------- */

static void run_help(struct screen *screen, const struct line_words *words)
{
    (void)words;
    screen_show(screen, VIEW_HELP);
}

static void run_leave(struct screen *screen, const struct line_words *words)
{
    (void)words;
    screen->leave = true;
}

static void run_view(struct screen *screen, const struct line_words *words)
{
    for (int i = 0; i < VIEWS; i++) {
        if (strcmp(view_classes[i]->name, words->word[1]) == 0 ||
            (i < VIEW_HELP && words->word[1][0] == '0' + (i + 1) % 10 &&
             words->word[1][1] == '\0')) {
            screen_show(screen, (enum view_id)i);
            return;
        }
    }
    screen_say(screen, ROLE_ERROR, "there is no view %s", words->word[1]);
}

static void run_bind(struct screen *screen, const struct line_words *words)
{
    char keys[LINE_EDIT_SIZE] = "";
    char message[256];
    size_t used = 0;

    for (size_t i = 2; i < words->count; i++) {
        used += (size_t)snprintf(keys + used, sizeof keys - used, "%s%s", i > 2 ? " " : "",
                                 words->word[i]);
    }
    if (keys_bind(screen->keys, words->word[1], keys, message, sizeof message) < 0) {
        screen_say(screen, ROLE_ERROR, "%s", message);
    } else {
        screen_say(screen, ROLE_TEXT, "%s = %s, until you leave; matchplayrc keeps it",
                   words->word[1], keys);
    }
}

static void run_theme(struct screen *screen, const struct line_words *words)
{
    screen_set(screen, "theme", words->word[1]);
}

static void set_told(void *context, const struct answer *answer)
{
    struct screen *screen = context;
    const char *name = answer_get(answer, 0, "setting");
    const char *value = answer_get(answer, 0, "value");
    const char *note = answer_get(answer, 0, "note");
    const char *effect = answer_get(answer, 0, "effect");

    if (!answer->ok) {
        screen_answer_errors(screen, answer);
    } else if (name != NULL) {
        screen_say(screen, note != NULL ? ROLE_WARNING : ROLE_TEXT, "%s = %s%s%s", name,
                   value != NULL ? value : "", note != NULL || effect != NULL ? ": " : "",
                   note != NULL     ? note
                   : effect != NULL ? effect
                                    : "");
    }
}

void screen_set(struct screen *screen, const char *name, const char *value)
{
    char message[256];
    const struct option *option = options_find("tui", name);

    if (option != NULL &&
        options_set(screen->options, "tui", name, value, message, sizeof message) == 0) {
        screen_use_options(screen);
    }
    client_ask(screen->client, set_told, screen, "match", "set", name, value, NULL);
}

static void run_set(struct screen *screen, const struct line_words *words)
{
    char *equals = strchr(words->word[1], '=');
    const char *value = words->count > 2 ? words->word[2] : "";

    if (equals != NULL) {
        *equals = '\0';
        value = equals + 1;
    }
    if (equals == NULL && words->count == 2) { /* shows it */
        client_ask(screen->client, set_told, screen, "match", "set", words->word[1], NULL);
        return;
    }
    screen_set(screen, words->word[1], value);
}

/* What else stands there goes to the player as it is. */
static void raw_told(void *context, const struct answer *answer)
{
    struct screen *screen = context;

    if (!answer->ok) {
        screen_answer_errors(screen, answer);
    } else if (answer->count == 0) {
        screen_say(screen, ROLE_TEXT, "done");
    } else {
        for (size_t i = 0; i < answer->count; i++) {
            screen_say(screen, ROLE_TEXT, "%s: %s", answer->pairs[i].name, answer->pairs[i].value);
        }
    }
}

static void send_raw(struct screen *screen, const struct line_words *words)
{
    client_ask_words(screen->client, raw_told, screen, (const char *const *)words->word,
                     words->count);
}

static void run_clear(struct screen *screen, const struct line_words *words)
{
    (void)words;
    screen_send(screen, "clear", NULL);
}

static void run_save(struct screen *screen, const struct line_words *words)
{
    screen_send(screen, "save", words->word[1], NULL);
}

static void run_load(struct screen *screen, const struct line_words *words)
{
    screen_send(screen, "load", words->word[1], NULL);
}

/* The player stands in / and knows nothing of this folder; one elsewhere takes what it has. */
static void run_add(struct screen *screen, const struct line_words *words)
{
    bool local = client_is_local(screen->client);

    for (size_t i = 1; i < words->count; i++) {
        char *expanded = local ? path_expand(words->word[i]) : NULL;
        char *path = expanded != NULL ? path_absolute(expanded) : NULL;

        if (!local) {
            screen_send(screen, "add", words->word[i], NULL);
        } else if (path != NULL) {
            screen_send(screen, "match", "add", path, NULL);
        } else {
            screen_say(screen, ROLE_ERROR, "out of memory");
        }
        free(path);
        free(expanded);
    }
}

static void run_update(struct screen *screen, const struct line_words *words)
{
    (void)words;
    screen_act(screen, ACTION_RESCAN);
}

static void filter_checked(void *context, const struct answer *answer)
{
    struct screen *screen = context;

    if (answer->ok) {
        screen_save_filter(screen, screen->checked_name, screen->checked_filter);
    } else {
        screen_answer_errors(screen, answer);
    }
}

/* The expression is taken as it was typed, with its quotes. The player says whether it is one. */
static void run_filter(struct screen *screen, const struct line_words *words)
{
    snprintf(screen->checked_name, sizeof screen->checked_name, "%s", words->word[1]);
    snprintf(screen->checked_filter, sizeof screen->checked_filter, "%s", words->from[2]);
    client_ask(screen->client, filter_checked, screen, "count", screen->checked_filter, NULL);
}

static void run_unmark(struct screen *screen, const struct line_words *words)
{
    struct view *view = screen_view(screen, screen->current);

    (void)words;
    if (view != NULL && view->class->marks != NULL) {
        marks_clear(view->class->marks(view));
    }
}

static void run_undo(struct screen *screen, const struct line_words *words)
{
    (void)words;
    play_undo(screen);
}

/* --- presets --- */

static void preset_saved(void *context, const struct answer *answer)
{
    struct screen *screen = context;
    const char *note = answer_get(answer, 0, "note");

    if (!answer->ok) {
        screen_answer_errors(screen, answer);
    } else if (note != NULL) {
        screen_say(screen, ROLE_WARNING, "%s", note);
    } else {
        screen_say(screen, ROLE_TEXT, "saved; :preset NAME and view 8 choose it");
    }
}

void screen_save_preset(struct screen *screen, const char *name)
{
    client_ask(screen->client, preset_saved, screen, "match", "preset", "save", name, NULL);
}

static void run_preset(struct screen *screen, const struct line_words *words)
{
    if (words->count == 2) {
        amounts_choose_preset(screen, words->word[1]);
    } else if (strcmp(words->word[1], "save") == 0) {
        screen_save_preset(screen, words->word[2]);
    } else if (strcmp(words->word[1], "delete") == 0) {
        screen_send(screen, "match", "preset", "delete", words->word[2], NULL);
    } else {
        screen_say(screen, ROLE_ERROR, ":preset NAME, :preset save NAME, :preset delete NAME");
    }
}

void screen_slot(struct screen *screen, const char *slot, const char *kind, const char *name)
{
    screen_send(screen, "match", "slot", slot, kind, name[0] != '\0' ? name : NULL, NULL);
}

static void run_slot(struct screen *screen, const struct line_words *words)
{
    screen_slot(screen, words->word[1], words->word[2], words->count > 3 ? words->word[3] : "");
}

static const struct screen_word table[] = {
    {"add", "PATH...", "queue files, folders, playlists from anywhere", 1, WORDS_MAX, run_add},
    {"bind", "ACTION KEYS", "give an action other keys", 1, WORDS_MAX, run_bind},
    {"clear", "", "empty the queue", 0, 0, run_clear},
    {"filter", "NAME EXPRESSION", "save a filter for view 6", 2, WORDS_MAX, run_filter},
    {"help", "", "keys and commands", 0, 0, run_help},
    {"load", "NAME", "queue a playlist", 1, 1, run_load},
    {"preset", "[save|delete] NAME", "choose a preset, or keep what holds as one", 1, 2,
     run_preset},
    {"q", "", "leave; the music goes on", 0, 0, run_leave},
    {"quit", "", "leave; the music goes on", 0, 0, run_leave},
    {"save", "NAME", "the queue as a playlist", 1, 1, run_save},
    {"set", "NAME=VALUE", "a setting of matchplayrc", 1, 2, run_set},
    {"slot", "a|b WHAT", "original, matched, preset NAME, or reference FILE", 2, 3, run_slot},
    {"theme", "NAME", "dark or light", 1, 1, run_theme},
    {"undo", "", "your queue as it was before enter replaced it, and back", 0, 0, run_undo},
    {"unmark", "", "take all marks of this view away", 0, 0, run_unmark},
    {"update", "", "read the music folder anew", 0, 0, run_update},
    {"view", "NAME", "show a view", 1, 1, run_view},
};

const char *screen_command_at(size_t index, const char **arguments, const char **help)
{
    if (index >= sizeof table / sizeof table[0]) {
        return NULL;
    }
    *arguments = table[index].arguments;
    *help = table[index].help;
    return table[index].name;
}

void screen_command(struct screen *screen, const char *line)
{
    struct line_words words;

    split(line, &words);
    if (words.count == 0) {
        return;
    }
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (strcmp(table[i].name, words.word[0]) != 0) {
            continue;
        }
        if (words.count - 1 < table[i].least || words.count - 1 > table[i].most) {
            screen_say(screen, ROLE_ERROR, ":%s %s", table[i].name, table[i].arguments);
        } else {
            table[i].run(screen, &words);
        }
        return;
    }
    send_raw(screen, &words);
}

/* --- completion ---------------------------------------------------------------------------- */

/* slot a|b original|matched|preset|reference; behind `preset`, a preset. */
static const char *slot_candidate(const struct screen *screen, const struct line_words *words,
                                  size_t word, size_t index)
{
    static const char *const slots[] = {"a", "b"}, *const kinds[] = {"original", "matched",
                                                                     "preset", "reference"};

    if (word == 1) {
        return index < sizeof slots / sizeof slots[0] ? slots[index] : NULL;
    }
    if (word == 2) {
        return index < sizeof kinds / sizeof kinds[0] ? kinds[index] : NULL;
    }
    return word == 3 && strcmp(words->word[2], "preset") == 0 ? presets_at(&screen->presets, index)
                                                              : NULL;
}

/* A preset, or what can be done with one. */
static const char *preset_candidate(const struct screen *screen, const struct line_words *words,
                                    size_t word, size_t index)
{
    static const char *const verbs[] = {"save", "delete"};
    size_t count = screen->presets.count;

    if (word == 1 && index >= count) {
        return index - count < sizeof verbs / sizeof verbs[0] ? verbs[index - count] : NULL;
    }
    return word == 1 || (word == 2 && (strcmp(words->word[1], "save") == 0 ||
                                       strcmp(words->word[1], "delete") == 0))
               ? presets_at(&screen->presets, index)
               : NULL;
}

/* The candidates for the word under the cursor, one after the other. */
static const char *candidate(const struct screen *screen, const struct line_words *words,
                             size_t word, size_t index)
{
    const char *first_word = words->count > 0 ? words->word[0] : "";
    size_t count;

    if (word == 0) {
        return index < sizeof table / sizeof table[0] ? table[index].name : NULL;
    }
    if (strcmp(first_word, "set") == 0) {
        const struct option *options = options_table(&count);

        return index < count ? options[index].name : NULL;
    }
    if (strcmp(first_word, "bind") == 0 && word == 1) {
        return action_at(index) != NULL ? action_at(index)->name : NULL;
    }
    if (strcmp(first_word, "theme") == 0) {
        return theme_at((int)index) != NULL ? theme_at((int)index)->name : NULL;
    }
    if (strcmp(first_word, "view") == 0) {
        return index < VIEWS ? view_classes[index]->name : NULL;
    }
    if (strcmp(first_word, "preset") == 0) {
        return preset_candidate(screen, words, word, index);
    }
    if (strcmp(first_word, "slot") == 0) {
        return slot_candidate(screen, words, word, index);
    }
    return NULL;
}

/* :add takes paths; a word with blanks is put in quotes, which stay open behind a folder. */
static bool complete_add(const char *before, const char *begun, size_t index, char *out,
                         size_t size)
{
    struct line_words words = {.count = 0};
    char path[LINE_EDIT_SIZE];
    const char *quote;

    split(begun, &words);
    if (!complete_path(words.count > 0 ? words.word[0] : "", false, index, path, sizeof path)) {
        return false;
    }
    quote = strpbrk(path, " \t'") != NULL ? "\"" : strchr(path, '"') != NULL ? "'" : "";
    snprintf(out, size, "%.*s%s%s%s", (int)(begun - before), before, quote, path,
             path[strlen(path) - 1] != '/' ? quote : "");
    return true;
}

static bool complete(void *context, const char *before, size_t index, char *out, size_t size)
{
    const char *last = strrchr(before, ' ');
    const char *begun = last != NULL ? last + 1 : before;
    struct line_words words;
    size_t word;

    split(before, &words);
    if (words.count > 0 && last != NULL && strcmp(words.word[0], "add") == 0) {
        return complete_add(before,
                            words.open || *begun != '\0' ? words.from[words.count - 1] : begun,
                            index, out, size);
    }
    word = last == NULL ? 0 : *begun == '\0' ? words.count : words.count - 1;
    for (size_t i = 0;; i++) {
        const char *name = candidate(context, &words, word, i);

        if (name == NULL) {
            return false;
        }
        if (strncmp(name, begun, strlen(begun)) == 0 && index-- == 0) {
            snprintf(out, size, "%.*s%s", (int)(begun - before), before, name);
            return true;
        }
    }
}

void screen_command_init(struct screen *screen)
{
    screen->command.complete = complete;
    screen->command.context = screen;
}
