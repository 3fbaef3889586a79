/* filter_parse.c - MPD's filter expressions, and pairs of tag and value, as a tree. */
#include "library/filter_internal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { WORD_SIZE = 64, VALUE_SIZE = 4096, DEPTH_MAX = 100, KIND_UNKNOWN = -1 };

struct parser {
    const char *at;
    bool fold;
    int depth;
    char *message;
    size_t size;
    char value[VALUE_SIZE];
};

static int __attribute__((format(printf, 2, 3)))
wrong(struct parser *parser, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(parser->message, parser->size, format, arguments);
    va_end(arguments);
    return -EINVAL;
}

static void skip_space(struct parser *parser)
{
    parser->at += strspn(parser->at, " \t\r\n");
}

static int expect(struct parser *parser, char wanted)
{
    if (*parser->at != wanted) {
        return wrong(parser, "'%c' expected", wanted);
    }
    parser->at++;
    skip_space(parser);
    return 0;
}

/* Letters, '_' and '-'. */
static int read_word(struct parser *parser, char *word)
{
    size_t length = strspn(parser->at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-");

    if (length == 0) {
        return wrong(parser, "Word expected");
    }
    snprintf(word, WORD_SIZE, "%.*s", (int)(length < WORD_SIZE ? length : WORD_SIZE - 1),
             parser->at);
    parser->at += length;
    skip_space(parser);
    return 0;
}

/* 'It\'s' or "..." into parser->value; \ makes of what follows a plain character. */
static int read_value(struct parser *parser)
{
    char quote = *parser->at;
    size_t used = 0;

    if (quote != '"' && quote != '\'') {
        return wrong(parser, "Quoted string expected");
    }
    for (parser->at++; *parser->at != quote; parser->at++) {
        if (*parser->at == '\\') {
            parser->at++;
        }
        if (*parser->at == '\0') {
            return wrong(parser, "Closing quote not found");
        }
        if (used == VALUE_SIZE - 1) {
            return wrong(parser, "Quoted value is too long");
        }
        parser->value[used++] = *parser->at;
    }
    parser->value[used] = '\0';
    parser->at++;
    skip_space(parser);
    return 0;
}

/* What a word before an operator names; KIND_UNKNOWN. */
static int kind_named(const char *word, int *tag)
{
    static const struct {
        const char *name;
        int kind;
    } names[] = {
        {"any", FILTER_TAG},
        {"file", FILTER_FILE},
        {"filename", FILTER_FILE},
        {"base", FILTER_BASE},
        {"modified-since", FILTER_MODIFIED},
        {"added-since", FILTER_ADDED},
        {"AudioFormat", FILTER_FORMAT},
    };

    *tag = tag_named(word);
    if (*tag >= 0) {
        return FILTER_TAG;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcasecmp(names[i].name, word) == 0) {
            *tag = TAG_KINDS;
            return names[i].kind;
        }
    }
    return KIND_UNKNOWN;
}

static int set_text(struct parser *parser, struct filter *filter, enum text_how how)
{
    int result = text_match_init(&filter->text, how, parser->fold, parser->value, parser->message,
                                 parser->size);

    filter->has_text = result == 0;
    return result;
}

/* A length in bytes when the text begins with the word and a space, else 0. */
static size_t has_operator(const char *text, const char *word)
{
    size_t length = strlen(word);

    return strncasecmp(text, word, length) == 0 && text[length] == ' ' ? length : 0;
}

/* ==, !=, =~, !~, [!]contains, [!]starts_with; then the value. */
static int read_condition(struct parser *parser, struct filter *filter)
{
    const char *at = parser->at;
    bool negated = *at == '!';
    enum text_how how;
    size_t length;
    int result;

    if ((length = has_operator(at + (negated ? 1 : 0), "contains")) > 0) {
        how = TEXT_CONTAINS;
    } else if ((length = has_operator(at + (negated ? 1 : 0), "starts_with")) > 0) {
        how = TEXT_STARTS;
    } else if (at[0] == '=' && (at[1] == '=' || at[1] == '~')) {
        how = at[1] == '=' ? TEXT_EQUAL : TEXT_REGEX;
        length = 2;
    } else if (at[0] == '!' && (at[1] == '=' || at[1] == '~')) {
        how = at[1] == '=' ? TEXT_EQUAL : TEXT_REGEX;
        length = 1;
    } else {
        return wrong(parser, "'==' or '!=' expected");
    }
    filter->negated = negated;
    parser->at += length + (negated ? 1 : 0);
    skip_space(parser);
    result = read_value(parser);
    return result < 0 ? result : set_text(parser, filter, how);
}

static int read_format(struct parser *parser, struct filter *filter)
{
    bool with_mask = strncmp(parser->at, "=~", 2) == 0;
    int result;

    if (!with_mask && strncmp(parser->at, "==", 2) != 0) {
        return wrong(parser, "'==' or '=~' expected");
    }
    parser->at += 2;
    skip_space(parser);
    result = read_value(parser);
    return result < 0 ? result
                      : filter_parse_format(filter, parser->value, with_mask, parser->message,
                                            parser->size);
}

/* What needs no operator: a folder, a time. The value is in parser->value. */
static int set_plain(struct parser *parser, struct filter *filter)
{
    if (filter->kind == FILTER_BASE) {
        filter->base = strdup(parser->value);
        return filter->base != NULL ? 0 : -ENOMEM;
    }
    if (!filter_parse_time(parser->value, &filter->since_s)) {
        return wrong(parser, "Failed to parse date");
    }
    return 0;
}

static int read_simple(struct parser *parser, struct filter **filter)
{
    char word[WORD_SIZE];
    int tag, kind, result = read_word(parser, word);

    if (result < 0) {
        return result;
    }
    kind = kind_named(word, &tag);
    if (kind == KIND_UNKNOWN) {
        return wrong(parser, "Unknown filter type: %s", word);
    }
    *filter = filter_create((enum filter_kind)kind);
    if (*filter == NULL) {
        return -ENOMEM;
    }
    (*filter)->tag = tag;
    if (kind == FILTER_TAG || kind == FILTER_FILE) {
        result = read_condition(parser, *filter);
    } else if (kind == FILTER_FORMAT) {
        result = read_format(parser, *filter);
    } else {
        result = read_value(parser);
        result = result < 0 ? result : set_plain(parser, *filter);
    }
    return result < 0 ? result : expect(parser, ')');
}

static int read_expression(struct parser *parser, struct filter **filter);

/* (EXPR) or (EXPR AND EXPR ...), behind its '('. */
/* NOLINTNEXTLINE(misc-no-recursion): DEPTH_MAX */
static int read_group(struct parser *parser, struct filter **filter)
{
    char word[WORD_SIZE];
    int result = 0;

    *filter = filter_create(FILTER_AND);
    if (*filter == NULL) {
        return -ENOMEM;
    }
    while (result == 0) {
        struct filter *child = NULL;

        result = read_expression(parser, &child);
        if (child != NULL) {
            filter_add(*filter, child);
        }
        if (result < 0 || *parser->at == ')') {
            break;
        }
        result = read_word(parser, word);
        if (result == 0 && strcmp(word, "AND") != 0) {
            result = wrong(parser, "'AND' expected");
        }
    }
    return result < 0 ? result : expect(parser, ')');
}

/* At a '('. *filter is set even on errors, for the caller to destroy. */
/* NOLINTNEXTLINE(misc-no-recursion): DEPTH_MAX */
static int read_expression(struct parser *parser, struct filter **filter)
{
    int result = expect(parser, '(');

    if (result < 0) {
        return result;
    }
    if (++parser->depth > DEPTH_MAX) {
        return wrong(parser, "Expression is too deep");
    }
    if (*parser->at == '(') {
        result = read_group(parser, filter);
    } else if (*parser->at == '!') {
        struct filter *child = NULL;

        parser->at++;
        skip_space(parser);
        *filter = filter_create(FILTER_AND);
        result = *filter != NULL ? read_expression(parser, &child) : -ENOMEM;
        if (child != NULL) {
            filter_add(*filter, child);
            (*filter)->negated = true;
        }
        result = result < 0 ? result : expect(parser, ')');
    } else {
        result = read_simple(parser, filter);
    }
    parser->depth--;
    return result;
}

/* The older way: a tag and a value. */
static int read_pair(struct parser *parser, const char *name, const char *value,
                     struct filter **filter)
{
    int tag, kind = kind_named(name, &tag);

    if (kind == KIND_UNKNOWN) {
        return wrong(parser, "Unknown filter type");
    }
    if (strlen(value) >= sizeof parser->value) {
        return wrong(parser, "Quoted value is too long");
    }
    memcpy(parser->value, value, strlen(value) + 1);
    *filter = filter_create((enum filter_kind)kind);
    if (*filter == NULL) {
        return -ENOMEM;
    }
    (*filter)->tag = tag;
    if (kind == FILTER_BASE &&
        (value[0] == '\0' || value[0] == '/' || value[strlen(value) - 1] == '/')) {
        return wrong(parser, "Bad URI");
    }
    if (kind == FILTER_FORMAT) {
        return filter_parse_format(*filter, value, false, parser->message, parser->size);
    }
    if (kind == FILTER_TAG || kind == FILTER_FILE) {
        return set_text(parser, *filter, parser->fold ? TEXT_CONTAINS : TEXT_EQUAL);
    }
    return set_plain(parser, *filter);
}

static int read_all(struct parser *parser, const char *const words[], size_t count,
                    struct filter *all)
{
    int result = count > 0 ? 0 : wrong(parser, "Incorrect number of filter arguments");

    for (size_t i = 0; result == 0 && i < count;) {
        struct filter *child = NULL;

        if (words[i][0] == '(') {
            parser->at = words[i++];
            result = read_expression(parser, &child);
            if (result == 0 && *parser->at != '\0') {
                result = wrong(parser, "Unparsed garbage after expression");
            }
        } else if (i + 1 < count) {
            result = read_pair(parser, words[i], words[i + 1], &child);
            i += 2;
        } else {
            result = wrong(parser, "Incorrect number of filter arguments");
        }
        if (child != NULL) {
            filter_add(all, child);
        }
    }
    return result;
}

int filter_parse(struct filter **filter, const char *const words[], size_t count, bool fold,
                 char *message, size_t size)
{
    struct parser parser = {.fold = fold, .message = message, .size = size};
    struct filter *all = filter_create(FILTER_AND);
    int result;

    if (all == NULL) {
        return -ENOMEM;
    }
    result = read_all(&parser, words, count, all);
    if (result < 0) {
        filter_destroy(all);
        return result;
    }
    *filter = all;
    return 0;
}
