/*
 * comments.h - what a file says about itself beyond what tags.h takes: lyrics, moods, encoders.
 *
 * Names are as libavformat gives them, of plain characters and without ':'. Values are UTF-8
 * without control characters, cut at COMMENT_VALUE_LIMIT bytes on a character's border.
 *
 * Threads: any but the audio thread. It reads the file.
 */
#ifndef MP_MEDIA_COMMENTS_H
#define MP_MEDIA_COMMENTS_H

#include <stddef.h>

enum { COMMENT_VALUE_LIMIT = 4000, COMMENTS_MAX = 256 };

struct comment {
    char *name, *value;
};

struct comments {
    struct comment list[COMMENTS_MAX];
    size_t count;
};

/* Fills a zeroed one, to be finished in any case; what comes behind COMMENTS_MAX is left out. 0 or
   negative errno. */
int comments_read(struct comments *comments, const char *path);
void comments_finish(struct comments *comments);

#endif
