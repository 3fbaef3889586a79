/* match_chain.c - `match chain`: what the chain is made of, seen and edited while it plays. */
#include "server/match_scope.h"
#include "server/match_verbs.h"

#include "chain/rack_words.h"
#include "config/options.h"

#include <errno.h>
#include <string.h>

enum { MESSAGE_SIZE = 256, VALUE_SIZE = 64 };

/* --- shown --------------------------------------------------------------------------------- */

/* The chain of what is heard; where nothing is, that of the settings. 0, or an ACK that was sent.
 */
static int find_rack(struct client *client, struct rack *rack)
{
    struct track_sound sound;
    int error = match_heard_sound(server_parts(client_server(client)), &sound);

    rack_init(rack); /* empty where there is an error */
    if (error != 0) {
        return client_ack_errno(client, error, "chain");
    }
    *rack = sound.rack;
    track_sound_finish(&sound);
    return 0;
}

static void print_entry(struct client *client, const struct rack_entry *entry)
{
    const struct module_class *class = entry->kind->class;

    client_pair(client, "module", class->name);
    client_pair(client, "title", class->title);
    client_pair(client, "bypassed", entry->bypassed ? "1" : "0");
    for (size_t i = 0; i < class->parameter_count; i++) {
        const struct module_parameter *parameter = &class->parameters[i];
        char value[VALUE_SIZE], standard[VALUE_SIZE];

        rack_words_write(parameter, entry->values[i], value, sizeof value);
        rack_words_write(parameter, parameter->standard, standard, sizeof standard);
        client_pair(client, "parameter", parameter->name);
        client_pair(client, "value", value);
        client_pair(client, "unit", parameter->unit);
        client_pairf(client, "minimum", "%.10g", parameter->minimum);
        client_pairf(client, "maximum", "%.10g", parameter->maximum);
        client_pair(client, "standard", standard);
        client_pair(client, "help", parameter->help);
    }
}

static int show(struct client *client)
{
    struct rack rack;
    size_t count;
    const struct rack_kind *kinds = rack_kinds(&count);
    int error = find_rack(client, &rack);

    if (error != 0) {
        return error;
    }
    for (size_t i = 0; i < rack.length; i++) {
        print_entry(client, &rack.entries[i]);
    }
    for (size_t i = 0; i < count; i++) {
        if (!kinds[i].once || rack_find(&rack, kinds[i].class->name) < 0) {
            client_pair(client, "available", kinds[i].class->name);
        }
    }
    client_pair(client, "edited", server_parts(client_server(client))->chain_is_edited ? "1" : "0");
    return 0;
}

/* --- edited -------------------------------------------------------------------------------- */

/* One edit of a rack: 0, or an ACK that was sent. */
typedef int edit_function(struct client *client, struct rack *rack, const struct words *words);

/* Where a module stands; -1: an ACK was sent. */
static int index_of(struct client *client, const struct rack *rack, const char *name)
{
    char message[MESSAGE_SIZE];
    int index = rack_find(rack, name);

    if (index < 0 && rack_words_kind(name, message, sizeof message) == NULL) {
        client_ack(client, ACK_NO_EXIST, "%s", message);
    } else if (index < 0) {
        client_ack(client, ACK_NO_EXIST, "%s does not stand in the chain; `match chain add %s`",
                   name, name);
    }
    return index;
}

/* 0 ... most. False: an ACK was sent. */
static bool take_position(struct client *client, const char *word, size_t most, size_t *position)
{
    char message[MESSAGE_SIZE];
    uint32_t number;

    if (!protocol_unsigned(word, &number, message, sizeof message)) {
        client_ack(client, ACK_ARG, "%s", message);
        return false;
    }
    if (number > most) {
        client_ack(client, ACK_ARG, "%s: the chain has the places 0 to %zu", word, most);
        return false;
    }
    *position = number;
    return true;
}

static int edit_set(struct client *client, struct rack *rack, const struct words *words)
{
    int index = index_of(client, rack, words->word[2]);
    const struct rack_kind *kind;
    char message[MESSAGE_SIZE];
    int parameter;

    if (index < 0) {
        return -1;
    }
    kind = rack->entries[index].kind;
    parameter = rack_words_parameter(kind, words->word[3], message, sizeof message);
    if (parameter < 0) {
        return client_ack(client, ACK_NO_EXIST, "%s", message);
    }
    if (rack_words_value(kind, &kind->class->parameters[parameter], words->word[4],
                         &rack->entries[index].values[parameter], message, sizeof message) < 0) {
        return client_ack(client, ACK_ARG, "%s", message);
    }
    return 0;
}

static int edit_bypass(struct client *client, struct rack *rack, const struct words *words)
{
    int index = index_of(client, rack, words->word[2]);
    const char *word = words->count > 3 ? words->word[3] : "toggle";
    int truth = strcmp(word, "toggle") == 0 ? 2 : option_truth(word);

    if (index < 0) {
        return -1;
    }
    if (truth < 0) {
        return client_ack(client, ACK_ARG, "%s: it is on, off or toggle", word);
    }
    rack_bypass(rack, (size_t)index, truth == 2 ? !rack->entries[index].bypassed : truth == 1);
    return 0;
}

static int edit_add(struct client *client, struct rack *rack, const struct words *words)
{
    char message[MESSAGE_SIZE];
    const struct rack_kind *kind = rack_words_kind(words->word[2], message, sizeof message);
    size_t position = 0;
    int error;

    if (kind == NULL) {
        return client_ack(client, ACK_NO_EXIST, "%s", message);
    }
    if (words->count > 3 && !take_position(client, words->word[3], rack->length, &position)) {
        return -1;
    }
    if (kind->once && rack_find(rack, kind->class->name) >= 0) {
        return client_ack(client, ACK_EXIST, "%s stands in the chain already", kind->class->name);
    }
    error =
        words->count > 3 ? rack_add(rack, kind->class->name, position) : rack_words_add(rack, kind);
    return error == 0 ? 0
                      : client_ack(client, ACK_ARG, "no more than %d modules can stand in a chain",
                                   RACK_ENTRIES_MAX);
}

static int edit_remove(struct client *client, struct rack *rack, const struct words *words)
{
    int index = index_of(client, rack, words->word[2]);

    return index < 0 ? -1 : rack_remove(rack, (size_t)index);
}

static int edit_move(struct client *client, struct rack *rack, const struct words *words)
{
    int index = index_of(client, rack, words->word[2]);
    size_t position = 0;

    if (index < 0 || !take_position(client, words->word[3], rack->length - 1, &position)) {
        return -1;
    }
    return rack_move(rack, (size_t)index, position);
}

static const struct edit {
    const char *name;
    size_t least, most; /* words, "chain" and the name included */
    edit_function *run; /* NULL: reset */
    const char *usage;
} edits[] = {
    {"set", 5, 5, edit_set, "set MODULE PARAMETER VALUE"},
    {"bypass", 3, 4, edit_bypass, "bypass MODULE [on|off|toggle]"},
    {"add", 3, 4, edit_add, "add MODULE [POSITION]"},
    {"remove", 3, 3, edit_remove, "remove MODULE"},
    {"move", 4, 4, edit_move, "move MODULE POSITION"},
    {"reset", 2, 2, NULL, "reset"},
};

static const struct edit *find_edit(const char *name)
{
    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
        if (strcmp(edits[i].name, name) == 0) {
            return &edits[i];
        }
    }
    return NULL;
}

int match_chain(struct client *client, const struct words *words)
{
    struct server *server = client_server(client);
    struct server_parts *parts = server_parts(server);
    const struct edit *edit;
    struct rack rack;

    if (words->count == 1) {
        return show(client);
    }
    if ((client_permissions(client) & PERMISSION_CONTROL) == 0) {
        return client_ack(client, ACK_PERMISSION, "you don't have permission for \"match chain\"");
    }
    edit = find_edit(words->word[1]);
    if (edit == NULL) {
        return client_ack(client, ACK_ARG, "%s: it is set, bypass, add, remove, move or reset",
                          words->word[1]);
    }
    if (words->count < edit->least || words->count > edit->most) {
        return client_ack(client, ACK_ARG, "it is match chain %s", edit->usage);
    }
    if (edit->run != NULL) {
        int error = find_rack(client, &rack);

        error = error == 0 ? edit->run(client, &rack, words) : error;
        if (error != 0) {
            return error;
        }
        parts->chain = rack;
    }
    parts->chain_is_edited = edit->run != NULL;
    server_match_changed(server);
    return 0;
}
