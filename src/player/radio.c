/* radio.c - what a radio station says while it is heard. */
#include "player/radio.h"

#include "player/player_internal.h"

#include <string.h>

void radio_begin(struct player *player)
{
    player->radio.changes = 0;
    player->radio.lost = false;
}

void radio_clear(struct player *player)
{
    pthread_mutex_lock(&player->lock);
    player->radio.count = 0;
    pthread_mutex_unlock(&player->lock);
}

const struct radio_words *radio_heard(const struct radio *radio, int64_t position)
{
    const struct radio_words *heard = NULL;

    for (size_t i = 0; i < radio->count && radio->words[i].position <= position; i++) {
        heard = &radio->words[i];
    }
    return heard;
}

static void note_words(struct player *player, const struct media_station *station)
{
    struct radio *radio = &player->radio;
    const struct radio_words *last = radio->count > 0 ? &radio->words[radio->count - 1] : NULL;
    struct radio_words *words;

    if (last != NULL
            ? strcmp(last->name, station->name) == 0 && strcmp(last->title, station->title) == 0
            : station->name[0] == '\0' && station->title[0] == '\0') {
        return;
    }
    pthread_mutex_lock(&player->lock);
    if (radio->count == RADIO_WORDS) {
        radio->count--;
        memmove(radio->words, radio->words + 1, radio->count * sizeof radio->words[0]);
    }
    words = &radio->words[radio->count++];
    /* What comes before a second is heard was said when listening began. */
    words->position = radio->count == 1 ? 0 : stream_written(player->stream);
    memcpy(words->name, station->name, sizeof words->name);
    memcpy(words->title, station->title, sizeof words->title);
    pthread_mutex_unlock(&player->lock);
}

static void note_lost(struct player *player, const struct media_station *station)
{
    const char *path = player->marks[player->mark_count - 1].track->path;

    if (station->lost == player->radio.lost) {
        return;
    }
    player->radio.lost = station->lost;
    if (station->lost) {
        player_tell(player, LOG_WARNING, "%s", station->message);
        recovery_note(&player->recovery, RECOVERY_FILE, 0, "%s", station->message);
    } else {
        log_write(player->log, LOG_NOTICE, "%s: is connected again", path);
        recovery_note(&player->recovery, RECOVERY_FILE, 0, "%s: is connected again", path);
        player_clear_error(player);
    }
}

void radio_serve(struct player *player)
{
    struct media_station station;

    if (player->decoder == NULL || player->mark_count == 0 ||
        !decoder_station(player->decoder, &station) || station.changes == player->radio.changes) {
        return;
    }
    player->radio.changes = station.changes;
    note_lost(player, &station);
    note_words(player, &station);
}
