/* catalogue_lines.c - what words are searched in: one folded line a track, in one long text. */
#include "library/catalogue_internal.h"

#include "library/find_bytes.h"
#include "library/fold.h"
#include "library/room.h"

#include <string.h>

enum { LINE_LIMIT = 8192, GARBAGE_LEAST = 65536 };

struct line_text {
    char text[LINE_LIMIT + FIND_BYTES_PAD];
    size_t used;
};

/* True when all that could be found in the word is found where it stands already: it begins a word
   there. */
static bool has_word(const struct line_text *line, const char *word, size_t length)
{
    const char *at = line->text, *end = line->text + line->used;

    while ((at = find_bytes(at, end, word, length)) != NULL) {
        if (at == line->text || !fold_is_letter(at[-1])) {
            return true;
        }
        at++;
    }
    return false;
}

static void add_word(struct line_text *line, const char *word, size_t length)
{
    if (has_word(line, word, length) || line->used + length + 1 >= LINE_LIMIT) {
        return;
    }
    if (line->used > 0) {
        line->text[line->used++] = ' ';
    }
    memcpy(line->text + line->used, word, length);
    line->used += length;
    memset(line->text + line->used, 0, FIND_BYTES_PAD);
}

static void add_field(struct line_text *line, const char *text)
{
    char folded[LINE_LIMIT];
    const char *word = folded;

    fold_text(folded, sizeof folded, text, true);
    while (*(word += strspn(word, " \t\r\n")) != '\0') {
        size_t length = strcspn(word, " \t\r\n");

        add_word(line, word, length);
        word += length;
    }
}

static void line_make(struct line_text *line, const struct record *record)
{
    static const enum tag kinds[] = {TAG_TITLE, TAG_ARTIST, TAG_ALBUM_ARTIST, TAG_ALBUM, TAG_DATE};
    const char *slash = strrchr(record->uri, '/');

    line->used = 0;
    memset(line->text, 0, FIND_BYTES_PAD);
    for (size_t k = 0; record->tags != NULL && k < sizeof kinds / sizeof kinds[0]; k++) {
        for (size_t i = 0; i < record->tags->count; i++) {
            if (record->tags->values[i].kind == kinds[k]) {
                add_field(line, record->tags->values[i].text);
            }
        }
    }
    add_field(line, slash != NULL ? slash + 1 : record->uri);
}

int lines_add(struct catalogue *catalogue, uint32_t song, const struct record *record)
{
    struct line_text line;
    void *text = catalogue->text, *lines = catalogue->lines;
    size_t wanted;

    line_make(&line, record);
    wanted = catalogue->text_used + line.used + 1 + FIND_BYTES_PAD;
    if (wanted > UINT32_MAX || room_make(&text, &catalogue->text_capacity, wanted, 1) < 0) {
        return -ENOMEM;
    }
    catalogue->text = text;
    if (room_make(&lines, &catalogue->line_capacity, catalogue->line_count + 1,
                  sizeof *catalogue->lines) < 0) {
        return -ENOMEM;
    }
    catalogue->lines = lines;
    catalogue->lines[catalogue->line_count] = (struct line){(uint32_t)catalogue->text_used, song};
    catalogue->songs[song].line = catalogue->line_count++;
    memcpy(catalogue->text + catalogue->text_used, line.text, line.used);
    catalogue->text_used += line.used;
    catalogue->text[catalogue->text_used++] = '\n';
    memset(catalogue->text + catalogue->text_used, 0, FIND_BYTES_PAD);
    return 0;
}

static size_t line_size(const struct catalogue *catalogue, uint32_t line)
{
    size_t end =
        line + 1 < catalogue->line_count ? catalogue->lines[line + 1].offset : catalogue->text_used;

    return end - catalogue->lines[line].offset;
}

void lines_remove(struct catalogue *catalogue, uint32_t song)
{
    uint32_t line = catalogue->songs[song].line;
    size_t size;

    if (line == CATALOGUE_NONE) {
        return;
    }
    size = line_size(catalogue, line);
    /* Nothing is ever found among line ends. */
    memset(catalogue->text + catalogue->lines[line].offset, '\n', size);
    catalogue->text_garbage += size + sizeof *catalogue->lines;
    catalogue->lines[line].song = CATALOGUE_NONE;
    catalogue->songs[song].line = CATALOGUE_NONE;
}

void lines_compact(struct catalogue *catalogue)
{
    uint32_t kept = 0;
    size_t used = 0;

    if (catalogue->text_garbage < GARBAGE_LEAST ||
        catalogue->text_garbage * 2 < catalogue->text_used) {
        return;
    }
    for (uint32_t line = 0; line < catalogue->line_count; line++) {
        struct line from = catalogue->lines[line];
        size_t size = line_size(catalogue, line);

        if (from.song == CATALOGUE_NONE) {
            continue;
        }
        memmove(catalogue->text + used, catalogue->text + from.offset, size);
        catalogue->songs[from.song].line = kept;
        catalogue->lines[kept++] = (struct line){(uint32_t)used, from.song};
        used += size;
    }
    catalogue->line_count = kept;
    catalogue->text_used = used;
    catalogue->text_garbage = 0;
}
