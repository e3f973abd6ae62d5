/* fermata.archive/1 and fermata.ingest-hook/1: the only way in and out for every protocol.
 * See fermata/archive.hpp and fermata/ingest_hook.hpp for the contracts in full. */
#ifndef FERMATA_C_ARCHIVE_H
#define FERMATA_C_ARCHIVE_H

#include "fermata/c/blob_store.h"
#include "fermata/c/index.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FERMATA_ARCHIVE_ID "fermata.archive/1"
#define FERMATA_INGEST_HOOK_ID "fermata.ingest-hook/1"

typedef struct fermata_store_request {
  uint32_t size;
  uint32_t reserved;
  fermata_str transfer_syntax_uid; /* in which the bytes come */
  fermata_str sop_class_uid;       /* as announced by the command; empty: take the data set's */
  fermata_str sop_instance_uid;    /* likewise */
  fermata_str calling_ae_title;    /* empty where the protocol has none */
  fermata_str called_ae_title;
  fermata_str peer_address;
  fermata_str protocol;           /* "dimse", "dicomweb", "import" */
  fermata_str study_instance_uid; /* the study into which the object is to be stored; empty: whichever it is in */
} fermata_store_request;

enum {
  FERMATA_STORED = 0,
  FERMATA_STORE_IDENTICAL = 1, /* was there already, byte for byte; nothing written */
  FERMATA_STORE_KEPT_FIRST = 2,
  FERMATA_STORE_REPLACED = 3,
  FERMATA_STORE_REFUSED = 4
};

enum {
  FERMATA_REFUSAL_NONE = 0,
  FERMATA_REFUSAL_OUT_OF_SPACE = 1,
  FERMATA_REFUSAL_NOT_UNDERSTOOD = 2,     /* the bytes are no complete data set in this transfer syntax */
  FERMATA_REFUSAL_MISSING_ATTRIBUTE = 3,  /* one of the UIDs that identify an instance is missing or invalid */
  FERMATA_REFUSAL_SOP_CLASS_MISMATCH = 4, /* the data set's SOP Class, Instance or study is not the one announced */
  FERMATA_REFUSAL_DUPLICATE = 5,          /* another object has this SOP Instance UID, and the policy is to reject */
  FERMATA_REFUSAL_RULE = 6,               /* an ingest hook said no */
  FERMATA_REFUSAL_TOO_LARGE = 7,          /* a configured limit, such as the size of the header */
  FERMATA_REFUSAL_STOPPING = 8,
  FERMATA_REFUSAL_FAILURE = 9 /* storage or index failed */
};

/* Strings stay valid until the operation is destroyed. */
typedef struct fermata_store_outcome {
  uint32_t size;
  uint32_t kind;
  uint32_t refusal;
  uint32_t reserved;
  fermata_str reason; /* of a refusal: for the peer, without patient data, in ASCII */
  fermata_str study_instance_uid;
  fermata_str series_instance_uid;
  fermata_str sop_instance_uid;
  fermata_str sop_class_uid;
} fermata_store_outcome;

typedef struct fermata_store_operation_vt {
  uint32_t size;
  void (*destroy)(void* self); /* without finish: nothing was stored */
  int32_t (*append)(void* self, fermata_bytes data, fermata_error* error);
  int32_t (*finish)(void* self, fermata_store_outcome* out, fermata_error* error);
} fermata_store_operation_vt;

typedef struct fermata_store_operation {
  const fermata_store_operation_vt* vt;
  void* self;
} fermata_store_operation;

typedef struct fermata_object_reader_vt {
  uint32_t size;
  void (*destroy)(void* self);
  int32_t (*length)(void* self, uint64_t* out, fermata_error* error);
  int32_t (*read_at)(void* self, uint64_t offset, uint8_t* into, uint64_t capacity, uint64_t* out,
                     fermata_error* error);
} fermata_object_reader_vt;

typedef struct fermata_object_reader {
  const fermata_object_reader_vt* vt;
  void* self;
} fermata_object_reader;

typedef struct fermata_archive_vt {
  uint32_t size;
  int32_t (*store)(void* self, const fermata_store_request* request, fermata_store_operation* out,
                   fermata_error* error);
  int32_t (*find)(void* self, const fermata_query* query, fermata_match_cursor* out, fermata_error* error);
  int32_t (*instances)(void* self, const fermata_selection* selection, fermata_instance_cursor* out,
                       fermata_error* error);
  /* Reads the data set of the instance, from its first byte, as stored. */
  int32_t (*open)(void* self, const fermata_instance_record* record, fermata_object_reader* out, fermata_error* error);
  int32_t (*remove)(void* self, const fermata_selection* selection, uint64_t* out, fermata_error* error);
  int32_t (*statistics)(void* self, fermata_index_statistics* out, fermata_error* error);
  int32_t (*changes)(void* self, uint64_t after, fermata_change_cursor* out, fermata_error* error);
  int32_t (*capacity)(void* self, fermata_capacity* out, fermata_error* error);
} fermata_archive_vt;

/* What a hook sees of an object that arrives; provided by the archive, valid during the hook's call. */
typedef struct fermata_ingest_context_vt {
  uint32_t size;
  int32_t (*header)(void* self, fermata_bytes* out, fermata_error* error);
  int32_t (*request)(void* self, fermata_store_request* out, fermata_error* error);
  int32_t (*set_element)(void* self, uint32_t tag, const char* vr, fermata_bytes value, fermata_error* error);
  int32_t (*remove_element)(void* self, uint32_t tag, fermata_error* error);
  int32_t (*refuse)(void* self, fermata_str reason, fermata_error* error);
} fermata_ingest_context_vt;

typedef struct fermata_ingest_context {
  const fermata_ingest_context_vt* vt;
  void* self;
} fermata_ingest_context;

typedef struct fermata_ingest_hook_vt {
  uint32_t size;
  int32_t (*before_store)(void* self, fermata_ingest_context context, fermata_error* error);
  int32_t (*after_store)(void* self, const fermata_instance_record* record, uint32_t kind, fermata_error* error);
} fermata_ingest_hook_vt;

#ifdef __cplusplus
}
#endif

#endif
