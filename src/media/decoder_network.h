/*
 * decoder_network.h - a decoder that reads an address by itself, connection by connection.
 *
 * Private to src/media: live.c reads through it, all others through live.c.
 */
#ifndef MP_MEDIA_DECODER_NETWORK_H
#define MP_MEDIA_DECODER_NETWORK_H

#include "media/network.h"

/* As decoder_open; `network` stays the caller's, and must live as long as the decoder. */
int decoder_open_network(struct decoder **decoder, const char *address, uint32_t rate_hz,
                         struct network *network, struct media_error *error);

#endif
