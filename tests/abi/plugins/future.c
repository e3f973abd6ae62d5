/* A plugin as a later SDK would make it: every table and the entry itself have grown, it offers and wants services that
 * nobody here has heard of. To a host of today it is a blob store like any other. */
#define fermata_plugin_entry_v1 entry_of_today
#include "../../plugins/memory-store-c/memory_store.c"
#undef fermata_plugin_entry_v1

static int32_t not_yet(void* self, fermata_error* error) {
  (void)self;
  return fail(error, FERMATA_UNSUPPORTED, "this function is of the future");
}

struct future_store_vt {
  fermata_blob_store_vt today;
  int32_t (*rename)(void* self, fermata_error* error);
  int32_t (*tag)(void* self, fermata_error* error);
};

struct future_plugin_vt {
  fermata_plugin_vt today;
  int32_t (*reload)(void* self, fermata_error* error);
};

struct future_entry {
  fermata_plugin_entry today;
  const char* licence;
  uint64_t flags[4];
};

#define TIME_MACHINE "fermata.time-machine/7"

static const struct future_store_vt future_store_table = {
    {sizeof(struct future_store_vt), store_create, store_open, store_remove, store_list, store_capacity, store_sync},
    not_yet,
    not_yet};

static int32_t future_start(void* self, fermata_error* error) {
  struct store* store = self;
  const fermata_host* host = store->host;
  const fermata_service blob_store = {FERMATA_BLOB_STORE_ID, &future_store_table, store};
  const fermata_service time_machine = {TIME_MACHINE, &future_store_table, store};
  const fermata_str oracle = {"fermata.oracle/3", 16};
  fermata_service found;
  int32_t code = host->publish(host->self, &blob_store, error);
  if (code == FERMATA_OK) code = host->publish(host->self, &time_machine, error);
  if (code == FERMATA_OK && host->lookup(host->self, oracle, 0, &found, error) != FERMATA_NOT_FOUND)
    return fail(error, FERMATA_INTERNAL, "nobody provides an oracle");
  return code;
}

static const struct future_plugin_vt future_plugin_table = {
    {sizeof(struct future_plugin_vt), future_start, serve, drain, stop, destroy}, not_yet};

static int32_t future_create(const fermata_host* host, const fermata_value* config, fermata_plugin* out,
                             fermata_error* error) {
  const int32_t code = create(host, config, out, error);
  if (code == FERMATA_OK) out->vt = &future_plugin_table.today;
  return code;
}

static const char* const future_provides[] = {FERMATA_BLOB_STORE_ID, TIME_MACHINE};
static const fermata_need future_needs[] = {{"fermata.oracle/3", FERMATA_NEEDS_OPTIONAL, 0},
                                            {"fermata.rumour/12", FERMATA_NEEDS_MANY, 0}};

extern const struct future_entry fermata_plugin_entry_v1;
__attribute__((visibility("default"))) const struct future_entry fermata_plugin_entry_v1 = {
    {FERMATA_ABI_MAJOR, FERMATA_ABI_MINOR + 99, sizeof(struct future_entry), 0, "future", "9.0.0", "a later C", schema,
     future_provides, 2, future_needs, 2, future_create},
    "Apache-2.0",
    {0, 0, 0, 0}};
