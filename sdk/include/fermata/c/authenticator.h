/* fermata.authenticator/1: who sends an HTTP request, and what they may do. See fermata/authenticator.hpp for the
 * contract in full. */
#ifndef FERMATA_C_AUTHENTICATOR_H
#define FERMATA_C_AUTHENTICATOR_H

#include "fermata/c/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FERMATA_AUTHENTICATOR_ID "fermata.authenticator/1"

typedef struct fermata_credentials {
  uint32_t size;
  uint32_t secure;           /* 1: nobody can listen: TLS, or from this machine */
  fermata_str authorization; /* the header field, as sent */
  fermata_str cookie;        /* the header field, as sent */
  fermata_str peer_address;  /* the client's, numeric */
} fermata_credentials;

/* Valid until destroy; strings as long as the object. */
typedef struct fermata_identity_vt {
  uint32_t size;
  void (*destroy)(void* self);
  int32_t (*user)(void* self, fermata_str* out, fermata_error* error);
  int32_t (*may)(void* self, fermata_str permission, uint8_t* out, fermata_error* error);
  int32_t (*sees_all_studies)(void* self, uint8_t* out, fermata_error* error);
  int32_t (*sees_study)(void* self, fermata_str study_instance_uid, uint8_t* out, fermata_error* error);
} fermata_identity_vt;

typedef struct fermata_identity {
  const fermata_identity_vt* vt;
  void* self;
} fermata_identity;

typedef struct fermata_authenticator_vt {
  uint32_t size;
  int32_t (*identify)(void* self, const fermata_credentials* credentials, fermata_identity* out, fermata_error* error);
  int32_t (*login_page)(void* self, fermata_str* out, fermata_error* error); /* "/": valid until destroy */
  /* seconds, after FERMATA_UNAVAILABLE; 0: not known */
  int32_t (*retry_after)(void* self, const fermata_credentials* credentials, uint64_t* out, fermata_error* error);
} fermata_authenticator_vt;

#ifdef __cplusplus
}
#endif

#endif
