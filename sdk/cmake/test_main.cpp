#define CATCH_CONFIG_MAIN  // of Catch2 2
#include <catch2/catch.hpp>

#if __has_include(<catch2/catch_session.hpp>)
int main(int argc, char** argv) { return Catch::Session().run(argc, argv); }
#endif
