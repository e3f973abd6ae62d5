/* fermata.audit-trail/1: takes down who did what. See fermata/audit_trail.hpp for the contract in full. */
#ifndef FERMATA_C_AUDIT_TRAIL_H
#define FERMATA_C_AUDIT_TRAIL_H

#include "fermata/c/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FERMATA_AUDIT_TRAIL_ID "fermata.audit-trail/1"

/* Event Outcome Indicator (PS3.15 A.5). */
enum { FERMATA_AUDIT_SUCCESS = 0, FERMATA_AUDIT_REFUSED = 4, FERMATA_AUDIT_FAILED = 8 };

typedef struct fermata_audit_event {
  uint32_t size;
  uint32_t outcome;
  fermata_str action; /* "study.read" */
  fermata_str user;   /* an account's name, or an AE title */
  fermata_str peer_address;
  fermata_str object; /* what it was done to: a Study Instance UID, an AE title, an account's name */
  fermata_str patient_id;
  fermata_str detail;
  int64_t time_us; /* 0: now */
} fermata_audit_event;

typedef struct fermata_audit_trail_vt {
  uint32_t size;
  int32_t (*record)(void* self, const fermata_audit_event* event, fermata_error* error);
} fermata_audit_trail_vt;

#ifdef __cplusplus
}
#endif

#endif
