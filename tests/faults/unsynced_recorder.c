/* Records what a program does to the names and sizes of files under one folder, and what it makes durable.
 *
 * Preloaded with LD_PRELOAD. FERMATA_FAULT_ROOT names the folder; FERMATA_FAULT_LOG another one on the same file
 * system, into which the recorder writes `log`, `old` (bytes that were overwritten in place) and hard links
 * `keep/<inode>` to every file it meets, so that content outlives removal. power_cut.py makes from them the folder as
 * it might be after a power cut. README.md describes the model.
 *
 * Calls go straight to the kernel (syscall(2)), so that nothing in here meets its own interception.
 *
 * What a record claims is never more than what is certain: changes are recorded after they were made, and each call
 * notes how far the log reached before it began. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))
#define MAX_FD 65536

static int log_fd = -1;
static int keep_fd = -1;
static int old_fd = -1; /* what was overwritten, one after the other */
static char root_path[PATH_MAX];
static size_t root_length;
static dev_t root_device;
static pthread_once_t once = PTHREAD_ONCE_INIT;
/* Held from before a change of names until it is recorded: the records of two changes of one name must not be swapped.
 */
static pthread_mutex_t names = PTHREAD_MUTEX_INITIALIZER;
/* Held from before bytes are overwritten in place until that is recorded. */
static pthread_mutex_t overwriting = PTHREAD_MUTEX_INITIALIZER;

/* How far the log reached when the last write on this descriptor began; 0: none yet. */
static _Atomic int64_t last_write[MAX_FD];
static _Atomic int64_t known_position;

/* --- the log ------------------------------------------------------------------------------------------------------ */

static __attribute__((noreturn)) void stop_recording(const char* why, const char* what) {
  dprintf(2, "unsynced_recorder: %s %s: %s\n", why, what, strerror(errno));
  _exit(97);
}

static int64_t position(void) {
  struct stat status;
  if (fstat(log_fd, &status) != 0) stop_recording("cannot look at", "the log");
  return status.st_size;
}

__attribute__((format(printf, 1, 2))) static void record(const char* format, ...) {
  char line[PATH_MAX + 512];
  va_list arguments;
  va_start(arguments, format);
  const int length = vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  const int saved = errno;
  if (length < 0 || (size_t)length >= sizeof line || syscall(SYS_write, log_fd, line, (size_t)length) != length)
    stop_recording("cannot write", "the log");
  atomic_store(&known_position, position());
  errno = saved;
}

/* Holds on to the file's content under its inode number. `folder` and `path` as in linkat. */
static void keep(int folder, const char* path, int flags, ino_t inode) {
  char name[32];
  const int saved = errno;
  snprintf(name, sizeof name, "%llu", (unsigned long long)inode);
  if (syscall(SYS_linkat, folder, path, keep_fd, name, flags) != 0 && errno != EEXIST && errno != ENOENT)
    stop_recording("cannot keep a link to", path);
  errno = saved;
}

static void unlock_names(void) {
  const int saved = errno;
  pthread_mutex_unlock(&names);
  errno = saved;
}

/* --- where a path leads ------------------------------------------------------------------------------------------- */

struct place {
  int inside; /* under the root */
  ino_t folder;
  char name[NAME_MAX + 1];
};

static int is_inside(const char* folder) {
  return strncmp(folder, root_path, root_length) == 0 && (folder[root_length] == '/' || folder[root_length] == '\0');
}

static struct place locate(int at, const char* path) {
  struct place place = {0};
  char folder[PATH_MAX];
  const int saved = errno;
  size_t length = strlen(path);
  while (length > 1 && path[length - 1] == '/') --length;
  size_t name = length;
  while (name > 0 && path[name - 1] != '/') --name;
  if (log_fd < 0 || length == 0 || length >= sizeof folder || length - name > NAME_MAX) return place;
  memcpy(place.name, path + name, length - name);
  if (strpbrk(place.name, "\t\n") != NULL) stop_recording("cannot record a name with a tab or line end:", path);
  memcpy(folder, path, name);
  folder[name] = '\0';

  const long fd = syscall(SYS_openat, at, name == 0 ? "." : folder, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
  if (fd >= 0) {
    char link[64], target[PATH_MAX];
    struct stat status;
    snprintf(link, sizeof link, "/proc/self/fd/%ld", fd);
    const ssize_t size = readlink(link, target, sizeof target - 1);
    if (size > 0 && fstat((int)fd, &status) == 0) {
      target[size] = '\0';
      place.inside = is_inside(target);
      place.folder = status.st_ino;
    }
    syscall(SYS_close, (int)fd);
  }
  errno = saved;
  return place;
}

static int is_there(int at, const char* path, struct stat* status) {
  const int saved = errno;
  const int found = fstatat(at, path, status, AT_SYMLINK_NOFOLLOW) == 0;
  errno = saved;
  return found;
}

/* --- what was there before ---------------------------------------------------------------------------------------- */

static void record_folder(const char* path, ino_t inode) {
  DIR* folder = opendir(path);
  if (folder == NULL) stop_recording("cannot read", path);
  for (struct dirent* entry; (entry = readdir(folder)) != NULL;) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    char child[PATH_MAX];
    struct stat status;
    if (snprintf(child, sizeof child, "%s/%s", path, entry->d_name) >= (int)sizeof child) continue;
    if (lstat(child, &status) != 0) continue;
    record("base\t%llu\t%llu\t%c\t%lld\t%s\n", (unsigned long long)inode, (unsigned long long)status.st_ino,
           S_ISDIR(status.st_mode) ? 'd' : 'f', (long long)status.st_size, entry->d_name);
    if (S_ISDIR(status.st_mode))
      record_folder(child, status.st_ino);
    else if (S_ISREG(status.st_mode))
      keep(AT_FDCWD, child, 0, status.st_ino);
  }
  closedir(folder);
}

static void start_recording(void) {
  const char* root = getenv("FERMATA_FAULT_ROOT");
  const char* folder = getenv("FERMATA_FAULT_LOG");
  if (root == NULL || folder == NULL) return;
  struct stat status;
  if (realpath(root, root_path) == NULL || stat(root_path, &status) != 0) stop_recording("cannot find", root);
  root_length = strlen(root_path);
  root_device = status.st_dev;

  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/keep", folder);
  syscall(SYS_mkdirat, AT_FDCWD, path, 0755);
  keep_fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
  if (keep_fd < 0) stop_recording("cannot open", path);
  snprintf(path, sizeof path, "%s/old", folder);
  old_fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (old_fd < 0) stop_recording("cannot open", path);
  snprintf(path, sizeof path, "%s/log", folder);
  const int flags = O_RDWR | O_APPEND | O_CLOEXEC;
  log_fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_CREAT | O_EXCL, 0644);
  if (log_fd >= 0) {
    record("root\t%llu\n", (unsigned long long)status.st_ino);
    record_folder(root_path, status.st_ino);
  } else {
    log_fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, 0); /* a child of the process that began it */
    if (log_fd < 0) stop_recording("cannot open", path);
  }
}

__attribute__((constructor)) static void ready(void) { pthread_once(&once, start_recording); }

/* --- files: creating, writing, cutting ---------------------------------------------------------------------------- */

static void forget_writes(int fd) {
  if (fd >= 0 && fd < MAX_FD) atomic_store(&last_write[fd], 0);
}

static void note_write(int fd) {
  if (fd >= 0 && fd < MAX_FD) atomic_store(&last_write[fd], atomic_load(&known_position));
}

static void record_creation(int64_t begin, const struct place* place, int fd) {
  struct stat status;
  char link[64];
  if (fstat(fd, &status) != 0) return;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  keep(AT_FDCWD, link, AT_SYMLINK_FOLLOW, status.st_ino);
  record("set\t%lld\t%llu\t%llu\tf\t%s\n", (long long)begin, (unsigned long long)place->folder,
         (unsigned long long)status.st_ino, place->name);
}

static void record_size(int64_t begin, int fd, int64_t size) {
  struct stat status;
  if (fstat(fd, &status) == 0 && status.st_dev == root_device)
    record("size\t%lld\t%llu\t%lld\n", (long long)begin, (unsigned long long)status.st_ino, (long long)size);
}

static int open_at(int at, const char* path, int flags, mode_t mode) {
  ready();
  const int creates = (flags & O_CREAT) != 0;
  struct place place = {0};
  struct stat status;
  int existed = 1;
  int64_t begin = 0;
  if (log_fd >= 0 && (creates || (flags & O_TRUNC) != 0)) {
    place = locate(at, path);
    if (place.inside) {
      pthread_mutex_lock(&names);
      existed = is_there(at, path, &status);
      begin = position();
    }
  }
  const int fd = (int)syscall(SYS_openat, at, path, flags | O_LARGEFILE, mode);
  if (fd >= 0) forget_writes(fd);
  if (place.inside) {
    if (fd >= 0 && !existed) record_creation(begin, &place, fd);
    if (fd >= 0 && existed && (flags & O_TRUNC) != 0) record_size(begin, fd, 0);
    unlock_names();
  }
  return fd;
}

static mode_t mode_of(int flags, va_list arguments) {
  return (flags & (O_CREAT | __O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

#define OPEN(name)                                    \
  EXPORT int name(const char* path, int flags, ...) { \
    va_list arguments;                                \
    va_start(arguments, flags);                       \
    const mode_t mode = mode_of(flags, arguments);    \
    va_end(arguments);                                \
    return open_at(AT_FDCWD, path, flags, mode);      \
  }
#define OPENAT(name)                                          \
  EXPORT int name(int at, const char* path, int flags, ...) { \
    va_list arguments;                                        \
    va_start(arguments, flags);                               \
    const mode_t mode = mode_of(flags, arguments);            \
    va_end(arguments);                                        \
    return open_at(at, path, flags, mode);                    \
  }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)
EXPORT int __open_2(const char* path, int flags) { return open_at(AT_FDCWD, path, flags, 0); }
EXPORT int __open64_2(const char* path, int flags) { return open_at(AT_FDCWD, path, flags, 0); }
EXPORT int __openat_2(int at, const char* path, int flags) { return open_at(at, path, flags, 0); }
EXPORT int __openat64_2(int at, const char* path, int flags) { return open_at(at, path, flags, 0); }
EXPORT int creat(const char* path, mode_t mode) { return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
EXPORT int creat64(const char* path, mode_t mode) { return creat(path, mode); }

/* The C library opens the file by itself, out of sight: look before and after. */
static FILE* open_stream(const char* symbol, const char* path, const char* mode) {
  ready();
  FILE* (*next)(const char*, const char*);
  *(void**)&next = dlsym(RTLD_NEXT, symbol);
  struct place place = {0};
  struct stat status;
  int existed = 1;
  int64_t begin = 0;
  if (log_fd >= 0 && mode[0] != 'r') {
    place = locate(AT_FDCWD, path);
    if (place.inside) {
      pthread_mutex_lock(&names);
      existed = is_there(AT_FDCWD, path, &status);
      begin = position();
    }
  }
  FILE* stream = next(path, mode);
  if (stream != NULL) forget_writes(fileno(stream));
  if (place.inside) {
    if (stream != NULL && !existed) record_creation(begin, &place, fileno(stream));
    if (stream != NULL && existed && mode[0] == 'w') record_size(begin, fileno(stream), 0);
    unlock_names();
  }
  return stream;
}
EXPORT FILE* fopen(const char* path, const char* mode) { return open_stream("fopen", path, mode); }
EXPORT FILE* fopen64(const char* path, const char* mode) { return open_stream("fopen64", path, mode); }

static int make_temporary(const char* symbol, char* path, int flags) {
  ready();
  int (*next)(char*, int);
  *(void**)&next = dlsym(RTLD_NEXT, symbol);
  const int64_t begin = log_fd >= 0 ? position() : 0;
  const int fd = next(path, flags);
  if (fd < 0) return fd;
  forget_writes(fd);
  const struct place place = locate(AT_FDCWD, path);
  if (place.inside) record_creation(begin, &place, fd);
  return fd;
}
EXPORT int mkstemp(char* path) { return make_temporary("mkostemp", path, 0); }
EXPORT int mkstemp64(char* path) { return make_temporary("mkostemp", path, 0); }
EXPORT int mkostemp(char* path, int flags) { return make_temporary("mkostemp", path, flags); }
EXPORT int mkostemp64(char* path, int flags) { return make_temporary("mkostemp", path, flags); }

EXPORT int close(int fd) {
  forget_writes(fd);
  return (int)syscall(SYS_close, fd);
}

EXPORT ssize_t write(int fd, const void* data, size_t size) {
  note_write(fd);
  return syscall(SYS_write, fd, data, size);
}

static int reopened_to_read(int fd) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  return (int)syscall(SYS_openat, AT_FDCWD, link, O_RDONLY | O_CLOEXEC, 0);
}

/* Saves the bytes from `offset` to `end` and returns where in `old` they are. */
static int64_t save_old(int fd, off_t offset, off_t end) {
  struct stat status;
  if (fstat(old_fd, &status) != 0) stop_recording("cannot look at", "old");
  const int source = reopened_to_read(fd);
  if (source < 0) stop_recording("cannot read", "what is to be overwritten");
  off_t at = status.st_size;
  char buffer[65536];
  while (offset < end) {
    const size_t wanted = (size_t)(end - offset) < sizeof buffer ? (size_t)(end - offset) : sizeof buffer;
    const long count = syscall(SYS_pread64, source, buffer, wanted, offset);
    if (count <= 0 || syscall(SYS_pwrite64, old_fd, buffer, (size_t)count, at) != count)
      stop_recording("cannot save", "what is to be overwritten");
    offset += count;
    at += count;
  }
  syscall(SYS_close, source);
  return status.st_size;
}

/* Whether a write there changes bytes that the file has; `end` is where these end. */
static int overwrites(int fd, size_t size, off_t offset, struct stat* status, off_t* end) {
  ready();
  if (log_fd < 0 || fstat(fd, status) != 0 || status->st_dev != root_device || !S_ISREG(status->st_mode)) return 0;
  *end = offset + (off_t)size < status->st_size ? offset + (off_t)size : status->st_size;
  return offset < *end;
}

/* One that changes nothing but bytes is no change for a file system's journal, so that it is not noted as a write. */
EXPORT ssize_t pwrite(int fd, const void* data, size_t size, off_t offset) {
  struct stat status;
  off_t end = 0;
  if (!overwrites(fd, size, offset, &status, &end)) {
    note_write(fd);
    return syscall(SYS_pwrite64, fd, data, size, offset);
  }
  pthread_mutex_lock(&overwriting);
  if (end < offset + (off_t)size) note_write(fd);
  const int64_t begin = position();
  const int64_t old = save_old(fd, offset, end);
  const ssize_t result = syscall(SYS_pwrite64, fd, data, size, offset);
  const int saved = errno;
  if (result > 0)
    record("over\t%lld\t%llu\t%lld\t%lld\t%lld\n", (long long)begin, (unsigned long long)status.st_ino,
           (long long)offset, (long long)(end < offset + result ? end : offset + result), (long long)old);
  pthread_mutex_unlock(&overwriting);
  errno = saved;
  return result;
}
EXPORT ssize_t pwrite64(int fd, const void* data, size_t size, off64_t offset) {
  return pwrite(fd, data, size, offset);
}
EXPORT ssize_t writev(int fd, const struct iovec* parts, int count) {
  note_write(fd);
  return syscall(SYS_writev, fd, parts, count);
}
EXPORT ssize_t pwritev(int fd, const struct iovec* parts, int count, off_t offset) {
  note_write(fd);
  return syscall(SYS_pwritev, fd, parts, count, (unsigned long)offset, 0UL);
}
EXPORT ssize_t pwritev64(int fd, const struct iovec* parts, int count, off64_t offset) {
  return pwritev(fd, parts, count, offset);
}

EXPORT int ftruncate(int fd, off_t size) {
  ready();
  const int64_t begin = log_fd >= 0 ? position() : 0;
  const int result = (int)syscall(SYS_ftruncate, fd, size);
  if (result == 0 && log_fd >= 0) record_size(begin, fd, size);
  return result;
}
EXPORT int ftruncate64(int fd, off64_t size) { return ftruncate(fd, size); }
EXPORT int truncate(const char* path, off_t size) {
  ready();
  struct stat status;
  const int64_t begin = log_fd >= 0 ? position() : 0;
  const int result = (int)syscall(SYS_truncate, path, size);
  if (result == 0 && log_fd >= 0 && stat(path, &status) == 0 && status.st_dev == root_device)
    record("size\t%lld\t%llu\t%lld\n", (long long)begin, (unsigned long long)status.st_ino, (long long)size);
  return result;
}
EXPORT int truncate64(const char* path, off64_t size) { return truncate(path, size); }

/* --- names -------------------------------------------------------------------------------------------------------- */

static int rename_recorded(int from_at, const char* from, int to_at, const char* to, unsigned flags) {
  const struct place source = locate(from_at, from), target = locate(to_at, to);
  const int64_t begin = position();
  const int result = (int)syscall(SYS_renameat2, from_at, from, to_at, to, flags);
  if (result != 0 || (!source.inside && !target.inside)) return result;
  errno = 0;
  if ((flags & RENAME_EXCHANGE) != 0) stop_recording("cannot record an exchange of names with", to);
  struct stat status;
  if (!target.inside) {
    record("clear\t%lld\t%llu\t%s\n", (long long)begin, (unsigned long long)source.folder, source.name);
    return result;
  }
  if (!is_there(to_at, to, &status)) return result;
  if (!S_ISDIR(status.st_mode)) keep(to_at, to, 0, status.st_ino);
  const char type = S_ISDIR(status.st_mode) ? 'd' : 'f';
  if (!source.inside)
    record("set\t%lld\t%llu\t%llu\t%c\t%s\n", (long long)begin, (unsigned long long)target.folder,
           (unsigned long long)status.st_ino, type, target.name);
  else
    record("move\t%lld\t%llu\t%llu\t%llu\t%c\t%s\t%s\n", (long long)begin, (unsigned long long)source.folder,
           (unsigned long long)target.folder, (unsigned long long)status.st_ino, type, source.name, target.name);
  return result;
}
static int rename_at(int from_at, const char* from, int to_at, const char* to, unsigned flags) {
  ready();
  if (log_fd < 0) return (int)syscall(SYS_renameat2, from_at, from, to_at, to, flags);
  pthread_mutex_lock(&names);
  const int result = rename_recorded(from_at, from, to_at, to, flags);
  unlock_names();
  return result;
}
EXPORT int rename(const char* from, const char* to) { return rename_at(AT_FDCWD, from, AT_FDCWD, to, 0); }
EXPORT int renameat(int from_at, const char* from, int to_at, const char* to) {
  return rename_at(from_at, from, to_at, to, 0);
}
EXPORT int renameat2(int from_at, const char* from, int to_at, const char* to, unsigned flags) {
  return rename_at(from_at, from, to_at, to, flags);
}

EXPORT int linkat(int from_at, const char* from, int to_at, const char* to, int flags) {
  ready();
  struct place place = {0};
  int64_t begin = 0;
  if (log_fd >= 0) {
    pthread_mutex_lock(&names);
    place = locate(to_at, to);
    begin = position();
  }
  const int result = (int)syscall(SYS_linkat, from_at, from, to_at, to, flags);
  struct stat status;
  if (result == 0 && place.inside && is_there(to_at, to, &status)) {
    keep(to_at, to, 0, status.st_ino);
    record("set\t%lld\t%llu\t%llu\tf\t%s\n", (long long)begin, (unsigned long long)place.folder,
           (unsigned long long)status.st_ino, place.name);
  }
  if (log_fd >= 0) unlock_names();
  return result;
}
EXPORT int link(const char* from, const char* to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

EXPORT int unlinkat(int at, const char* path, int flags) {
  ready();
  struct place place = {0};
  int64_t begin = 0;
  if (log_fd >= 0) {
    pthread_mutex_lock(&names);
    place = locate(at, path);
    begin = position();
  }
  const int result = (int)syscall(SYS_unlinkat, at, path, flags);
  if (result == 0 && place.inside)
    record("clear\t%lld\t%llu\t%s\n", (long long)begin, (unsigned long long)place.folder, place.name);
  if (log_fd >= 0) unlock_names();
  return result;
}
EXPORT int unlink(const char* path) { return unlinkat(AT_FDCWD, path, 0); }
EXPORT int rmdir(const char* path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }
EXPORT int remove(const char* path) {
  const int result = unlinkat(AT_FDCWD, path, 0);
  return result != 0 && errno == EISDIR ? unlinkat(AT_FDCWD, path, AT_REMOVEDIR) : result;
}

EXPORT int mkdirat(int at, const char* path, mode_t mode) {
  ready();
  struct place place = {0};
  int64_t begin = 0;
  if (log_fd >= 0) {
    pthread_mutex_lock(&names);
    place = locate(at, path);
    begin = position();
  }
  const int result = (int)syscall(SYS_mkdirat, at, path, mode);
  struct stat status;
  if (result == 0 && place.inside && is_there(at, path, &status))
    record("set\t%lld\t%llu\t%llu\td\t%s\n", (long long)begin, (unsigned long long)place.folder,
           (unsigned long long)status.st_ino, place.name);
  if (log_fd >= 0) unlock_names();
  return result;
}
EXPORT int mkdir(const char* path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

EXPORT int symlinkat(const char* target, int at, const char* path) {
  ready();
  const struct place place = locate(at, path);
  if (place.inside) stop_recording("cannot record a symbolic link:", path);
  return (int)syscall(SYS_symlinkat, target, at, path);
}
EXPORT int symlink(const char* target, const char* path) { return symlinkat(target, AT_FDCWD, path); }

static void record_touch(int64_t begin, const struct stat* status) {
  if (status->st_dev == root_device)
    record("touch\t%lld\t%llu\n", (long long)begin, (unsigned long long)status->st_ino);
}
EXPORT int futimens(int fd, const struct timespec times[2]) {
  ready();
  struct stat status;
  const int64_t begin = log_fd >= 0 ? position() : 0;
  const int result = (int)syscall(SYS_utimensat, fd, NULL, times, 0);
  if (result == 0 && log_fd >= 0 && fstat(fd, &status) == 0) record_touch(begin, &status);
  return result;
}
EXPORT int utimensat(int at, const char* path, const struct timespec times[2], int flags) {
  ready();
  struct stat status;
  const int64_t begin = log_fd >= 0 ? position() : 0;
  const int result = (int)syscall(SYS_utimensat, at, path, times, flags);
  if (result == 0 && log_fd >= 0 && is_there(at, path, &status)) record_touch(begin, &status);
  return result;
}

/* --- making durable ----------------------------------------------------------------------------------------------- */

static int sync_one(long number, const char* kind, int fd) {
  ready();
  if (log_fd < 0) return (int)syscall(number, fd);
  const int64_t begin = position();
  const int64_t written = fd >= 0 && fd < MAX_FD ? atomic_load(&last_write[fd]) : 0;
  struct stat status;
  const int known =
      fstat(fd, &status) == 0 && status.st_dev == root_device && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
  const int result = (int)syscall(number, fd);
  if (result == 0 && known)
    record("sync\t%lld\t%llu\t%lld\t%s\t%lld\n", (long long)begin, (unsigned long long)status.st_ino,
           (long long)status.st_size, kind, (long long)written);
  return result;
}
EXPORT int fsync(int fd) { return sync_one(SYS_fsync, "full", fd); }
EXPORT int fdatasync(int fd) { return sync_one(SYS_fdatasync, "data", fd); }

EXPORT int sync_file_range(int fd, off64_t offset, off64_t count, unsigned flags) {
  ready();
  if (log_fd < 0) return (int)syscall(SYS_sync_file_range, fd, offset, count, flags);
  const int64_t begin = position();
  struct stat status;
  const int known = fstat(fd, &status) == 0 && status.st_dev == root_device && S_ISREG(status.st_mode);
  const int result = (int)syscall(SYS_sync_file_range, fd, offset, count, flags);
  const unsigned waits = SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
  if (result == 0 && known && (flags & waits) == waits) {
    const int64_t end = count == 0 || offset + count > status.st_size ? status.st_size : offset + count;
    record("back\t%lld\t%llu\t%lld\t%lld\n", (long long)begin, (unsigned long long)status.st_ino, (long long)offset,
           (long long)end);
  }
  return result;
}

struct kept_size {
  unsigned long long inode;
  long long size;
};

/* The sizes of all files before a sync of everything. */
static struct kept_size* sizes_of_all(size_t* count) {
  struct kept_size* sizes = NULL;
  *count = 0;
  DIR* folder = fdopendir((int)syscall(SYS_openat, keep_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0));
  if (folder == NULL) stop_recording("cannot read", "keep");
  size_t room = 0;
  for (struct dirent* entry; (entry = readdir(folder)) != NULL;) {
    struct stat status;
    if (entry->d_name[0] == '.' || fstatat(keep_fd, entry->d_name, &status, 0) != 0) continue;
    if (*count == room) {
      room = room * 2 + 64;
      sizes = realloc(sizes, room * sizeof *sizes);
      if (sizes == NULL) stop_recording("no memory for", "sync");
    }
    sizes[(*count)++] = (struct kept_size){status.st_ino, status.st_size};
  }
  closedir(folder);
  return sizes;
}

static int sync_all(long number, int fd) {
  ready();
  if (log_fd < 0) return (int)syscall(number, fd);
  const int64_t begin = position();
  size_t count;
  struct kept_size* sizes = sizes_of_all(&count);
  const int result = (int)syscall(number, fd);
  if (result == 0) {
    for (size_t i = 0; i < count; ++i)
      record("sync\t%lld\t%llu\t%lld\tfull\t0\n", (long long)begin, sizes[i].inode, sizes[i].size);
    record("all\t%lld\n", (long long)begin);
  }
  free(sizes);
  return result;
}
EXPORT int syncfs(int fd) {
  struct stat status;
  ready();
  if (log_fd >= 0 && fstat(fd, &status) == 0 && status.st_dev != root_device) return (int)syscall(SYS_syncfs, fd);
  return sync_all(SYS_syncfs, fd);
}
EXPORT void sync(void) { sync_all(SYS_sync, 0); }
