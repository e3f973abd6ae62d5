/* A plugin of the next ABI major: its entry has another name, so that nobody reads it by mistake. */
extern const int fermata_plugin_entry_v2;
__attribute__((visibility("default"))) const int fermata_plugin_entry_v2 = 2;
