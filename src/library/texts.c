/* texts.c - chains of texts, by hash. */
#include "library/texts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM_LEAST = 64 };

/* FNV-1a. */
static uint32_t hash_of(const char *said)
{
    uint32_t hash = 2166136261U;

    for (; *said != '\0'; said++) {
        hash = (hash ^ (unsigned char)*said) * 16777619U;
    }
    return hash;
}

void texts_init(struct texts *texts)
{
    memset(texts, 0, sizeof *texts);
}

void texts_finish(struct texts *texts)
{
    for (size_t i = 0; i < texts->room; i++) {
        while (texts->chains[i] != NULL) {
            struct text *text = texts->chains[i];

            texts->chains[i] = text->next;
            free(text);
        }
    }
    free(texts->chains);
    texts_init(texts);
}

static struct text *look(const struct texts *texts, const char *said, uint32_t hash)
{
    struct text *text = texts->room > 0 ? texts->chains[hash & (texts->room - 1)] : NULL;

    while (text != NULL && (text->hash != hash || strcmp(text->said, said) != 0)) {
        text = text->next;
    }
    return text;
}

struct text *texts_find(const struct texts *texts, const char *said)
{
    return look(texts, said, hash_of(said));
}

static bool grow(struct texts *texts)
{
    size_t room = texts->room > 0 ? texts->room * 2 : ROOM_LEAST;
    struct text **chains = calloc(room, sizeof *chains);

    if (chains == NULL) {
        return texts->room > 0; /* longer chains will do */
    }
    for (size_t i = 0; i < texts->room; i++) {
        while (texts->chains[i] != NULL) {
            struct text *text = texts->chains[i];

            texts->chains[i] = text->next;
            text->next = chains[text->hash & (room - 1)];
            chains[text->hash & (room - 1)] = text;
        }
    }
    free(texts->chains);
    texts->chains = chains;
    texts->room = room;
    return true;
}

struct text *texts_hold(struct texts *texts, const char *said)
{
    uint32_t hash = hash_of(said);
    struct text *text = look(texts, said, hash);
    size_t size = strlen(said) + 1;

    if (text != NULL) {
        text->holders++;
        return text;
    }
    text = malloc(sizeof *text + size);
    if (text == NULL || (texts->count >= texts->room && !grow(texts))) {
        free(text);
        errno = ENOMEM;
        return NULL;
    }
    text->hash = hash;
    text->holders = 1;
    text->marked = false;
    memcpy(text->said, said, size);
    text->next = texts->chains[hash & (texts->room - 1)];
    texts->chains[hash & (texts->room - 1)] = text;
    texts->count++;
    return text;
}

void texts_release(struct texts *texts, struct text *text)
{
    struct text **link;

    if (text == NULL || --text->holders > 0) {
        return;
    }
    link = &texts->chains[text->hash & (texts->room - 1)];
    while (*link != text) {
        link = &(*link)->next;
    }
    *link = text->next;
    texts->count--;
    free(text);
}
