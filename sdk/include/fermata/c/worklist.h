/* fermata.worklist/1: the scheduled procedure steps that modalities ask for. See fermata/worklist.hpp for the contract
 * in full. */
#ifndef FERMATA_C_WORKLIST_H
#define FERMATA_C_WORKLIST_H

#include "fermata/c/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FERMATA_WORKLIST_ID "fermata.worklist/1"

/* Strings and bytes stay valid until the cursor's next call. */
typedef struct fermata_worklist_item {
  uint32_t size;
  uint32_t reserved;
  fermata_str id;
  fermata_str origin;
  fermata_bytes data_set; /* PS3.5 Explicit VR Little Endian, UTF-8 */
} fermata_worklist_item;

typedef struct fermata_worklist_cursor_vt {
  uint32_t size;
  void (*destroy)(void* self);
  int32_t (*next)(void* self, fermata_worklist_item* item, uint8_t* out, fermata_error* error);
} fermata_worklist_cursor_vt;

typedef struct fermata_worklist_cursor {
  const fermata_worklist_cursor_vt* vt;
  void* self;
} fermata_worklist_cursor;

typedef struct fermata_worklist_vt {
  uint32_t size;
  int32_t (*put)(void* self, fermata_str id, fermata_str origin, fermata_bytes data_set, fermata_error* error);
  int32_t (*remove)(void* self, fermata_str id, fermata_error* error);
  int32_t (*find)(void* self, fermata_bytes identifier, fermata_worklist_cursor* out, fermata_error* error);
  int32_t (*set_status)(void* self, fermata_str id, fermata_str status, fermata_error* error);
} fermata_worklist_vt;

#ifdef __cplusplus
}
#endif

#endif
