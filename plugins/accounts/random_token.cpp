#include "random_token.hpp"

#include <sodium.h>

#include <array>

#include "fermata/error.hpp"

namespace fermata::accounts {
namespace {

constexpr std::size_t kBytes = 32;

}  // namespace

std::string random_token() {
  if (sodium_init() < 0) throw Error(Code::internal, "libsodium can't be used on this machine");
  std::array<unsigned char, kBytes> random{};
  randombytes_buf(random.data(), random.size());
  std::array<char, sodium_base64_ENCODED_LEN(kBytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING)> text{};
  sodium_bin2base64(text.data(), text.size(), random.data(), random.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return text.data();
}

std::string token_hash(std::string_view token) {
  std::array<unsigned char, kBytes> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(token.data()), token.size(),
                     nullptr, 0);
  std::array<char, kBytes * 2 + 1> text{};
  sodium_bin2hex(text.data(), text.size(), hash.data(), hash.size());
  return text.data();
}

}  // namespace fermata::accounts
