/* fermata.http-router/1: adds routes to the archive's HTTP server. See fermata/http_router.hpp for the contract in
 * full.
 *
 * A request and a response are valid during handle, on its thread. */
#ifndef FERMATA_C_HTTP_ROUTER_H
#define FERMATA_C_HTTP_ROUTER_H

#include "fermata/c/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FERMATA_HTTP_ROUTER_ID "fermata.http-router/1"

typedef struct fermata_http_request_vt {
  uint32_t size;
  int32_t (*method)(void* self, fermata_str* out, fermata_error* error);
  int32_t (*path)(void* self, fermata_str* out, fermata_error* error);
  int32_t (*query)(void* self, fermata_str* out, fermata_error* error);
  int32_t (*parameter)(void* self, fermata_str name, fermata_str* out, fermata_error* error);
  int32_t (*header)(void* self, fermata_str name, fermata_str* out, fermata_error* error);
  int32_t (*base_url)(void* self, fermata_str* out, fermata_error* error);
  int32_t (*peer_address)(void* self, fermata_str* out, fermata_error* error);
  int32_t (*user)(void* self, fermata_str* out, fermata_error* error);
  int32_t (*id)(void* self, fermata_str* out, fermata_error* error);
  int32_t (*read)(void* self, uint8_t* into, uint64_t size, uint64_t* out, fermata_error* error);
  int32_t (*may)(void* self, fermata_str permission, uint8_t* out, fermata_error* error);
  int32_t (*sees_all_studies)(void* self, uint8_t* out, fermata_error* error);
  int32_t (*sees_study)(void* self, fermata_str study_instance_uid, uint8_t* out, fermata_error* error);
  int32_t (*secure)(void* self, uint8_t* out, fermata_error* error);
} fermata_http_request_vt;

typedef struct fermata_http_request {
  const fermata_http_request_vt* vt;
  void* self;
} fermata_http_request;

typedef struct fermata_http_response_vt {
  uint32_t size;
  int32_t (*status)(void* self, uint32_t code, fermata_error* error);
  int32_t (*header)(void* self, fermata_str name, fermata_str value, fermata_error* error);
  int32_t (*write)(void* self, fermata_bytes data, fermata_error* error);
  int32_t (*flush)(void* self, fermata_error* error);
} fermata_http_response_vt;

typedef struct fermata_http_response {
  const fermata_http_response_vt* vt;
  void* self;
} fermata_http_response;

typedef struct fermata_http_handler_vt {
  uint32_t size;
  int32_t (*handle)(void* self, fermata_http_request request, fermata_http_response response, fermata_error* error);
} fermata_http_handler_vt;

typedef struct fermata_http_handler {
  const fermata_http_handler_vt* vt;
  void* self;
} fermata_http_handler;

typedef struct fermata_http_route {
  uint32_t size;
  uint32_t reserved;
  fermata_str method;
  fermata_str path;       /* a template: "/dicom-web/studies/{study}" */
  fermata_str permission; /* empty: public */
  fermata_str operation;  /* an OpenAPI 3.1 Operation Object in JSON; empty: not described */
} fermata_http_route;

typedef struct fermata_http_route_cursor_vt {
  uint32_t size;
  void (*destroy)(void* self);
  int32_t (*next)(void* self, fermata_http_route* route, uint8_t* out, fermata_error* error);
} fermata_http_route_cursor_vt;

typedef struct fermata_http_route_cursor {
  const fermata_http_route_cursor_vt* vt;
  void* self;
} fermata_http_route_cursor;

typedef struct fermata_http_router_vt {
  uint32_t size;
  int32_t (*add)(void* self, const fermata_http_route* route, fermata_http_handler handler, fermata_error* error);
  int32_t (*routes)(void* self, fermata_http_route_cursor* out, fermata_error* error);
} fermata_http_router_vt;

#ifdef __cplusplus
}
#endif

#endif
