/* network.c - an address opened for libavformat. */
#include "media/network.h"

#include "media/container.h"
#include "media/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <libavutil/avstring.h>
#include <libavutil/opt.h>
#include <libavutil/time.h>

enum { OPEN_SECONDS = 10, LIST_BYTES = 8192 };

/* Nothing that comes over the network may open a file. */
static const char PROTOCOLS[] = "http,https,tcp,tls,crypto,httpproxy";

bool media_is_address(const char *path)
{
    return strncasecmp(path, "http://", 7) == 0 || strncasecmp(path, "https://", 8) == 0;
}

void network_begin(struct network *network, int seconds)
{
    network->until_us = av_gettime_relative() + (int64_t)seconds * 1000000;
}

static int is_over(void *context)
{
    const struct network *network = context;

    return atomic_load(&network->over) || av_gettime_relative() > network->until_us;
}

/* --- why not ----------------------------------------------------------------------------------
 */

static int refused(const char *address, int result, struct media_error *error)
{
    switch (result) {
    case AVERROR_HTTP_NOT_FOUND:
        return media_fail(error, -ENOENT, "%s: there is nothing there (404); check the address",
                          address);
    case AVERROR_HTTP_UNAUTHORIZED:
    case AVERROR_HTTP_FORBIDDEN:
        return media_fail(error, -EACCES, "%s: asks for a name and a password, or refuses you",
                          address);
    case AVERROR_HTTP_BAD_REQUEST:
    case AVERROR_HTTP_OTHER_4XX:
    case AVERROR_HTTP_SERVER_ERROR:
        return media_fail(error, -EIO, "%s: its server cannot serve it now; try again later",
                          address);
    case AVERROR(ECONNREFUSED):
        return media_fail(error, -ECONNREFUSED,
                          "%s: nobody answers there (connection refused); check the address",
                          address);
    case AVERROR_EXIT:
    case AVERROR(ETIMEDOUT):
        return media_fail(error, -ETIMEDOUT, "%s: does not answer; try again later", address);
    case AVERROR_INVALIDDATA:
    case AVERROR_EOF:
        return media_fail(error, -EINVAL,
                          "%s: what comes from there is no sound; check the address", address);
    default:
        return media_fail(error, media_code(result),
                          "%s: cannot be reached (%s); check the address and the network", address,
                          strerror(-media_code(result)));
    }
}

/* --- opening ----------------------------------------------------------------------------------
 */

static void set_options(AVDictionary **options)
{
    av_dict_set(options, "protocol_whitelist", PROTOCOLS, 0);
    av_dict_set(options, "user_agent", "matchplay", 0);
    av_dict_set(options, "icy", "1", 0);
    av_dict_set(options, "reconnect", "1", 0); /* files with a length, where they were left */
    av_dict_set(options, "reconnect_delay_max", "4", 0);
}

static bool has_icy_headers(AVFormatContext *container)
{
    uint8_t *headers = NULL;
    bool any =
        container->pb != NULL &&
        av_opt_get(container->pb, "icy_metadata_headers", AV_OPT_SEARCH_CHILDREN, &headers) >= 0 &&
        headers != NULL && headers[0] != '\0';

    av_free(headers);
    return any;
}

static void look_at_length(struct network *network, AVFormatContext *container)
{
    bool pieces = container_is(container, "hls"); /* what is read first is their list */

    network->endless = pieces ? container->duration == AV_NOPTS_VALUE || container->duration <= 0
                              : container->pb == NULL || avio_size(container->pb) <= 0;
    network->station = network->endless && (pieces || has_icy_headers(container));
}

int network_open(AVFormatContext **container, const char *address, struct network *network,
                 struct media_error *error)
{
    AVDictionary *options = NULL;
    char *formats = av_asprintf("%s,hls", container_formats());
    int result = AVERROR(ENOMEM);

    av_log_set_level(AV_LOG_QUIET); /* the screen is ours */
    network_begin(network, OPEN_SECONDS);
    *container = avformat_alloc_context();
    if (*container != NULL && formats != NULL) {
        (*container)->interrupt_callback = (AVIOInterruptCB){is_over, network};
        set_options(&options);
        av_dict_set(&options, "format_whitelist", formats, 0);
        av_dict_set(&options, "max_probe_packets", "1", 0);
        result =
            avformat_open_input(container, address, NULL, &options); /* frees it when it fails */
        av_dict_free(&options);
    } else {
        avformat_free_context(*container);
        *container = NULL;
    }
    av_free(formats);
    if (result < 0) {
        return refused(address, result, error);
    }
    look_at_length(network, *container);
    return 0;
}

/* --- what a station says ----------------------------------------------------------------------
 */

static const char *entry(const AVDictionary *from, const char *key)
{
    const AVDictionaryEntry *found = av_dict_get(from, key, NULL, 0);

    return found != NULL ? found->value : "";
}

/* "Artist - Title", as stations write it. */
static void take_comments(struct network *network, const AVDictionary *comments)
{
    const char *artist = entry(comments, "artist"), *title = entry(comments, "title");
    char both[MEDIA_STATION_TITLE_SIZE];

    snprintf(both, sizeof both, "%.200s%s%.200s", artist,
             artist[0] != '\0' && title[0] != '\0' ? " - " : "", title);
    if (both[0] != '\0') {
        text_clean(network->title, sizeof network->title, both);
    }
}

void network_listen(struct network *network, AVFormatContext *container, AVStream *track)
{
    if ((container->event_flags & AVFMT_EVENT_FLAG_METADATA_UPDATED) != 0) {
        const AVDictionaryEntry *title = av_dict_get(container->metadata, "StreamTitle", NULL, 0);
        const char *name = entry(container->metadata, "icy-name");

        container->event_flags &= ~AVFMT_EVENT_FLAG_METADATA_UPDATED;
        if (title != NULL) {
            text_clean(network->title, sizeof network->title, title->value);
        }
        if (name[0] != '\0') {
            text_clean(network->name, sizeof network->name, name);
        }
    }
    if ((track->event_flags & AVSTREAM_EVENT_FLAG_METADATA_UPDATED) != 0) {
        track->event_flags &= ~AVSTREAM_EVENT_FLAG_METADATA_UPDATED;
        take_comments(network, track->metadata);
    }
}

/* --- lists of addresses -----------------------------------------------------------------------
 */

/* The address that a line consists of, behind "File1=" or not; its length, 0: none. */
static size_t address_in(const char **line, size_t length)
{
    const char *equals = memchr(*line, '=', length);

    if (length > 4 && strncasecmp(*line, "File", 4) == 0 && equals != NULL) {
        length -= (size_t)(equals + 1 - *line);
        *line = equals + 1;
    }
    while (length > 0 && (unsigned char)(*line)[length - 1] <= ' ') {
        length--;
    }
    return length > 8 && media_is_address(*line) ? length : 0;
}

char *network_list_first(const char *address, struct network *network)
{
    const AVIOInterruptCB interrupt = {is_over, network};
    AVDictionary *options = NULL;
    AVIOContext *input = NULL;
    char text[LIST_BYTES + 1];
    int used = -1;

    network_begin(network, OPEN_SECONDS);
    set_options(&options);
    if (avio_open2(&input, address, AVIO_FLAG_READ, &interrupt, &options) >= 0) {
        used = avio_read(input, (unsigned char *)text, LIST_BYTES);
    }
    av_dict_free(&options);
    avio_closep(&input);
    if (used <= 0) {
        return NULL;
    }
    text[used] = '\0';
    for (const char *line = text; *line != '\0';) {
        const char *begin = line;
        size_t length = strcspn(line, "\r\n");

        line += length + (line[length] != '\0');
        length = address_in(&begin, length);
        if (length > 0) {
            return strndup(begin, length);
        }
    }
    return NULL;
}
