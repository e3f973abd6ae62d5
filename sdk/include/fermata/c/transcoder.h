/* fermata.transcoder/1 and fermata.frame-renderer/1: pixel data in another form.
 * See fermata/transcoder.hpp and fermata/frame_renderer.hpp for the contracts in full. */
#ifndef FERMATA_C_TRANSCODER_H
#define FERMATA_C_TRANSCODER_H

#include "fermata/c/archive.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FERMATA_TRANSCODER_ID "fermata.transcoder/1"
#define FERMATA_FRAME_RENDERER_ID "fermata.frame-renderer/1"

typedef struct fermata_frame_reader_vt {
  uint32_t size;
  void (*destroy)(void* self);
  int32_t (*count)(void* self, uint64_t* out, fermata_error* error);
  /* The bytes are valid until the next call on this reader. */
  int32_t (*frame)(void* self, uint64_t number, fermata_str transfer_syntax_uid, fermata_bytes* out,
                   fermata_error* error);
} fermata_frame_reader_vt;

typedef struct fermata_frame_reader {
  const fermata_frame_reader_vt* vt;
  void* self;
} fermata_frame_reader;

/* The object that is handed in belongs to the callee from then on, also if the call fails. */
typedef struct fermata_transcoder_vt {
  uint32_t size;
  int32_t (*can)(void* self, fermata_str from, fermata_str to, uint8_t* out, fermata_error* error);
  int32_t (*transcode)(void* self, fermata_object_reader object, fermata_str from, fermata_str to,
                       fermata_object_reader* out, fermata_error* error);
  int32_t (*frames)(void* self, const fermata_instance_record* record, fermata_object_reader object,
                    fermata_frame_reader* out, fermata_error* error);
} fermata_transcoder_vt;

enum { FERMATA_VOI_LINEAR = 0, FERMATA_VOI_LINEAR_EXACT = 1, FERMATA_VOI_SIGMOID = 2 };

typedef struct fermata_rendering {
  uint32_t size;
  uint32_t quality; /* 1 to 100, of lossy forms; 0: what the renderer thinks best */
  uint64_t frame;   /* from 1 */
  fermata_str media_type;
  uint8_t has_window;
  uint8_t reserved[3];
  uint32_t voi_function;
  double window_center;
  double window_width;
  uint32_t viewport_width; /* in pixels; 0: as many as the source region has */
  uint32_t viewport_height;
  double source_x; /* in pixels of the frame, from its upper left corner */
  double source_y;
  double source_width; /* negative: mirrored; 0: up to the edge */
  double source_height;
} fermata_rendering;

typedef struct fermata_rendered_frame_vt {
  uint32_t size;
  void (*destroy)(void* self);
  int32_t (*bytes)(void* self, fermata_bytes* out, fermata_error* error);
} fermata_rendered_frame_vt;

typedef struct fermata_rendered_frame {
  const fermata_rendered_frame_vt* vt;
  void* self;
} fermata_rendered_frame;

typedef struct fermata_frame_renderer_vt {
  uint32_t size;
  int32_t (*render)(void* self, const fermata_instance_record* record, fermata_object_reader object,
                    const fermata_rendering* rendering, fermata_rendered_frame* out, fermata_error* error);
} fermata_frame_renderer_vt;

#ifdef __cplusplus
}
#endif

#endif
