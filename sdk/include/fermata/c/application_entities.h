/* fermata.application-entities/1: who may connect, and where to reach them.
 * See fermata/application_entities.hpp for the contract in full. */
#ifndef FERMATA_C_APPLICATION_ENTITIES_H
#define FERMATA_C_APPLICATION_ENTITIES_H

#include "fermata/c/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FERMATA_APPLICATION_ENTITIES_ID "fermata.application-entities/1"

/* What an Application Entity may ask of this archive. */
enum { FERMATA_MAY_ECHO = 1, FERMATA_MAY_STORE = 2, FERMATA_MAY_QUERY = 4, FERMATA_MAY_RETRIEVE = 8 };

typedef struct fermata_application_entity {
  uint32_t size;
  uint32_t rights;
  fermata_str ae_title;
  fermata_str host; /* empty: connects to us, but can't be reached */
  uint16_t port;
  uint8_t tls;         /* 1: connect to it with TLS, and refuse it without */
  uint8_t any_address; /* 1: accept its AE title from every address, not only from host */
  uint32_t reserved;
  fermata_str description;
  fermata_strings preferred_transfer_syntaxes; /* UIDs, best first, for what is sent to it */
  fermata_str origin;                          /* "configuration", "administrator", "caller" */
  int64_t last_seen_us;                        /* when it was admitted last; 0: not since the program started */
  fermata_str certificate; /* of its TLS: SHA-256 fingerprint in hexadecimal, or subject (RFC 2253); empty: any */
  uint32_t user_required;  /* 1: refuse it without a user who was identified */
  uint32_t reserved_2;
} fermata_application_entity;

typedef struct fermata_application_entity_cursor_vt {
  uint32_t size;
  void (*destroy)(void* self);
  int32_t (*next)(void* self, fermata_application_entity* entity, uint8_t* out, fermata_error* error);
} fermata_application_entity_cursor_vt;

typedef struct fermata_application_entity_cursor {
  const fermata_application_entity_cursor_vt* vt;
  void* self;
} fermata_application_entity_cursor;

typedef struct fermata_caller {
  uint32_t size;
  uint32_t tls; /* 1: the connection is TLS */
  fermata_str calling_ae_title;
  fermata_str called_ae_title;
  fermata_str address;                 /* numeric, IPv4 or IPv6 */
  fermata_str certificate_subject;     /* RFC 2253, of a certificate that is trusted; empty: none */
  fermata_str certificate_fingerprint; /* SHA-256, 64 lower-case hexadecimal digits; empty: none */
  fermata_str user;                    /* who was identified; empty: nobody */
} fermata_caller;

enum {
  FERMATA_ADMITTED = 0,
  FERMATA_UNKNOWN_AE_TITLE = 1, /* not known: rights is FERMATA_MAY_ECHO or nothing */
  FERMATA_WRONG_ADDRESS = 2,    /* known, but calls from another address */
  FERMATA_TLS_REQUIRED = 3,
  FERMATA_CERTIFICATE_REQUIRED = 4, /* it shows none, or another than the node has */
  FERMATA_USER_REQUIRED = 5
};

typedef struct fermata_admission {
  uint32_t size;
  uint32_t verdict;
  uint32_t rights;
  uint32_t reserved;
} fermata_admission;

typedef struct fermata_refused_caller {
  uint32_t size;
  uint32_t reserved;
  fermata_str calling_ae_title;
  fermata_str called_ae_title;
  fermata_str address;
  fermata_str wanted; /* for people: "store CT Image Storage; query" */
  fermata_str reason;
  int64_t first_us;
  int64_t last_us;
  uint64_t times;
} fermata_refused_caller;

typedef struct fermata_refused_caller_cursor_vt {
  uint32_t size;
  void (*destroy)(void* self);
  int32_t (*next)(void* self, fermata_refused_caller* caller, uint8_t* out, fermata_error* error);
} fermata_refused_caller_cursor_vt;

typedef struct fermata_refused_caller_cursor {
  const fermata_refused_caller_cursor_vt* vt;
  void* self;
} fermata_refused_caller_cursor;

typedef struct fermata_application_entities_vt {
  uint32_t size;
  int32_t (*admit)(void* self, const fermata_caller* caller, fermata_admission* out, fermata_error* error);
  int32_t (*resolve)(void* self, fermata_str ae_title, const fermata_caller* caller,
                     fermata_application_entity_cursor* out, fermata_error* error);
  int32_t (*list)(void* self, fermata_application_entity_cursor* out, fermata_error* error);
  int32_t (*put)(void* self, const fermata_application_entity* entity, fermata_error* error);
  int32_t (*remove)(void* self, fermata_str ae_title, fermata_error* error);
  int32_t (*remember_refused)(void* self, const fermata_caller* caller, fermata_str wanted, fermata_str reason,
                              fermata_error* error);
  int32_t (*refused)(void* self, fermata_refused_caller_cursor* out, fermata_error* error);
  int32_t (*forget_refused)(void* self, fermata_str calling_ae_title, fermata_str address, fermata_error* error);
} fermata_application_entities_vt;

#ifdef __cplusplus
}
#endif

#endif
