/* fermata.host-status/1: how the program and its plugins are. Provided by the host. See fermata/host_status.hpp. */
#ifndef FERMATA_C_HOST_STATUS_H
#define FERMATA_C_HOST_STATUS_H

#include "fermata/c/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FERMATA_HOST_STATUS_ID "fermata.host-status/1"

enum {
  FERMATA_PLUGIN_STARTING = 0,
  FERMATA_PLUGIN_SERVING = 1,
  FERMATA_PLUGIN_STOPPING = 2,
  FERMATA_PLUGIN_LEFT_OUT = 3 /* the program runs without it */
};

typedef struct fermata_plugin_status {
  uint32_t size;
  uint32_t state;
  fermata_str instance;
  fermata_str plugin;
  fermata_str version; /* empty if it could not be loaded */
  fermata_str reason;  /* why it is left out */
  uint32_t required;   /* 1: the program does not start without it */
  uint32_t reserved;
} fermata_plugin_status;

typedef struct fermata_plugin_status_cursor_vt {
  uint32_t size;
  void (*destroy)(void* self);
  int32_t (*next)(void* self, fermata_plugin_status* status, uint8_t* out, fermata_error* error);
} fermata_plugin_status_cursor_vt;

typedef struct fermata_plugin_status_cursor {
  const fermata_plugin_status_cursor_vt* vt;
  void* self;
} fermata_plugin_status_cursor;

typedef struct fermata_counter_status {
  uint32_t size;
  uint32_t reserved;
  fermata_str instance; /* or "host" */
  fermata_str name;
  uint64_t value;
} fermata_counter_status;

typedef struct fermata_counter_status_cursor_vt {
  uint32_t size;
  void (*destroy)(void* self);
  int32_t (*next)(void* self, fermata_counter_status* counter, uint8_t* out, fermata_error* error);
} fermata_counter_status_cursor_vt;

typedef struct fermata_counter_status_cursor {
  const fermata_counter_status_cursor_vt* vt;
  void* self;
} fermata_counter_status_cursor;

typedef struct fermata_log_line {
  uint32_t size;
  int32_t level;        /* FERMATA_LOG_... */
  uint64_t number;      /* ascending */
  int64_t time_us;      /* since 1970-01-01 UTC */
  fermata_str instance; /* or "host" */
  fermata_str message;
  fermata_str fields; /* "port=104 bind=127.0.0.1" */
} fermata_log_line;

typedef struct fermata_log_cursor_vt {
  uint32_t size;
  void (*destroy)(void* self);
  int32_t (*next)(void* self, fermata_log_line* line, uint8_t* out, fermata_error* error);
} fermata_log_cursor_vt;

typedef struct fermata_log_cursor {
  const fermata_log_cursor_vt* vt;
  void* self;
} fermata_log_cursor;

typedef struct fermata_setting {
  uint32_t size;
  uint32_t reserved;
  fermata_str instance; /* or "host" */
  fermata_str option;   /* "limits.body", "nodes[0].host" */
  fermata_str value;    /* in YAML; a secret's is empty */
  fermata_str origin;   /* "default", or "file:line" */
  fermata_str description;
  fermata_str description_de; /* in German; may be empty */
} fermata_setting;

typedef struct fermata_setting_cursor_vt {
  uint32_t size;
  void (*destroy)(void* self);
  int32_t (*next)(void* self, fermata_setting* setting, uint8_t* out, fermata_error* error);
} fermata_setting_cursor_vt;

typedef struct fermata_setting_cursor {
  const fermata_setting_cursor_vt* vt;
  void* self;
} fermata_setting_cursor;

typedef struct fermata_gauge_status {
  uint32_t size;
  uint32_t reserved;
  fermata_str instance; /* or "host" */
  fermata_str name;
  double value;
} fermata_gauge_status;

typedef struct fermata_gauge_status_cursor_vt {
  uint32_t size;
  void (*destroy)(void* self);
  int32_t (*next)(void* self, fermata_gauge_status* gauge, uint8_t* out, fermata_error* error);
} fermata_gauge_status_cursor_vt;

typedef struct fermata_gauge_status_cursor {
  const fermata_gauge_status_cursor_vt* vt;
  void* self;
} fermata_gauge_status_cursor;

typedef struct fermata_condition {
  uint32_t size;
  uint32_t level;       /* FERMATA_CONDITION_... of plugin.h; never FINE */
  fermata_str instance; /* or "host" */
  fermata_str name;
  fermata_str text;
  fermata_str remedy;
  int64_t since_us; /* since 1970-01-01 UTC */
} fermata_condition;

typedef struct fermata_condition_cursor_vt {
  uint32_t size;
  void (*destroy)(void* self);
  int32_t (*next)(void* self, fermata_condition* condition, uint8_t* out, fermata_error* error);
} fermata_condition_cursor_vt;

typedef struct fermata_condition_cursor {
  const fermata_condition_cursor_vt* vt;
  void* self;
} fermata_condition_cursor;

typedef struct fermata_host_status_vt {
  uint32_t size;
  int32_t (*version)(void* self, fermata_str* out, fermata_error* error);
  int32_t (*started_us)(void* self, uint64_t* out, fermata_error* error);
  int32_t (*plugins)(void* self, fermata_plugin_status_cursor* out, fermata_error* error);
  int32_t (*counters)(void* self, fermata_counter_status_cursor* out, fermata_error* error);
  int32_t (*log)(void* self, uint64_t after, fermata_log_cursor* out, fermata_error* error);
  int32_t (*settings)(void* self, fermata_setting_cursor* out, fermata_error* error);
  int32_t (*gauges)(void* self, fermata_gauge_status_cursor* out, fermata_error* error);
  int32_t (*conditions)(void* self, fermata_condition_cursor* out, fermata_error* error);
} fermata_host_status_vt;

#ifdef __cplusplus
}
#endif

#endif
