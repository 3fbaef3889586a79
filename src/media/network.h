/*
 * network.h - an address opened for libavformat, so that nobody waits for it longer than he likes.
 *
 * Private to src/media. Every call of libavformat that may wait for the network ends when `over` is
 * set or when the time that network_begin gave is up (libavformat asks ten times a second; only a
 * name server is waited for regardless). What a station says of itself (ICY headers and titles,
 * comments of an Ogg stream) is noted as it comes by.
 *
 * Threads: one for one network (whoever reads), but for `over`, which anyone may set.
 */
#ifndef MP_MEDIA_NETWORK_H
#define MP_MEDIA_NETWORK_H

#include "media/decoder.h"

#include <stdatomic.h>

#include <libavformat/avformat.h>

struct network {
    atomic_bool over; /* nobody wants it any more */
    int64_t until_us; /* on the clock of av_gettime_relative */

    /* Of the connection in hand: */
    bool endless; /* it has no length */
    bool station; /* a radio station: where it ends, it is to be asked again */

    char name[MEDIA_STATION_NAME_SIZE], title[MEDIA_STATION_TITLE_SIZE]; /* "": none said */
};

/* The next calls may take so long, all together. */
void network_begin(struct network *network, int seconds);

/* As container_open, for an address. */
int network_open(AVFormatContext **container, const char *address, struct network *network,
                 struct media_error *error);
/* After each packet: what has the station said? */
void network_listen(struct network *network, AVFormatContext *container, AVStream *track);

/* A list of addresses where a sound stream was expected, as stations hand them out (.m3u, .pls):
   the first address in it, to be freed. NULL: there is none. */
char *network_list_first(const char *address, struct network *network);

#endif
