/* fermata.backup-source/1: what a plugin keeps, for a backup. See fermata/backup_source.hpp for the contract in full.
 */
#ifndef FERMATA_C_BACKUP_SOURCE_H
#define FERMATA_C_BACKUP_SOURCE_H

#include "fermata/c/blob_store.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FERMATA_BACKUP_SOURCE_ID "fermata.backup-source/1"

typedef struct fermata_backup_file {
  uint32_t size;
  uint32_t reserved;
  fermata_str name;
  uint64_t length;
  uint64_t version; /* 0: not known */
  fermata_str path; /* on this machine; may be empty */
} fermata_backup_file;

typedef struct fermata_backup_session_vt {
  uint32_t size;
  void (*destroy)(void* self); /* lets go of what was held */
  int32_t (*capture)(void* self, fermata_error* error);
  int32_t (*next)(void* self, fermata_backup_file* file, uint8_t* out, fermata_error* error);
  int32_t (*open)(void* self, fermata_str name, fermata_blob_reader* out, fermata_error* error);
} fermata_backup_session_vt;

typedef struct fermata_backup_session {
  const fermata_backup_session_vt* vt;
  void* self;
} fermata_backup_session;

typedef struct fermata_backup_source_vt {
  uint32_t size;
  int32_t (*place)(void* self, fermata_str* out, fermata_error* error);
  int32_t (*begin)(void* self, fermata_backup_session* out, fermata_error* error);
} fermata_backup_source_vt;

#ifdef __cplusplus
}
#endif

#endif
