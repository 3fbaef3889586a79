/* commands_match.c - `match VERB ...`: what MPD has no command for. */
#include "server/commands.h"
#include "server/library_commands.h"
#include "server/match_verbs.h"

#include <string.h>

/* Those of match_*.c. */
static const struct match_verb verbs[] = {
    {"ab", PERMISSION_READ, 0, 1, match_ab},
    {"abx", PERMISSION_PLAYER, 1, 2, match_abx},
    {"add", PERMISSION_ADD, 1, -1, match_add},
    {"album", PERMISSION_READ, 0, 1, match_album},
    {"amount", PERMISSION_CONTROL, 2, 5, match_amount},
    {"candidates", PERMISSION_READ, 0, 1, match_candidates},
    {"chain", PERMISSION_READ, 0, 4, match_chain},
    {"clear", PERMISSION_CONTROL, 1, 3, match_clear},
    {"find", PERMISSION_READ, 4, 5, match_find},
    {"findaddpl", PERMISSION_CONTROL, 2, -1, library_find_add_playlist},
    {"folder", PERMISSION_READ, 1, 3, match_folder},
    {"hear", PERMISSION_PLAYER, 1, 2, match_hear},
    {"loudness", PERMISSION_READ, 0, 1, match_loudness},
    {"meters", PERMISSION_READ, 0, -1, match_meters},
    {"plan", PERMISSION_READ, 0, 1, match_plan_verb},
    {"playlist", PERMISSION_READ, 1, 2, match_playlist},
    {"preset", PERMISSION_READ, 0, 4, match_preset},
    {"queue", PERMISSION_READ, 0, 1, match_queue},
    {"reference", PERMISSION_READ, 0, -1, match_reference},
    {"reload", PERMISSION_ADMIN, 0, 0, match_reload},
    {"replace", PERMISSION_ADD | PERMISSION_PLAYER | PERMISSION_CONTROL, 3, 4, match_replace},
    {"scan", PERMISSION_READ, 0, 0, match_scan},
    {"set", PERMISSION_READ, 0, 2, match_set},
    {"slot", PERMISSION_READ, 0, 3, match_slot},
    {"status", PERMISSION_READ, 0, 0, match_status},
    {"undo", PERMISSION_ADD | PERMISSION_PLAYER | PERMISSION_CONTROL, 0, 0, match_undo},
    {"verbs", PERMISSION_NONE, 0, 0, NULL},
};

enum { VERBS = sizeof verbs / sizeof verbs[0] };

static const struct match_verb *find_verb(const char *name)
{
    for (size_t i = 0; i < VERBS; i++) {
        if (strcmp(verbs[i].name, name) == 0) {
            return &verbs[i];
        }
    }
    return NULL;
}

/* Those that this client may use. */
static int list_verbs(struct client *client)
{
    for (size_t i = 0; i < VERBS; i++) {
        if ((verbs[i].permission & ~client_permissions(client)) == 0) {
            client_pair(client, "verb", verbs[i].name);
        }
    }
    return 0;
}

int match_run(struct client *client, const struct words *words)
{
    const struct match_verb *verb = find_verb(words->word[1]);
    struct words rest = {.count = words->count - 1};
    int count = (int)rest.count - 1;

    if (verb == NULL) {
        return client_ack(client, ACK_ARG, "unknown verb \"%s\"", words->word[1]);
    }
    if ((verb->permission & ~client_permissions(client)) != 0) {
        return client_ack(client, ACK_PERMISSION, "you don't have permission for \"match %s\"",
                          verb->name);
    }
    if (count < verb->least || (verb->most >= 0 && count > verb->most)) {
        return client_ack(client, ACK_ARG, "%s arguments for \"match %s\"",
                          verb->least == verb->most ? "wrong number of"
                          : count < verb->least     ? "too few"
                                                    : "too many",
                          verb->name);
    }
    if (verb->run == NULL) {
        return list_verbs(client);
    }
    memcpy(rest.word, words->word + 1, rest.count * sizeof rest.word[0]);
    return verb->run(client, &rest);
}

static const struct server_command commands[] = {
    {"match", PERMISSION_NONE, 1, -1, match_run},
};

const struct command_set commands_match = {commands, sizeof commands / sizeof commands[0]};
