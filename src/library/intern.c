/* intern.c - strings, each kept once and known by a number. */
#include "library/intern.h"

#include "library/fold.h"
#include "library/room.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { GARBAGE_LEAST = 65536 };

struct key {
    const char *text;
    size_t length;
};

static uint32_t hash_of(const void *context, uint32_t id)
{
    const char *text = intern_text(context, id);

    return index_hash_bytes(text, strlen(text));
}

static bool is_equal(const void *context, uint32_t id, const void *key_)
{
    const struct key *key = key_;
    const char *text = intern_text(context, id);

    /* strncmp stops at the end of a shorter text. */
    return strncmp(text, key->text, key->length) == 0 && text[key->length] == '\0';
}

int intern_init(struct intern *intern)
{
    memset(intern, 0, sizeof *intern);
    index_init(&intern->index, hash_of, intern);
    intern->free = INTERN_NONE;
    return intern_take(intern, "", 0) == 0 ? 0 : -ENOMEM;
}

void intern_finish(struct intern *intern)
{
    index_finish(&intern->index);
    free(intern->entries);
    free(intern->text);
    memset(intern, 0, sizeof *intern);
}

uint32_t intern_find(const struct intern *intern, const char *text, size_t length)
{
    struct key key = {text, length};

    return index_find(&intern->index, index_hash_bytes(text, length), is_equal, &key);
}

/* An entry that nothing uses yet, or INTERN_NONE. */
static uint32_t new_entry(struct intern *intern)
{
    uint32_t id = intern->free;
    void *entries = intern->entries;
    size_t capacity = intern->entry_capacity;

    if (id != INTERN_NONE) {
        intern->free = intern->entries[id].offset;
        return id;
    }
    if (intern->count >= INDEX_ID_MAX ||
        room_make(&entries, &capacity, intern->count + 1, sizeof *intern->entries) < 0) {
        return INTERN_NONE;
    }
    intern->entries = entries;
    intern->entry_capacity = (uint32_t)capacity;
    return intern->count++;
}

static bool is_ascii(const char *text, size_t length)
{
    unsigned char all = 0;

    for (size_t i = 0; i < length; i++) {
        all |= (unsigned char)text[i];
    }
    return all < 0x80;
}

/* Room for a text, how it is searched, and what is read behind them. */
static int make_room(struct intern *intern, size_t length, bool folded)
{
    size_t wanted = intern->used + length + 1 + (folded ? FOLD_SPACE(length) : 0) + INTERN_PAD;
    void *memory = intern->text;

    if (wanted > UINT32_MAX || index_reserve(&intern->index) < 0 ||
        room_make(&memory, &intern->capacity, wanted, 1) < 0) {
        return -ENOMEM;
    }
    intern->text = memory;
    return 0;
}

uint32_t intern_take(struct intern *intern, const char *text, size_t length)
{
    struct key key = {text, length};
    uint32_t hash = index_hash_bytes(text, length);
    uint32_t id = index_find(&intern->index, hash, is_equal, &key);
    bool folded = id == INTERN_NONE && !is_ascii(text, length);
    char *kept;

    if (id != INTERN_NONE) {
        intern->entries[id].uses++;
        return id;
    }
    id = make_room(intern, length, folded) == 0 ? new_entry(intern) : INTERN_NONE;
    if (id == INTERN_NONE) {
        return INTERN_NONE;
    }
    intern->entries[id] =
        (struct intern_entry){.offset = (uint32_t)intern->used, .uses = 1, .has_folded = folded};
    kept = intern->text + intern->used;
    memcpy(kept, text, length);
    kept[length] = '\0';
    intern->used += length + 1;
    if (folded) {
        intern->used += fold_text(kept + length + 1, FOLD_SPACE(length), kept, true) + 1;
    }
    memset(intern->text + intern->used, 0, INTERN_PAD);
    index_add(&intern->index, hash, id);
    return id;
}

/* Bytes that a string takes, its ends too. */
static size_t size_of(const struct intern *intern, uint32_t id)
{
    size_t size = strlen(intern_text(intern, id)) + 1;

    return intern->entries[id].has_folded ? size + strlen(intern_text(intern, id) + size) + 1
                                          : size;
}

void intern_take_again(struct intern *intern, uint32_t id)
{
    intern->entries[id].uses++;
}

void intern_drop(struct intern *intern, uint32_t id)
{
    struct intern_entry *entry = &intern->entries[id];
    const char *text = intern_text(intern, id);

    entry->uses--;
    if (entry->uses > 0) {
        return;
    }
    index_remove(&intern->index, index_hash_bytes(text, strlen(text)), id);
    intern->garbage += size_of(intern, id);
    entry->offset = intern->free;
    intern->free = id;
}

void intern_compact(struct intern *intern)
{
    size_t used = 0, capacity = intern->used - intern->garbage + INTERN_PAD;
    char *fresh;

    if (intern->garbage < GARBAGE_LEAST || intern->garbage * 2 < intern->used) {
        return;
    }
    fresh = calloc(capacity, 1);
    if (fresh == NULL) {
        return; /* garbage is no harm */
    }
    for (uint32_t id = 0; id < intern->count; id++) {
        struct intern_entry *entry = &intern->entries[id];
        size_t size;

        if (entry->uses == 0) {
            continue;
        }
        size = size_of(intern, id);
        memcpy(fresh + used, intern->text + entry->offset, size);
        entry->offset = (uint32_t)used;
        used += size;
    }
    free(intern->text);
    intern->text = fresh;
    intern->used = used;
    intern->capacity = capacity;
    intern->garbage = 0;
}
