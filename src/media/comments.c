/* comments.c - what a file says about itself beyond what is made into tags. */
#include "media/comments.h"

#include "media/tag_file.h"
#include "media/tag_gather.h"
#include "media/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_plain(const char *name)
{
    const char *at = name;

    while (*at >= ' ' && *at <= '~' && *at != ':') {
        at++;
    }
    return at > name && *at == '\0';
}

static bool is_other(const char *name)
{
    return is_plain(name) && tag_gather_kind(name, NULL) < 0 &&
           strncasecmp(name, "replaygain_", 11) != 0;
}

static int take_from(struct comments *comments, const AVDictionary *from)
{
    const AVDictionaryEntry *entry = NULL;
    char clean[COMMENT_VALUE_LIMIT + 1];

    while ((entry = av_dict_get(from, "", entry, AV_DICT_IGNORE_SUFFIX)) != NULL &&
           comments->count < COMMENTS_MAX) {
        struct comment *comment = &comments->list[comments->count];

        text_clean(clean, sizeof clean, entry->value);
        if (clean[0] == '\0' || !is_other(entry->key)) {
            continue;
        }
        comments->count++;
        comment->name = strdup(entry->key);
        comment->value = strdup(clean);
        if (comment->name == NULL || comment->value == NULL) {
            return -ENOMEM;
        }
    }
    return 0;
}

int comments_read(struct comments *comments, const char *path)
{
    struct tag_file file;
    AVStream *sound = NULL;
    int result = tag_file_init(&file);

    av_log_set_level(AV_LOG_QUIET); /* the screen is ours */
    if (result == 0) {
        result = tag_file_open(&file, path, NULL);
    }
    if (result == 0) {
        result = tag_file_demux(&file, true, NULL);
    }
    if (result == 0) {
        result = take_from(comments, file.container->metadata);
        sound = container_sound(file.container);
    }
    if (result == 0 && sound != NULL) {
        result = take_from(comments, sound->metadata);
    }
    tag_file_finish(&file);
    return result;
}

void comments_finish(struct comments *comments)
{
    for (size_t i = 0; i < comments->count; i++) {
        free(comments->list[i].name);
        free(comments->list[i].value);
    }
    comments->count = 0;
}
