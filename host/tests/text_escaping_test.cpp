#include "log/text_escaping.hpp"

#include <catch2/catch.hpp>

using namespace fermata::host;

TEST_CASE("text with line breaks stays in one line") {
  CHECK(visible_text("a\nb\r\n\tc") == "a\\nb\\r\\n\\tc");
  CHECK(visible_text("a\xC2\x85"
                     "b") == "a\\u0085b");
  CHECK(visible_text("a\xE2\x80\xA8"
                     "b") == "a\\u2028b");
}

TEST_CASE("terminal escapes and changes of direction are made visible") {
  CHECK(visible_text("\x1B[31mred") == "\\u001b[31mred");
  CHECK(visible_text("\x7F") == "\\u007f");
  CHECK(visible_text("\xE2\x80\xAE"
                     "x") == "\\u202ex");
}

TEST_CASE("letters of all scripts stay as they are") {
  CHECK(visible_text("Äöß 山田 Кузнецов \xF0\x9F\x8F\xA5") == "Äöß 山田 Кузнецов \xF0\x9F\x8F\xA5");
}

TEST_CASE("what is not UTF-8 becomes replacement characters") {
  CHECK(visible_text("a\xFFz") == "a\xEF\xBF\xBDz");
  CHECK(visible_text("\xE4z") == "\xEF\xBF\xBDz");                        // Latin-1
  CHECK(visible_text("\xC0\xAF") == "\xEF\xBF\xBD\xEF\xBF\xBD");          // an overlong slash
  CHECK(visible_text("\xED\xA0\x80").find('\xED') == std::string::npos);  // a surrogate
  CHECK(visible_text("\xF4\x90\x80\x80").find('\xF4') == std::string::npos);
  CHECK(visible_text("\xE2\x82") == "\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_CASE("a field's value is quoted where its end would not be clear") {
  CHECK(field_value("HOROS") == "HOROS");
  CHECK(field_value("") == "\"\"");
  CHECK(field_value("a b") == "\"a b\"");
  CHECK(field_value("x\" level=\"error") == "\"x\\\" level=\\\"error\"");
  CHECK(field_value("a\nb") == "\"a\\nb\"");
}

TEST_CASE("JSON strings are valid JSON") {
  CHECK(json_string("a\"b\\c\n") == "\"a\\\"b\\\\c\\n\"");
  CHECK(json_string(std::string_view("\0", 1)) == "\"\\u0000\"");
}
