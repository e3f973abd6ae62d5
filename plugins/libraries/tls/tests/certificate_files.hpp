#pragma once
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>

namespace fermata::tls::testing {

/// A key and a certificate that speaks for itself, in files of their own.
class CertificateFiles {
 public:
  explicit CertificateFiles(const std::string& name, std::chrono::seconds valid = std::chrono::hours(1),
                            std::string hosts = "DNS:localhost,IP:127.0.0.1")
      : hosts_(std::move(hosts)),
        folder_(std::filesystem::temp_directory_path() / ("tls-" + std::to_string(::getpid()) + name)) {
    std::filesystem::create_directories(folder_);
    renew(name, valid);
  }
  ~CertificateFiles() { std::filesystem::remove_all(folder_); }
  CertificateFiles(const CertificateFiles&) = delete;
  CertificateFiles& operator=(const CertificateFiles&) = delete;

  /// Another key and certificate in the same files.
  void renew(const std::string& name, std::chrono::seconds valid = std::chrono::hours(1)) const {
    EVP_PKEY* pair = EVP_RSA_gen(2048);
    X509* made = X509_new();
    X509_set_version(made, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
    X509_gmtime_adj(X509_getm_notBefore(made), -3600);
    X509_gmtime_adj(X509_getm_notAfter(made), valid.count());
    X509_set_pubkey(made, pair);
    X509_NAME* subject = X509_get_subject_name(made);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()), -1,
                               -1, 0);
    X509_set_issuer_name(made, subject);
    if (!hosts_.empty()) {
      X509_EXTENSION* hosts = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, hosts_.c_str());
      X509_add_ext(made, hosts, -1);
      X509_EXTENSION_free(hosts);
    }
    X509_sign(made, pair, EVP_sha256());
    FILE* out = std::fopen(key().c_str(), "w");
    PEM_write_PrivateKey(out, pair, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(out);
    out = std::fopen(file().c_str(), "w");
    PEM_write_X509(out, made);
    std::fclose(out);
    X509_free(made);
    EVP_PKEY_free(pair);
  }
  /// What another one has in its file, behind the one that is here.
  void append(const CertificateFiles& other) const {
    std::FILE* out = std::fopen(file().c_str(), "a");
    std::FILE* in = std::fopen(other.file().c_str(), "r");
    for (int c = 0; (c = std::fgetc(in)) != EOF;) std::fputc(c, out);
    std::fclose(in);
    std::fclose(out);
  }
  void spoil() const { std::filesystem::resize_file(file(), 10); }
  std::string key() const { return folder_ / "key.pem"; }
  std::string file() const { return folder_ / "certificate.pem"; }

 private:
  const std::string hosts_;  ///< as OpenSSL's configuration writes subject alternative names
  const std::filesystem::path folder_;
};

}  // namespace fermata::tls::testing
