/* gapless.c - encoder delay and padding, from the bytes of MP3 and MP4 files. */
#include "media/gapless.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SCAN_BYTES = 65536, MP3_DECODER_DELAY = 529, MP4_DEPTH_MAX = 8 };

static uint32_t big_endian_32(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static uint64_t big_endian_64(const unsigned char *bytes)
{
    return (uint64_t)big_endian_32(bytes) << 32 | big_endian_32(bytes + 4);
}

/* Not a pipe, whose bytes can be read but once. */
static FILE *open_plain(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISREG(status.st_mode) ? fopen(path, "rbe") : NULL;
}

/* --- MP3 ---------------------------------------------------------------------------------------
 */

struct mp3_frame {
    uint32_t frames;        /* sound in it */
    uint32_t tag_offset;    /* of Xing or Info, from its beginning */
    uint32_t header_family; /* what all headers of one stream share */
};

/* True if the four bytes can begin a layer III frame. */
static bool mp3_parse_header(struct mp3_frame *frame, const unsigned char *bytes)
{
    uint32_t header = big_endian_32(bytes);
    uint32_t version = header >> 19 & 3; /* 0: 2.5, 2: 2, 3: 1 */
    bool mono = (header >> 6 & 3) == 3;

    if (header >> 21 != 0x7FF || version == 1 || (header >> 17 & 3) != 1 ||
        (header >> 12 & 15) == 15 || (header >> 10 & 3) == 3) {
        return false;
    }
    frame->frames = version == 3 ? 1152 : 576;
    if (version == 3) {
        frame->tag_offset = mono ? 4 + 17 : 4 + 32;
    } else {
        frame->tag_offset = mono ? 4 + 9 : 4 + 17;
    }
    frame->header_family = header & 0xFFFE0C00;
    return true;
}

/* Behind the ID3v2 tags at the beginning. */
static int64_t skip_id3(FILE *file)
{
    unsigned char head[10];
    int64_t place = 0;

    while (fseeko(file, place, SEEK_SET) == 0 && fread(head, sizeof head, 1, file) == 1 &&
           memcmp(head, "ID3", 3) == 0) {
        int64_t size = (int64_t)(head[6] & 127) << 21 | (head[7] & 127) << 14 |
                       (head[8] & 127) << 7 | (head[9] & 127);

        place += 10 + size + (head[5] & 16 ? 10 : 0);
    }
    return place;
}

/* Does the stream go on where the header says that it ends? Then two files were joined, and the
   first one's header tells nothing about the length. */
static bool mp3_goes_on(FILE *file, int64_t place, uint32_t header_family)
{
    unsigned char head[4];
    struct mp3_frame frame;

    if (fseeko(file, place, SEEK_SET) != 0 || fread(head, sizeof head, 1, file) != 1) {
        return false;
    }
    return memcmp(head, "ID3", 3) == 0 ||
           (mp3_parse_header(&frame, head) && frame.header_family == header_family);
}

/* `tag` begins with Xing or Info and has at least 160 bytes; *bytes: of the stream, 0: not said. */
static bool parse_xing(struct gapless *gapless, const unsigned char *tag,
                       const struct mp3_frame *frame, uint32_t *bytes)
{
    uint32_t flags = big_endian_32(tag + 4);
    const unsigned char *at = tag + 8;
    int64_t raw, delay, padding;

    if (!(flags & 1)) {
        return false;
    }
    raw = (int64_t)big_endian_32(at) * frame->frames;
    at += 4;
    if (flags & 2) {
        *bytes = big_endian_32(at);
        at += 4;
    }
    at += flags & 4 ? 100 : 0;
    at += flags & 8 ? 4 : 0;
    gapless->skip = 0;
    gapless->end = raw;
    delay = at[21] << 4 | at[22] >> 4;
    padding = (at[22] & 15) << 8 | at[23];
    if (at[0] < ' ' || at[0] > '~' || (delay == 0 && padding == 0)) {
        return raw > 0; /* no encoder that says what it added */
    }
    gapless->skip = delay + MP3_DECODER_DELAY;
    if (padding > MP3_DECODER_DELAY) {
        gapless->end = raw - padding + MP3_DECODER_DELAY;
    }
    return gapless->end > gapless->skip;
}

static bool parse_mp3(struct gapless *gapless, FILE *file)
{
    static const char *const names[] = {"Xing", "Info"};
    unsigned char bytes[SCAN_BYTES + 256] = {0};
    int64_t start = skip_id3(file);
    struct mp3_frame frame;
    size_t got, at = 0;

    if (fseeko(file, start, SEEK_SET) != 0) {
        return false;
    }
    got = fread(bytes, 1, SCAN_BYTES, file);
    while (at + 4 <= got && !mp3_parse_header(&frame, bytes + at)) {
        at++;
    }
    if (at + 4 > got) {
        return false;
    }
    for (size_t i = 0; i < 2; i++) {
        const unsigned char *tag = bytes + at + frame.tag_offset;
        uint32_t length = 0;

        if (memcmp(tag, names[i], 4) == 0 && parse_xing(gapless, tag, &frame, &length)) {
            return length == 0 ||
                   !mp3_goes_on(file, start + (int64_t)at + length, frame.header_family);
        }
    }
    if (memcmp(bytes + at + 36, "VBRI", 4) == 0) {
        gapless->skip = 0;
        gapless->end = (int64_t)big_endian_32(bytes + at + 36 + 14) * frame.frames;
        return gapless->end > 0;
    }
    return false;
}

bool gapless_read_mp3(struct gapless *gapless, const char *path)
{
    FILE *file = open_plain(path);
    bool found = false;

    if (file != NULL) {
        found = parse_mp3(gapless, file);
        fclose(file);
    }
    if (!found) {
        *gapless = (struct gapless){.skip = 0, .end = -1};
    }
    return found;
}

/* --- MP4 ---------------------------------------------------------------------------------------
 */

struct box {
    int64_t begin, end; /* of what is in it */
    char type[4];
};

/* The box at `place`, which must end by `limit`. */
static bool read_box(struct box *box, FILE *file, int64_t place, int64_t limit)
{
    unsigned char head[16];
    uint64_t size;
    size_t head_bytes = 8;

    if (limit - place < 8 || fseeko(file, place, SEEK_SET) != 0 || fread(head, 8, 1, file) != 1) {
        return false;
    }
    size = big_endian_32(head);
    memcpy(box->type, head + 4, 4);
    if (size == 1) {
        if (fread(head + 8, 8, 1, file) != 1) {
            return false;
        }
        size = big_endian_64(head + 8);
        head_bytes = 16;
    } else if (size == 0) {
        size = (uint64_t)(limit - place);
    }
    if (size < head_bytes) {
        return false;
    }
    box->begin = place + (int64_t)head_bytes;
    box->end = size > (uint64_t)(limit - place) ? limit : place + (int64_t)size;
    return true;
}

static bool box_is(const struct box *box, const char *type)
{
    return memcmp(box->type, type, 4) == 0;
}

/* Up to `size` bytes of what is in the box; the rest becomes 0. */
static void read_body(const struct box *box, FILE *file, unsigned char *body, size_t size)
{
    size_t there = (size_t)(box->end - box->begin);

    memset(body, 0, size);
    if (fseeko(file, box->begin, SEEK_SET) == 0 &&
        fread(body, 1, there < size ? there : size, file) == 0) {
        memset(body, 0, size);
    }
}

static void read_edit_list(struct mp4_edit *edit, const unsigned char *body)
{
    uint32_t count = big_endian_32(body + 4);
    const unsigned char *at = body + 8;

    for (uint32_t i = 0; i < count; i++) {
        int64_t duration, media_time;

        if (i == 2) {
            edit->several = true;
            return;
        }
        if (body[0] == 1) {
            duration = (int64_t)big_endian_64(at);
            media_time = (int64_t)big_endian_64(at + 8);
            at += 20;
        } else {
            duration = big_endian_32(at);
            media_time = (int32_t)big_endian_32(at + 4);
            at += 12;
        }
        if (media_time < 0) {
            continue; /* an empty edit: a pause before the track */
        }
        edit->several = edit->several || edit->media_time >= 0;
        edit->media_time = media_time;
        edit->segment_duration = duration;
    }
}

/* Returns true when a sound track was read. */
static bool walk_boxes(struct mp4_edit *edit, FILE *file, int64_t place, int64_t limit, int depth)
{
    struct box box;
    bool sound = false;

    for (; read_box(&box, file, place, limit); place = box.end) {
        unsigned char body[64];

        read_body(&box, file, body, sizeof body);
        if (box_is(&box, "mvhd")) {
            edit->movie_timescale = big_endian_32(body + (body[0] == 1 ? 20 : 12));
        } else if (box_is(&box, "mdhd")) {
            bool wide = body[0] == 1;

            edit->media_timescale = big_endian_32(body + (wide ? 20 : 12));
            edit->media_duration =
                wide ? (int64_t)big_endian_64(body + 24) : (int64_t)big_endian_32(body + 16);
        } else if (box_is(&box, "elst")) {
            read_edit_list(edit, body);
        } else if (box_is(&box, "hdlr")) {
            sound = sound || memcmp(body + 8, "soun", 4) == 0;
        } else if (depth < MP4_DEPTH_MAX && (box_is(&box, "moov") || box_is(&box, "trak") ||
                                             box_is(&box, "edts") || box_is(&box, "mdia"))) {
            if (box_is(&box, "trak")) {
                edit->media_time = -1;
                edit->segment_duration = edit->media_duration = 0;
                edit->several = false;
            }
            sound = walk_boxes(edit, file, box.begin, box.end, depth + 1) || sound;
            if (sound && box_is(&box, "trak")) {
                return true;
            }
        }
    }
    return sound;
}

bool gapless_read_mp4(struct mp4_edit *edit, const char *path)
{
    FILE *file = open_plain(path);
    unsigned char head[8] = {0};
    bool found = false;

    *edit = (struct mp4_edit){.media_time = -1};
    if (file == NULL) {
        return false;
    }
    if (fread(head, sizeof head, 1, file) == 1 &&
        (memcmp(head + 4, "ftyp", 4) == 0 || memcmp(head + 4, "moov", 4) == 0 ||
         memcmp(head + 4, "mdat", 4) == 0 || memcmp(head + 4, "wide", 4) == 0 ||
         memcmp(head + 4, "free", 4) == 0) &&
        fseeko(file, 0, SEEK_END) == 0) {
        found = walk_boxes(edit, file, 0, ftello(file), 0);
    }
    fclose(file);
    return found && edit->media_timescale > 0;
}

static int64_t scale_time(int64_t value, int64_t rate_hz, int64_t timescale)
{
    return (int64_t)((double)value * (double)rate_hz / (double)timescale + 0.5);
}

/* " 00000000 00000840 000001CA 00000000003F31F6 ...": delay, padding, frames. */
static bool parse_itunes(struct gapless *gapless, const char *itunes)
{
    unsigned long long word[4]; /* the first one is always 0, the third the padding */

    for (size_t i = 0; i < sizeof word / sizeof word[0]; i++) {
        char *end;

        word[i] = strtoull(itunes, &end, 16); /* too large a one is refused below */
        if (end == itunes) {
            return false;
        }
        itunes = end;
    }
    if (word[3] == 0 || word[3] > INT64_MAX / 4 || word[1] > 1 << 20) {
        return false;
    }
    gapless->skip = (int64_t)word[1];
    gapless->end = (int64_t)(word[1] + word[3]);
    return true;
}

void gapless_from_mp4(struct gapless *gapless, const struct mp4_edit *edit, uint32_t rate_hz,
                      const char *itunes)
{
    int64_t media_end = -1;

    if (itunes != NULL && parse_itunes(gapless, itunes)) {
        return;
    }
    if (edit->media_duration > 0 && edit->media_duration < INT64_MAX / 2) {
        media_end = scale_time(edit->media_duration, rate_hz, edit->media_timescale);
    }
    gapless->skip = 0;
    gapless->end = media_end;
    if (edit->media_time < 0) {
        return;
    }
    gapless->skip = scale_time(edit->media_time, rate_hz, edit->media_timescale);
    if (edit->segment_duration > 0 && edit->movie_timescale > 0) {
        int64_t end =
            gapless->skip + scale_time(edit->segment_duration, rate_hz, edit->movie_timescale);
        /* The edit may be rounded to a coarse clock (1 ms): then the media's own end is meant. */
        int64_t tick = rate_hz / edit->movie_timescale + 1;

        if (media_end < 0 || end + tick < media_end || edit->movie_timescale >= rate_hz) {
            gapless->end = media_end >= 0 && media_end < end ? media_end : end;
        }
    }
}
