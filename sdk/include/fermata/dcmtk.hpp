#pragma once
#include <dcmtk/config/osconfig.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <dcmtk/dcmdata/dcdatset.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcostrmb.h>
#include <dcmtk/dcmdata/dcwcache.h>

#include "fermata/dicom/canonical.hpp"
#include "fermata/error.hpp"

namespace fermata {

/// A DCMTK data set in the form in which data sets cross between plugins: Explicit VR Little Endian, UTF-8, defined
/// lengths, no group lengths (PS3.5 7, A.2). For plugins that work with DCMTK; needs DCMTK and ICU.
///
/// **Thread**: the data set's. **Errors**: Error unsupported for compressed pixel data (remove or decompress it first),
/// invalid for a data set that can't be encoded. The data set loses its group lengths, and nothing else.
inline std::vector<std::byte> from_dcmtk(DcmDataset& data_set) {
  if (!data_set.canWriteXfer(EXS_LittleEndianExplicit))
    throw Error(Code::unsupported, "a data set with compressed pixel data has no Explicit VR Little Endian form");
  std::vector<std::byte> bytes;
  std::vector<std::byte> piece(65536);
  DcmOutputBufferStream stream(piece.data(), static_cast<offile_off_t>(piece.size()));
  DcmWriteCache cache;
  data_set.transferInit();
  OFCondition condition;
  do {
    condition = data_set.write(stream, EXS_LittleEndianExplicit, EET_ExplicitLength, &cache, EGL_withoutGL);
    void* written = nullptr;
    offile_off_t length = 0;
    stream.flushBuffer(written, length);
    const auto* from = static_cast<const std::byte*>(written);
    bytes.insert(bytes.end(), from, from + length);
  } while (condition == EC_StreamNotifyClient);
  data_set.transferEnd();
  if (condition.bad()) throw Error(Code::invalid, std::string("a data set could not be encoded: ") + condition.text());
  return dicom::canonical(dicom::DataSetView(bytes));
}

/// The way back. **Errors**: Error corrupt where the bytes are no Explicit VR Little Endian data set.
inline std::unique_ptr<DcmDataset> to_dcmtk(std::span<const std::byte> bytes) {
  auto data_set = std::make_unique<DcmDataset>();
  DcmInputBufferStream stream;
  stream.setBuffer(bytes.data(), static_cast<offile_off_t>(bytes.size()));
  stream.setEos();
  data_set->transferInit();
  const auto condition = data_set->read(stream, EXS_LittleEndianExplicit);
  data_set->transferEnd();
  if (condition.bad()) throw Error(Code::corrupt, std::string("a data set could not be read: ") + condition.text());
  data_set->loadAllDataIntoMemory();
  return data_set;
}

}  // namespace fermata
