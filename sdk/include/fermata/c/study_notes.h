/* fermata.study-notes/1: labels and notes on studies. See fermata/study_notes.hpp for the contract in full. */
#ifndef FERMATA_C_STUDY_NOTES_H
#define FERMATA_C_STUDY_NOTES_H

#include "fermata/c/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FERMATA_STUDY_NOTES_ID "fermata.study-notes/1"

typedef struct fermata_study_notes_vt {
  uint32_t size;
  int32_t (*add_labels)(void* self, fermata_str study_instance_uid, fermata_strings labels, fermata_error* error);
  int32_t (*put_note)(void* self, fermata_str study_instance_uid, fermata_str origin, fermata_str text,
                      fermata_error* error);
} fermata_study_notes_vt;

#ifdef __cplusplus
}
#endif

#endif
