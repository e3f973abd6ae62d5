#pragma once
#include "fermata/bridge/archive.hpp"
#include "fermata/transcoder.hpp"

namespace fermata::bridge {

template <>
struct Bridge<FrameReader> {
  using Table = fermata_frame_reader_vt;
  using Handle = fermata_frame_reader;
  static const Table* table() {
    static const Table t{sizeof(Table), destroy<FrameReader>, Thunk<&FrameReader::count>::call,
                         Thunk<&FrameReader::frame>::call};
    return &t;
  }
  class Proxy final : public FrameReader, OwnedRemote<Table> {
   public:
    explicit Proxy(Handle h) : OwnedRemote(h.vt, h.self) {}
    uint64_t count() override { return get<uint64_t>(&Table::count); }
    std::span<const std::byte> frame(uint64_t number, std::string_view transfer_syntax_uid) override {
      return get<std::span<const std::byte>>(&Table::frame, number, str(transfer_syntax_uid));
    }
  };
};

template <>
struct Bridge<Transcoder> {
  using Table = fermata_transcoder_vt;
  static const Table* table() {
    static const Table t{sizeof(Table), Thunk<&Transcoder::can>::call, Thunk<&Transcoder::transcode>::call,
                         Thunk<&Transcoder::frames>::call};
    return &t;
  }
  class Proxy final : public Transcoder, Remote<Table> {
   public:
    Proxy(const void* vt, void* self) : Remote(static_cast<const Table*>(vt), self) {}
    bool can(std::string_view from, std::string_view to) override { return get<bool>(&Table::can, str(from), str(to)); }
    std::unique_ptr<ObjectReader> transcode(std::unique_ptr<ObjectReader> object, std::string_view from,
                                            std::string_view to) override {
      return get<std::unique_ptr<ObjectReader>>(&Table::transcode, hand_over(std::move(object)), str(from), str(to));
    }
    std::unique_ptr<FrameReader> frames(const InstanceRecord& record, std::unique_ptr<ObjectReader> object) override {
      const auto c = to_c(record);
      return get<std::unique_ptr<FrameReader>>(&Table::frames, &c, hand_over(std::move(object)));
    }
  };
};

}  // namespace fermata::bridge
