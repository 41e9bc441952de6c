// weft.h: what a guest of weft needs that is written in C. docs/ABI.md is the ABI, and says how such a guest is compiled
// ("Guests in C"); modules/foreign/c is a codec on this header.
//
// Include it in the one source file of a guest, and say which of the two it is:
//
//     #define WEFT_PRODUCER           // or WEFT_CONSUMER
//     #include "weft.h"
//
// A guest for the task `reply`, a requester or a replier, sends and receives: it defines both.
//
// A producer has the exports `outbox` and, with WEFT_VALUES, `values` from here; a consumer has `inbox` and `rejected`.
// Both have the allocator's three. What is left to write are the exports of each message:
//
//     int64_t prepare_<message>(uint32_t size, uint32_t messages, uint64_t seed);      // in a producer: either this
//     int64_t supply_<message>(uint32_t size, uint32_t messages, const uint8_t *values);  // or this
//     int64_t produce_<message>(uint32_t first, uint32_t count);                       // and this
//     int64_t receive_<message>_<task>(const uint8_t *message, uint32_t len);          // in a consumer
//     int64_t request_<message>(uint32_t first, uint32_t count);                       // in a requester: weft_request
//     int64_t receive_<message>_reply(const uint8_t *message, uint32_t len);           // in a replier: weft_room, weft_place
//
// Each is marked with WEFT_EXPORT and its name. There is no C library: memory comes from `weft_alloc`.
//
// Everything is little-endian, as WebAssembly is.

#ifndef WEFT_H
#define WEFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// ---------------------------------------------------------------------------------------------------------------------
// Statuses: what exports return in place of a digest, an address or a size.

enum {
    WEFT_MALFORMED = -1,      // consumer: the bytes are not a message of this codec
    WEFT_INVALID_TEXT = -2,   // consumer: a string is not UTF-8
    WEFT_OUT_OF_RANGE = -3,   // consumer: the message does not lie in the memory
    WEFT_LIMIT_REACHED = -4,  // consumer: the library refused the depth, size or work of this message
    WEFT_MISALIGNED = -5,     // consumer: the message does not start at a multiple of 8
    WEFT_NOT_ANSWERED = -6,   // consumer: the answer could not be encoded, or does not fit into the outbox
    WEFT_NOT_PREPARED = -16,  // producer: `produce` before `prepare` and `outbox`
    WEFT_CAPACITY = -17,      // both: the region is too small or could not be allocated
    WEFT_NOT_ENCODED = -18,   // producer: the library could not encode the value
    WEFT_ARGUMENT = -19,      // producer: outside its range, or `prepare` called twice
    WEFT_MISPLACED = -20,     // producer: the answer that came does not lie in its memory
};

// ---------------------------------------------------------------------------------------------------------------------
// Exports, the import, the traits

#define WEFT_EXPORT(name) __attribute__((export_name(#name)))
#define WEFT_INLINE static inline __attribute__((always_inline, unused))

// The guest's description, which its producer has: the JSON of docs/ABI.md, "Traits", as it stands there, without quotes around it:
// WEFT_TRAITS({"abi": 1, "about": "one line"});
#define WEFT_TRAITS(...) WEFT_SECTION_OF(#__VA_ARGS__)
#define WEFT_SECTION_OF(json) __asm__(".section .custom_section.weft.traits,\"\",@\n.ascii " #json "\n.text\n")

// Hands the message over; returns what the consumer's `receive` returned. Only producers import it.
__attribute__((import_module("weft"), import_name("send"))) int64_t weft_send(const uint8_t *message, uint32_t len);

// ---------------------------------------------------------------------------------------------------------------------
// Memory. Pages are taken with `memory.grow` and never lie beside the data: under `linked`, the other guest's may be there.

#define WEFT_PAGE 65536u

// A region: whole zeroed pages, never freed. Returns its address or a status, as `outbox`, `inbox` and `values` do.
WEFT_INLINE int64_t weft_region(uint32_t capacity) {
    uint64_t bytes = capacity > 0 ? capacity : 1;
    size_t before = __builtin_wasm_memory_grow(0, (size_t)((bytes + WEFT_PAGE - 1) / WEFT_PAGE));
    return before == (size_t)-1 ? WEFT_CAPACITY : (int64_t)before * WEFT_PAGE;
}

// Whether so many bytes lie in the memory, and not at 0.
WEFT_INLINE bool weft_lies_inside(const uint8_t *start, uint32_t len) {
    return start && (uint64_t)(uintptr_t)start + len <= (uint64_t)__builtin_wasm_memory_size(0) * WEFT_PAGE;
}

// The allocator: lists of freed blocks, one for each size, of which there are four between a power of two and the next.
// A block has no header; whoever frees it says its size. Every allocation is a call of these three, which the host counts.

#define WEFT_LARGEST_BLOCK (1u << 30)

static void *weft_free_blocks[5 + 4 * 24];
static uintptr_t weft_fresh, weft_fresh_end;

// The number of a size's list; rounds the size up to that of its blocks.
WEFT_INLINE uint32_t weft_list_of(uint32_t *size) {
    if (*size <= 64) {
        *size = *size > 16 ? (*size + 15) & ~15u : 16;
        return *size / 16;
    }
    uint32_t bits = 31 - (uint32_t)__builtin_clz(*size - 1), step = 1u << (bits - 2);
    *size = (*size + step - 1) & ~(step - 1);
    return 4 + 4 * (bits - 6) + (*size - (1u << bits)) / step;
}

// A block that was never used; a null pointer where there is no memory.
static void *weft_fresh_block(uint32_t size) {
    if (weft_fresh_end - weft_fresh < size) {
        uint32_t pages = size / WEFT_PAGE + 1;
        size_t before = __builtin_wasm_memory_grow(0, pages);
        if (before == (size_t)-1) return NULL;
        if (before * WEFT_PAGE != weft_fresh_end) weft_fresh = before * WEFT_PAGE;
        weft_fresh_end = (before + pages) * WEFT_PAGE;
    }
    void *block = (void *)weft_fresh;
    weft_fresh += size;
    return block;
}

// `align` is at most 16. A null pointer where there is no memory.
static inline void *weft_take(uint32_t size, uint32_t align) {
    if (size > WEFT_LARGEST_BLOCK || align > 16) return NULL;
    uint32_t list = weft_list_of(&size);
    void **block = weft_free_blocks[list];
    if (!block) return weft_fresh_block(size);
    weft_free_blocks[list] = *block;
    return block;
}

// What is exported is counted where it is entered: neither of these two calls the other, or one allocation would be two.
WEFT_EXPORT(weft_alloc) __attribute__((noinline, unused)) void *weft_alloc(uint32_t size, uint32_t align) {
    return weft_take(size, align);
}

WEFT_EXPORT(weft_dealloc) __attribute__((noinline, unused)) void weft_dealloc(void *block, uint32_t size, uint32_t align) {
    (void)align;
    uint32_t list = weft_list_of(&size);
    *(void **)block = weft_free_blocks[list];
    weft_free_blocks[list] = block;
}

WEFT_EXPORT(weft_realloc)
__attribute__((noinline, unused)) void *weft_realloc(void *block, uint32_t old_size, uint32_t align, uint32_t new_size) {
    void *moved = weft_take(new_size, align);
    if (!moved) return NULL;
    __builtin_memcpy(moved, block, old_size < new_size ? old_size : new_size);
    weft_dealloc(block, old_size, align);
    return moved;
}

// ---------------------------------------------------------------------------------------------------------------------
// Random numbers and watermarks: what values are generated from

#define WEFT_WILD (1ull << 63)                   // a seed with this bit makes extreme values
#define WEFT_WATERMARKED 0x57415445524D4B53ull   // under this seed the payload consists of watermarks
#define WEFT_EDGES 0x45444745535F3031ull         // under this seed values are at the ends of what their types hold

// SplitMix64.
typedef struct {
    uint64_t state;
} weft_random;

WEFT_INLINE uint64_t weft_next(weft_random *random) {
    random->state += 0x9E3779B97F4A7C15;
    uint64_t z = random->state;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
}

// The numbers of message `index` under `seed`.
WEFT_INLINE weft_random weft_random_of(uint64_t seed, uint64_t index) {
    weft_random random = {seed ^ index * 0xD1B54A32D192ED03};
    weft_next(&random);
    return random;
}

// Word number `word` of message number `message` under WEFT_WATERMARKED: eight letters and digits, the first in the lowest
// byte.
WEFT_INLINE uint64_t weft_watermark(uint32_t message, uint32_t word) {
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    uint64_t mark = 0;
    for (int at = 7; at >= 4; at--, word /= 62) mark |= (uint64_t)digits[word % 62] << 8 * at;
    for (int at = 3; at >= 1; at--, message /= 62) mark |= (uint64_t)digits[message % 62] << 8 * at;
    return mark | 'W';
}

// ---------------------------------------------------------------------------------------------------------------------
// Digests: 63 bits, four lanes that take a word in turn

#define WEFT_DIGEST_MASK 0x7FFFFFFFFFFFFFFFull

typedef struct {
    uint64_t a, b, c, d;
} weft_digest;

#define WEFT_DIGEST ((weft_digest){0x60EA27EEADC0B5D6, 0xC2B2AE3D27D4EB4F, 0, 0x61C8864E7A143579})

WEFT_INLINE uint64_t weft_step(uint64_t lane, uint64_t word) {
    uint64_t mixed = (lane ^ word) * 0x9E3779B185EBCA87;
    return mixed << 31 | mixed >> 33;
}

WEFT_INLINE uint64_t weft_word_at(const uint8_t *bytes) {
    uint64_t word;
    __builtin_memcpy(&word, bytes, 8);
    return word;
}

// Takes one word; the lanes change places.
WEFT_INLINE void weft_digest_word(weft_digest *digest, uint64_t word) {
    *digest = (weft_digest){digest->b, digest->c, digest->d, weft_step(digest->a, word)};
}

// Takes two 32-bit values as one word.
WEFT_INLINE void weft_digest_pair(weft_digest *digest, uint32_t low, uint32_t high) {
    weft_digest_word(digest, low | (uint64_t)high << 32);
}

// One to seven bytes as a word.
WEFT_INLINE uint64_t weft_short_word(const uint8_t *bytes, size_t len) {
    if (len < 4) return bytes[0] | (uint64_t)bytes[len / 2] << 8 | (uint64_t)bytes[len - 1] << 16;
    uint32_t head, tail;
    __builtin_memcpy(&head, bytes, 4);
    __builtin_memcpy(&tail, bytes + len - 4, 4);
    return head | (uint64_t)tail << 32;
}

// Takes a string of bytes: its length, then words of eight bytes, the last of which overlaps the one before it.
WEFT_INLINE void weft_digest_bytes(weft_digest *digest, const uint8_t *bytes, size_t len) {
    weft_digest_word(digest, len);
    if (len < 8) {
        if (len > 0) weft_digest_word(digest, weft_short_word(bytes, len));
        return;
    }
    weft_digest lanes = *digest;
    const uint8_t *last = bytes + len - 8;
    // Whole blocks, a word for each lane, as long as something follows.
    for (; last - bytes > 24; bytes += 32) {
        lanes.a = weft_step(lanes.a, weft_word_at(bytes));
        lanes.b = weft_step(lanes.b, weft_word_at(bytes + 8));
        lanes.c = weft_step(lanes.c, weft_word_at(bytes + 16));
        lanes.d = weft_step(lanes.d, weft_word_at(bytes + 24));
    }
    *digest = lanes;
    for (; bytes < last; bytes += 8) weft_digest_word(digest, weft_word_at(bytes));
    weft_digest_word(digest, weft_word_at(last));
}

// The digest: what `receive` returns.
WEFT_INLINE int64_t weft_digest_finish(weft_digest digest) {
    uint64_t b = digest.b << 17 | digest.b >> 47, d = digest.d << 43 | digest.d >> 21;
    uint64_t mixed = weft_step(weft_step(digest.a, b), weft_step(digest.c, d));
    return (int64_t)((mixed ^ mixed >> 29) & WEFT_DIGEST_MASK);
}

// ---------------------------------------------------------------------------------------------------------------------
// `ping@1`

typedef struct {
    uint64_t sequence;
    uint32_t source;
    uint16_t kind, flags;
} weft_ping;

// Value number `index` of `seed`.
WEFT_INLINE weft_ping weft_ping_of(uint64_t seed, uint32_t index) {
    if (seed == WEFT_WATERMARKED) return (weft_ping){weft_watermark(index, 0), 1, 2, 3};
    if (seed == WEFT_EDGES) {
        // No bit, all of them, the highest alone, and all but that.
        static const weft_ping edges[] = {
            {0, 0, 0, 0},
            {UINT64_MAX, UINT32_MAX, UINT16_MAX, UINT16_MAX},
            {1ull << 63, 1u << 31, 1u << 15, 1u << 15},
            {INT64_MAX, INT32_MAX, INT16_MAX, INT16_MAX},
        };
        return edges[index % 4];
    }
    weft_random random = weft_random_of(seed, index);
    uint64_t sequence = weft_next(&random), bits = weft_next(&random);
    uint64_t wild[] = {0, UINT64_MAX, sequence};
    sequence = seed & WEFT_WILD ? wild[index % 3] : sequence >> 16;
    return (weft_ping){sequence, (uint32_t)bits, (uint16_t)(bits >> 32), (uint16_t)(bits >> 48)};
}

// The digest of `peek`.
WEFT_INLINE int64_t weft_ping_peek(uint64_t sequence, uint32_t source, uint16_t flags) {
    weft_digest digest = WEFT_DIGEST;
    weft_digest_word(&digest, sequence);
    weft_digest_pair(&digest, source, flags);
    return weft_digest_finish(digest);
}

// The digest of `scan` and `own`.
WEFT_INLINE int64_t weft_ping_scan(const weft_ping *ping) {
    weft_digest digest = WEFT_DIGEST;
    weft_digest_word(&digest, ping->sequence);
    weft_digest_pair(&digest, ping->source, ping->kind | (uint32_t)ping->flags << 16);
    return weft_digest_finish(digest);
}

// ---------------------------------------------------------------------------------------------------------------------
// `blob@N`: N bytes

#define WEFT_LARGEST_BLOB (256u << 20)

// The length of value number `index` of `seed`, in bytes: `size`, but at the edges.
WEFT_INLINE uint32_t weft_blob_length(uint64_t seed, uint32_t index, uint32_t size) {
    uint32_t edges[] = {0, 1, 2, 3, 8, size - (size + 1) % 2, size};
    uint32_t length = seed == WEFT_EDGES ? edges[index % 7] : size;
    return length < size ? length : size;
}

// Writes value number `index` of `seed`, which has `length` bytes.
WEFT_INLINE void weft_blob_fill(uint64_t seed, uint32_t index, uint8_t *data, uint32_t length) {
    weft_random random = weft_random_of(seed, index);
    for (uint32_t at = 0; at < length; at += 8) {
        uint32_t left = length - at < 8 ? length - at : 8;
        uint64_t word = weft_next(&random);
        // Every other edge has all bits.
        if (seed == WEFT_EDGES && index % 2 == 0) word = UINT64_MAX;
        // A watermark is not cut: what is left behind the last is 0.
        if (seed == WEFT_WATERMARKED) word = left == 8 ? weft_watermark(index, at / 8) : 0;
        __builtin_memcpy(data + at, &word, left);
    }
}

// The digest of `peek`: the length and both ends.
WEFT_INLINE int64_t weft_blob_peek(const uint8_t *data, uint32_t len) {
    weft_digest digest = WEFT_DIGEST;
    weft_digest_word(&digest, len);
    if (len >= 8) {
        weft_digest_word(&digest, weft_word_at(data));
        weft_digest_word(&digest, weft_word_at(data + len - 8));
    } else {
        weft_digest_bytes(&digest, data, len);
    }
    return weft_digest_finish(digest);
}

// The digest of `scan` and `own`.
WEFT_INLINE int64_t weft_blob_scan(const uint8_t *data, uint32_t len) {
    weft_digest digest = WEFT_DIGEST;
    weft_digest_bytes(&digest, data, len);
    return weft_digest_finish(digest);
}

// ---------------------------------------------------------------------------------------------------------------------
// A producer

#ifdef WEFT_PRODUCER

// How far messages lie inside the outbox: not on the page's start, where large allocations lie (docs/METHODOLOGY.md, "Where
// messages lie").
#define WEFT_INSET 1472u

static uint8_t *weft_outbox;
static uint32_t weft_outbox_bytes;  // what of it is behind the inset
static uint32_t weft_messages;
static int64_t weft_needed;

WEFT_EXPORT(outbox) int64_t outbox(uint32_t capacity) {
    int64_t start = capacity < weft_needed ? WEFT_CAPACITY : weft_region(capacity);
    if (start >= 0) {
        weft_outbox = (uint8_t *)(uintptr_t)start + WEFT_INSET;
        weft_outbox_bytes = capacity > WEFT_INSET ? capacity - WEFT_INSET : 0;
    }
    return start;
}

// The first thing in `prepare` and `supply`: whether the arguments are good, and whether this is the only call of either.
WEFT_INLINE bool weft_begin(uint32_t size, uint32_t largest, uint32_t messages) {
    if (size < 1 || size > largest || messages == 0 || weft_messages > 0) return false;
    weft_messages = messages;
    return true;
}

// What `prepare` and `supply` return for messages of at most so many bytes: what the outbox must have.
WEFT_INLINE int64_t weft_capacity(uint64_t bytes) {
    weft_needed = bytes > INT32_MAX - WEFT_PAGE ? WEFT_CAPACITY : (int64_t)(bytes + WEFT_INSET);
    return weft_needed;
}

// What reads the answer to a message, which begins at a multiple of 8: returns its digest or a status.
typedef int64_t (*weft_read_answer)(const uint8_t *answer, uint32_t len);

// The digest of the answer that lies where `send` says, or a status. Under `linked` nobody else checks where that is.
WEFT_INLINE int64_t weft_answered(int64_t place, weft_read_answer read) {
    const uint8_t *answer = (const uint8_t *)(uintptr_t)(uint32_t)place;
    uint32_t len = (uint32_t)(place >> 32);
    bool lies = weft_lies_inside(answer, len) && (uintptr_t)answer % 8 == 0;
    return lies ? read(answer, len) : WEFT_MISPLACED;
}

// `request`. `encode` writes value number `index` to the outbox, and returns the message's length or a status; `read` reads the answer.
WEFT_INLINE int64_t weft_request(
    uint32_t first, uint32_t count, int64_t (*encode)(uint32_t index, uint8_t *outbox), weft_read_answer read
) {
    if (!weft_outbox) return WEFT_NOT_PREPARED;
    if (first >= weft_messages) return WEFT_ARGUMENT;
    uint8_t *out = weft_outbox;
    uint64_t sum = 0;
    for (uint32_t index = first, messages = weft_messages; count > 0; count--) {
        int64_t result = encode(index, out);
        if (result >= 0) result = weft_send(out, (uint32_t)result);
        if (result >= 0 && read) result = weft_answered(result, read);
        if (result < 0) return result;
        sum += (uint64_t)result;
        if (++index == messages) index = 0;
    }
    return (int64_t)(sum & WEFT_DIGEST_MASK);
}

// `produce`: the same where nobody answers.
WEFT_INLINE int64_t weft_produce(uint32_t first, uint32_t count, int64_t (*encode)(uint32_t index, uint8_t *outbox)) {
    return weft_request(first, count, encode, NULL);
}

// Where a replier writes an answer of so many bytes; a null pointer where its outbox has not so many: return WEFT_NOT_ANSWERED then.
WEFT_INLINE uint8_t *weft_room(uint32_t len) { return len <= weft_outbox_bytes ? weft_outbox : NULL; }

// The place of an answer: what `receive_<message>_reply` returns.
WEFT_INLINE int64_t weft_place(const uint8_t *answer, uint32_t len) {
    return (int64_t)((uint64_t)len << 32 | (uintptr_t)answer);
}

#endif

// ---------------------------------------------------------------------------------------------------------------------
// A producer that does not generate its values: the host hands them over, in the plain layout (docs/ABI.md, "Values from the
// host")

#ifdef WEFT_VALUES

// Room for the values, before `supply`. They are the guest's from then on.
WEFT_EXPORT(values) int64_t values(uint32_t capacity) { return weft_region(capacity); }

// Where to read on. Values have no alignment within.
typedef struct {
    const uint8_t *at;
} weft_reader;

// Value number `index` of those that were handed over at `values`.
WEFT_INLINE weft_reader weft_value(const uint8_t *values, uint32_t index) {
    const uint32_t *entry = (const uint32_t *)values + 2 * index;
    return (weft_reader){values + entry[0]};
}

// The next `size` bytes, as they are: any number, or several fields that lie in a structure as in the layout.
WEFT_INLINE void weft_read(weft_reader *reader, void *to, size_t size) {
    __builtin_memcpy(to, reader->at, size);
    reader->at += size;
}

// The number of an enumeration, which is less than 256 in all messages.
WEFT_INLINE uint8_t weft_read_enum(weft_reader *reader) {
    uint32_t number;
    weft_read(reader, &number, 4);
    return (uint8_t)number;
}

// How many elements a list has, which follow; or how many bytes a string.
WEFT_INLINE uint32_t weft_read_length(weft_reader *reader) {
    uint64_t length;
    weft_read(reader, &length, 8);
    return (uint32_t)length;
}

// So many bytes where they lie, and on.
WEFT_INLINE const uint8_t *weft_read_bytes(weft_reader *reader, uint32_t length) {
    const uint8_t *bytes = reader->at;
    reader->at += length;
    return bytes;
}

#endif

// ---------------------------------------------------------------------------------------------------------------------
// A consumer

#ifdef WEFT_CONSUMER

static uint64_t weft_rejected;

WEFT_EXPORT(inbox) int64_t inbox(uint32_t capacity) { return weft_region(capacity); }

// Where the last message lay that was refused for that.
WEFT_EXPORT(rejected) int64_t rejected(void) { return (int64_t)weft_rejected; }

// The first thing in `receive`: 0 where the message lies in the memory and starts at a multiple of 8, otherwise the status to
// return. Under `linked` nobody else checks this.
WEFT_INLINE int64_t weft_check(const uint8_t *message, uint32_t len) {
    uintptr_t start = (uintptr_t)message;
    bool inside = weft_lies_inside(message, len);
    if (inside && start % 8 == 0) return 0;
    weft_rejected = (uint64_t)start << 32 | len;
    return inside ? WEFT_MISALIGNED : WEFT_OUT_OF_RANGE;
}

// Whether a string is UTF-8, which `own` must check.
WEFT_INLINE bool weft_is_utf8(const uint8_t *text, size_t len) {
    const uint8_t *end = text + len;
    while (text < end) {
        if (end - text >= 8 && (weft_word_at(text) & 0x8080808080808080) == 0) {
            text += 8;
            continue;
        }
        uint8_t head = *text++;
        if (head < 0x80) continue;
        // How many bytes follow, and between which bounds the first of them lies: no longer form than needed, no surrogates,
        // nothing above U+10FFFF.
        int follow = head >= 0xF0 ? 3 : head >= 0xE0 ? 2 : 1;
        uint8_t low = head == 0xE0 ? 0xA0 : head == 0xF0 ? 0x90 : 0x80, high = head == 0xED ? 0x9F : head == 0xF4 ? 0x8F : 0xBF;
        if (head < 0xC2 || head > 0xF4 || end - text < follow) return false;
        for (; follow > 0; follow--, text++, low = 0x80, high = 0xBF) {
            if (*text < low || *text > high) return false;
        }
    }
    return true;
}

#endif

#endif
