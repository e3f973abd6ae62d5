/* fermata.dimse-services/1: adds SOP Classes to the archive's Application Entity.
 * See fermata/dimse_services.hpp for the contract in full. */
#ifndef FERMATA_C_DIMSE_SERVICES_H
#define FERMATA_C_DIMSE_SERVICES_H

#include "fermata/c/dimse_association.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FERMATA_DIMSE_SERVICES_ID "fermata.dimse-services/1"

typedef struct fermata_dimse_responder_vt {
  uint32_t size;
  int32_t (*send)(void* self, const fermata_dimse_response* response, fermata_error* error);
  int32_t (*cancelled)(void* self, uint8_t* out, fermata_error* error);
  /* The association that the request came on. It may be kept beyond handle, and used from any thread. */
  int32_t (*association)(void* self, fermata_dimse_association* out, fermata_error* error);
} fermata_dimse_responder_vt;

typedef struct fermata_dimse_responder {
  const fermata_dimse_responder_vt* vt;
  void* self;
} fermata_dimse_responder;

typedef struct fermata_dimse_service_vt {
  uint32_t size;
  int32_t (*handle)(void* self, const fermata_dimse_request* request, fermata_dimse_responder responder,
                    fermata_error* error);
} fermata_dimse_service_vt;

typedef struct fermata_dimse_service {
  const fermata_dimse_service_vt* vt;
  void* self;
} fermata_dimse_service;

typedef struct fermata_dimse_services_vt {
  uint32_t size;
  int32_t (*add)(void* self, fermata_strings sop_class_uids, uint32_t rights, fermata_dimse_service service,
                 fermata_error* error);
} fermata_dimse_services_vt;

#ifdef __cplusplus
}
#endif

#endif
