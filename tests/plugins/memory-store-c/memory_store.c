/* A whole blob store in C: no C++ stands between it and the host. Blobs are kept in memory, sorted by key. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "fermata/c/blob_store.h"
#include "fermata/c/plugin.h"

#ifndef MEMORY_STORE_ID
#define MEMORY_STORE_ID "memory-store-c"
#endif

/* Readers keep a blob that was removed: it goes when the last one lets go of it. */
struct blob {
  uint64_t references;
  uint64_t length;
  uint8_t* bytes;
};

struct entry {
  char* key;
  uint64_t key_size;
  struct blob* blob;
};

struct store {
  const fermata_host* host;
  pthread_mutex_t mutex; /* of everything below, and of the references */
  struct entry* entries;
  uint64_t count;
  uint64_t room;
  uint64_t total;
  uint64_t used; /* unfinished blobs included */
};

struct writer {
  struct store* store;
  char* key;
  uint64_t key_size;
  struct blob* blob;
  uint64_t capacity;
};

struct reader {
  struct store* store;
  struct blob* blob;
};

struct cursor {
  struct store* store;
  char* key; /* where it stands; what is shown is valid until the next call */
  uint64_t key_size;
};

static int32_t fail(fermata_error* error, int32_t code, const char* message) {
  if (error != NULL) {
    error->code = code;
    strncpy(error->message, message, sizeof error->message - 1);
    error->message[sizeof error->message - 1] = '\0';
  }
  return code;
}

static int32_t out_of_memory(fermata_error* error) { return fail(error, FERMATA_OUT_OF_MEMORY, "out of memory"); }

static int32_t not_found(fermata_error* error) {
  return fail(error, FERMATA_NOT_FOUND, "there is no blob under this key");
}

static char* copy_of(const char* data, uint64_t size) {
  char* copy = malloc(size + 1);
  if (copy != NULL && size > 0) memcpy(copy, data, size);
  return copy;
}

static int is_key_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

static int is_segment(const char* text, uint64_t size) {
  uint64_t i;
  if (size == 0 || size > 255) return 0;
  if (text[0] == '.' && (size == 1 || (size == 2 && text[1] == '.'))) return 0;
  for (i = 0; i < size; ++i)
    if (!is_key_character(text[i])) return 0;
  return 1;
}

static int is_key(fermata_str key) {
  uint64_t begin = 0, end;
  if (key.size == 0 || key.size > 512) return 0;
  for (end = 0; end <= key.size; ++end) {
    if (end < key.size && key.data[end] != '/') continue;
    if (!is_segment(key.data + begin, end - begin)) return 0;
    begin = end + 1;
  }
  return 1;
}

static int32_t check_key(fermata_str key, fermata_error* error) {
  if (is_key(key)) return FERMATA_OK;
  return fail(error, FERMATA_INVALID, "this is no key of a blob: see fermata/blob_store.hpp");
}

static int compare(const char* a, uint64_t a_size, const char* b, uint64_t b_size) {
  const uint64_t common = a_size < b_size ? a_size : b_size;
  const int order = common == 0 ? 0 : memcmp(a, b, common);
  if (order != 0) return order;
  return a_size < b_size ? -1 : a_size > b_size;
}

/* The first entry whose key is not less than this one. The mutex is held. */
static uint64_t lower_bound(const struct store* store, const char* key, uint64_t size) {
  uint64_t low = 0, high = store->count;
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    if (compare(store->entries[middle].key, store->entries[middle].key_size, key, size) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static int is_at(const struct store* store, uint64_t i, const char* key, uint64_t size) {
  return i < store->count && compare(store->entries[i].key, store->entries[i].key_size, key, size) == 0;
}

/* The mutex is held. */
static void release(struct blob* blob) {
  if (--blob->references > 0) return;
  free(blob->bytes);
  free(blob);
}

/* Writers ---------------------------------------------------------------------------------------------------------- */

static void writer_destroy(void* self) {
  struct writer* writer = self;
  if (writer->blob != NULL) {
    pthread_mutex_lock(&writer->store->mutex);
    writer->store->used -= writer->blob->length;
    release(writer->blob);
    pthread_mutex_unlock(&writer->store->mutex);
  }
  free(writer->key);
  free(writer);
}

static int32_t reserve(struct writer* writer, uint64_t length, fermata_error* error) {
  uint64_t capacity = writer->capacity == 0 ? 4096 : writer->capacity;
  uint8_t* bytes;
  if (length <= writer->capacity) return FERMATA_OK;
  while (capacity < length) capacity *= 2;
  bytes = realloc(writer->blob->bytes, capacity);
  if (bytes == NULL) return out_of_memory(error);
  writer->blob->bytes = bytes;
  writer->capacity = capacity;
  return FERMATA_OK;
}

static int32_t writer_append(void* self, fermata_bytes data, fermata_error* error) {
  struct writer* writer = self;
  struct store* store = writer->store;
  int32_t code;
  if (data.size == 0) return FERMATA_OK;
  code = reserve(writer, writer->blob->length + data.size, error);
  if (code != FERMATA_OK) return code;
  pthread_mutex_lock(&store->mutex);
  if (data.size > store->total - store->used)
    code = fail(error, FERMATA_NO_SPACE, "the store in memory is full: remove blobs, or give it a larger total");
  else
    store->used += data.size;
  pthread_mutex_unlock(&store->mutex);
  if (code != FERMATA_OK) return code;
  memcpy(writer->blob->bytes + writer->blob->length, data.data, data.size);
  writer->blob->length += data.size;
  return FERMATA_OK;
}

/* The mutex is held. */
static int32_t insert(struct store* store, uint64_t at, struct writer* writer, fermata_error* error) {
  if (store->count == store->room) {
    const uint64_t room = store->room == 0 ? 64 : store->room * 2;
    struct entry* entries = realloc(store->entries, room * sizeof *entries);
    if (entries == NULL) return out_of_memory(error);
    store->entries = entries;
    store->room = room;
  }
  memmove(store->entries + at + 1, store->entries + at, (store->count - at) * sizeof *store->entries);
  store->entries[at].key = writer->key;
  store->entries[at].key_size = writer->key_size;
  store->entries[at].blob = writer->blob;
  ++store->count;
  writer->key = NULL; /* both are the store's now */
  writer->blob = NULL;
  return FERMATA_OK;
}

static int32_t writer_commit(void* self, fermata_error* error) {
  struct writer* writer = self;
  struct store* store = writer->store;
  int32_t code;
  uint64_t at;
  pthread_mutex_lock(&store->mutex);
  at = lower_bound(store, writer->key, writer->key_size);
  if (is_at(store, at, writer->key, writer->key_size))
    code = fail(error, FERMATA_CONFLICT, "another blob has been committed under this key");
  else
    code = insert(store, at, writer, error);
  pthread_mutex_unlock(&store->mutex);
  return code;
}

static const fermata_blob_writer_vt writer_table = {sizeof writer_table, writer_destroy, writer_append, writer_commit};

/* Readers ---------------------------------------------------------------------------------------------------------- */

static void reader_destroy(void* self) {
  struct reader* reader = self;
  pthread_mutex_lock(&reader->store->mutex);
  release(reader->blob);
  pthread_mutex_unlock(&reader->store->mutex);
  free(reader);
}

static int32_t reader_length(void* self, uint64_t* out, fermata_error* error) {
  (void)error;
  *out = ((struct reader*)self)->blob->length;
  return FERMATA_OK;
}

static int32_t reader_read_at(void* self, uint64_t offset, uint8_t* into, uint64_t capacity, uint64_t* out,
                              fermata_error* error) {
  const struct blob* blob = ((struct reader*)self)->blob;
  const uint64_t rest = offset < blob->length ? blob->length - offset : 0;
  (void)error;
  *out = capacity < rest ? capacity : rest;
  if (*out > 0) memcpy(into, blob->bytes + offset, *out);
  return FERMATA_OK;
}

static const fermata_blob_reader_vt reader_table = {sizeof reader_table, reader_destroy, reader_length, reader_read_at};

/* Cursors ---------------------------------------------------------------------------------------------------------- */

static void cursor_destroy(void* self) {
  struct cursor* cursor = self;
  free(cursor->key);
  free(cursor);
}

static int32_t cursor_next(void* self, fermata_blob_entry* entry, uint8_t* out, fermata_error* error) {
  struct cursor* cursor = self;
  struct store* store = cursor->store;
  int32_t code = FERMATA_OK;
  uint64_t at;
  *out = 0;
  pthread_mutex_lock(&store->mutex);
  at = lower_bound(store, cursor->key, cursor->key_size);
  if (is_at(store, at, cursor->key, cursor->key_size)) ++at;
  if (at < store->count) {
    const struct entry* found = &store->entries[at];
    char* key = copy_of(found->key, found->key_size);
    if (key == NULL) {
      code = out_of_memory(error);
    } else {
      free(cursor->key);
      cursor->key = key;
      cursor->key_size = found->key_size;
      entry->key.data = key; /* this record has not grown: every caller has all of it */
      entry->key.size = found->key_size;
      entry->length = found->blob->length;
      *out = 1;
    }
  }
  pthread_mutex_unlock(&store->mutex);
  return code;
}

static const fermata_blob_cursor_vt cursor_table = {sizeof cursor_table, cursor_destroy, cursor_next};

/* The store -------------------------------------------------------------------------------------------------------- */

static int32_t store_create(void* self, fermata_str key, fermata_blob_writer* out, fermata_error* error) {
  struct writer* writer;
  const int32_t code = check_key(key, error);
  if (code != FERMATA_OK) return code;
  writer = calloc(1, sizeof *writer);
  if (writer != NULL) {
    writer->key = copy_of(key.data, key.size);
    writer->blob = calloc(1, sizeof *writer->blob);
  }
  if (writer == NULL || writer->key == NULL || writer->blob == NULL) {
    if (writer != NULL) {
      free(writer->key);
      free(writer->blob);
    }
    free(writer);
    return out_of_memory(error);
  }
  writer->store = self;
  writer->key_size = key.size;
  writer->blob->references = 1;
  out->vt = &writer_table;
  out->self = writer;
  return FERMATA_OK;
}

static int32_t store_open(void* self, fermata_str key, fermata_blob_reader* out, fermata_error* error) {
  struct store* store = self;
  struct reader* reader;
  uint64_t at;
  int32_t code = check_key(key, error);
  if (code != FERMATA_OK) return code;
  reader = calloc(1, sizeof *reader);
  if (reader == NULL) return out_of_memory(error);
  pthread_mutex_lock(&store->mutex);
  at = lower_bound(store, key.data, key.size);
  if (is_at(store, at, key.data, key.size)) {
    reader->store = store;
    reader->blob = store->entries[at].blob;
    ++reader->blob->references;
  } else {
    code = not_found(error);
  }
  pthread_mutex_unlock(&store->mutex);
  if (code != FERMATA_OK) {
    free(reader);
    return code;
  }
  out->vt = &reader_table;
  out->self = reader;
  return FERMATA_OK;
}

static int32_t store_remove(void* self, fermata_str key, fermata_error* error) {
  struct store* store = self;
  uint64_t at;
  int32_t code = check_key(key, error);
  if (code != FERMATA_OK) return code;
  pthread_mutex_lock(&store->mutex);
  at = lower_bound(store, key.data, key.size);
  if (is_at(store, at, key.data, key.size)) {
    const struct entry gone = store->entries[at];
    --store->count;
    memmove(store->entries + at, store->entries + at + 1, (store->count - at) * sizeof *store->entries);
    store->used -= gone.blob->length;
    release(gone.blob);
    free(gone.key);
  } else {
    code = not_found(error);
  }
  pthread_mutex_unlock(&store->mutex);
  return code;
}

static int32_t store_list(void* self, fermata_str after, fermata_blob_cursor* out, fermata_error* error) {
  struct cursor* cursor = calloc(1, sizeof *cursor);
  if (cursor != NULL) cursor->key = copy_of(after.data, after.size);
  if (cursor == NULL || cursor->key == NULL) {
    free(cursor);
    return out_of_memory(error);
  }
  cursor->store = self;
  cursor->key_size = after.size;
  out->vt = &cursor_table;
  out->self = cursor;
  return FERMATA_OK;
}

static int32_t store_capacity(void* self, fermata_capacity* out, fermata_error* error) {
  struct store* store = self;
  (void)error;
  pthread_mutex_lock(&store->mutex);
  out->total = store->total;
  out->available = store->total - store->used;
  pthread_mutex_unlock(&store->mutex);
  return FERMATA_OK;
}

static int32_t store_sync(void* self, fermata_error* error) {
  (void)self;
  (void)error;
  return FERMATA_OK;
}

static const fermata_blob_store_vt store_table = {sizeof store_table, store_create,   store_open, store_remove,
                                                  store_list,         store_capacity, store_sync};

/* The plugin ------------------------------------------------------------------------------------------------------- */

static int32_t start(void* self, fermata_error* error) {
  struct store* store = self;
  const fermata_service service = {FERMATA_BLOB_STORE_ID, &store_table, store};
  return store->host->publish(store->host->self, &service, error);
}

static int32_t serve(void* self, fermata_error* error) {
  (void)self;
  (void)error;
  return FERMATA_OK;
}

static void drain(void* self, uint64_t deadline_ms) {
  (void)self;
  (void)deadline_ms;
}

static void stop(void* self) { (void)self; }

static void destroy(void* self) {
  struct store* store = self;
  uint64_t i;
  for (i = 0; i < store->count; ++i) {
    free(store->entries[i].key);
    release(store->entries[i].blob);
  }
  free(store->entries);
  pthread_mutex_destroy(&store->mutex);
  free(store);
}

static const fermata_plugin_vt plugin_table = {sizeof plugin_table, start, serve, drain, stop, destroy};

static uint64_t total_of(const fermata_value* config) {
  uint64_t i;
  for (i = 0; i < config->count; ++i)
    if (config->items[i].key.size == 5 && memcmp(config->items[i].key.data, "total", 5) == 0)
      return (uint64_t)config->items[i].integer;
  return 0;
}

static int32_t create(const fermata_host* host, const fermata_value* config, fermata_plugin* out,
                      fermata_error* error) {
  struct store* store = calloc(1, sizeof *store);
  if (store == NULL) return out_of_memory(error);
  if (pthread_mutex_init(&store->mutex, NULL) != 0) {
    free(store);
    return fail(error, FERMATA_INTERNAL, "no mutex can be made");
  }
  store->host = host;
  store->total = total_of(config);
  out->vt = &plugin_table;
  out->self = store;
  return FERMATA_OK;
}

static const char schema[] =
    "type: object\n"
    "description: Keeps blobs in memory. For tests.\n"
    "properties:\n"
    "  total:\n"
    "    type: integer\n"
    "    minimum: 0\n"
    "    default: 1073741824\n"
    "    description: How many bytes fit in.\n";

static const char* const provides[] = {FERMATA_BLOB_STORE_ID};

__attribute__((visibility("default"))) const fermata_plugin_entry fermata_plugin_entry_v1 = {
    FERMATA_ABI_MAJOR, FERMATA_ABI_MINOR, sizeof(fermata_plugin_entry),
    0,                 MEMORY_STORE_ID,   "1.0.0",
    "C",               schema,            provides,
    1,                 NULL,              0,
    create};
