/*
 * bytes.h - numbers as files hold them.
 *
 * Private to src/media. Threads: any.
 */
#ifndef MP_MEDIA_BYTES_H
#define MP_MEDIA_BYTES_H

#include <stdint.h>

static inline uint32_t bytes_be32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static inline uint32_t bytes_be24(const uint8_t *at)
{
    return (uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2];
}

static inline uint32_t bytes_be16(const uint8_t *at)
{
    return (uint32_t)at[0] << 8 | at[1];
}

static inline uint32_t bytes_le16(const uint8_t *at)
{
    return (uint32_t)at[1] << 8 | at[0];
}

static inline uint32_t bytes_le32(const uint8_t *at)
{
    return (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0];
}

static inline uint64_t bytes_le64(const uint8_t *at)
{
    return (uint64_t)bytes_le32(at + 4) << 32 | bytes_le32(at);
}

/* Seven bits a byte, as ID3v2.4 counts. */
static inline uint32_t bytes_syncsafe(const uint8_t *at)
{
    return (uint32_t)(at[0] & 127) << 21 | (uint32_t)(at[1] & 127) << 14 |
           (uint32_t)(at[2] & 127) << 7 | (at[3] & 127U);
}

#endif
