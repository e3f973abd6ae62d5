/* A whole plugin in C: no C++ stands between it and the host. */
#include <stdlib.h>
#include <string.h>

#include "fermata/c/plugin.h"

struct plain_c {
  const fermata_host* host;
};

static fermata_str text(const char* s) {
  const fermata_str out = {s, strlen(s)};
  return out;
}

static int32_t start(void* self, fermata_error* error) {
  const struct plain_c* plugin = self;
  (void)error;
  plugin->host->log(plugin->host->self, FERMATA_LOG_INFO, text("started in C"), NULL, 0);
  return FERMATA_OK;
}

static int32_t serve(void* self, fermata_error* error) {
  const struct plain_c* plugin = self;
  (void)error;
  plugin->host->count(plugin->host->self, text("served_total"), 1);
  return FERMATA_OK;
}

static void drain(void* self, uint64_t deadline_ms) {
  (void)self;
  (void)deadline_ms;
}

static void stop(void* self) { (void)self; }
static void destroy(void* self) { free(self); }

static const fermata_plugin_vt table = {sizeof(fermata_plugin_vt), start, serve, drain, stop, destroy};

static int32_t create(const fermata_host* host, const fermata_value* config, fermata_plugin* out,
                      fermata_error* error) {
  struct plain_c* plugin = malloc(sizeof *plugin);
  (void)config;
  (void)error;
  if (plugin == NULL) return FERMATA_OUT_OF_MEMORY;
  plugin->host = host;
  out->vt = &table;
  out->self = plugin;
  return FERMATA_OK;
}

__attribute__((visibility("default")))
const fermata_plugin_entry fermata_plugin_entry_v1 = {FERMATA_ABI_MAJOR,
                                                      FERMATA_ABI_MINOR,
                                                      sizeof(fermata_plugin_entry),
                                                      0,
                                                      "plain-c",
                                                      "1.0.0",
                                                      "C",
                                                      "type: object\ndescription: A plugin written in C.\n",
                                                      NULL,
                                                      0,
                                                      NULL,
                                                      0,
                                                      create};
