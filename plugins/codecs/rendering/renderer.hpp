#pragma once
#include <memory>

#include "fermata/frame_renderer.hpp"
#include "memory.hpp"

namespace fermata::codecs {

/// Makes JPEG and PNG pictures of frames: decodes one, gives it its grey scale or colours, crops, scales, encodes.
///
/// Decoded pixels are the only thing of a frame's size in memory; all after them goes line by line.
/// **Thread**: any. **Ownership**: borrows the memory. **Errors**: as FrameRenderer says.
class Renderer final : public FrameRenderer {
 public:
  explicit Renderer(Memory& memory) : memory_(memory) {}
  std::unique_ptr<RenderedFrame> render(const InstanceRecord& record, std::unique_ptr<ObjectReader> object,
                                        const Rendering& rendering) override;

 private:
  Memory& memory_;
};

}  // namespace fermata::codecs
