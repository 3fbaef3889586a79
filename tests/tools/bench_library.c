/* bench_library.c - what a large library costs: `bench_library [TRACKS [cpu]]`, one line a number;
   cpu: the processor's time in place of the clock's, for machines that are busy. */
#include "library/catalogue.h"
#include "library/search.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    TRACKS = 100000,
    TRACKS_AN_ALBUM = 11,
    ALBUMS_AN_ARTIST = 3,
    WORDS = 4000,
    QUERIES = 400,
    REPEATS = 50,
    TAGS = 9,
    TEXT = 256,
};

static const char *const syllables[] = {"ba",  "lo",  "ri",       "the", "mo", "ne", "sta",
                                        "ki",  "ver", "sun",      "dar", "o",  "li", "fa",
                                        "gre", "ton", "\xC3\xA9", "hea", "wa", "ing"};

struct chance {
    uint64_t state;
};

static uint32_t chance_below(struct chance *chance, uint32_t limit)
{
    chance->state = chance->state * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(chance->state >> 33) % limit;
}

/* Word number n, always the same. */
static void add_word(char *text, size_t size, uint32_t number)
{
    struct chance chance = {number * 2654435761U + 1};
    size_t used = strlen(text);
    uint32_t count = 1 + chance_below(&chance, 3);

    if (used > 0 && used + 1 < size) {
        text[used++] = ' ';
        text[used] = '\0';
    }
    for (uint32_t i = 0; i < count; i++) {
        size_t end = strlen(text);

        snprintf(text + end, size - end, "%s",
                 syllables[chance_below(&chance, sizeof syllables / sizeof syllables[0])]);
    }
    if (text[used] >= 'a' && text[used] <= 'z') {
        text[used] = (char)(text[used] - 'a' + 'A');
    }
}

/* Few words are frequent, most are rare, as in names. */
static uint32_t word_number(struct chance *chance)
{
    uint32_t below = 1 + chance_below(chance, WORDS);

    return chance_below(chance, below);
}

static void make_phrase(char *text, uint64_t seed, uint32_t most)
{
    struct chance chance = {seed * 0x9E3779B97F4A7C15U + 7};
    uint32_t count = 1 + chance_below(&chance, most);

    text[0] = '\0';
    for (uint32_t i = 0; i < count; i++) {
        add_word(text, TEXT, word_number(&chance));
    }
}

struct track {
    char artist[TEXT], album[TEXT], title[TEXT], uri[4 * TEXT], number[16], date[16], genre[TEXT];
};

static void make_track(struct track *track, uint32_t n)
{
    uint32_t album = n / TRACKS_AN_ALBUM, artist = album / ALBUMS_AN_ARTIST;

    make_phrase(track->artist, artist, 3);
    make_phrase(track->album, 1000000 + album, 4);
    make_phrase(track->title, 2000000 + n, 5);
    make_phrase(track->genre, 9000000 + artist % 40, 1);
    snprintf(track->number, sizeof track->number, "%" PRIu32, n % TRACKS_AN_ALBUM + 1);
    snprintf(track->date, sizeof track->date, "%" PRIu32, 1960 + album * 7 % 65);
    snprintf(track->uri, sizeof track->uri, "%s/%s (%s)/%02" PRIu32 " - %s.flac", track->artist,
             track->album, track->date, n % TRACKS_AN_ALBUM + 1, track->title);
}

static int put_track(struct catalogue *catalogue, uint32_t n)
{
    struct track track;
    struct tag_value values[TAGS];
    struct tags tags = {.values = values,
                        .duration_s = 180 + n % 100,
                        .rate_hz = 44100,
                        .bits = 16,
                        .channels = 2,
                        .codec = "FLAC",
                        .track_gain_db = -7.5,
                        .track_peak = 0.98,
                        .album_gain_db = (double)NAN,
                        .album_peak = (double)NAN};
    struct record record = {
        .uri = track.uri, .modified_ns = (int64_t)n * 1000000000, .added_s = n, .tags = &tags};

    make_track(&track, n);
    values[tags.count++] = (struct tag_value){TAG_ARTIST, track.artist};
    values[tags.count++] = (struct tag_value){TAG_ALBUM, track.album};
    values[tags.count++] = (struct tag_value){TAG_ALBUM_ARTIST, track.artist};
    values[tags.count++] = (struct tag_value){TAG_TITLE, track.title};
    values[tags.count++] = (struct tag_value){TAG_TRACK, track.number};
    values[tags.count++] = (struct tag_value){TAG_GENRE, track.genre};
    values[tags.count++] = (struct tag_value){TAG_DATE, track.date};
    values[tags.count++] = (struct tag_value){TAG_DISC, "1"};
    return catalogue_put(catalogue, &record);
}

/* Set once, by main. */
static clockid_t time_source = CLOCK_MONOTONIC;

static double now_ms(void)
{
    struct timespec now;

    clock_gettime(time_source, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double resident_mib(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long pages = 0;

    if (file != NULL) {
        if (fscanf(file, "%*d %ld", &pages) != 1) {
            pages = 0;
        }
        fclose(file);
    }
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1048576;
}

static int compare_times(const void *one, const void *other)
{
    double first = *(const double *)one, second = *(const double *)other;

    return (first > second) - (first < second);
}

static void print_times(const char *name, double *times, size_t count)
{
    double first = times[0];

    qsort(times, count, sizeof *times, compare_times);
    printf("%-28s least %7.3f median %7.3f 99%% %7.3f most %7.3f first %7.3f ms\n", name, times[0],
           times[count / 2], times[count * 99 / 100], times[count - 1], first);
}

/* Each letter of "TITLE-WORD ARTIST-WORD" of some track is one key. */
static void bench_keys(struct catalogue *catalogue, uint32_t tracks, size_t shown)
{
    static double times[QUERIES * TEXT];
    struct search_question question = {.order = {SEARCH_NO_ORDER, false}, .last = shown};
    struct chance chance = {5};
    size_t keys = 0;

    for (size_t i = 0; i < QUERIES; i++) {
        struct track track;
        char query[3 * TEXT], typed[3 * TEXT] = "";

        make_track(&track, chance_below(&chance, tracks));
        snprintf(query, sizeof query, "%s %s", track.title, track.artist);
        query[12 + chance_below(&chance, 10)] = '\0';
        for (size_t length = 1; query[length - 1] != '\0'; length++) {
            struct search_result result;
            double begun;

            memcpy(typed, query, length);
            typed[length] = '\0';
            question.text = typed;
            begun = now_ms();
            if (search_songs(catalogue, &question, &result) == 0) {
                search_result_finish(&result);
            }
            times[keys++] = now_ms() - begun;
        }
    }
    print_times("key of a search", times, keys);
}

static void bench_find(struct catalogue *catalogue, const char *expression, const char *sort)
{
    double times[REPEATS];
    struct search_question question = {.order = {SEARCH_BY_PLACE, false}};
    char message[256], name[256];
    size_t total = 0;

    if (sort != NULL) {
        search_order_parse(&question.order, sort);
    }
    for (size_t i = 0; i < REPEATS; i++) {
        struct search_result result;
        struct filter *filter = NULL;
        double begun = now_ms();

        if (filter_parse(&filter, &expression, 1, false, message, sizeof message) < 0) {
            fprintf(stderr, "%s\n", message);
            return;
        }
        question.filter = filter;
        question.first = i * 20;
        question.last = i * 20 + 50;
        if (search_songs(catalogue, &question, &result) == 0) {
            total = result.total;
            search_result_finish(&result);
        }
        filter_destroy(filter);
        times[i] = now_ms() - begun;
    }
    snprintf(name, sizeof name, "find %s", sort != NULL ? sort : "without sort");
    print_times(name, times, REPEATS);
    printf("    %s: %zu songs\n", expression, total);
}

static bool count_row(void *context, const char *const values[])
{
    (void)values;
    ++*(size_t *)context;
    return true;
}

static bool count_sum(void *context, const char *value, size_t songs, double seconds)
{
    (void)value;
    (void)songs;
    (void)seconds;
    ++*(size_t *)context;
    return true;
}

static void bench_list(struct catalogue *catalogue, const char *name, enum tag kind,
                       const enum tag groups[], size_t count)
{
    struct search_columns columns = {kind, groups, count, NULL, 0, SIZE_MAX};
    double times[REPEATS];
    size_t rows = 0;

    for (size_t i = 0; i < REPEATS; i++) {
        double begun = now_ms();

        rows = 0;
        search_list(catalogue, &columns, count_row, &rows);
        times[i] = now_ms() - begun;
    }
    print_times(name, times, REPEATS);
    printf("    %zu rows\n", rows);
}

static void bench_count(struct catalogue *catalogue, const char *name, int group)
{
    double times[REPEATS];
    size_t rows = 0;

    for (size_t i = 0; i < REPEATS; i++) {
        double begun = now_ms();

        search_count(catalogue, NULL, group, count_sum, &rows);
        times[i] = now_ms() - begun;
    }
    print_times(name, times, REPEATS);
}

int main(int argc, char **argv)
{
    static const enum tag album_artist[] = {TAG_ALBUM_ARTIST},
                          both[] = {TAG_ALBUM_ARTIST, TAG_DATE};
    uint32_t tracks = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : TRACKS;
    struct catalogue *catalogue = catalogue_create();
    double memory = resident_mib(), begun, making;
    struct track track;

    if (argc > 2 && strcmp(argv[2], "cpu") == 0) {
        time_source = CLOCK_PROCESS_CPUTIME_ID;
    }
    if (catalogue == NULL || tracks == 0) {
        fprintf(stderr, "usage: bench_library [TRACKS [cpu]]\n");
        return 2;
    }
    begun = now_ms();
    for (uint32_t n = 0; n < tracks; n++) {
        make_track(&track, n);
    }
    making = now_ms() - begun;
    begun = now_ms();
    for (uint32_t n = 0; n < tracks; n++) {
        if (put_track(catalogue, n) < 0) {
            fprintf(stderr, "not enough memory\n");
            return 1;
        }
    }
    printf("%-28s %.1f ms for %zu tracks\n", "load", now_ms() - begun - making,
           catalogue_count(catalogue));
    printf("%-28s %.1f MiB\n", "memory of the catalogue", resident_mib() - memory);
    bench_keys(catalogue, tracks, 50);
    bench_find(catalogue, "(base '')", NULL);
    bench_find(catalogue, "(Title != '')", "Title");
    bench_find(catalogue, "(Genre contains 'a')", "AlbumArtist");
    bench_find(catalogue, "(Genre != '')", "-Last-Modified");
    bench_find(catalogue, "((Date starts_with '19') AND (Artist =~ '^[A-M].*o'))", "Artist");
    bench_find(catalogue, "(any contains 'Sun')", "Album");
    bench_find(catalogue, "(file contains 'Sun')", "Album");
    bench_list(catalogue, "list artist", TAG_ARTIST, NULL, 0);
    bench_list(catalogue, "list album group albumartist", TAG_ALBUM, album_artist, 1);
    bench_list(catalogue, "... group date", TAG_ALBUM, both, 2);
    bench_list(catalogue, "list title group albumartist", TAG_TITLE, album_artist, 1);
    bench_count(catalogue, "count", -1);
    bench_count(catalogue, "count group artist", TAG_ARTIST);
    printf("%-28s %.1f MiB\n", "memory with all orders", resident_mib() - memory);
    begun = now_ms();
    for (uint32_t n = 0; n < 2000 && n < tracks; n++) {
        put_track(catalogue, n * 37 % tracks);
    }
    printf("%-28s %.1f ms\n", "2,000 read anew", now_ms() - begun);
    catalogue_destroy(catalogue);
    return 0;
}
