/* fermata.blob-store/1: keeps byte sequences under keys. See fermata/blob_store.hpp for the contract in full. */
#ifndef FERMATA_C_BLOB_STORE_H
#define FERMATA_C_BLOB_STORE_H

#include "fermata/c/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FERMATA_BLOB_STORE_ID "fermata.blob-store/1"

typedef struct fermata_blob_writer_vt {
  uint32_t size;
  void (*destroy)(void* self); /* without commit: the blob has never existed */
  int32_t (*append)(void* self, fermata_bytes data, fermata_error* error);
  int32_t (*commit)(void* self, fermata_error* error);
} fermata_blob_writer_vt;

typedef struct fermata_blob_writer {
  const fermata_blob_writer_vt* vt;
  void* self;
} fermata_blob_writer;

typedef struct fermata_blob_reader_vt {
  uint32_t size;
  void (*destroy)(void* self);
  int32_t (*length)(void* self, uint64_t* out, fermata_error* error);
  int32_t (*read_at)(void* self, uint64_t offset, uint8_t* into, uint64_t capacity, uint64_t* out,
                     fermata_error* error);
} fermata_blob_reader_vt;

typedef struct fermata_blob_reader {
  const fermata_blob_reader_vt* vt;
  void* self;
} fermata_blob_reader;

typedef struct fermata_blob_entry {
  uint32_t size;
  fermata_str key;
  uint64_t length;
} fermata_blob_entry;

typedef struct fermata_blob_cursor_vt {
  uint32_t size;
  void (*destroy)(void* self);
  int32_t (*next)(void* self, fermata_blob_entry* entry, uint8_t* out, fermata_error* error);
} fermata_blob_cursor_vt;

typedef struct fermata_blob_cursor {
  const fermata_blob_cursor_vt* vt;
  void* self;
} fermata_blob_cursor;

typedef struct fermata_capacity {
  uint32_t size;
  uint32_t reserved;
  uint64_t total;     /* bytes the store could hold in all */
  uint64_t available; /* bytes that may still be written before the reserve is touched */
} fermata_capacity;

typedef struct fermata_blob_store_vt {
  uint32_t size;
  int32_t (*create)(void* self, fermata_str key, fermata_blob_writer* out, fermata_error* error);
  int32_t (*open)(void* self, fermata_str key, fermata_blob_reader* out, fermata_error* error);
  int32_t (*remove)(void* self, fermata_str key, fermata_error* error);
  int32_t (*list)(void* self, fermata_str after, fermata_blob_cursor* out, fermata_error* error);
  int32_t (*capacity)(void* self, fermata_capacity* out, fermata_error* error);
  int32_t (*sync)(void* self, fermata_error* error);
} fermata_blob_store_vt;

#ifdef __cplusplus
}
#endif

#endif
