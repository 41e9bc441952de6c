/* Scailable's example, written anew: the sum of the integers in {"input": [[1, 2, 3]]} as {"output": [6]}, behind the functions that
 * Scailable's runtime calls (docs/TRANSPORTS.md, "What platforms do"). It needs no C library: memory is taken page by page and given back
 * in the order of a stack, which is how the runtime asks for it. */

#include <stdint.h>

#define EXPORT(name) __attribute__((export_name(#name)))

enum { EXIT_SUCCESS = 0, EXIT_FAILURE = 1, PAGE = 65536 };

extern uint8_t __heap_base;

static uint8_t *next;
static char *in;
static uint32_t in_len;
static char *out;
static uint32_t out_len;

/* Memory for so many bytes, or a null pointer where there is no more. */
static void *take(uint32_t bytes) {
    if (!next) {
        next = &__heap_base;
    }
    uint8_t *start = (uint8_t *)(((uintptr_t)next + 7) & ~(uintptr_t)7);
    uint64_t end = (uint64_t)(uintptr_t)start + bytes;
    uint64_t have = (uint64_t)__builtin_wasm_memory_size(0) * PAGE;
    if (end > have && __builtin_wasm_memory_grow(0, (end - have + PAGE - 1) / PAGE) == (uintptr_t)-1) {
        return 0;
    }
    next = start + bytes;
    return start;
}

EXPORT(malloc_buffer) void *malloc_buffer(uint32_t length) {
    in_len = length;
    in = take(length);
    return in;
}

EXPORT(free_buffer) void free_buffer(uint8_t *start) {
    if (start && start < next) {
        next = start;
    }
}

/* The integers are whatever digits stand between other characters. */
static int64_t sum(const char *text, uint32_t length) {
    int64_t total = 0, number = 0, sign = 1;
    for (uint32_t i = 0; i < length; i++) {
        char c = text[i];
        if (c >= '0' && c <= '9') {
            number = number * 10 + (c - '0');
            continue;
        }
        total += sign * number;
        number = 0;
        sign = c == '-' ? -1 : 1;
    }
    return total + sign * number;
}

static char *text(char *to, const char *from) {
    while (*from) {
        *to++ = *from++;
    }
    return to;
}

static char *decimal(char *to, int64_t number) {
    char digits[20];
    int count = 0;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        digits[count++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (number < 0) {
        *to++ = '-';
    }
    while (count) {
        *to++ = digits[--count];
    }
    return to;
}

EXPORT(pred) int32_t pred(void) {
    if (!in || !(out = take(64))) {
        return EXIT_FAILURE;
    }
    char *end = text(decimal(text(out, "{\"output\": ["), sum(in, in_len)), "]}");
    out_len = (uint32_t)(end - out);
    return EXIT_SUCCESS;
}

EXPORT(get_out_len) uint32_t get_out_len(void) {
    return out_len;
}

EXPORT(get_out_loc) void *get_out_loc(void) {
    return out;
}
