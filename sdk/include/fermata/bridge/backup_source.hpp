#pragma once
#include "fermata/backup_source.hpp"
#include "fermata/bridge/bridge.hpp"

namespace fermata::bridge {

template <>
struct Convert<BackupFile> {
  using c = fermata_backup_file;
  static c to(const BackupFile& f) { return {sizeof(c), 0, str(f.name), f.length, f.version, str(f.path)}; }
  static BackupFile from(const c& v) { return {view(v.name), v.length, v.version, view(v.path)}; }
};
template <>
struct Wire<BackupFile&> : GivenOut<BackupFile> {};

template <>
struct Bridge<BackupSession> {
  using Table = fermata_backup_session_vt;
  using Handle = fermata_backup_session;
  static const Table* table() {
    static const Table t{sizeof(Table), destroy<BackupSession>, Thunk<&BackupSession::capture>::call,
                         Thunk<&BackupSession::next>::call, Thunk<&BackupSession::open>::call};
    return &t;
  }
  class Proxy final : public BackupSession, OwnedRemote<Table> {
   public:
    explicit Proxy(Handle h) : OwnedRemote(h.vt, h.self) {}
    void capture() override { call(&Table::capture); }
    bool next(BackupFile& file) override {
      fermata_backup_file c{};
      c.size = sizeof c;
      const bool more = get<bool>(&Table::next, &c);
      file = Convert<BackupFile>::from(c);
      return more;
    }
    std::unique_ptr<BlobReader> open(std::string_view name) override {
      return get<std::unique_ptr<BlobReader>>(&Table::open, str(name));
    }
  };
};

template <>
struct Bridge<BackupSource> {
  using Table = fermata_backup_source_vt;
  static const Table* table() {
    static const Table t{sizeof(Table), Thunk<&BackupSource::place>::call, Thunk<&BackupSource::begin>::call};
    return &t;
  }
  class Proxy final : public BackupSource, Remote<Table> {
   public:
    Proxy(const void* vt, void* self) : Remote(static_cast<const Table*>(vt), self) {}
    std::string_view place() override { return get<std::string_view>(&Table::place); }
    std::unique_ptr<BackupSession> begin() override { return get<std::unique_ptr<BackupSession>>(&Table::begin); }
  };
};

}  // namespace fermata::bridge
