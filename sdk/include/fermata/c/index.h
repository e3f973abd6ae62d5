/* fermata.index/1: what is stored, and how it is found. See fermata/index.hpp for the contract in full. */
#ifndef FERMATA_C_INDEX_H
#define FERMATA_C_INDEX_H

#include "fermata/c/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FERMATA_INDEX_ID "fermata.index/1"

/* Query/Retrieve Level, PS3.4 C.6. */
enum { FERMATA_LEVEL_PATIENT = 0, FERMATA_LEVEL_STUDY = 1, FERMATA_LEVEL_SERIES = 2, FERMATA_LEVEL_IMAGE = 3 };

/* A top-level element whose value is left out of the header: pixel data and every other large binary value. */
typedef struct fermata_bulk_value {
  uint32_t tag; /* group << 16 | element */
  char vr[2];
  uint16_t reserved;
  uint64_t offset; /* of the value's first byte, counted from the data set's first byte as stored */
  uint64_t length; /* UINT64_MAX: undefined length, that is encapsulated in fragments */
} fermata_bulk_value;

typedef struct fermata_instance_record {
  uint32_t size;
  uint32_t reserved;
  fermata_str study_instance_uid;
  fermata_str series_instance_uid;
  fermata_str sop_instance_uid;
  fermata_str sop_class_uid;
  fermata_str transfer_syntax_uid;
  fermata_bytes header; /* empty where it was not asked for */
  fermata_str blob_key;
  uint64_t blob_length;
  uint64_t data_set_offset; /* in the blob: bytes of preamble and file meta information */
  uint8_t checksum[16];     /* XXH3-128, big-endian, of the data set's bytes as stored */
  int64_t received_us;      /* microseconds since 1970-01-01 UTC */
  fermata_str source_ae_title;
  const fermata_bulk_value* bulk;
  uint64_t bulk_count;
} fermata_instance_record;

typedef struct fermata_instance_cursor_vt {
  uint32_t size;
  void (*destroy)(void* self);
  int32_t (*next)(void* self, fermata_instance_record* record, uint8_t* out, fermata_error* error);
} fermata_instance_cursor_vt;

typedef struct fermata_instance_cursor {
  const fermata_instance_cursor_vt* vt;
  void* self;
} fermata_instance_cursor;

typedef struct fermata_match_cursor_vt {
  uint32_t size;
  void (*destroy)(void* self);
  int32_t (*next)(void* self, fermata_bytes* identifier, uint8_t* out, fermata_error* error);
} fermata_match_cursor_vt;

typedef struct fermata_match_cursor {
  const fermata_match_cursor_vt* vt;
  void* self;
} fermata_match_cursor;

enum { FERMATA_CHANGE_STORED = 1, FERMATA_CHANGE_REPLACED = 2, FERMATA_CHANGE_REMOVED = 3 };

typedef struct fermata_change {
  uint32_t size;
  uint32_t kind;
  uint64_t sequence;
  int64_t time_us;
  fermata_str study_instance_uid;
  fermata_str series_instance_uid;
  fermata_str sop_instance_uid;
} fermata_change;

typedef struct fermata_change_cursor_vt {
  uint32_t size;
  void (*destroy)(void* self);
  int32_t (*next)(void* self, fermata_change* change, uint8_t* out, fermata_error* error);
} fermata_change_cursor_vt;

typedef struct fermata_change_cursor {
  const fermata_change_cursor_vt* vt;
  void* self;
} fermata_change_cursor;

enum {
  FERMATA_ORDER_ANY = 0,
  FERMATA_ORDER_NEWEST_FIRST = 1,
  FERMATA_ORDER_OLDEST_FIRST = 2,
  FERMATA_ORDER_PATIENT_NAME = 3,
  FERMATA_ORDER_PATIENT_NAME_REVERSED = 4
};

/* The peers have agreed on combined date-time matching (PS3.4 C.2.2.2.5). */
enum { FERMATA_QUERY_COMBINED_DATE_TIME = 1 };

typedef struct fermata_query {
  uint32_t size;
  uint32_t level;
  fermata_bytes identifier;
  uint32_t order;
  uint32_t flags;
  uint64_t offset;
  uint64_t limit;
} fermata_query;

typedef struct fermata_selection {
  uint32_t size;
  uint32_t with_headers;
  fermata_strings patient_ids;
  fermata_strings study_instance_uids;
  fermata_strings series_instance_uids;
  fermata_strings sop_instance_uids;
} fermata_selection;

typedef struct fermata_index_statistics {
  uint32_t size;
  uint32_t reserved;
  uint64_t studies;
  uint64_t series;
  uint64_t instances;
  uint64_t bytes; /* sum of the blobs' lengths */
} fermata_index_statistics;

typedef struct fermata_index_transaction_vt {
  uint32_t size;
  void (*destroy)(void* self); /* without commit: nothing has changed */
  int32_t (*upsert)(void* self, const fermata_instance_record* record, fermata_error* error);
  int32_t (*remove)(void* self, fermata_str sop_instance_uid, uint8_t* out, fermata_error* error);
  int32_t (*commit)(void* self, fermata_error* error);
} fermata_index_transaction_vt;

typedef struct fermata_index_transaction {
  const fermata_index_transaction_vt* vt;
  void* self;
} fermata_index_transaction;

typedef struct fermata_index_vt {
  uint32_t size;
  int32_t (*begin)(void* self, fermata_str study_instance_uid, fermata_index_transaction* out, fermata_error* error);
  int32_t (*find)(void* self, const fermata_query* query, fermata_match_cursor* out, fermata_error* error);
  int32_t (*instances)(void* self, const fermata_selection* selection, fermata_instance_cursor* out,
                       fermata_error* error);
  int32_t (*changes)(void* self, uint64_t after, fermata_change_cursor* out, fermata_error* error);
  int32_t (*statistics)(void* self, fermata_index_statistics* out, fermata_error* error);
  int32_t (*sync)(void* self, fermata_error* error);
  int32_t (*clear)(void* self, fermata_error* error);
} fermata_index_vt;

#ifdef __cplusplus
}
static_assert(sizeof(fermata_bulk_value) == 24, "bulk values stand in arrays: their layout is fixed");
#endif

#endif
