/* fermata.index-renewal/1: an index that is made anew while it is in use. See fermata/index_renewal.hpp. */
#ifndef FERMATA_C_INDEX_RENEWAL_H
#define FERMATA_C_INDEX_RENEWAL_H

#include "fermata/c/index.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FERMATA_INDEX_RENEWAL_ID "fermata.index-renewal/1"

typedef struct fermata_new_index_vt {
  uint32_t size;
  void (*destroy)(void* self); /* before `take_over`: it stays for `resume` */
  int32_t (*position)(void* self, fermata_str* out, fermata_error* error);
  int32_t (*put)(void* self, const fermata_instance_record* record, fermata_error* error);
  int32_t (*instances)(void* self, const fermata_selection* selection, fermata_instance_cursor* out,
                       fermata_error* error);
  int32_t (*save)(void* self, fermata_str position, fermata_error* error);
  int32_t (*catch_up)(void* self, uint64_t most, uint64_t* out, fermata_error* error);
  int32_t (*statistics)(void* self, fermata_index_statistics* out, fermata_error* error);
  int32_t (*take_over)(void* self, fermata_error* error);
} fermata_new_index_vt;

typedef struct fermata_new_index {
  const fermata_new_index_vt* vt;
  void* self;
} fermata_new_index;

typedef struct fermata_index_renewal_vt {
  uint32_t size;
  int32_t (*begin)(void* self, fermata_new_index* out, fermata_error* error);
  int32_t (*resume)(void* self, fermata_new_index* out, fermata_error* error);
  int32_t (*abandon)(void* self, uint8_t* out, fermata_error* error);
} fermata_index_renewal_vt;

#ifdef __cplusplus
}
#endif

#endif
