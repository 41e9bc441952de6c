// The consumer of the codec of C structs: fields are read where they lie; `own` builds what a program of C would keep. It answers pings as well.

#define WEFT_CONSUMER
#define WEFT_PRODUCER
#include "weft.h"
#include "wire.h"

// The export for a message and a task: checks where the message lies, and leaves the rest to `<message>_<task>`.
#define RECEIVE(message, task)                                                                                            \
    WEFT_EXPORT(receive_##message##_##task) int64_t receive_##message##_##task(const uint8_t *bytes, uint32_t len) {      \
        int64_t refused = weft_check(bytes, len);                                                                         \
        return refused ? refused : message##_##task(bytes, len);                                                          \
    }

// ---------------------------------------------------------------------------------------------------------------------
// `ping`

WEFT_INLINE int64_t ping_peek(const uint8_t *bytes, uint32_t len) {
    const weft_ping *ping = (const weft_ping *)bytes;
    return len == sizeof *ping ? weft_ping_peek(ping->sequence, ping->source, ping->flags) : WEFT_MALFORMED;
}

WEFT_INLINE int64_t ping_scan(const uint8_t *bytes, uint32_t len) {
    const weft_ping *ping = (const weft_ping *)bytes;
    return len == sizeof *ping ? weft_ping_scan(ping) : WEFT_MALFORMED;
}

WEFT_INLINE int64_t ping_own(const uint8_t *bytes, uint32_t len) {
    if (len != sizeof(weft_ping)) return WEFT_MALFORMED;
    weft_ping ping = *(const weft_ping *)bytes;
    return weft_ping_scan(&ping);
}

// The answer to a ping, and where it lies.
WEFT_INLINE int64_t ping_reply(const uint8_t *bytes, uint32_t len) {
    if (len != sizeof(weft_ping)) return WEFT_MALFORMED;
    uint8_t *out = weft_room(len);
    if (!out) return WEFT_NOT_ANSWERED;
    weft_ping ping = *(const weft_ping *)bytes;
    ping.sequence++;
    ping.flags ^= 1;
    *(weft_ping *)out = ping;
    return weft_place(out, len);
}

RECEIVE(ping, peek)
RECEIVE(ping, scan)
RECEIVE(ping, own)
RECEIVE(ping, reply)

// ---------------------------------------------------------------------------------------------------------------------
// `blob`

WEFT_INLINE int64_t blob_peek(const uint8_t *bytes, uint32_t len) { return weft_blob_peek(bytes, len); }
WEFT_INLINE int64_t blob_scan(const uint8_t *bytes, uint32_t len) { return weft_blob_scan(bytes, len); }

// A copy of a message's bytes; a null pointer where there is no memory.
WEFT_INLINE uint8_t *copy_of(const uint8_t *bytes, uint32_t len) {
    uint8_t *copy = weft_alloc(len, 16);
    if (copy) __builtin_memcpy(copy, bytes, len);
    return copy;
}

WEFT_INLINE int64_t blob_own(const uint8_t *bytes, uint32_t len) {
    uint8_t *blob = copy_of(bytes, len);
    if (!blob) return WEFT_CAPACITY;
    int64_t digest = weft_blob_scan(blob, len);
    weft_dealloc(blob, len, 16);
    return digest;
}

RECEIVE(blob, peek)
RECEIVE(blob, scan)
RECEIVE(blob, own)

// ---------------------------------------------------------------------------------------------------------------------
// `mesh`

// The bits of two floats as a word of the digest.
WEFT_INLINE void take_floats(weft_digest *digest, const float *low, const float *high) {
    uint32_t bits[2];
    __builtin_memcpy(&bits[0], low, 4);
    __builtin_memcpy(&bits[1], high, 4);
    weft_digest_pair(digest, bits[0], bits[1]);
}

WEFT_INLINE int64_t digest_of_triangles(const triangle *triangles, uint32_t count) {
    weft_digest digest = WEFT_DIGEST;
    for (uint32_t i = 0; i < count; i++) {
        for (int j = 0; j < 12; j += 2) take_floats(&digest, &triangles[i].floats[j], &triangles[i].floats[j + 1]);
    }
    weft_digest_word(&digest, count);
    return weft_digest_finish(digest);
}

// v0.x, v2.y and normal.z of the triangle in the middle.
WEFT_INLINE int64_t mesh_peek(const uint8_t *bytes, uint32_t len) {
    uint32_t count = len / sizeof(triangle), normal_z;
    if (count == 0 || len % sizeof(triangle) != 0) return WEFT_MALFORMED;
    const triangle *middle = (const triangle *)bytes + count / 2;
    weft_digest digest = WEFT_DIGEST;
    take_floats(&digest, &middle->floats[0], &middle->floats[7]);
    __builtin_memcpy(&normal_z, &middle->floats[11], 4);
    weft_digest_word(&digest, normal_z);
    return weft_digest_finish(digest);
}

WEFT_INLINE int64_t mesh_scan(const uint8_t *bytes, uint32_t len) {
    if (len % sizeof(triangle) != 0) return WEFT_MALFORMED;
    return digest_of_triangles((const triangle *)bytes, len / sizeof(triangle));
}

WEFT_INLINE int64_t mesh_own(const uint8_t *bytes, uint32_t len) {
    if (len % sizeof(triangle) != 0) return WEFT_MALFORMED;
    uint8_t *mesh = copy_of(bytes, len);
    if (!mesh) return WEFT_CAPACITY;
    int64_t digest = digest_of_triangles((const triangle *)mesh, len / sizeof(triangle));
    weft_dealloc(mesh, len, 16);
    return digest;
}

RECEIVE(mesh, peek)
RECEIVE(mesh, scan)
RECEIVE(mesh, own)

// ---------------------------------------------------------------------------------------------------------------------
// `log`

// The records of a message; a null pointer where there is no room for as many as it says, or the strings of the last do not end
// where the message does.
WEFT_INLINE const record_wire *records_of(const uint8_t *bytes, uint32_t len, uint32_t *count) {
    if (len < sizeof(log_head)) return NULL;
    *count = ((const log_head *)bytes)->records;
    if (*count > (len - sizeof(log_head)) / sizeof(record_wire)) return NULL;
    const record_wire *records = (const record_wire *)(bytes + sizeof(log_head));
    const record_wire *last = records + *count - 1;
    uint64_t end = *count == 0 ? sizeof(log_head) : (uint64_t)last->fields.start + last->ends[TEXTS - 1];
    return end == len ? records : NULL;
}

// String number `i` of a record; a null pointer where it does not lie in the message.
WEFT_INLINE const uint8_t *text_of(const uint8_t *bytes, uint32_t len, const record_wire *wire, int i, uint32_t *text_len) {
    uint32_t start = i == 0 ? 0 : wire->ends[i - 1], end = wire->ends[i];
    if (start > end || wire->fields.start > len || end > len - wire->fields.start) return NULL;
    *text_len = end - start;
    return bytes + wire->fields.start + start;
}

// Whether every enumeration has one of its values. Countries have all 256.
WEFT_INLINE bool enums_are_good(const uint8_t *enums) {
    return enums[0] < 4 && enums[1] < 4 && enums[2] < 11 && enums[3] < 3 && enums[5] < 4;
}

// What of a record is not text.
WEFT_INLINE void take_fields(weft_digest *digest, const record_fields *fields) {
    uint64_t enums = 0;
    __builtin_memcpy(&enums, fields->enums, ENUMS);
    weft_digest_word(digest, (uint64_t)fields->timestamp);
    weft_digest_word(digest, fields->bytes_dlv);
    weft_digest_pair(digest, fields->zone_id, fields->port);
    weft_digest_pair(digest, fields->status, fields->host_status);
    weft_digest_word(digest, fields->up_status);
    weft_digest_word(digest, enums);
}

// Timestamp, status and ray_id of the record in the middle.
WEFT_INLINE int64_t log_peek(const uint8_t *bytes, uint32_t len) {
    uint32_t count, text_len;
    const record_wire *records = records_of(bytes, len, &count);
    if (!records || count == 0) return WEFT_MALFORMED;
    const record_wire *middle = records + count / 2;
    const uint8_t *ray_id = text_of(bytes, len, middle, RAY_ID, &text_len);
    if (!ray_id) return WEFT_MALFORMED;
    weft_digest digest = WEFT_DIGEST;
    weft_digest_word(&digest, (uint64_t)middle->fields.timestamp);
    weft_digest_word(&digest, middle->fields.status);
    weft_digest_bytes(&digest, ray_id, text_len);
    return weft_digest_finish(digest);
}

WEFT_INLINE int64_t log_scan(const uint8_t *bytes, uint32_t len) {
    uint32_t count, text_len;
    const record_wire *records = records_of(bytes, len, &count);
    if (!records) return WEFT_MALFORMED;
    weft_digest digest = WEFT_DIGEST;
    for (const record_wire *wire = records; wire < records + count; wire++) {
        if (!enums_are_good(wire->fields.enums)) return WEFT_MALFORMED;
        take_fields(&digest, &wire->fields);
        for (int i = 0; i < TEXTS; i++) {
            const uint8_t *text = text_of(bytes, len, wire, i, &text_len);
            if (!text) return WEFT_MALFORMED;
            weft_digest_bytes(&digest, text, text_len);
        }
    }
    weft_digest_word(&digest, count);
    return weft_digest_finish(digest);
}

// A record as a program keeps it: each string in a block of its own.
typedef struct {
    record_fields fields;
    struct {
        uint8_t *bytes;
        uint32_t len;
    } texts[TEXTS];
} record;

// Builds a record; returns 0, or the status that it ends with. What is built is to be freed in either case.
static int64_t own_record(record *record, const uint8_t *bytes, uint32_t len, const record_wire *wire) {
    if (!enums_are_good(wire->fields.enums)) return WEFT_MALFORMED;
    record->fields = wire->fields;
    for (int i = 0; i < TEXTS; i++) {
        uint32_t text_len;
        const uint8_t *text = text_of(bytes, len, wire, i, &text_len);
        if (!text) return WEFT_MALFORMED;
        if (!weft_is_utf8(text, text_len)) return WEFT_INVALID_TEXT;
        if (!(record->texts[i].bytes = copy_of(text, text_len))) return WEFT_CAPACITY;
        record->texts[i].len = text_len;
    }
    return 0;
}

WEFT_INLINE int64_t digest_of_records(const record *records, uint32_t count) {
    weft_digest digest = WEFT_DIGEST;
    for (const record *record = records; record < records + count; record++) {
        take_fields(&digest, &record->fields);
        for (int i = 0; i < TEXTS; i++) weft_digest_bytes(&digest, record->texts[i].bytes, record->texts[i].len);
    }
    weft_digest_word(&digest, count);
    return weft_digest_finish(digest);
}

static int64_t log_own(const uint8_t *bytes, uint32_t len) {
    uint32_t count;
    const record_wire *wire = records_of(bytes, len, &count);
    if (!wire) return WEFT_MALFORMED;
    // A record on the wire is longer than half of one here, and a message shorter than a region: this does not overflow.
    uint32_t size = count * sizeof(record);
    record *records = weft_alloc(size, 16);
    if (!records) return WEFT_CAPACITY;
    int64_t status = 0;
    uint32_t built = 0;
    while (built < count && status == 0) {
        // Strings that are not there yet have no block.
        __builtin_memset(&records[built], 0, sizeof(record));
        status = own_record(&records[built], bytes, len, &wire[built]);
        built++;
    }
    if (status == 0) status = digest_of_records(records, count);
    for (uint32_t i = 0; i < built; i++) {
        for (int j = 0; j < TEXTS; j++) {
            if (records[i].texts[j].bytes) weft_dealloc(records[i].texts[j].bytes, records[i].texts[j].len, 16);
        }
    }
    weft_dealloc(records, size, 16);
    return status;
}

RECEIVE(log, peek)
RECEIVE(log, scan)
RECEIVE(log, own)
