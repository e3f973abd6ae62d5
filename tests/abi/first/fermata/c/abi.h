/* The types every other C header of the SDK is built from: strings, bytes, errors, and the ABI's version.
 *
 * The boundary between the host and a plugin, and between two plugins, is made of these C types only. C++ authors
 * include the headers one folder up and never see them.
 *
 * Thread: every function of every table may be called from any thread at any time unless its header says otherwise.
 * Ownership: strings and bytes are borrowed. The callee copies what it wants to keep; the caller keeps them alive for
 *   the call. What a cursor or reader hands out stays valid until the next call on that object.
 * Errors: a function returns FERMATA_OK or one of the codes below, and on failure fills the caller's fermata_error
 *   (when it is not NULL). No C++ exception leaves a function.
 * Growth: every table and every record begins with its size in bytes. New members are appended only; a reader checks
 * the size before it touches one. A changed meaning gets a new service id ("fermata.blob-store/2").
 */
#ifndef FERMATA_C_ABI_H
#define FERMATA_C_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FERMATA_ABI_MAJOR 1u
#define FERMATA_ABI_MINOR 0u

/* Text in UTF-8 (identifiers, keys and paths: bytes), not zero-terminated. size is in bytes. */
typedef struct fermata_str {
  const char* data;
  uint64_t size;
} fermata_str;

typedef struct fermata_bytes {
  const uint8_t* data;
  uint64_t size;
} fermata_bytes;

typedef struct fermata_strings {
  const fermata_str* data;
  uint64_t count;
} fermata_strings;

enum {
  FERMATA_OK = 0,
  FERMATA_INTERNAL = 1, /* a defect or an unknown exception */
  FERMATA_OUT_OF_MEMORY = 2,
  FERMATA_INVALID = 3, /* the caller's input is wrong */
  FERMATA_NOT_FOUND = 4,
  FERMATA_CONFLICT = 5,     /* exists already, or changed since it was read */
  FERMATA_NO_SPACE = 6,     /* storage is full, or down to its reserve */
  FERMATA_IO = 7,           /* the operating system refused or failed */
  FERMATA_CORRUPT = 8,      /* stored data is not what was written */
  FERMATA_UNSUPPORTED = 9,  /* the other side is older, or does not do this */
  FERMATA_UNAVAILABLE = 10, /* stopping, not started, or temporarily unable */
  FERMATA_CANCELLED = 11,
  FERMATA_REFUSED = 12 /* a rule or a right forbids it */
};

/* Filled by the callee, owned by the caller. message is zero-terminated UTF-8 and names the thing and the remedy. */
typedef struct fermata_error {
  int32_t code;
  char message[1020];
} fermata_error;

#ifdef __cplusplus
}
static_assert(sizeof(fermata_str) == 16 && sizeof(fermata_bytes) == 16, "layout is fixed");
static_assert(sizeof(fermata_strings) == 16 && sizeof(fermata_error) == 1024, "layout is fixed");
#endif

#endif
