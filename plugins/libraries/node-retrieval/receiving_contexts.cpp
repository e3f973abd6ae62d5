#include "receiving_contexts.hpp"

#include <algorithm>
#include <array>

namespace fermata::node_retrieval {
namespace {

constexpr std::size_t kMostContexts = 128;  // PS3.8 9.3.2.2

constexpr std::array<std::string_view, 23> kCompressed{
    "1.2.840.10008.1.2.4.70",   // JPEG Lossless, first-order prediction
    "1.2.840.10008.1.2.4.90",   // JPEG 2000, lossless
    "1.2.840.10008.1.2.4.91",   // JPEG 2000
    "1.2.840.10008.1.2.4.50",   // JPEG Baseline
    "1.2.840.10008.1.2.5",      // RLE
    "1.2.840.10008.1.2.4.80",   // JPEG-LS, lossless
    "1.2.840.10008.1.2.4.81",   // JPEG-LS
    "1.2.840.10008.1.2.4.51",   // JPEG Extended
    "1.2.840.10008.1.2.4.57",   // JPEG Lossless
    "1.2.840.10008.1.2.4.102",  // MPEG-4 AVC/H.264
    "1.2.840.10008.1.2.4.103",
    "1.2.840.10008.1.2.4.100",  // MPEG2
    "1.2.840.10008.1.2.4.101",
    "1.2.840.10008.1.2.4.201",  // High-Throughput JPEG 2000
    "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.203",
    "1.2.840.10008.1.2.4.107",  // HEVC/H.265
    "1.2.840.10008.1.2.4.108",
    "1.2.840.10008.1.2.4.110",  // JPEG XL
    "1.2.840.10008.1.2.4.111", "1.2.840.10008.1.2.4.112",
    "1.2.840.10008.1.2.1.99",  // Deflated
    "1.2.840.10008.1.2.2",     // Explicit VR Big Endian
};

constexpr std::array<std::string_view, 36> kCommonClasses{
    "1.2.840.10008.5.1.4.1.1.1",         // Computed Radiography
    "1.2.840.10008.5.1.4.1.1.1.1",       // Digital X-Ray
    "1.2.840.10008.5.1.4.1.1.1.1.1",     //
    "1.2.840.10008.5.1.4.1.1.1.2",       // Digital Mammography
    "1.2.840.10008.5.1.4.1.1.1.2.1",     //
    "1.2.840.10008.5.1.4.1.1.2",         // CT
    "1.2.840.10008.5.1.4.1.1.2.1",       //
    "1.2.840.10008.5.1.4.1.1.4",         // MR
    "1.2.840.10008.5.1.4.1.1.4.1",       //
    "1.2.840.10008.5.1.4.1.1.20",        // Nuclear Medicine
    "1.2.840.10008.5.1.4.1.1.128",       // PET
    "1.2.840.10008.5.1.4.1.1.130",       //
    "1.2.840.10008.5.1.4.1.1.6.1",       // Ultrasound
    "1.2.840.10008.5.1.4.1.1.3.1",       //
    "1.2.840.10008.5.1.4.1.1.7",         // Secondary Capture
    "1.2.840.10008.5.1.4.1.1.7.2",       //
    "1.2.840.10008.5.1.4.1.1.7.3",       //
    "1.2.840.10008.5.1.4.1.1.7.4",       //
    "1.2.840.10008.5.1.4.1.1.12.1",      // X-Ray Angiography
    "1.2.840.10008.5.1.4.1.1.12.2",      // X-Ray Radiofluoroscopy
    "1.2.840.10008.5.1.4.1.1.12.1.1",    //
    "1.2.840.10008.5.1.4.1.1.13.1.3",    // Breast Tomosynthesis
    "1.2.840.10008.5.1.4.1.1.481.1",     // Radiotherapy
    "1.2.840.10008.5.1.4.1.1.481.2",     //
    "1.2.840.10008.5.1.4.1.1.481.3",     //
    "1.2.840.10008.5.1.4.1.1.481.5",     //
    "1.2.840.10008.5.1.4.1.1.104.1",     // Encapsulated PDF
    "1.2.840.10008.5.1.4.1.1.88.11",     // Structured Reports
    "1.2.840.10008.5.1.4.1.1.88.22",     //
    "1.2.840.10008.5.1.4.1.1.88.33",     //
    "1.2.840.10008.5.1.4.1.1.88.59",     // Key Object Selection
    "1.2.840.10008.5.1.4.1.1.88.67",     // X-Ray Radiation Dose
    "1.2.840.10008.5.1.4.1.1.11.1",      // Grayscale Presentation State
    "1.2.840.10008.5.1.4.1.1.9.1.1",     // 12-lead ECG
    "1.2.840.10008.5.1.4.1.1.77.1.4",    // Photographs
    "1.2.840.10008.5.1.4.1.1.77.1.5.1",  // Ophthalmic Photography
};

}  // namespace

void add_common_classes(Kinds& kinds) {
  for (const auto uid : kCommonClasses) kinds.try_emplace(std::string(uid));
}

ReceivingContexts::ReceivingContexts(std::string_view retrieval_class, const Kinds& kinds) {
  contexts_.push_back({keep(retrieval_class), {}});
  const auto room = (kMostContexts - 1) / std::max<std::size_t>(kinds.size(), 1);
  for (const auto& [sop_class, transfer_syntaxes] : kinds) {
    const auto uid = keep(sop_class);
    if (transfer_syntaxes.empty()) {
      add(uid, {});
      for (std::size_t i = 0; i < kCompressed.size() && i + 1 < room; ++i) add(uid, {&kCompressed[i], 1});
    }
    for (const auto& one : transfer_syntaxes) add(uid, {&views_.emplace_back(keep(one)), 1});
  }
}

void ReceivingContexts::add(std::string_view sop_class, std::span<const std::string_view> transfer_syntaxes) {
  if (contexts_.size() < kMostContexts) contexts_.push_back({sop_class, transfer_syntaxes, DimseRole::scp});
}

}  // namespace fermata::node_retrieval
