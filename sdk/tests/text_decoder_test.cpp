#include <catch2/catch.hpp>

#include "fermata/dicom/canonical.hpp"
#include "fermata/dicom/text_decoder.hpp"

using namespace fermata;
using namespace fermata::dicom;

namespace {

std::string decoded(std::string_view character_set, std::string_view text, Vr vr = "PN") {
  return TextDecoder(character_set).decode(text, vr);
}

}  // namespace

TEST_CASE("every single-byte character set is decoded") {
  CHECK(decoded("ISO_IR 100", "Buc^J\xe9r\xf4me") == "Buc^Jérôme");
  CHECK(decoded("ISO_IR 101", "Wa\xb3\xeasa") == "Wałęsa");
  CHECK(decoded("ISO_IR 109", "\xe6i\xf1o") == "ĉiño");
  CHECK(decoded("ISO_IR 110", "\xb9\xbe") == "šž");
  CHECK(decoded("ISO_IR 144", "\xbb\xee\xda\x63\x65\xdc\xd1yp\xd3") == "Люкceмбypг");
  CHECK(decoded("ISO_IR 127", "\xe2\xc8\xc7\xe6\xea^\xe4\xe6\xd2\xc7\xd1") == "قباني^لنزار");
  CHECK(decoded("ISO_IR 126", "\xc4\xe9\xef\xed\xf5\xf3\xe9\xef\xf2") == "Διονυσιος");
  CHECK(decoded("ISO_IR 138", "\xf9\xf8\xe5\xef^\xe3\xe1\xe5\xf8\xe4") == "שרון^דבורה");
  CHECK(decoded("ISO_IR 148", "\xdd\xfe\xf0") == "İşğ");
  CHECK(decoded("ISO_IR 166", "\xca\xc1\xaa\xd2\xc2") == "สมชาย");
  CHECK(decoded("ISO_IR 203", "\xa4\xbd") == "€œ");
  CHECK(decoded("ISO_IR 13", "\xd4\xcf\xc0\xde^\xc0\xdb\xb3") == "ﾔﾏﾀﾞ^ﾀﾛｳ");
}

TEST_CASE("code extensions are decoded as in PS3.5 annexes H, I and K") {
  // H.3.1, H.3.2
  const std::string yamada = "Yamada^Tarou=山田^太郎=やまだ^たろう";
  CHECK(decoded("\\ISO 2022 IR 87",
                "Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B") == yamada);
  CHECK(decoded("ISO 2022 IR 13\\ISO 2022 IR 87",
                "\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&"
                "\x1b(J") == "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう");
  // I.2, and the same from a sender that designates only once
  const std::string hong = "Hong^Gildong=洪^吉洞=홍^길동";
  CHECK(decoded("\\ISO 2022 IR 149",
                "Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf") ==
        hong);
  CHECK(decoded("\\ISO 2022 IR 149", "Hong^Gildong=\x1b$)C\xfb\xf3^\xd1\xce\xd4\xd7=\xc8\xab^\xb1\xe6\xb5\xbf") ==
        hong);
  // K.2
  CHECK(decoded("\\ISO 2022 IR 58", "Zhang^XiaoDong=\x1b$)A\xd5\xc5^\x1b$)A\xd0\xa1\xb6\xab=") ==
        "Zhang^XiaoDong=张^小东=");
  // JIS X 0212, and back to Latin-1 at a component's end
  CHECK(decoded("\\ISO 2022 IR 159", "\x1b$(D0!\x1b(B") == "丂");
  CHECK(decoded("ISO 2022 IR 100\\ISO 2022 IR 144", "\xe9=\x1b-L\xbb\xee^\xe9") == "é=Лю^é");
}

TEST_CASE("encodings that replace ASCII are decoded whole") {
  CHECK(decoded("ISO_IR 192", "Wang^XiaoDong=王^小東=") == "Wang^XiaoDong=王^小東=");
  CHECK(decoded("GB18030", "Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab=") == "Wang^XiaoDong=王^小东=");
  CHECK(decoded("GBK", "\x81\x5c") == "乗");  // the second byte is no backslash
}

TEST_CASE("sloppy character set names and undeclared text are read by the best guess") {
  CHECK(decoded("ISO-IR-100", "J\xe9r\xf4me") == "Jérôme");
  for (const char* set : {"iso 2022 ir 100", "ISO IR 100", "ISO_IR100", " iso_ir 100 "})
    CHECK(decoded(set, "J\xe9r\xf4me") == "Jérôme");
  CHECK(decoded("UTF-8", "Jérôme") == "Jérôme");
  CHECK(decoded("", "J\xe9r\xf4me") == "Jérôme");
  CHECK(decoded("", "Jérôme") == "Jérôme");
  CHECK(decoded("ISO_IR 999", "Jérôme") == "Jérôme");
  CHECK(decoded("ISO_IR 192", "J\xe9r\xf4me") == "Jérôme");
  CHECK(decoded("ISO 2022 IR 149", "\xc8\xab") == "홍");  // declared first and used without designation
}

TEST_CASE("text that can't be decoded is marked, never refused") {
  CHECK(decoded("ISO 2022 IR 6", "a\x1bz") == "a\xef\xbf\xbdz");
  CHECK(decoded("\\ISO 2022 IR 87", "\x1b$B\x3b") == "\xef\xbf\xbd");
  CHECK(decoded("GB18030", "\xff!") == "\xef\xbf\xbd!");
  CHECK(decoded("NO SUCH SET", "M\xfcller") == "Müller");
}

TEST_CASE("a line break ends the effect of an escape sequence") {
  CHECK(decoded("ISO 2022 IR 100\\ISO 2022 IR 144", "\x1b-L\xbb\n\xe4", "LT") == "Л\nä");
}

TEST_CASE("each value of a text starts anew, a long text does not end at a backslash") {
  CHECK(decoded("ISO 2022 IR 6\\ISO 2022 IR 87", "\x1b$B;3ED\x1b(B\\abc", "LO") == "山田\\abc");
  CHECK(decoded("ISO 2022 IR 100\\ISO 2022 IR 144", "\x1b-L\xbb\\\xbb", "LO") == "Л\\»");
  CHECK(decoded("ISO 2022 IR 100\\ISO 2022 IR 144", "\x1b-L\xbb\\\xbb", "LT") == "Л\\Л");
}

TEST_CASE("a canonical data set is UTF-8 at every depth") {
  DataSetWriter in;
  in.add(kSpecificCharacterSet, "CS", "ISO_IR 100");
  in.add(kPatientName, "PN", "J\xe9r\xf4me");
  in.begin_sequence(Tag(0x0040, 0x0275));
  in.begin_item();
  in.add(Tag(0x0040, 0x0007), "LO", "\xe9");
  in.end();
  in.begin_item();
  in.add(kSpecificCharacterSet, "CS", "ISO_IR 144");
  in.add(Tag(0x0040, 0x0007), "LO", "\xbb");
  in.end();
  in.end();
  const auto bytes = canonical(DataSetView(in.bytes()));
  const DataSetView out(bytes);
  CHECK(out.text(kSpecificCharacterSet) == "ISO_IR 192");
  CHECK(out.text(kPatientName) == "Jérôme");
  std::vector<std::string> names;
  for (const auto item : out.find(Tag(0x0040, 0x0275))->items()) {
    names.emplace_back(item.text(Tag(0x0040, 0x0007)));
    CHECK_FALSE(item.find(kSpecificCharacterSet));
  }
  CHECK(names == std::vector<std::string>{"é", "Л"});
}

TEST_CASE("a canonical data set has at most 64 sequences within each other") {
  const auto nested = [](int depth) {
    DataSetWriter out;
    for (int i = 0; i < depth; ++i) {
      out.begin_sequence(Tag(0x0008, 0x1140));
      out.begin_item();
    }
    for (int i = 0; i < 2 * depth; ++i) out.end();
    return out.take();
  };
  const auto deepest = nested(64);
  CHECK(canonical(DataSetView(deepest)) == deepest);
  for (const int depth : {65, 100'000}) {
    const auto bytes = nested(depth);
    CHECK_THROWS_AS(canonical(DataSetView(bytes)), TooDeep);
  }
}

TEST_CASE("a canonical data set of ASCII announces no character set") {
  DataSetWriter in;
  in.add(Tag(0x0008, 0x0000), "UL", std::string_view("\x04\x00\x00\x00", 4));
  in.add(kSpecificCharacterSet, "CS", "ISO_IR 100");
  in.add(kPatientName, "PN", "Doe^Jane");
  const auto bytes = canonical(DataSetView(in.bytes()));
  CHECK_FALSE(DataSetView(bytes).find(kSpecificCharacterSet));
  CHECK_FALSE(DataSetView(bytes).find(Tag(0x0008, 0x0000)));
  CHECK(DataSetView(bytes).text(kPatientName) == "Doe^Jane");
}
