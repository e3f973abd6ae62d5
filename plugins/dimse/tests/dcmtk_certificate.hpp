#pragma once
#include <dcmtk/config/osconfig.h>
//
#include <dcmtk/dcmtls/tlslayer.h>

namespace fermata::dimse {

/// A TLS layer of DCMTK gets its certificate, from a PEM file. DCMTK since 3.6.8 wants to know the profile as well,
/// which has a say in how strong the key must be.
template <class Layer>
OFCondition set_certificate(Layer& layer, const char* file) {
  if constexpr (requires { layer.setCertificateFile(file, DCF_Filetype_PEM, TSP_Profile_BCP195); })
    return layer.setCertificateFile(file, DCF_Filetype_PEM, TSP_Profile_BCP195);
  else
    return layer.setCertificateFile(file, DCF_Filetype_PEM);
}

}  // namespace fermata::dimse
