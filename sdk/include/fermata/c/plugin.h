/* What a plugin library exports, what the host calls on it, and what it may call on the host.
 *
 * A plugin library exports exactly one symbol, the data object `fermata_plugin_entry_v1`. The host checks it before any
 * code of the plugin runs.
 *
 * Lifecycle, all on one thread, which the host has for this plugin alone:
 *   create (parse the configuration only) -> start (open, look up what it needs, publish what it provides)
 *   -> serve (everything is started: accept work) -> drain (stop accepting, finish what runs) -> stop -> destroy.
 * Plugins start in the order of their needs and stop in reverse. stop is called only if start succeeded, destroy
 * always.
 */
#ifndef FERMATA_C_PLUGIN_H
#define FERMATA_C_PLUGIN_H

#include "fermata/c/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One node of the plugin's configuration: validated against its schema, defaults filled in. Owned by the host and
 * unchanged until destroy returns. */
enum {
  FERMATA_VALUE_NULL = 0,
  FERMATA_VALUE_BOOLEAN = 1, /* integer is 0 or 1 */
  FERMATA_VALUE_INTEGER = 2,
  FERMATA_VALUE_NUMBER = 3,
  FERMATA_VALUE_STRING = 4,
  FERMATA_VALUE_ARRAY = 5,
  FERMATA_VALUE_OBJECT = 6 /* every item has a key */
};

typedef struct fermata_value {
  uint32_t kind;
  uint32_t reserved;
  fermata_str key;  /* in an object: the name of this member */
  fermata_str text; /* of a string */
  int64_t integer;
  double number;
  const struct fermata_value* items; /* of an array or object */
  uint64_t count;
  void* reserved2[2];
} fermata_value;

/* A service: a table of functions published under an id such as "fermata.blob-store/1". */
typedef struct fermata_service {
  const char* id;
  const void* vt;
  void* self;
} fermata_service;

typedef struct fermata_field {
  fermata_str name;
  fermata_str value;
} fermata_field;

enum {
  FERMATA_LOG_TRACE = 0,
  FERMATA_LOG_DEBUG = 1, /* the lowest level at which names and other patient data may be written */
  FERMATA_LOG_INFO = 2,
  FERMATA_LOG_WARNING = 3,
  FERMATA_LOG_ERROR = 4
};

enum {
  FERMATA_CONDITION_FINE = 0,
  FERMATA_CONDITION_WARNING = 1, /* somebody should see to it in the next days */
  FERMATA_CONDITION_FAILING = 2  /* something does not work */
};

/* What the host offers to one plugin; valid from create until destroy has returned. */
typedef struct fermata_host {
  uint32_t size;
  void* self;
  void (*log)(void* self, int32_t level, fermata_str message, const fermata_field* fields, uint64_t field_count);
  uint8_t (*log_enabled)(void* self, int32_t level);
  /* During start: offers a service that the entry lists in `provides`. It must stay usable until destroy. A command may
   * be offered during create: then the host can run it without starting anything (see needs_plugins). */
  int32_t (*publish)(void* self, const fermata_service* service, fermata_error* error);
  /* From start on: the provider with this number (from 0) of a service that the entry lists in `needs`.
   * FERMATA_NOT_FOUND past the last one. */
  int32_t (*lookup)(void* self, fermata_str id, uint64_t number, fermata_service* out, fermata_error* error);
  /* Adds to a counter of this plugin; it appears in the host's metrics. Names are snake_case and end in "_total". */
  void (*count)(void* self, fermata_str counter, uint64_t increment);
  /* The plugin can't go on: the host logs the reason and shuts down in order, with a failure as its exit code. */
  void (*fail)(void* self, fermata_str reason);
  /* The name that the configuration gives to the plugin which `lookup` finds with the same arguments; valid until
   * destroy. */
  int32_t (*provider)(void* self, fermata_str id, uint64_t number, fermata_str* out, fermata_error* error);
  /* Sets a value of this plugin that goes up and down; it appears in the host's metrics. Names are snake_case and end
   * in their unit. */
  void (*gauge)(void* self, fermata_str name, double value);
  /* How it is with something that this plugin answers for; what is not fine is shown to administrators until it is.
   * `name` is for programs ("disk-nearly-full"); `text` and `remedy` are sentences without patient data. */
  void (*condition)(void* self, fermata_str name, uint32_t level, fermata_str text, fermata_str remedy);
} fermata_host;

typedef struct fermata_plugin_vt {
  uint32_t size;
  int32_t (*start)(void* self, fermata_error* error);
  int32_t (*serve)(void* self, fermata_error* error);
  /* Accepts nothing new and returns when running work has ended, at the latest after deadline_ms. */
  void (*drain)(void* self, uint64_t deadline_ms);
  void (*stop)(void* self);
  void (*destroy)(void* self);
} fermata_plugin_vt;

typedef struct fermata_plugin {
  const fermata_plugin_vt* vt;
  void* self;
} fermata_plugin;

enum {
  FERMATA_NEEDS_OPTIONAL = 0, /* none or one */
  FERMATA_NEEDS_ONE = 1,
  FERMATA_NEEDS_MANY = 2, /* none, or all there are */
  FERMATA_NEEDS_LATE = 3  /* none or one, looked up in serve: it may start after us, and need us itself */
};

typedef struct fermata_need {
  const char* service_id;
  uint32_t how_many;
  uint32_t reserved;
} fermata_need;

typedef struct fermata_plugin_entry {
  uint32_t abi_major;
  uint32_t abi_minor;
  uint32_t size;
  uint32_t reserved;
  const char* id;        /* "storage-filesystem"; also the name of the library file without "lib" and ".so" */
  const char* version;   /* semantic version of the plugin */
  const char* toolchain; /* what built it, for the log */
  const char* schema;    /* the configuration schema, YAML text */
  const char* const* provides;
  uint64_t provides_count;
  const fermata_need* needs;
  uint64_t needs_count;
  int32_t (*create)(const fermata_host* host, const fermata_value* config, fermata_plugin* out, fermata_error* error);
} fermata_plugin_entry;

#define FERMATA_PLUGIN_ENTRY_SYMBOL "fermata_plugin_entry_v1"

#ifdef __cplusplus
}
static_assert(sizeof(fermata_value) == 88, "configuration nodes stand in arrays: their layout is fixed");
static_assert(sizeof(fermata_need) == 16 && sizeof(fermata_field) == 32 && sizeof(fermata_service) == 24, "layout");
#endif

#endif
