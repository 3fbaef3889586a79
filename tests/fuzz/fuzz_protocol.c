/* fuzz_protocol.c - random lines to what splits them and reads their arguments. */
#include "server/protocol.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void read_argument(const char *text)
{
    char message[64];
    struct range range;
    uint32_t number;
    double real;
    bool truth;
    int value;

    protocol_unsigned(text, &number, message, sizeof message);
    protocol_number(text, &real, message, sizeof message);
    protocol_boolean(text, &truth, message, sizeof message);
    if (protocol_integer(text, &value, -100, 100, message, sizeof message)) {
        assert(value >= -100 && value <= 100);
    }
    if (protocol_range(text, &range, message, sizeof message)) {
        assert(range.first <= range.last);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *line = malloc(size + 1);
    const char *message = NULL;
    struct words words;
    int code;

    if (line == NULL) {
        return 0;
    }
    memcpy(line, bytes, size);
    line[size] = '\0';
    code = protocol_split(line, &words, &message);
    assert(code != 0 || words.count > 0);
    assert(code == 0 || message != NULL);
    for (size_t i = 0; i < words.count; i++) {
        assert(words.word[i] >= line && words.word[i] + strlen(words.word[i]) <= line + size);
        read_argument(words.word[i]);
    }
    free(line);
    return 0;
}
