#pragma once
#include <array>
#include <optional>
#include <vector>

#include "fermata/archive.hpp"
#include "frame_codec.hpp"
#include "frame_store.hpp"

namespace fermata::codecs {

/// Numbers of 64 bits in an element, already read or still in the object.
struct LongNumbers {
  std::vector<std::byte> bytes;
  uint64_t offset = 0;  ///< in the object, unless `bytes` has them
  uint64_t count = 0;
};

/// Where the frames are, counted from the first fragment's item (PS3.3 C.7.6.3.1.8). Empty: not said.
struct ExtendedOffsetTable {
  LongNumbers offsets;
  LongNumbers lengths;
};

/// Frames in fragments (PS3.5 A.4): found by the Extended or the Basic Offset Table if its first and last entry are
/// right, and then each entry is believed only as far as items really stand there; else by walking the fragments'
/// headers, once.
///
/// What a decoder says about how a bit stream begins tells frames apart where several fragments make a frame.
/// **Ownership**: borrows object and decoder.
class EncapsulatedFrames final : public FrameStore {
 public:
  /// `offset`: of the value, that is of the Basic Offset Table's item. `decoder` may be null.
  EncapsulatedFrames(ObjectReader& object, uint64_t offset, uint64_t frames, const FrameDecoder* decoder,
                     ExtendedOffsetTable extended);
  uint64_t length(uint64_t number) override;
  void read(uint64_t number, std::span<std::byte> into) override;

 private:
  struct Fragment {
    uint64_t offset;  ///< of its bytes
    uint32_t length;
    bool begins;  ///< a frame, as far as its bytes say
    bool cut;     ///< the object ends before it
    uint64_t end() const { return offset + length; }
  };
  using Fragments = std::vector<Fragment>;

  const Fragments& locate(uint64_t number);
  bool believable(bool (EncapsulatedFrames::*table)(uint64_t, Fragments&), std::optional<bool>& known);
  bool by_extended_table(uint64_t number, Fragments& found);
  bool by_basic_table(uint64_t number, Fragments& found);
  bool walk(uint64_t from, std::optional<uint64_t> to, Fragments& found);
  bool ends_at(uint64_t at);
  bool belongs_together(const Fragments& fragments) const;
  void scan();
  void by_scan(uint64_t number, Fragments& found);

  std::optional<Fragment> fragment_at(uint64_t at);
  std::optional<uint64_t> number_at(const LongNumbers& numbers, uint64_t index);
  std::span<const std::byte> look(uint64_t at, std::size_t count);

  ObjectReader& object_;
  const uint64_t object_length_;
  uint64_t frames_;
  const FrameDecoder* decoder_;
  ExtendedOffsetTable extended_;
  uint64_t table_ = 0;  ///< the Basic Offset Table's entries
  uint64_t table_length_ = 0;
  uint64_t first_ = 0;  ///< the first fragment's item
  std::optional<bool> extended_is_believable_;
  std::optional<bool> basic_is_believable_;

  bool scanned_ = false;
  Fragments all_;
  std::vector<std::size_t> starts_;  ///< of frames, in `all_`
  uint64_t located_ = 0;
  Fragments found_;

  std::array<std::byte, 4096> window_;
  uint64_t window_begin_ = 0;
  std::size_t window_size_ = 0;
  bool small_fragments_ = true;
};

}  // namespace fermata::codecs
