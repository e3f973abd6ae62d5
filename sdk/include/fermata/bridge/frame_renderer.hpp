#pragma once
#include "fermata/bridge/archive.hpp"
#include "fermata/frame_renderer.hpp"

namespace fermata::bridge {

inline fermata_rendering to_c(const Rendering& r) {
  return {sizeof(fermata_rendering),
          r.quality,
          r.frame,
          str(r.media_type),
          static_cast<uint8_t>(r.has_window),
          {},
          static_cast<uint32_t>(r.voi),
          r.window_center,
          r.window_width,
          r.viewport_width,
          r.viewport_height,
          r.source_x,
          r.source_y,
          r.source_width,
          r.source_height};
}
template <>
struct Wire<const Rendering&> {
  using c = const fermata_rendering*;
  static Rendering from(c given) {
    const auto v = complete(*given);
    return {v.frame,
            view(v.media_type),
            v.quality,
            v.has_window != 0,
            static_cast<Rendering::Voi>(v.voi_function),
            v.window_center,
            v.window_width,
            v.viewport_width,
            v.viewport_height,
            v.source_x,
            v.source_y,
            v.source_width,
            v.source_height};
  }
};

template <>
struct Bridge<RenderedFrame> {
  using Table = fermata_rendered_frame_vt;
  using Handle = fermata_rendered_frame;
  static const Table* table() {
    static const Table t{sizeof(Table), destroy<RenderedFrame>, Thunk<&RenderedFrame::bytes>::call};
    return &t;
  }
  class Proxy final : public RenderedFrame, OwnedRemote<Table> {
   public:
    explicit Proxy(Handle h) : OwnedRemote(h.vt, h.self) {}
    std::span<const std::byte> bytes() override { return get<std::span<const std::byte>>(&Table::bytes); }
  };
};

template <>
struct Bridge<FrameRenderer> {
  using Table = fermata_frame_renderer_vt;
  static const Table* table() {
    static const Table t{sizeof(Table), Thunk<&FrameRenderer::render>::call};
    return &t;
  }
  class Proxy final : public FrameRenderer, Remote<Table> {
   public:
    Proxy(const void* vt, void* self) : Remote(static_cast<const Table*>(vt), self) {}
    std::unique_ptr<RenderedFrame> render(const InstanceRecord& record, std::unique_ptr<ObjectReader> object,
                                          const Rendering& rendering) override {
      const auto r = to_c(record);
      const auto c = to_c(rendering);
      return get<std::unique_ptr<RenderedFrame>>(&Table::render, &r, hand_over(std::move(object)), &c);
    }
  };
};

}  // namespace fermata::bridge
