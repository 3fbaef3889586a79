/* id3.c - the ID3v2 tag at the beginning of a file. */
#include "media/id3.h"

#include "media/bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER = 10, FRAMES_MOST = 512, TEXT_MOST = 65536, VALUES_MOST = 64 };

/* A tag while it is read. */
struct id3 {
    struct tag_file *file;
    struct tag_gather *gather;
    unsigned version;   /* 2 to 4 */
    bool unsynced;      /* all of it: 0 was put behind each FF (only in 2.2 and 2.3) */
    int64_t place, end; /* in the file, or in `plain` */
    uint8_t *plain;     /* the tag without these, NULL: it is read from the file */
    size_t plain_size;
};

struct frame {
    char id[5];
    unsigned flags;
    size_t size;
};

static int64_t end_of_one(struct tag_file *file, int64_t place)
{
    const uint8_t *at = tag_file_bytes(file, place, HEADER);

    if (at == NULL || memcmp(at, "ID3", 3) != 0 || at[3] < 2 || at[3] > 4) {
        return place;
    }
    return place + HEADER + bytes_syncsafe(at + 6) + (at[5] & 16 ? HEADER : 0);
}

int64_t id3_end(struct tag_file *file)
{
    int64_t place = 0, end = end_of_one(file, 0);

    while (end != place && end < file->size) {
        place = end;
        end = end_of_one(file, place);
    }
    return end;
}

/* Takes the zeros out; the size that is left. */
static size_t resync(uint8_t *bytes, size_t size)
{
    size_t used = 0;

    for (size_t i = 0; i < size; i++) {
        bytes[used++] = bytes[i];
        if (bytes[i] == 0xFF && i + 1 < size && bytes[i + 1] == 0) {
            i++;
        }
    }
    return used;
}

/* `count` bytes of the tag, or NULL. */
static const uint8_t *take(struct id3 *id3, int64_t place, size_t count)
{
    if (place + (int64_t)count > id3->end) {
        return NULL;
    }
    return id3->plain != NULL ? id3->plain + place : tag_file_bytes(id3->file, place, count);
}

/* --- texts -------------------------------------------------------------------------------------
 */

static size_t put_utf8(char *out, uint32_t code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

/* UTF-16 up to its end or a 0; *at moves behind it. `big` may be turned by a byte order mark. */
static void decode_utf16(char *out, const uint8_t **at, const uint8_t *end, bool big)
{
    uint32_t high = 0;

    while (end - *at >= 2) {
        uint32_t unit = big ? bytes_be16(*at) : bytes_le16(*at);

        *at += 2;
        if (unit == 0) {
            break;
        }
        if (unit == 0xFEFF) {
            continue;
        }
        if (unit == 0xFFFE) {
            big = !big;
        } else if (unit >= 0xD800 && unit < 0xDC00) {
            high = unit;
        } else if (unit >= 0xDC00 && unit < 0xE000) {
            out += high == 0 ? 0 : put_utf8(out, 0x10000 + ((high - 0xD800) << 10) + unit - 0xDC00);
            high = 0;
        } else {
            out += put_utf8(out, unit);
        }
    }
    *out = '\0';
}

/* The next text of a frame; its own to be freed, NULL: no more. Latin-1 stays as it is: what is not
   UTF-8 is taken for it later on, and many write UTF-8 there. */
static char *next_text(unsigned encoding, const uint8_t **at, const uint8_t *end)
{
    size_t left = (size_t)(end - *at);
    char *text;

    if (left == 0 || encoding > 3) {
        return NULL;
    }
    text = malloc(left * 2 + 1);
    if (text == NULL) {
        return NULL;
    }
    if (encoding == 1 || encoding == 2) {
        decode_utf16(text, at, end, encoding == 2);
    } else {
        size_t length = strnlen((const char *)*at, left);

        memcpy(text, *at, length);
        text[length] = '\0';
        *at += length + (length < left);
    }
    return text;
}

/* --- frames ------------------------------------------------------------------------------------
 */

static const struct {
    char id[5], old[4]; /* 2.3 and 2.4; 2.2 */
    enum tag kind;
} texts[] = {
    {"TPE1", "TP1", TAG_ARTIST},
    {"TPE2", "TP2", TAG_ALBUM_ARTIST},
    {"TPE3", "TP3", TAG_CONDUCTOR},
    {"TALB", "TAL", TAG_ALBUM},
    {"TIT2", "TT2", TAG_TITLE},
    {"TIT1", "TT1", TAG_GROUPING},
    {"TCOM", "TCM", TAG_COMPOSER},
    {"TCON", "TCO", TAG_GENRE},
    {"TRCK", "TRK", TAG_TRACK},
    {"TPOS", "TPA", TAG_DISC},
    {"TPUB", "TPB", TAG_LABEL},
    {"TDRC", "", TAG_DATE},
    {"TSOP", "TSP", TAG_ARTIST_SORT},
    {"TSOA", "TSA", TAG_ALBUM_SORT},
    {"TSO2", "TS2", TAG_ALBUM_ARTIST_SORT},
};

/* These count less than others of their kind: they go by their names. */
static const struct {
    char id[5];
    const char *name;
} lesser[] = {{"TYER", "year"},         {"TYE", "year"},          {"TDRL", "releasedate"},
              {"TDOR", "originaldate"}, {"TORY", "originalyear"}, {"TOR", "originalyear"},
              {"GRP1", "grp1"}};

/* "17", "(17)", "(17)(18)", "(4)Eurodisco": numbers are names of a list. */
static void add_genre(struct id3 *id3, const char *text)
{
    while (*text != '\0') {
        bool closed = *text == '(';
        char *end;
        unsigned long number = strtoul(text + closed, &end, 10);
        bool is_number = end > text + closed && (closed ? *end == ')' : *end == '\0');

        if (!is_number || id3_genre((unsigned)number) == NULL) {
            tag_gather_put(id3->gather, TAG_OF_ID3, TAG_GENRE, text);
            return;
        }
        tag_gather_put(id3->gather, TAG_OF_ID3, TAG_GENRE, id3_genre((unsigned)number));
        text = end + closed;
    }
}

static void read_text(struct id3 *id3, const char *id, const uint8_t *at, const uint8_t *end)
{
    unsigned encoding = *at++;
    int kind = -1;
    const char *name = NULL;
    char *text;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (strcmp(id, texts[i].id) == 0 || strcmp(id, texts[i].old) == 0) {
            kind = (int)texts[i].kind;
        }
    }
    for (size_t i = 0; i < sizeof lesser / sizeof lesser[0]; i++) {
        name = strcmp(id, lesser[i].id) == 0 ? lesser[i].name : name;
    }
    for (int i = 0; (kind >= 0 || name != NULL) && i < VALUES_MOST; i++) {
        text = next_text(encoding, &at, end);
        if (text == NULL) {
            break;
        }
        if (kind == TAG_GENRE) {
            add_genre(id3, text);
        } else if (kind >= 0) {
            tag_gather_put(id3->gather, TAG_OF_ID3, (enum tag)kind, text);
        } else {
            tag_gather_add(id3->gather, TAG_OF_ID3, name, text);
        }
        free(text);
    }
}

/* TXXX: a name of its own, and values. */
static void read_named(struct id3 *id3, const uint8_t *at, const uint8_t *end)
{
    unsigned encoding = *at++;
    char *name = next_text(encoding, &at, end);
    char *text;

    for (int i = 0; name != NULL && i < VALUES_MOST; i++) {
        text = next_text(encoding, &at, end);
        if (text == NULL) {
            break;
        }
        tag_gather_add(id3->gather, TAG_OF_ID3, name, text);
        free(text);
    }
    free(name);
}

/* COMM: a language, what it is about, and text; only that about nothing is meant for people. */
static void read_comment(struct id3 *id3, const uint8_t *at, const uint8_t *end)
{
    unsigned encoding = *at;
    char *about, *text;

    if (end - at < 5) {
        return;
    }
    at += 4;
    about = next_text(encoding, &at, end);
    text = next_text(encoding, &at, end);
    if (about != NULL && about[0] == '\0' && text != NULL) {
        tag_gather_put(id3->gather, TAG_OF_ID3, TAG_COMMENT, text);
    }
    free(about);
    free(text);
}

/* UFID: who gave it, and the identifier, which MusicBrainz writes as text. */
static void read_identifier(struct id3 *id3, const uint8_t *at, const uint8_t *end)
{
    static const char owner[] = "http://musicbrainz.org";
    char text[65];
    size_t length;

    if ((size_t)(end - at) <= sizeof owner || memcmp(at, owner, sizeof owner) != 0) {
        return;
    }
    at += sizeof owner;
    length = (size_t)(end - at) < sizeof text - 1 ? (size_t)(end - at) : sizeof text - 1;
    memcpy(text, at, length);
    text[length] = '\0';
    tag_gather_put(id3->gather, TAG_OF_ID3, TAG_MUSICBRAINZ_TRACK, text);
}

/* TMCL: pairs of an instrument and who plays it. */
static void read_players(struct id3 *id3, const uint8_t *at, const uint8_t *end)
{
    unsigned encoding = *at++;

    for (int i = 0; i < VALUES_MOST; i++) {
        char *instrument = next_text(encoding, &at, end);
        char *player = next_text(encoding, &at, end);
        char *both = NULL;

        if (player != NULL && player[0] != '\0' && instrument[0] != '\0' &&
            asprintf(&both, "%s (%s)", player, instrument) < 0) {
            both = NULL;
        }
        if (player != NULL) {
            tag_gather_put(id3->gather, TAG_OF_ID3, TAG_PERFORMER, both != NULL ? both : player);
        }
        free(both);
        free(instrument);
        free(player);
        if (player == NULL) {
            break;
        }
    }
}

static bool is_wanted(const struct frame *frame)
{
    return frame->id[0] == 'T' || strcmp(frame->id, "COMM") == 0 || strcmp(frame->id, "COM") == 0 ||
           strcmp(frame->id, "UFID") == 0 || strcmp(frame->id, "UFI") == 0 ||
           strcmp(frame->id, "GRP1") == 0;
}

static void read_frame(struct id3 *id3, const struct frame *frame, const uint8_t *at,
                       const uint8_t *end)
{
    if (end - at < 2) {
        return;
    }
    if (strncmp(frame->id, "TXX", 3) == 0) {
        read_named(id3, at, end);
    } else if (strncmp(frame->id, "COM", 3) == 0) {
        read_comment(id3, at, end);
    } else if (strncmp(frame->id, "UFI", 3) == 0) {
        read_identifier(id3, at, end);
    } else if (strcmp(frame->id, "TMCL") == 0) {
        read_players(id3, at, end);
    } else {
        read_text(id3, frame->id, at, end);
    }
}

/* Without what its flags put around its content. */
static void open_frame(struct id3 *id3, const struct frame *frame, const uint8_t *at)
{
    size_t skip = 0, size = frame->size;
    uint8_t *copy = NULL;

    if (id3->version == 4) {
        skip = (frame->flags & 0x40 ? 1 : 0) + (frame->flags & 1 ? 4 : 0);
        if ((frame->flags & 2) != 0 && (copy = malloc(size + 1)) != NULL) {
            memcpy(copy, at, size);
            size = resync(copy, size);
            at = copy;
        }
    } else if (id3->version == 3) {
        skip = frame->flags & 0x20 ? 1 : 0;
    }
    if (skip < size) {
        read_frame(id3, frame, at + skip, at + size);
    }
    free(copy);
}

static bool is_id(const uint8_t *at, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (!((at[i] >= 'A' && at[i] <= 'Z') || (at[i] >= '0' && at[i] <= '9'))) {
            return false;
        }
    }
    return true;
}

/* The size of a frame of 2.4. Old programs wrote it with eight bits a byte: then the next frame
   begins only where these say. */
static size_t size_of_24(struct id3 *id3, const uint8_t *head)
{
    uint32_t safe = bytes_syncsafe(head + 4), plain = bytes_be32(head + 4);
    const uint8_t *next;

    if (safe == plain || ((head[4] | head[5] | head[6] | head[7]) & 128) != 0) {
        return plain == safe ? safe : plain;
    }
    next = take(id3, id3->place + HEADER + (int64_t)safe, 4);
    if (next == NULL || next[0] == 0 || is_id(next, 4)) {
        return safe;
    }
    next = take(id3, id3->place + HEADER + (int64_t)plain, 4);
    return next != NULL && is_id(next, 4) ? plain : safe;
}

/* The head of the next frame; place moves behind it. */
static bool next_frame(struct id3 *id3, struct frame *frame)
{
    size_t head = id3->version == 2 ? 6 : HEADER, letters = id3->version == 2 ? 3 : 4;
    const uint8_t *at = take(id3, id3->place, head);
    uint8_t bytes[HEADER];

    if (at == NULL || !is_id(at, letters)) {
        return false;
    }
    memcpy(bytes, at, head);
    memset(frame->id, 0, sizeof frame->id);
    memcpy(frame->id, bytes, letters);
    frame->flags = id3->version == 2 ? 0 : bytes[9];
    frame->size = id3->version == 2   ? bytes_be24(bytes + 3)
                  : id3->version == 3 ? bytes_be32(bytes + 4)
                                      : size_of_24(id3, bytes);
    id3->place += (int64_t)head;
    return id3->place + (int64_t)frame->size <= id3->end;
}

static void read_frames(struct id3 *id3)
{
    struct frame frame;

    for (int i = 0; i < FRAMES_MOST && next_frame(id3, &frame); i++) {
        unsigned closed = id3->version == 4 ? 0x0C : id3->version == 3 ? 0xC0 : 0;

        if (is_wanted(&frame) && frame.size <= TEXT_MOST && (frame.flags & closed) == 0) {
            const uint8_t *at = take(id3, id3->place, frame.size);

            if (at != NULL) {
                open_frame(id3, &frame, at);
            }
        }
        id3->place += (int64_t)frame.size;
    }
}

void id3_read(struct tag_file *file, struct tag_gather *gather)
{
    struct id3 id3 = {.file = file, .gather = gather, .place = HEADER};
    const uint8_t *head = tag_file_bytes(file, 0, HEADER + 4);
    bool extended;

    if (head == NULL || memcmp(head, "ID3", 3) != 0 || head[3] < 2 || head[3] > 4) {
        return;
    }
    id3.version = head[3];
    id3.unsynced = (head[5] & 128) != 0 && id3.version < 4;
    extended = (head[5] & 64) != 0 && id3.version > 2;
    id3.end = HEADER + (int64_t)bytes_syncsafe(head + 6);
    id3.end = id3.end < file->size ? id3.end : file->size;
    if (extended) {
        id3.place += id3.version == 4 ? bytes_syncsafe(head + HEADER)
                                      : 4 + (int64_t)bytes_be32(head + HEADER);
    }
    if (id3.unsynced) {
        const uint8_t *all = tag_file_bytes(file, 0, (size_t)id3.end);

        id3.plain = all == NULL ? NULL : malloc((size_t)id3.end);
        if (id3.plain == NULL) {
            return;
        }
        memcpy(id3.plain, all, (size_t)id3.end);
        id3.end = (int64_t)resync(id3.plain, (size_t)id3.end);
    }
    read_frames(&id3);
    free(id3.plain);
}
