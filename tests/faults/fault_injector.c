/* Lets calls of a program that change files fail, do half of their work, or be its last: with nothing of it in the
 * program.
 *
 * Preloaded with LD_PRELOAD. FERMATA_INJECT names a file of the size of `struct control`, which whoever tests the
 * program maps too and writes to while it runs. A rule holds for one kind of call on paths that contain some text; it
 * lets a number of them pass, then acts on the following ones. tests/faults/injection.py is the other side.
 *
 * Calls go straight to the kernel (syscall(2)), so that nothing in here meets its own interception. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

/* Of a rule: may be combined. As in injection.py. */
enum call {
  CALL_WRITE = 1,
  CALL_SYNC = 2,
  CALL_RENAME = 4,
  CALL_UNLINK = 8,
  CALL_CREATE = 16, /* files and folders */
  CALL_READ = 32,
  CALL_OPEN = 64,      /* whatever is not created, and sockets that are accepted */
  CALL_SYNC_ALL = 128, /* syncfs */
};

enum action {
  ACT_NONE,
  ACT_FAIL,        /* with `error` */
  ACT_SHORT,       /* a write does half of what it was asked; a read returns half */
  ACT_KILL_BEFORE, /* SIGKILL to the program, before the call, */
  ACT_KILL_HALF,   /* after half of a write, */
  ACT_KILL_AFTER,  /* or after the call */
};

struct control {
  _Atomic uint32_t armed;
  uint32_t calls;
  uint32_t action;
  int32_t error;
  _Atomic int64_t pass;  /* how many are let pass first */
  _Atomic int64_t times; /* how many are acted on then */
  _Atomic uint64_t seen;
  _Atomic uint64_t fired;
  _Atomic int64_t clock_offset; /* seconds that the wall clock is ahead */
  char path[200];               /* part of the path; empty: any path below `root` */
  char root[200];
};

static struct control* control;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void start(void) {
  const char* name = getenv("FERMATA_INJECT");
  if (name == NULL) return;
  const long fd = syscall(SYS_openat, AT_FDCWD, name, O_RDWR | O_CLOEXEC, 0);
  if (fd < 0) return;
  void* mapped = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, (int)fd, 0);
  syscall(SYS_close, (int)fd);
  if (mapped != MAP_FAILED) control = mapped;
}

static struct control* active(enum call call) {
  pthread_once(&once, start);
  if (control == NULL || atomic_load(&control->armed) == 0 || (control->calls & call) == 0) return NULL;
  return control;
}

static int path_counts(const char* path) {
  return strncmp(path, control->root, strlen(control->root)) == 0 && strstr(path, control->path) != NULL;
}

/* What to do about a call that counts. */
static enum action next_action(void) {
  atomic_fetch_add(&control->seen, 1);
  if (atomic_fetch_sub(&control->pass, 1) > 0) return ACT_NONE;
  if (atomic_fetch_sub(&control->times, 1) <= 0) return ACT_NONE;
  atomic_fetch_add(&control->fired, 1);
  return (enum action)control->action;
}

static int path_of(int fd, char* path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t size = readlink(link, path, PATH_MAX - 1);
  if (size <= 0) return 0;
  path[size] = '\0';
  return 1;
}

static enum action on_descriptor(enum call call, int fd) {
  char path[PATH_MAX];
  const int saved = errno;
  enum action action = ACT_NONE;
  if (active(call) && path_of(fd, path) && path_counts(path)) action = next_action();
  errno = saved;
  return action;
}

static enum action on_path(enum call call, int at, const char* name) {
  char path[2 * PATH_MAX];
  const int saved = errno;
  enum action action = ACT_NONE;
  if (active(call)) {
    int known = 1;
    if (name[0] == '/') {
      snprintf(path, sizeof path, "%s", name);
    } else if (at == AT_FDCWD) {
      known = getcwd(path, PATH_MAX) != NULL;
    } else {
      known = path_of(at, path);
    }
    if (known && name[0] != '/') {
      const size_t length = strlen(path);
      snprintf(path + length, sizeof path - length, "/%s", name);
    }
    if (known && path_counts(path)) action = next_action();
  }
  errno = saved;
  return action;
}

__attribute__((noreturn)) static void die(void) {
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

static long failed(void) {
  errno = control->error;
  return -1;
}

/* `action` around a call that can't be done by half. */
#define AROUND(ACTION, CALL)                                       \
  do {                                                             \
    const enum action act = (ACTION);                              \
    if (act == ACT_KILL_BEFORE || act == ACT_KILL_HALF) die();     \
    if (act == ACT_FAIL || act == ACT_SHORT) return (int)failed(); \
    const int result = (int)(CALL);                                \
    if (act == ACT_KILL_AFTER) die();                              \
    return result;                                                 \
  } while (0)

static size_t half(size_t size) { return size > 1 ? size / 2 : size; }

/* --- writes and reads --------------------------------------------------------------------------------------------- */

static ssize_t write_some(int fd, const void* data, size_t size, off64_t offset, int positioned) {
  const enum action act = on_descriptor(CALL_WRITE, fd);
  if (act == ACT_KILL_BEFORE) die();
  if (act == ACT_FAIL) return failed();
  const size_t count = act == ACT_SHORT || act == ACT_KILL_HALF ? half(size) : size;
  const long done = positioned ? syscall(SYS_pwrite64, fd, data, count, offset) : syscall(SYS_write, fd, data, count);
  if (act == ACT_KILL_HALF || act == ACT_KILL_AFTER) die();
  return done;
}

EXPORT ssize_t write(int fd, const void* data, size_t size) { return write_some(fd, data, size, 0, 0); }
EXPORT ssize_t pwrite(int fd, const void* data, size_t size, off_t offset) {
  return write_some(fd, data, size, offset, 1);
}
EXPORT ssize_t pwrite64(int fd, const void* data, size_t size, off64_t offset) {
  return write_some(fd, data, size, offset, 1);
}

EXPORT ssize_t writev(int fd, const struct iovec* pieces, int count) {
  const enum action act = on_descriptor(CALL_WRITE, fd);
  if (act == ACT_KILL_BEFORE) die();
  if (act == ACT_FAIL) return failed();
  const int part = (act == ACT_SHORT || act == ACT_KILL_HALF) && count > 0;
  const long done = part ? syscall(SYS_write, fd, pieces[0].iov_base, half(pieces[0].iov_len))
                         : syscall(SYS_writev, fd, pieces, count);
  if (act == ACT_KILL_HALF || act == ACT_KILL_AFTER) die();
  return done;
}

static ssize_t read_some(int fd, void* data, size_t size, off64_t offset, int positioned) {
  const enum action act = on_descriptor(CALL_READ, fd);
  if (act == ACT_FAIL) return failed();
  const size_t count = act == ACT_SHORT ? half(size) : size;
  return positioned ? syscall(SYS_pread64, fd, data, count, offset) : syscall(SYS_read, fd, data, count);
}

EXPORT ssize_t read(int fd, void* data, size_t size) { return read_some(fd, data, size, 0, 0); }
EXPORT ssize_t pread(int fd, void* data, size_t size, off_t offset) { return read_some(fd, data, size, offset, 1); }
EXPORT ssize_t pread64(int fd, void* data, size_t size, off64_t offset) { return read_some(fd, data, size, offset, 1); }

EXPORT int ftruncate(int fd, off_t size) { AROUND(on_descriptor(CALL_WRITE, fd), syscall(SYS_ftruncate, fd, size)); }
EXPORT int ftruncate64(int fd, off64_t size) {
  AROUND(on_descriptor(CALL_WRITE, fd), syscall(SYS_ftruncate, fd, size));
}

/* --- syncs -------------------------------------------------------------------------------------------------------- */

EXPORT int fsync(int fd) { AROUND(on_descriptor(CALL_SYNC, fd), syscall(SYS_fsync, fd)); }
EXPORT int fdatasync(int fd) { AROUND(on_descriptor(CALL_SYNC, fd), syscall(SYS_fdatasync, fd)); }
EXPORT int syncfs(int fd) { AROUND(on_descriptor(CALL_SYNC_ALL, fd), syscall(SYS_syncfs, fd)); }
EXPORT int sync_file_range(int fd, off64_t offset, off64_t size, unsigned flags) {
  AROUND(on_descriptor(CALL_SYNC, fd), syscall(SYS_sync_file_range, fd, offset, size, flags));
}

/* --- names -------------------------------------------------------------------------------------------------------- */

EXPORT int renameat2(int from, const char* old, int to, const char* new, unsigned flags) {
  AROUND(on_path(CALL_RENAME, to, new), syscall(SYS_renameat2, from, old, to, new, flags));
}
EXPORT int renameat(int from, const char* old, int to, const char* new) { return renameat2(from, old, to, new, 0); }
EXPORT int rename(const char* old, const char* new) { return renameat2(AT_FDCWD, old, AT_FDCWD, new, 0); }
EXPORT int linkat(int from, const char* old, int to, const char* new, int flags) {
  AROUND(on_path(CALL_RENAME, to, new), syscall(SYS_linkat, from, old, to, new, flags));
}
EXPORT int link(const char* old, const char* new) { return linkat(AT_FDCWD, old, AT_FDCWD, new, 0); }
EXPORT int unlinkat(int at, const char* name, int flags) {
  AROUND(on_path(CALL_UNLINK, at, name), syscall(SYS_unlinkat, at, name, flags));
}
EXPORT int unlink(const char* name) { return unlinkat(AT_FDCWD, name, 0); }
EXPORT int mkdirat(int at, const char* name, mode_t mode) {
  AROUND(on_path(CALL_CREATE, at, name), syscall(SYS_mkdirat, at, name, mode));
}
EXPORT int mkdir(const char* name, mode_t mode) { return mkdirat(AT_FDCWD, name, mode); }

static int open_some(int at, const char* name, int flags, mode_t mode) {
  const enum call call = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? CALL_CREATE : CALL_OPEN;
  AROUND(on_path(call, at, name), syscall(SYS_openat, at, name, flags, mode));
}

#define MODE_OF(flags, mode)                                        \
  mode_t mode = 0;                                                  \
  if (((flags)&O_CREAT) != 0 || ((flags)&O_TMPFILE) == O_TMPFILE) { \
    va_list arguments;                                              \
    va_start(arguments, flags);                                     \
    mode = (mode_t)va_arg(arguments, int);                          \
    va_end(arguments);                                              \
  }

EXPORT int open(const char* name, int flags, ...) {
  MODE_OF(flags, mode)
  return open_some(AT_FDCWD, name, flags, mode);
}
EXPORT int open64(const char* name, int flags, ...) {
  MODE_OF(flags, mode)
  return open_some(AT_FDCWD, name, flags, mode);
}
EXPORT int openat(int at, const char* name, int flags, ...) {
  MODE_OF(flags, mode)
  return open_some(at, name, flags, mode);
}
EXPORT int openat64(int at, const char* name, int flags, ...) {
  MODE_OF(flags, mode)
  return open_some(at, name, flags, mode);
}

/* --- the clock ---------------------------------------------------------------------------------------------------- */

static time_t ahead(void) {
  pthread_once(&once, start);
  return control == NULL ? 0 : (time_t)atomic_load(&control->clock_offset);
}

EXPORT int clock_gettime(clockid_t clock, struct timespec* now) {
  const int result = (int)syscall(SYS_clock_gettime, clock, now);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += ahead();
  return result;
}
EXPORT int gettimeofday(struct timeval* restrict now, void* restrict zone) {
  (void)zone;
  struct timespec exact;
  clock_gettime(CLOCK_REALTIME, &exact);
  now->tv_sec = exact.tv_sec;
  now->tv_usec = exact.tv_nsec / 1000;
  return 0;
}
EXPORT time_t time(time_t* result) {
  struct timespec exact;
  clock_gettime(CLOCK_REALTIME, &exact);
  if (result != NULL) *result = exact.tv_sec;
  return exact.tv_sec;
}
