/*
 * make_library.c - a music library of many small tagged files, for tests and for `make bench`.
 *
 *   make_library FOLDER FILES [DIFFERENT]
 *
 * Makes FOLDER/Artist/Album/NN Title.EXT, FILES of them. DIFFERENT (2,000 unless told) of them are
 * files of their own, FLAC, MP3, Ogg Vorbis, M4A and Opus in turn, each with its own tags; the
 * others are hard links to these under other folders. Ten files an album, two albums an artist; the
 * same arguments give the same library. Sound comes from the program ffmpeg. Prints one line.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libavformat/avformat.h>

enum { KINDS = 5, LENGTHS = 4, ALBUM = 10, PACKETS_MAX = 1024, PATH_SIZE = 4096 };

static const struct {
    const char *ending, *muxer, *encode;
} kinds[KINDS] = {
    {"flac", "flac", "-c:a flac"},
    {"mp3", "mp3", "-c:a libmp3lame -b:a 64k"},
    {"ogg", "ogg", "-c:a libvorbis -q:a 0"},
    {"m4a", "ipod", "-c:a aac -b:a 48k"},
    {"opus", "opus", "-c:a libopus -b:a 32k"},
};

/* A short sound in memory, ready to be written under other tags. */
struct seed {
    AVFormatContext *from;
    AVPacket *packets[PACKETS_MAX];
    size_t count;
};

static int make_folder(const char *path)
{
    return mkdir(path, 0777) == 0 || errno == EEXIST ? 0 : -1;
}

/* A name of its own for each number: syllables, with some letters that are not ASCII. */
static void make_name(char *out, size_t size, unsigned number, unsigned kind)
{
    static const char *const first[] = {"Ba", "Cor", "Del", "Fö", "Gra", "Hal", "Is",  "Ju",
                                        "Ka", "Lo",  "Mé",  "No", "Or",  "Pe",  "Qui", "Ra"};
    static const char *const second[] = {"lan", "mi", "ne",  "ra", "sto", "tu", "ve",  "wen",
                                         "xa",  "yl", "zor", "bé", "chi", "do", "fen", "lia"};
    static const char *const last[] = {"Blue", "Rain",  "Love", "Night", "Road",  "Stone", "Fire",
                                       "Wind", "Glass", "Tree", "Light", "River", "Moon",  "Star"};
    unsigned mixed = number * 2654435761U + kind * 40503U;

    snprintf(out, size, "%s%s %s%s %s", first[mixed >> 28], second[mixed >> 24 & 15],
             first[mixed >> 20 & 15], second[mixed >> 16 & 15], last[(mixed >> 8) % 14]);
}

static int load_seed(struct seed *seed, const char *path)
{
    AVPacket *packet;

    if (avformat_open_input(&seed->from, path, NULL, NULL) < 0 ||
        avformat_find_stream_info(seed->from, NULL) < 0) {
        return -1;
    }
    while (seed->count < PACKETS_MAX && (packet = av_packet_alloc()) != NULL) {
        if (av_read_frame(seed->from, packet) < 0) {
            av_packet_free(&packet);
            break;
        }
        seed->packets[seed->count++] = packet;
    }
    return seed->count > 0 ? 0 : -1;
}

static void drop_seed(struct seed *seed)
{
    for (size_t i = 0; i < seed->count; i++) {
        av_packet_free(&seed->packets[i]);
    }
    avformat_close_input(&seed->from);
}

/* Sounds of half a second to two, in all kinds. */
static int make_seeds(struct seed seeds[KINDS * LENGTHS], const char *folder)
{
    for (int i = 0; i < KINDS * LENGTHS; i++) {
        char path[PATH_SIZE], command[2 * PATH_SIZE];
        int step = i / KINDS;
        bool made;

        snprintf(path, sizeof path, "%s/.seed%d.%s", folder, i, kinds[i % KINDS].ending);
        snprintf(command, sizeof command,
                 "ffmpeg -nostdin -v error -y -f lavfi -i 'sine=%d:r=44100:d=%.1f' -map_metadata "
                 "-1 %s '%s'",
                 220 + 55 * i, 0.5 * (1 + step), kinds[i % KINDS].encode, path);
        made = system(command) == 0 && load_seed(&seeds[i], path) == 0;
        unlink(path);
        if (!made) {
            fprintf(stderr, "make_library: %s could not be made\n", path);
            return -1;
        }
    }
    return 0;
}

static void set_tags(AVDictionary **tags, unsigned number)
{
    static const char *const genres[] = {"Jazz", "Rock", "Classical", "Folk;Blues", "Electronic"};
    unsigned album = number / ALBUM, artist = album / 2;
    char text[256], name[128];

    make_name(text, sizeof text, number, 3);
    av_dict_set(tags, "title", text, 0);
    make_name(text, sizeof text, artist, 1);
    av_dict_set(tags, "album_artist", text, 0);
    if (number % 7 == 0) { /* with a guest */
        make_name(name, sizeof name, number, 1);
        snprintf(text + strlen(text), sizeof text - strlen(text), ";%s", name);
    }
    av_dict_set(tags, "artist", text, 0);
    make_name(text, sizeof text, album, 2);
    av_dict_set(tags, "album", text, 0);
    make_name(text, sizeof text, artist * 3 + number % 3, 4);
    av_dict_set(tags, "composer", text, 0);
    av_dict_set(tags, "genre", genres[artist % 5], 0);
    snprintf(text, sizeof text, "%u/%d", number % ALBUM + 1, ALBUM);
    av_dict_set(tags, "track", text, 0);
    snprintf(text, sizeof text, "%u", 1950 + album * 7 % 75);
    av_dict_set(tags, "date", text, 0);
    av_dict_set(tags, "disc", "1/1", 0);
    snprintf(text, sizeof text, "%+.2f dB", -(double)(number % 1200) / 100.0);
    av_dict_set(tags, "REPLAYGAIN_TRACK_GAIN", text, 0);
}

static int write_packets(AVFormatContext *to, const struct seed *seed)
{
    AVPacket *packet = av_packet_alloc();
    int result = packet == NULL ? AVERROR(ENOMEM) : avformat_write_header(to, NULL);

    for (size_t i = 0; result >= 0 && i < seed->count; i++) {
        result = av_packet_ref(packet, seed->packets[i]);
        if (result >= 0) {
            packet->stream_index = 0;
            av_packet_rescale_ts(packet, seed->from->streams[0]->time_base,
                                 to->streams[0]->time_base);
            result = av_write_frame(to, packet);
            av_packet_unref(packet);
        }
    }
    av_packet_free(&packet);
    return result < 0 ? result : av_write_trailer(to);
}

static int write_file(const char *path, const struct seed *seed, const char *muxer, unsigned number)
{
    AVFormatContext *to = NULL;
    AVStream *stream;
    int result = avformat_alloc_output_context2(&to, NULL, muxer, path);

    stream = result < 0 ? NULL : avformat_new_stream(to, NULL);
    if (stream == NULL) {
        avformat_free_context(to);
        return -1;
    }
    result = avcodec_parameters_copy(stream->codecpar, seed->from->streams[0]->codecpar);
    stream->codecpar->codec_tag = 0;
    stream->time_base = seed->from->streams[0]->time_base;
    set_tags(&to->metadata, number);
    if (result >= 0) {
        result = avio_open(&to->pb, path, AVIO_FLAG_WRITE);
    }
    if (result >= 0) {
        result = write_packets(to, seed);
    }
    avio_closep(&to->pb);
    avformat_free_context(to);
    return result < 0 ? -1 : 0;
}

/* Where file `number` of all stands, with the title of the file `kind`; its folders are made. */
static int make_place(char *path, const char *folder, unsigned number, unsigned kind,
                      const char *ending)
{
    unsigned album = number / ALBUM;
    char artist_name[128], album_name[128], title[128];
    int used;

    make_name(artist_name, sizeof artist_name, album / 2, 1);
    make_name(album_name, sizeof album_name, album, 2);
    make_name(title, sizeof title, kind, 3);
    used = snprintf(path, PATH_SIZE, "%s/%s %u", folder, artist_name, album / 2);
    if (number % ALBUM == 0 && make_folder(path) != 0) {
        return -1;
    }
    used += snprintf(path + used, (size_t)(PATH_SIZE - used), "/%s %u", album_name, album % 2 + 1);
    if (number % ALBUM == 0 && make_folder(path) != 0) {
        return -1;
    }
    used += snprintf(path + used, (size_t)(PATH_SIZE - used), "/%02u %s.%s", number % ALBUM + 1,
                     title, ending);
    return used < PATH_SIZE ? 0 : -1;
}

int main(int argc, char **argv)
{
    struct seed seeds[KINDS * LENGTHS] = {{0}};
    unsigned files = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
    unsigned different = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 2000;
    char path[PATH_SIZE], original[PATH_SIZE];
    int error = 0;

    if (files == 0 || different == 0 || argc > 4) {
        fprintf(stderr, "usage: make_library FOLDER FILES [DIFFERENT]\n");
        return 2;
    }
    av_log_set_level(AV_LOG_QUIET);
    if (make_folder(argv[1]) != 0 || make_seeds(seeds, argv[1]) != 0) {
        error = -1;
    }
    for (unsigned i = 0; error == 0 && i < files; i++) {
        unsigned own = i % different;
        unsigned seed = own % (KINDS * LENGTHS);
        const char *ending = kinds[seed % KINDS].ending;

        error = make_place(path, argv[1], i, own, ending);
        if (error == 0 && i < different) {
            error = write_file(path, &seeds[seed], kinds[seed % KINDS].muxer, own);
        } else if (error == 0) {
            error = make_place(original, argv[1], own, own, ending);
            error = error == 0 && link(original, path) == 0 ? 0 : errno == EEXIST ? 0 : -1;
        }
    }
    if (error != 0) {
        fprintf(stderr, "make_library: %s: %s\n", path, strerror(errno));
    } else {
        printf("%u files in %s, %u of them different\n", files, argv[1],
               files < different ? files : different);
    }
    for (int i = 0; i < KINDS * LENGTHS; i++) {
        drop_seed(&seeds[i]);
    }
    return error == 0 ? 0 : 1;
}
