/* fermata.trash/1: studies that were taken out of sight, and can come back. See fermata/trash.hpp for the contract in
 * full. */
#ifndef FERMATA_C_TRASH_H
#define FERMATA_C_TRASH_H

#include "fermata/c/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FERMATA_TRASH_ID "fermata.trash/1"

typedef struct fermata_discarded_study {
  uint32_t size;
  uint32_t reserved;
  fermata_str study_instance_uid;
  fermata_bytes identifier; /* PS3.5 Explicit VR Little Endian, UTF-8 */
  fermata_str user;
  int64_t discarded_us;
  int64_t purge_us;
  uint64_t instances;
  uint64_t bytes;
} fermata_discarded_study;

typedef struct fermata_discarded_study_cursor_vt {
  uint32_t size;
  void (*destroy)(void* self);
  int32_t (*next)(void* self, fermata_discarded_study* study, uint8_t* out, fermata_error* error);
} fermata_discarded_study_cursor_vt;

typedef struct fermata_discarded_study_cursor {
  const fermata_discarded_study_cursor_vt* vt;
  void* self;
} fermata_discarded_study_cursor;

typedef struct fermata_trash_vt {
  uint32_t size;
  int32_t (*discard)(void* self, fermata_str study_instance_uid, fermata_str user, int64_t purge_us, uint64_t* out,
                     fermata_error* error);
  int32_t (*restore)(void* self, fermata_str study_instance_uid, uint64_t* out, fermata_error* error);
  int32_t (*purge)(void* self, fermata_str study_instance_uid, uint64_t* out, fermata_error* error);
  int32_t (*list)(void* self, fermata_discarded_study_cursor* out, fermata_error* error);
} fermata_trash_vt;

#ifdef __cplusplus
}
#endif

#endif
