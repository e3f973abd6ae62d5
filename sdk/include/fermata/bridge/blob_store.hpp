#pragma once
#include "fermata/blob_store.hpp"
#include "fermata/bridge/bridge.hpp"

namespace fermata::bridge {

/// A buffer to be filled crosses as pointer and capacity, which is two parameters: its thunk is written by hand.
template <class Reader>
int32_t read_at_thunk(void* self, uint64_t offset, uint8_t* into, uint64_t capacity, uint64_t* out,
                      fermata_error* error) noexcept {
  return guard(error, [&] {
    *out = static_cast<Reader*>(self)->read_at(
        offset, {reinterpret_cast<std::byte*>(into), static_cast<std::size_t>(capacity)});
  });
}

template <>
struct Out<Capacity> {
  using c = fermata_capacity;
  static void put(Capacity v, c* out) { deliver({sizeof *out, 0, v.total, v.available}, *out); }
  static Capacity take(const c& v) { return {v.total, v.available}; }
};

template <>
struct Bridge<BlobWriter> {
  using Table = fermata_blob_writer_vt;
  using Handle = fermata_blob_writer;
  static const Table* table() {
    static const Table t{sizeof(Table), destroy<BlobWriter>, Thunk<&BlobWriter::append>::call,
                         Thunk<&BlobWriter::commit>::call};
    return &t;
  }
  class Proxy final : public BlobWriter, OwnedRemote<Table> {
   public:
    explicit Proxy(Handle h) : OwnedRemote(h.vt, h.self) {}
    void append(std::span<const std::byte> data) override { call(&Table::append, bytes(data)); }
    void commit() override { call(&Table::commit); }
  };
};

template <>
struct Bridge<BlobReader> {
  using Table = fermata_blob_reader_vt;
  using Handle = fermata_blob_reader;
  static const Table* table() {
    static const Table t{sizeof(Table), destroy<BlobReader>, Thunk<&BlobReader::length>::call,
                         read_at_thunk<BlobReader>};
    return &t;
  }
  class Proxy final : public BlobReader, OwnedRemote<Table> {
   public:
    explicit Proxy(Handle h) : OwnedRemote(h.vt, h.self) {}
    uint64_t length() override { return get<uint64_t>(&Table::length); }
    uint64_t read_at(uint64_t offset, std::span<std::byte> into) override {
      return get<uint64_t>(&Table::read_at, offset, reinterpret_cast<uint8_t*>(into.data()), uint64_t{into.size()});
    }
  };
};

template <>
struct Convert<BlobEntry> {
  using c = fermata_blob_entry;
  static c to(const BlobEntry& e) { return {sizeof(c), str(e.key), e.length}; }
  static BlobEntry from(const c& v) { return {view(v.key), v.length}; }
};
template <>
struct Wire<BlobEntry&> : GivenOut<BlobEntry> {};
template <>
struct Bridge<BlobCursor> : CursorBridge<BlobCursor, BlobEntry, fermata_blob_cursor_vt, fermata_blob_cursor> {};

template <>
struct Bridge<BlobStore> {
  using Table = fermata_blob_store_vt;
  static const Table* table() {
    static const Table t{sizeof(Table),
                         Thunk<&BlobStore::create>::call,
                         Thunk<&BlobStore::open>::call,
                         Thunk<&BlobStore::remove>::call,
                         Thunk<&BlobStore::list>::call,
                         Thunk<&BlobStore::capacity>::call,
                         Thunk<&BlobStore::sync>::call};
    return &t;
  }
  class Proxy final : public BlobStore, Remote<Table> {
   public:
    Proxy(const void* vt, void* self) : Remote(static_cast<const Table*>(vt), self) {}
    std::unique_ptr<BlobWriter> create(std::string_view key) override {
      return get<std::unique_ptr<BlobWriter>>(&Table::create, str(key));
    }
    std::unique_ptr<BlobReader> open(std::string_view key) override {
      return get<std::unique_ptr<BlobReader>>(&Table::open, str(key));
    }
    void remove(std::string_view key) override { call(&Table::remove, str(key)); }
    std::unique_ptr<BlobCursor> list(std::string_view after) override {
      return get<std::unique_ptr<BlobCursor>>(&Table::list, str(after));
    }
    Capacity capacity() override { return get<Capacity>(&Table::capacity); }
    void sync() override { call(&Table::sync); }
  };
};

}  // namespace fermata::bridge
