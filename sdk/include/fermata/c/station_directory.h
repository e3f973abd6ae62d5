/* fermata.station-directory/1: DICOM stations that were seen on the network. See fermata/station_directory.hpp for the
 * contract in full. */
#ifndef FERMATA_C_STATION_DIRECTORY_H
#define FERMATA_C_STATION_DIRECTORY_H

#include "fermata/c/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FERMATA_STATION_DIRECTORY_ID "fermata.station-directory/1"

typedef struct fermata_station {
  uint32_t size;
  uint16_t port;
  uint16_t reserved;
  fermata_str ae_title;
  fermata_str address; /* numeric, IPv4 where there is one */
  fermata_str host;    /* name; may be empty */
  fermata_str description;
  int64_t seen_us;
} fermata_station;

typedef struct fermata_station_cursor_vt {
  uint32_t size;
  void (*destroy)(void* self);
  int32_t (*next)(void* self, fermata_station* station, uint8_t* out, fermata_error* error);
} fermata_station_cursor_vt;

typedef struct fermata_station_cursor {
  const fermata_station_cursor_vt* vt;
  void* self;
} fermata_station_cursor;

typedef struct fermata_station_directory_vt {
  uint32_t size;
  int32_t (*list)(void* self, fermata_station_cursor* out, fermata_error* error);
  int32_t (*problem)(void* self, fermata_str* out, fermata_error* error); /* valid until the next call */
} fermata_station_directory_vt;

#ifdef __cplusplus
}
#endif

#endif
