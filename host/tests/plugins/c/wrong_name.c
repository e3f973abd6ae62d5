/* A library whose entry the host has to refuse. */
#include "fermata/c/plugin.h"

static int32_t create(const fermata_host* host, const fermata_value* config, fermata_plugin* out,
                      fermata_error* error) {
  (void)host;
  (void)config;
  (void)out;
  (void)error;
  return FERMATA_INTERNAL;
}

__attribute__((visibility("default")))
const fermata_plugin_entry fermata_plugin_entry_v1 = {FERMATA_ABI_MAJOR,
                                                      0,
                                                      sizeof(fermata_plugin_entry),
                                                      0,
                                                      "another-name",
                                                      "1.0.0",
                                                      "C",
                                                      "type: object\ndescription: Calls itself otherwise.\n",
                                                      NULL,
                                                      0,
                                                      NULL,
                                                      0,
                                                      create};
