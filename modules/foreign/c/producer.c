// The producer of the codec of C structs, which asks for answers to pings as well. It generates pings and blobs by itself; the values of `mesh` and `log` are handed
// over by the host.

#define WEFT_PRODUCER
#define WEFT_CONSUMER
#define WEFT_VALUES
#include "weft.h"
#include "wire.h"

WEFT_TRAITS({
    "abi": 1, "about": "plain C structs, written by hand: records of one size, then all their strings", "role": "codec", "library": "",
    "schema": false, "evolution": "no", "self_describing": false, "encodes": true, "in_place": true, "validates": "lazily",
    "scan_checks_utf8": false, "trailing_bytes": false, "reuses_buffers": true,
    "unsupported": {"player": "nobody has written its 28 fields in C", "reply": "only pings are answered in C", "*": "this codec does not carry the message"}
});

// An array for so many elements; a null pointer where there is no memory.
static void *array(uint32_t count, uint32_t size) {
    uint64_t bytes = (uint64_t)count * size;
    return bytes > WEFT_LARGEST_BLOCK ? NULL : weft_alloc((uint32_t)bytes, 16);
}

// ---------------------------------------------------------------------------------------------------------------------
// `ping`

static weft_ping *pings;

WEFT_EXPORT(prepare_ping) int64_t prepare_ping(uint32_t size, uint32_t messages, uint64_t seed) {
    if (!weft_begin(size, 1, messages)) return WEFT_ARGUMENT;
    if (!(pings = array(messages, sizeof *pings))) return WEFT_CAPACITY;
    for (uint32_t i = 0; i < messages; i++) pings[i] = weft_ping_of(seed, i);
    return weft_capacity(sizeof *pings);
}

WEFT_INLINE int64_t encode_ping(uint32_t index, uint8_t *outbox) {
    *(weft_ping *)outbox = pings[index];
    return sizeof *pings;
}

WEFT_EXPORT(produce_ping) int64_t produce_ping(uint32_t first, uint32_t count) {
    return pings ? weft_produce(first, count, encode_ping) : WEFT_NOT_PREPARED;
}

// The digest of an answer.
WEFT_INLINE int64_t read_ping(const uint8_t *answer, uint32_t len) {
    const weft_ping *ping = (const weft_ping *)answer;
    return len == sizeof *ping ? weft_ping_scan(ping) : WEFT_MALFORMED;
}

WEFT_EXPORT(request_ping) int64_t request_ping(uint32_t first, uint32_t count) {
    return pings ? weft_request(first, count, encode_ping, read_ping) : WEFT_NOT_PREPARED;
}

// ---------------------------------------------------------------------------------------------------------------------
// What is a pointer and a length: the value of `blob` and of `mesh`

typedef struct {
    const void *data;
    uint32_t bytes;
} piece;

static piece *pieces;

WEFT_INLINE int64_t encode_piece(uint32_t index, uint8_t *outbox) {
    piece value = pieces[index];
    __builtin_memcpy(outbox, value.data, value.bytes);
    return value.bytes;
}

static int64_t produce_pieces(uint32_t first, uint32_t count) {
    return pieces ? weft_produce(first, count, encode_piece) : WEFT_NOT_PREPARED;
}

WEFT_EXPORT(prepare_blob) int64_t prepare_blob(uint32_t size, uint32_t messages, uint64_t seed) {
    if (!weft_begin(size, WEFT_LARGEST_BLOB, messages)) return WEFT_ARGUMENT;
    piece *blobs = array(messages, sizeof *blobs);
    if (!blobs) return WEFT_CAPACITY;
    for (uint32_t i = 0; i < messages; i++) {
        uint32_t length = weft_blob_length(seed, i, size);
        uint8_t *data = weft_alloc(length, 16);
        if (!data) return WEFT_CAPACITY;
        weft_blob_fill(seed, i, data, length);
        blobs[i] = (piece){data, length};
    }
    pieces = blobs;
    return weft_capacity(size);
}

WEFT_EXPORT(produce_blob) int64_t produce_blob(uint32_t first, uint32_t count) { return produce_pieces(first, count); }

// ---------------------------------------------------------------------------------------------------------------------
// `mesh`: a triangle of the plain layout is a triangle of ours, so the values stay where the host has put them

WEFT_EXPORT(supply_mesh) int64_t supply_mesh(uint32_t size, uint32_t messages, const uint8_t *values) {
    if (!weft_begin(size, UINT32_MAX, messages)) return WEFT_ARGUMENT;
    piece *meshes = array(messages, sizeof *meshes);
    if (!meshes) return WEFT_CAPACITY;
    uint32_t longest = 0;
    for (uint32_t i = 0; i < messages; i++) {
        weft_reader reader = weft_value(values, i);
        uint32_t bytes = weft_read_length(&reader) * sizeof(triangle);
        meshes[i] = (piece){reader.at, bytes};
        if (bytes > longest) longest = bytes;
    }
    pieces = meshes;
    return weft_capacity(longest);
}

WEFT_EXPORT(produce_mesh) int64_t produce_mesh(uint32_t first, uint32_t count) { return produce_pieces(first, count); }

// ---------------------------------------------------------------------------------------------------------------------
// `log`: a list of records with pointers to their strings

typedef struct {
    const uint8_t *bytes;
    uint32_t len;
} text;

typedef struct {
    record_fields fields;
    text texts[TEXTS];
} record;

typedef struct {
    record *records;
    uint32_t count;
} record_list;

static record_list *logs;

// The next record. Its fields are in the order of schemas/src/log/mod.rs.
static record record_of(weft_reader *reader) {
    record record = {0};
    record_fields *fields = &record.fields;
    text *texts = record.texts;
#define NEXT(field) weft_read(reader, &(field), sizeof(field))
#define NEXT_ENUM(i) fields->enums[i] = weft_read_enum(reader)
#define NEXT_TEXT(i) texts[i].len = weft_read_length(reader), texts[i].bytes = weft_read_bytes(reader, texts[i].len)
    NEXT(fields->timestamp);
    NEXT(fields->zone_id);
    NEXT_ENUM(0);  // zone_plan
    NEXT_ENUM(1);  // http: protocol
    NEXT(fields->status);
    NEXT(fields->host_status);
    NEXT(fields->up_status);
    NEXT_ENUM(2);  // method
    for (int i = 0; i < 4; i++) NEXT_TEXT(i);  // content_type, user_agent, referer, request_uri
    NEXT_TEXT(4);  // origin: ip
    NEXT(fields->port);
    NEXT_TEXT(5);  // hostname
    NEXT_ENUM(3);  // protocol
    NEXT_ENUM(4);  // country
    NEXT_ENUM(5);  // cache_status
    for (int i = 6; i < 9; i++) NEXT_TEXT(i);  // server_ip, server_name, remote_ip
    NEXT(fields->bytes_dlv);
    NEXT_TEXT(RAY_ID);
    return record;
}

// The length of a log on the wire.
static uint64_t length_of(const record_list *log) {
    uint64_t bytes = sizeof(log_head) + (uint64_t)log->count * sizeof(record_wire);
    for (uint32_t i = 0; i < log->count; i++) {
        for (int j = 0; j < TEXTS; j++) bytes += log->records[i].texts[j].len;
    }
    return bytes;
}

WEFT_EXPORT(supply_log) int64_t supply_log(uint32_t size, uint32_t messages, const uint8_t *values) {
    if (!weft_begin(size, UINT32_MAX, messages)) return WEFT_ARGUMENT;
    record_list *all = array(messages, sizeof *all);
    if (!all) return WEFT_CAPACITY;
    uint64_t longest = 0;
    for (uint32_t i = 0; i < messages; i++) {
        weft_reader reader = weft_value(values, i);
        uint32_t count = weft_read_length(&reader);
        record *records = array(count, sizeof *records);
        if (!records) return WEFT_CAPACITY;
        for (uint32_t j = 0; j < count; j++) records[j] = record_of(&reader);
        all[i] = (record_list){records, count};
        uint64_t bytes = length_of(&all[i]);
        if (bytes > longest) longest = bytes;
    }
    logs = all;
    return weft_capacity(longest);
}

WEFT_INLINE int64_t encode_log(uint32_t index, uint8_t *outbox) {
    record_list log = logs[index];
    *(log_head *)outbox = (log_head){log.count, 0};
    record_wire *wire = (record_wire *)(outbox + sizeof(log_head));
    uint8_t *out = (uint8_t *)(wire + log.count);
    for (const record *record = log.records, *end = record + log.count; record < end; record++, wire++) {
        wire->fields = record->fields;
        const uint8_t *start = out;
        wire->fields.start = (uint32_t)(start - outbox);
        for (int i = 0; i < TEXTS; i++) {
            __builtin_memcpy(out, record->texts[i].bytes, record->texts[i].len);
            out += record->texts[i].len;
            wire->ends[i] = (uint32_t)(out - start);
        }
    }
    return out - outbox;
}

WEFT_EXPORT(produce_log) int64_t produce_log(uint32_t first, uint32_t count) {
    return logs ? weft_produce(first, count, encode_log) : WEFT_NOT_PREPARED;
}
