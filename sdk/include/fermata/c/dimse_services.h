/* fermata.dimse-services/1: adds SOP Classes to the archive's Application Entity.
 * See fermata/dimse_services.hpp for the contract in full. */
#ifndef FERMATA_C_DIMSE_SERVICES_H
#define FERMATA_C_DIMSE_SERVICES_H

#include "fermata/c/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FERMATA_DIMSE_SERVICES_ID "fermata.dimse-services/1"

typedef struct fermata_dimse_request {
  uint32_t size;
  uint16_t command_field; /* PS3.7 E.1, such as 0x0130 for N-ACTION-RQ */
  uint16_t message_id;
  uint16_t event_or_action_type;
  uint8_t has_data_set;
  uint8_t reserved;
  fermata_str sop_class_uid;
  fermata_str sop_instance_uid;
  fermata_bytes data_set;     /* PS3.5 Explicit VR Little Endian, UTF-8 */
  const uint32_t* attributes; /* Attribute Identifier List of N-GET */
  uint64_t attribute_count;
  fermata_str calling_ae_title;
  fermata_str called_ae_title;
  fermata_str peer_address;
} fermata_dimse_request;

typedef struct fermata_dimse_response {
  uint32_t size;
  uint16_t status; /* PS3.7 C */
  uint16_t event_or_action_type;
  uint8_t has_data_set;
  uint8_t reserved[7];
  fermata_str sop_class_uid;    /* empty: that of the request */
  fermata_str sop_instance_uid; /* empty: that of the request */
  fermata_str error_comment;    /* at most 64 characters reach the peer */
  fermata_bytes data_set;
} fermata_dimse_response;

typedef struct fermata_dimse_responder_vt {
  uint32_t size;
  int32_t (*send)(void* self, const fermata_dimse_response* response, fermata_error* error);
  int32_t (*cancelled)(void* self, uint8_t* out, fermata_error* error);
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
