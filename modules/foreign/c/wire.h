// The codec's wire: plain structs, as both guests have them in memory. A ping, a triangle and a blob's bytes are their own
// wire. A log is a head, the records, and then all their strings.

#ifndef WIRE_H
#define WIRE_H

#include "weft.h"

typedef struct {
    float floats[12];  // v0, v1, v2 and the normal: x, y, z of each
} triangle;

enum { TEXTS = 10, RAY_ID = 9, ENUMS = 6 };

// What of a record is not text, in every form that a record has.
typedef struct {
    int64_t timestamp;
    uint64_t bytes_dlv;
    uint32_t zone_id, status, host_status, up_status, port;
    uint8_t enums[ENUMS];  // zone_plan, protocol, method, origin's protocol, country, cache_status
    uint16_t zero;
    uint32_t start;  // on the wire: where its first string starts, from the message's start
} record_fields;

// A record on the wire. The strings: content_type, user_agent, referer, request_uri, the origin's ip and hostname,
// server_ip, server_name, remote_ip, ray_id.
typedef struct {
    record_fields fields;
    uint32_t ends[TEXTS];  // where each string ends, from where the first starts
} record_wire;

typedef struct {
    uint32_t records;
    uint32_t zero;
} log_head;

_Static_assert(sizeof(weft_ping) == 16 && sizeof(triangle) == 48, "no padding");
_Static_assert(sizeof(record_fields) == 48 && sizeof(record_wire) == 88 && sizeof(log_head) == 8, "no padding at the end");

#endif
