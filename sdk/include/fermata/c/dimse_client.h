/* fermata.dimse-client/1: opens associations to DICOM nodes. See fermata/dimse_client.hpp for the contract in full. */
#ifndef FERMATA_C_DIMSE_CLIENT_H
#define FERMATA_C_DIMSE_CLIENT_H

#include "fermata/c/dimse_association.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FERMATA_DIMSE_CLIENT_ID "fermata.dimse-client/1"

/* Who we are on a Presentation Context (PS3.7 D.3.3.4). */
enum { FERMATA_DIMSE_ROLE_SCU = 0, FERMATA_DIMSE_ROLE_SCP = 1, FERMATA_DIMSE_ROLE_BOTH = 2 };

/* These stand in arrays: their layout is fixed. */
typedef struct fermata_dimse_context {
  fermata_str abstract_syntax;
  fermata_strings transfer_syntaxes; /* none: Explicit and Implicit VR Little Endian */
  uint32_t role;
  uint32_t reserved;
} fermata_dimse_context;

typedef struct fermata_dimse_contexts {
  const fermata_dimse_context* data;
  uint64_t count;
} fermata_dimse_contexts;

typedef struct fermata_dimse_destination {
  uint32_t size;
  uint32_t reserved;
  fermata_str ae_title;
  fermata_str caller_address;   /* numeric; empty: it has not called */
  fermata_str calling_ae_title; /* ours; empty: the archive's */
} fermata_dimse_destination;

typedef struct fermata_dimse_client_vt {
  uint32_t size;
  int32_t (*open)(void* self, const fermata_dimse_destination* destination, fermata_dimse_contexts contexts,
                  fermata_dimse_association* out, fermata_error* error);
} fermata_dimse_client_vt;

#ifdef __cplusplus
}
static_assert(sizeof(fermata_dimse_context) == 40, "contexts stand in arrays: their layout is fixed");
#endif

#endif
