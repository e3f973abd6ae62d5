/* fermata.state-store/1: small named collections of documents. See fermata/state_store.hpp for the contract in full. */
#ifndef FERMATA_C_STATE_STORE_H
#define FERMATA_C_STATE_STORE_H

#include "fermata/c/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FERMATA_STATE_STORE_ID "fermata.state-store/1"

typedef struct fermata_document {
  uint32_t size;
  fermata_str id;
  fermata_bytes content;
  uint64_t version;
} fermata_document;

typedef struct fermata_document_cursor_vt {
  uint32_t size;
  void (*destroy)(void* self);
  int32_t (*next)(void* self, fermata_document* document, uint8_t* out, fermata_error* error);
} fermata_document_cursor_vt;

typedef struct fermata_document_cursor {
  const fermata_document_cursor_vt* vt;
  void* self;
} fermata_document_cursor;

typedef struct fermata_state_store_vt {
  uint32_t size;
  int32_t (*list)(void* self, fermata_str collection, fermata_str from, fermata_document_cursor* out,
                  fermata_error* error);
  int32_t (*put)(void* self, fermata_str collection, fermata_str id, fermata_bytes content, uint64_t expected_version,
                 uint64_t* out, fermata_error* error);
  int32_t (*remove)(void* self, fermata_str collection, fermata_str id, uint64_t expected_version,
                    fermata_error* error);
} fermata_state_store_vt;

#ifdef __cplusplus
}
#endif

#endif
