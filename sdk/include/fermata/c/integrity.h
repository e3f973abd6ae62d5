/* fermata.integrity/1: what is stored is still what was received. See fermata/integrity.hpp for the contract in full.
 */
#ifndef FERMATA_C_INTEGRITY_H
#define FERMATA_C_INTEGRITY_H

#include "fermata/c/blob_store.h"
#include "fermata/c/index.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FERMATA_INTEGRITY_ID "fermata.integrity/1"

enum {
  FERMATA_FINDING_GOOD = 0,
  FERMATA_FINDING_HEALED = 1,
  FERMATA_FINDING_OPEN = 2 /* nothing could be done */
};

typedef struct fermata_finding {
  uint32_t size;
  uint32_t state;
  fermata_str blob_key;
  uint64_t length;
  fermata_str problem; /* empty: none */
  fermata_str done;    /* what was done about it; may be empty */
} fermata_finding;

typedef struct fermata_object_copies_vt {
  uint32_t size;
  void (*destroy)(void* self);
  int32_t (*copy)(void* self, fermata_str blob_key, uint64_t number, fermata_blob_reader* out, fermata_error* error);
  int32_t (*place)(void* self, fermata_str* out, fermata_error* error);
  int32_t (*fetch)(void* self, const fermata_instance_record* damaged, uint8_t* out, fermata_error* error);
} fermata_object_copies_vt;

typedef struct fermata_object_copies {
  const fermata_object_copies_vt* vt;
  void* self;
} fermata_object_copies;

typedef struct fermata_integrity_walk_vt {
  uint32_t size;
  void (*destroy)(void* self);
  int32_t (*next)(void* self, fermata_finding* finding, uint8_t* out, fermata_error* error);
} fermata_integrity_walk_vt;

typedef struct fermata_integrity_walk {
  const fermata_integrity_walk_vt* vt;
  void* self;
} fermata_integrity_walk;

typedef struct fermata_integrity_vt {
  uint32_t size;
  int32_t (*walk)(void* self, fermata_str after, fermata_object_copies copies, fermata_integrity_walk* out,
                  fermata_error* error);
} fermata_integrity_vt;

#ifdef __cplusplus
}
#endif

#endif
