#include "property_list.hpp"

#include <catch2/catch.hpp>

namespace fermata::discovery {

TEST_CASE("a property list has its values in the form of XML") {
  PropertyList list;
  list.begin();
  list.add("Text", "a");
  list.add("Number", int64_t{-1});
  list.add("Yes", true);
  list.add("No", false);
  list.end();
  CHECK(std::move(list).finished() ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
        "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
        "<plist version=\"1.0\">\n<array>\n<dict>\n"
        "<key>Text</key><string>a</string>\n<key>Number</key><integer>-1</integer>\n"
        "<key>Yes</key><true/>\n<key>No</key><false/>\n"
        "</dict>\n</array>\n</plist>\n");
}

TEST_CASE("text can't break out of its element, or be no XML") {
  PropertyList list;
  list.begin();
  list.add("Text", std::string_view("</string>]]>&\x01\0\xff\xc3\xa4", 18));
  list.end();
  CHECK_THAT(std::move(list).finished(),
             Catch::Contains("<string>&lt;/string&gt;]]&gt;&amp;\xef\xbf\xbd\xc3\xa4</string>"));
}

}  // namespace fermata::discovery
