#include "tls/peer_certificate.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <memory>

namespace fermata::tls {
namespace {

std::string subject_of(const X509& certificate) {
  const std::unique_ptr<BIO, decltype(&::BIO_free)> out(::BIO_new(::BIO_s_mem()), &::BIO_free);
  if (!out || ::X509_NAME_print_ex(out.get(), ::X509_get_subject_name(&certificate), 0, XN_FLAG_RFC2253) < 0) return {};
  char* text = nullptr;
  const auto length = ::BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(length)};
}

std::string fingerprint_of(const X509& certificate) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned int length = 0;
  if (::X509_digest(&certificate, ::EVP_sha256(), hash.data(), &length) != 1) return {};
  std::string text;
  for (unsigned int i = 0; i < length; ++i) {
    text += kDigits[hash.at(i) >> 4];
    text += kDigits[hash.at(i) & 15];
  }
  return text;
}

std::string names_of(const X509& certificate) {
  const int at = ::X509_get_ext_by_NID(&certificate, NID_subject_alt_name, -1);
  const std::unique_ptr<BIO, decltype(&::BIO_free)> out(::BIO_new(::BIO_s_mem()), &::BIO_free);
  if (at < 0 || !out || ::X509V3_EXT_print(out.get(), ::X509_get_ext(&certificate, at), 0, 0) != 1) return {};
  char* text = nullptr;
  const auto length = ::BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(length)};
}

std::chrono::system_clock::time_point expiry_of(const X509& certificate) {
  std::tm time{};
  if (::ASN1_TIME_to_tm(::X509_get0_notAfter(&certificate), &time) != 1) return {};
  return std::chrono::system_clock::from_time_t(::timegm(&time));
}

}  // namespace

PeerCertificate PeerCertificate::of(const X509& certificate) {
  return {subject_of(certificate), fingerprint_of(certificate), expiry_of(certificate), names_of(certificate)};
}

}  // namespace fermata::tls
