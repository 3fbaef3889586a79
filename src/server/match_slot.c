/*
 * match_slot.c - `match slot [a|b [original | matched | preset NAME | reference [REF[:WEIGHT]]]]`:
 * what A and B are.
 *
 * Answers slot_a and slot_b, or the one that was named, as slots.h writes them. `reference` alone
 * is `matched`: what holds.
 */
#include "server/match_scope.h"
#include "server/match_verbs.h"
#include "server/slots.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_SIZE = 1024 };

static void print(struct client *client, enum slot slot)
{
    const struct server_parts *parts = server_parts(client_server(client));

    client_pair(client, slot_option(slot), options_text(parts->options, slot_option(slot)));
}

/* "reference /music/a.flac:0.5" of a REF as clients name it. The caller's; NULL: an ACK was sent.
 */
static char *write_reference(struct client *client, const char *word)
{
    struct playlist_reference reference = {.path = NULL};
    char *text = NULL;

    if (match_reference_take(client, word, &reference) != 0) {
        return NULL;
    }
    if (asprintf(&text, "reference %s:%g", reference.path, reference.weight) < 0) {
        text = NULL;
        client_ack(client, ACK_SYSTEM, "out of memory");
    }
    free(reference.path);
    return text;
}

/* The words after the slot's letter, as one line; likewise. A reference is taken as clients may
   name one, also where the whole line came as one word. */
static char *write_slot(struct client *client, const struct words *words)
{
    static const char reference[] = "reference ";
    const char *kind = words->word[2], *name = words->count > 3 ? words->word[3] : "";
    char *text = NULL, *checked;

    if (strcmp(kind, "reference") == 0 && name[0] == '\0') {
        kind = "matched";
    }
    if (asprintf(&text, "%s%s%s", kind, name[0] != '\0' ? " " : "", name) < 0) {
        client_ack(client, ACK_SYSTEM, "out of memory");
        return NULL;
    }
    if (strncmp(text, reference, sizeof reference - 1) != 0) {
        return text;
    }
    checked = write_reference(client, text + sizeof reference - 1);
    free(text);
    return checked;
}

static int set(struct client *client, enum slot slot, const struct words *words)
{
    const struct server_parts *parts = server_parts(client_server(client));
    char message[MESSAGE_SIZE], *text;
    int error;

    if ((client_permissions(client) & PERMISSION_CONTROL) == 0) {
        return client_ack(client, ACK_PERMISSION, "you don't have permission for \"match slot\"");
    }
    if (player_is_blind(parts->player)) {
        return client_ack(client, ACK_ARG, "a blind test goes on; `match abx stop` gives it up");
    }
    text = write_slot(client, words);
    if (text == NULL) {
        return -1;
    }
    error = slot_is_good(parts, text, message, sizeof message)
                ? match_option_set(client, slot_option(slot), text)
                : client_ack(client, ACK_ARG, "%s", message);
    free(text);
    return error;
}

int match_slot(struct client *client, const struct words *words)
{
    const char *which = words->count > 1 ? words->word[1] : "";
    enum slot slot = which[0] == 'a' ? SLOT_A : SLOT_B;
    int error = 0;

    if (words->count == 1) {
        print(client, SLOT_A);
        print(client, SLOT_B);
        return 0;
    }
    if (strcmp(which, "a") != 0 && strcmp(which, "b") != 0) {
        return client_ack(client, ACK_ARG, "%s: it is a or b", which);
    }
    if (words->count > 2) {
        error = set(client, slot, words);
    }
    if (error == 0) {
        print(client, slot);
    }
    return error;
}
