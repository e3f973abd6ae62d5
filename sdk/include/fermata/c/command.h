/* fermata.command/1: a verb that a plugin adds to the program `fermata`. See fermata/command.hpp. */
#ifndef FERMATA_C_COMMAND_H
#define FERMATA_C_COMMAND_H

#include "fermata/c/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FERMATA_COMMAND_ID "fermata.command/1"

/* Where a command's user is, lent for the length of a call. See fermata/command.hpp. */
typedef struct fermata_console_vt {
  uint32_t size;
  int32_t (*write)(void* self, fermata_str text, fermata_error* error);
  int32_t (*report)(void* self, fermata_str text, fermata_error* error);
  int32_t (*new_password)(void* self, fermata_str name, fermata_str* out, fermata_error* error);
  int32_t (*gone)(void* self, uint8_t* out, fermata_error* error);
} fermata_console_vt;

typedef struct fermata_console {
  const fermata_console_vt* vt;
  void* self;
} fermata_console;

typedef struct fermata_command_vt {
  uint32_t size;
  int32_t (*name)(void* self, fermata_str* out, fermata_error* error);
  int32_t (*summary)(void* self, fermata_str* out, fermata_error* error);
  int32_t (*run)(void* self, fermata_strings arguments, int32_t* out, fermata_error* error);
  /* 0: it can be run before any plugin is started. Asked only if it was published during create. */
  int32_t (*needs_plugins)(void* self, fermata_strings arguments, uint8_t* out, fermata_error* error);
  /* Not 0: it is run by `run_at`, in the program that serves if there is one. */
  int32_t (*works_while_serving)(void* self, uint8_t* out, fermata_error* error);
  int32_t (*run_at)(void* self, fermata_console console, fermata_strings arguments, int32_t* out, fermata_error* error);
  /* What may follow the verb. Empty: it says so itself. */
  int32_t (*usage)(void* self, fermata_str* out, fermata_error* error);
} fermata_command_vt;

#ifdef __cplusplus
}
#endif

#endif
