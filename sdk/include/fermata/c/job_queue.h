/* fermata.job-queue/1: work that goes on after its request has been answered. See fermata/job_queue.hpp for the
 * contract in full. */
#ifndef FERMATA_C_JOB_QUEUE_H
#define FERMATA_C_JOB_QUEUE_H

#include "fermata/c/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FERMATA_JOB_QUEUE_ID "fermata.job-queue/1"

enum {
  FERMATA_JOB_WAITING = 0,
  FERMATA_JOB_RUNNING = 1,
  FERMATA_JOB_DONE = 2,
  FERMATA_JOB_FAILED = 3,
  FERMATA_JOB_CANCELLED = 4
};

typedef struct fermata_job_request {
  uint32_t size;
  uint32_t reserved;
  fermata_str kind; /* "send" */
  fermata_str title;
  fermata_bytes parameters; /* for its runner */
  fermata_str user;
} fermata_job_request;

typedef struct fermata_job {
  uint32_t size;
  uint32_t state;
  uint64_t id;
  fermata_str kind;
  fermata_str title;
  fermata_bytes parameters;
  fermata_str user;
  fermata_str message;
  uint64_t done;
  uint64_t total; /* 0: not known */
  uint64_t attempts;
  int64_t created_us;
  int64_t changed_us;
  int64_t next_attempt_us; /* 0: none is planned */
} fermata_job;

typedef struct fermata_job_cursor_vt {
  uint32_t size;
  void (*destroy)(void* self);
  int32_t (*next)(void* self, fermata_job* job, uint8_t* out, fermata_error* error);
} fermata_job_cursor_vt;

typedef struct fermata_job_cursor {
  const fermata_job_cursor_vt* vt;
  void* self;
} fermata_job_cursor;

/* Valid during run, on its thread. */
typedef struct fermata_job_run_vt {
  uint32_t size;
  int32_t (*id)(void* self, uint64_t* out, fermata_error* error);
  int32_t (*parameters)(void* self, fermata_bytes* out, fermata_error* error);
  int32_t (*checkpoint)(void* self, fermata_bytes* out, fermata_error* error);
  int32_t (*save)(void* self, fermata_bytes checkpoint, fermata_error* error);
  int32_t (*progress)(void* self, uint64_t done, uint64_t total, fermata_str message, fermata_error* error);
  int32_t (*cancelled)(void* self, uint8_t* out, fermata_error* error);
} fermata_job_run_vt;

typedef struct fermata_job_run {
  const fermata_job_run_vt* vt;
  void* self;
} fermata_job_run;

typedef struct fermata_job_runner_vt {
  uint32_t size;
  int32_t (*run)(void* self, fermata_job_run run, fermata_error* error);
} fermata_job_runner_vt;

typedef struct fermata_job_runner {
  const fermata_job_runner_vt* vt;
  void* self;
} fermata_job_runner;

typedef struct fermata_job_queue_vt {
  uint32_t size;
  int32_t (*add_runner)(void* self, fermata_str kind, fermata_job_runner runner, fermata_error* error);
  int32_t (*add)(void* self, const fermata_job_request* request, uint64_t* out, fermata_error* error);
  int32_t (*list)(void* self, fermata_job_cursor* out, fermata_error* error);
  int32_t (*cancel)(void* self, uint64_t id, fermata_error* error);
  int32_t (*retry)(void* self, uint64_t id, fermata_error* error);
  int32_t (*forget)(void* self, uint64_t id, fermata_error* error);
} fermata_job_queue_vt;

#ifdef __cplusplus
}
#endif

#endif
