/* DIMSE messages, and an association on which requests can be sent: what fermata.dimse-services/1 and
 * fermata.dimse-client/1 share. See fermata/dimse_association.hpp for the contract in full. */
#ifndef FERMATA_C_DIMSE_ASSOCIATION_H
#define FERMATA_C_DIMSE_ASSOCIATION_H

#include "fermata/c/index.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct fermata_dimse_request {
  uint32_t size;
  uint16_t command_field; /* PS3.7 E.1, such as 0x0130 for N-ACTION-RQ */
  uint16_t message_id;    /* of a request that is to be sent: left to the association */
  uint16_t event_or_action_type;
  uint8_t has_data_set;
  uint8_t reserved;
  fermata_str sop_class_uid;
  fermata_str sop_instance_uid;
  fermata_bytes data_set;     /* PS3.5 Explicit VR Little Endian, UTF-8 */
  const uint32_t* attributes; /* Attribute Identifier List of N-GET */
  uint64_t attribute_count;
  fermata_str calling_ae_title; /* these three say where a request came from; to be sent, they are empty */
  fermata_str called_ae_title;
  fermata_str peer_address;
  fermata_str move_destination; /* of C-MOVE */
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
  const uint32_t* attributes; /* Attribute Identifier List: those that the status is about */
  uint64_t attribute_count;
  uint16_t error_id; /* 0: none */
  uint16_t reserved2[3];
} fermata_dimse_response;

/* Takes the responses to one request. out is 0 if no more are wanted: C-CANCEL is sent. */
typedef struct fermata_dimse_response_sink_vt {
  uint32_t size;
  int32_t (*take)(void* self, const fermata_dimse_response* response, uint8_t* out, fermata_error* error);
} fermata_dimse_response_sink_vt;

typedef struct fermata_dimse_response_sink {
  const fermata_dimse_response_sink_vt* vt;
  void* self;
} fermata_dimse_response_sink;

/* request and store: one thread at a time. abort: any thread, at any time before destroy. */
typedef struct fermata_dimse_association_vt {
  uint32_t size;
  void (*destroy)(void* self); /* releases the association if we have opened it */
  /* Returns after the final response has been given to the sink, or with FERMATA_UNAVAILABLE. */
  int32_t (*request)(void* self, const fermata_dimse_request* request, uint64_t timeout_ms,
                     fermata_dimse_response_sink sink, fermata_error* error);
  /* Whatever waits on this association fails, and so does every later call. */
  int32_t (*abort)(void* self, fermata_error* error);
  /* Sends a stored instance with C-STORE. */
  int32_t (*store)(void* self, const fermata_instance_record* record, uint64_t timeout_ms,
                   fermata_dimse_response_sink sink, fermata_error* error);
} fermata_dimse_association_vt;

typedef struct fermata_dimse_association {
  const fermata_dimse_association_vt* vt;
  void* self;
} fermata_dimse_association;

#ifdef __cplusplus
}
#endif

#endif
