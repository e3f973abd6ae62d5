/* fermata.web-application/1: what plugins add to the web application. See fermata/web_application.hpp for the contract
 * in full. */
#ifndef FERMATA_C_WEB_APPLICATION_H
#define FERMATA_C_WEB_APPLICATION_H

#include "fermata/c/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FERMATA_WEB_APPLICATION_ID "fermata.web-application/1"

enum { FERMATA_WEB_PAGE = 0, FERMATA_WEB_STUDY_ACTION = 1, FERMATA_WEB_SETTINGS_FORM = 2 };

typedef struct fermata_web_extension {
  uint32_t size;
  uint32_t kind;
  fermata_str id;
  fermata_str label_en;
  fermata_str label_de;
  fermata_str url;        /* a path of this server; of a study action with {study} */
  fermata_str permission; /* without it, the extension is not shown; empty: shown to all */
  uint32_t new_tab;       /* 1: opens in a tab of its own, else within the application */
  uint32_t reserved;
} fermata_web_extension;

typedef struct fermata_web_application_vt {
  uint32_t size;
  int32_t (*add)(void* self, const fermata_web_extension* extension, fermata_error* error);
} fermata_web_application_vt;

#ifdef __cplusplus
}
#endif

#endif
