#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace fermata::archive {

/// Which characters end the effect of an escape sequence, beside the line breaks (PS3.5 6.1.2.5.3).
enum class Delimiters : uint8_t { lines, values, name_components };

/// A Specific Character Set (0008,0005), ready to decode text to UTF-8 (PS3.3 C.12.1.1.2, PS3.5 6.1.2).
///
/// It knows all defined terms, code extensions included, and common misspellings of them. Escape sequences are honoured
/// whether declared or not. Text that is declared as nothing is taken as UTF-8 if it is that, else as Latin-1. What
/// can't be decoded becomes U+FFFD: decoding never fails.
/// **Thread**: read only, any; the converters behind it are each thread's own.
class CharacterSet {
 public:
  CharacterSet() = default;
  /// `declared` is the value of (0008,0005), its terms separated by backslashes.
  explicit CharacterSet(std::string_view declared);

  std::string decode(std::string_view text, Delimiters delimiters) const;

  /// The text is the same in every character set: ASCII without escape sequences.
  static bool plain(std::string_view text);

  enum class Codec : uint8_t {
    none,
    latin1,
    latin2,
    latin3,
    latin4,
    cyrillic,
    arabic,
    greek,
    hebrew,
    latin5,
    latin9,
    thai,
    kana,
    japanese,
    korean,
    chinese,
    utf8
  };
  enum class LowHalf : uint8_t { ascii, jis_x_0208, jis_x_0212 };
  /// The code elements in effect: G0 for bytes below 128, G1 for those above.
  struct Graphics {
    LowHalf g0 = LowHalf::ascii;
    Codec g1 = Codec::none;
  };

 private:
  void declare(std::string_view term);
  std::string decode_extended(std::string_view text, Delimiters delimiters) const;

  Codec whole_ = Codec::none;  ///< of encodings without code extensions: decodes everything
  Graphics initial_;
};

}  // namespace fermata::archive
