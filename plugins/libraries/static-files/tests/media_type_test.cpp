#include "static-files/media_type.hpp"

#include <catch2/catch.hpp>

using fermata::static_files::media_type;

TEST_CASE("Browsers are told what they insist on: scripts, styles, modules of WebAssembly, fonts") {
  CHECK(media_type("app.bundle.0f61.js") == "text/javascript; charset=utf-8");
  CHECK(media_type("app.bundle.css") == "text/css; charset=utf-8");
  CHECK(media_type("0ddf.wasm") == "application/wasm");
  CHECK(media_type("a34f.woff2") == "font/woff2");
  CHECK(media_type("assets/logo.svg") == "image/svg+xml");
}

TEST_CASE("What no browser should guess about is octets") {
  CHECK(media_type("LICENSE") == "application/octet-stream");
  CHECK(media_type("model.onnx") == "application/octet-stream");
  CHECK(media_type("") == "application/octet-stream");
}
