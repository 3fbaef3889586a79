/* keys.c - names of keys, and which action each has. */
#include "tui/keys.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <utf8proc.h>

enum { BINDINGS_MAX = 256, NAME_SIZE = 64 };

struct keys {
    struct {
        int key;
        enum action action;
    } bindings[BINDINGS_MAX];
    size_t count;
};

static const struct {
    const char *name;
    int key;
} named[] = {
    {"space", INPUT_SPACE},
    {"enter", INPUT_ENTER},
    {"tab", INPUT_TAB},
    {"escape", INPUT_ESCAPE},
    {"backspace", INPUT_BACKSPACE},
    {"up", INPUT_UP},
    {"down", INPUT_DOWN},
    {"left", INPUT_LEFT},
    {"right", INPUT_RIGHT},
    {"home", INPUT_HOME},
    {"end", INPUT_END},
    {"page-up", INPUT_PAGE_UP},
    {"page-down", INPUT_PAGE_DOWN},
    {"insert", INPUT_INSERT},
    {"delete", INPUT_DELETE},
    {"back-tab", INPUT_BACK_TAB},
};

/* --- names --------------------------------------------------------------------------------- */

static size_t write_point(int key, char *text, size_t size)
{
    utf8proc_uint8_t bytes[4];
    utf8proc_ssize_t length = utf8proc_encode_char(key, bytes);

    if (length <= 0 || (size_t)length >= size) {
        return 0;
    }
    memcpy(text, bytes, (size_t)length);
    text[length] = '\0';
    return (size_t)length;
}

void key_write(int key, char *text, size_t size)
{
    if ((key & INPUT_ALT) != 0) {
        size_t used = (size_t)snprintf(text, size, "alt-");

        if (used < size) {
            key_write(key & ~INPUT_ALT, text + used, size - used);
        }
        return;
    }
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
        if (named[i].key == key) {
            snprintf(text, size, "%s", named[i].name);
            return;
        }
    }
    if (key >= INPUT_F1 && key <= INPUT_F12) {
        snprintf(text, size, "F%d", key - INPUT_F1 + 1);
    } else if (key > 0 && key < 32) {
        snprintf(text, size, "^%c", key + 64);
    } else if (write_point(key, text, size) == 0) {
        snprintf(text, size, "%s", "?");
    }
}

int key_named(const char *name)
{
    utf8proc_int32_t point = -1;
    size_t length = strlen(name);

    if (strncasecmp(name, "alt-", 4) == 0 && length > 4) {
        int key = key_named(name + 4);

        return key < 0 ? -1 : key | INPUT_ALT;
    }
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
        if (strcasecmp(named[i].name, name) == 0) {
            return named[i].key;
        }
    }
    if ((name[0] == 'F' || name[0] == 'f') && length > 1 && length < 4) {
        char *end;
        long number = strtol(name + 1, &end, 10);

        return *end == '\0' && number >= 1 && number <= 12 ? INPUT_F1 + (int)number - 1 : -1;
    }
    if (name[0] == '^' && length == 2) {
        int letter = name[1] >= 'a' && name[1] <= 'z' ? name[1] - 32 : name[1];

        return letter >= '@' && letter <= '_' ? letter - 64 : -1;
    }
    if (utf8proc_iterate((const utf8proc_uint8_t *)name, -1, &point) == (utf8proc_ssize_t)length &&
        point > 32) {
        return point;
    }
    return -1;
}

/* --- bindings ------------------------------------------------------------------------------ */

static void drop(struct keys *keys, size_t index)
{
    keys->bindings[index] = keys->bindings[--keys->count];
}

static void bind_key(struct keys *keys, int key, enum action action)
{
    for (size_t i = 0; i < keys->count; i++) {
        if (keys->bindings[i].key == key) {
            keys->bindings[i].action = action;
            return;
        }
    }
    if (keys->count < BINDINGS_MAX) {
        keys->bindings[keys->count].key = key;
        keys->bindings[keys->count++].action = action;
    }
}

/* The next word of *names into word. False at the end. */
static bool next_word(const char **names, char word[NAME_SIZE])
{
    size_t length;

    *names += strspn(*names, " \t");
    length = strcspn(*names, " \t");
    if (length == 0) {
        return false;
    }
    snprintf(word, NAME_SIZE, "%.*s", (int)length, *names);
    *names += length;
    return true;
}

int keys_bind(struct keys *keys, const char *action, const char *names, char *message, size_t size)
{
    const struct action_entry *entry = action_named(action);
    char word[NAME_SIZE];
    const char *at = names;

    if (entry == NULL) {
        snprintf(message, size, "there is no action %s; F1 lists them", action);
        return -ENOENT;
    }
    while (next_word(&at, word)) {
        if (key_named(word) < 0) {
            snprintf(message, size, "%s: there is no key %s", action, word);
            return -EINVAL;
        }
    }
    for (size_t i = keys->count; i > 0; i--) {
        if (keys->bindings[i - 1].action == entry->action) {
            drop(keys, i - 1);
        }
    }
    for (at = names; next_word(&at, word);) {
        bind_key(keys, key_named(word), entry->action);
    }
    return 0;
}

struct keys *keys_create(void)
{
    struct keys *keys = calloc(1, sizeof *keys);
    char message[NAME_SIZE];

    for (size_t i = 0; keys != NULL && action_at(i) != NULL; i++) {
        keys_bind(keys, action_at(i)->name, action_at(i)->keys, message, sizeof message);
    }
    return keys;
}

void keys_destroy(struct keys *keys)
{
    free(keys);
}

enum action keys_action(const struct keys *keys, int key)
{
    for (size_t i = 0; i < keys->count; i++) {
        if (keys->bindings[i].key == key) {
            return keys->bindings[i].action;
        }
    }
    return ACTION_NONE;
}

void keys_of(const struct keys *keys, enum action action, char *text, size_t size)
{
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < keys->count && used < size; i++) {
        char name[NAME_SIZE];

        if (keys->bindings[i].action == action) {
            key_write(keys->bindings[i].key, name, sizeof name);
            used += (size_t)snprintf(text + used, size - used, "%s%s", used > 0 ? " " : "", name);
        }
    }
}
