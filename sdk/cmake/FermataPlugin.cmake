# What a plugin's CMakeLists.txt calls, in this project and outside of it.
#
#   fermata_add_plugin(NAME VERSION 1.0.0 SOURCES file.cpp... [LINK library...] [TESTS tests/file_test.cpp...]
#                      [TEST_LINK library...])
#
# makes the shared library NAME.so from plugin.cpp (wiring only), schema.yaml and the SOURCES. The SOURCES become a static
# library NAME-core of their own, so that tests link the classes without the wiring. TESTS become one Catch2 program,
# if FERMATA_TESTS is on.
#
#   fermata_check_plugin(NAME [CONFIG file.yaml] [OPTIONS --in-memory...])
#
# adds a test that runs fermata-plugin-check on the library.
#
#   fermata_package_plugin(NAME CONTACT "Name <mail>")
#
# lets CPack make fermata-plugin-NAME as a .deb and a .tar.gz. At the end of the project's CMakeLists.txt.

set(_fermata_cmake_dir "${CMAKE_CURRENT_LIST_DIR}")

function(fermata_add_plugin name)
  cmake_parse_arguments(arg "" "VERSION" "SOURCES;LINK;TESTS;TEST_LINK" ${ARGN})
  if(NOT arg_VERSION)
    message(FATAL_ERROR "fermata_add_plugin(${name}): VERSION is missing")
  endif()

  set(core)
  if(arg_SOURCES)
    set(core ${name}-core)
    add_library(${core} STATIC ${arg_SOURCES})
    target_include_directories(${core} PUBLIC "${CMAKE_CURRENT_SOURCE_DIR}")
    target_link_libraries(${core} PUBLIC fermata::sdk ${arg_LINK})
    if(TARGET fermata-warnings)
      target_link_libraries(${core} PRIVATE fermata-warnings)
    endif()
    set_target_properties(${core} PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden)
  endif()

  # The schema travels inside the library, as text.
  set(schema "${CMAKE_CURRENT_SOURCE_DIR}/schema.yaml")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${schema}")
  file(READ "${schema}" text)
  set(generated "${CMAKE_CURRENT_BINARY_DIR}/generated")
  file(CONFIGURE OUTPUT "${generated}/fermata_plugin_schema.hpp"
    CONTENT "#pragma once\ninline constexpr char fermata_plugin_schema[] = R\"fermata(@text@)fermata\";\n" @ONLY)

  add_library(${name} MODULE plugin.cpp)
  target_include_directories(${name} PRIVATE "${generated}")
  target_link_libraries(${name} PRIVATE fermata::sdk ${core} ${arg_LINK})
  if(TARGET fermata-warnings)
    target_link_libraries(${name} PRIVATE fermata-warnings)
  endif()
  target_compile_definitions(${name} PRIVATE FERMATA_PLUGIN_ID="${name}" FERMATA_PLUGIN_VERSION="${arg_VERSION}")
  set_target_properties(${name} PROPERTIES PREFIX "" CXX_VISIBILITY_PRESET hidden
    LINK_DEPENDS "${_fermata_cmake_dir}/plugin.map")
  target_link_options(${name} PRIVATE "LINKER:--version-script=${_fermata_cmake_dir}/plugin.map" "LINKER:--no-undefined")
  if(FERMATA_SANITIZE)  # sanitizer run-times are resolved from the program
    target_link_options(${name} PRIVATE "LINKER:-z,undefs")
  endif()
  if(FERMATA_PLUGIN_DIR)
    set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib/fermata/plugins")
    if(NOT FERMATA_PLUGIN_COMPONENT)
      set(FERMATA_PLUGIN_COMPONENT plugins)
    endif()
    install(TARGETS ${name} LIBRARY DESTINATION "${FERMATA_PLUGIN_DIR}" COMPONENT ${FERMATA_PLUGIN_COMPONENT})
    set_property(GLOBAL APPEND PROPERTY FERMATA_INSTALLED_PLUGINS ${name})
  endif()

  if(arg_TESTS AND FERMATA_TESTS)
    fermata_add_tests(${name}-tests SOURCES ${arg_TESTS} LINK ${core} ${arg_LINK} ${arg_TEST_LINK})
  endif()
endfunction()

function(fermata_check_plugin name)
  cmake_parse_arguments(arg "" "CONFIG" "OPTIONS" ${ARGN})
  if(NOT FERMATA_TESTS)
    return()
  endif()
  foreach(program fermata-plugin-check fermata::plugin-check)  # in this project, and outside of it
    if(TARGET ${program})
      set(check "$<TARGET_FILE:${program}>")
    endif()
  endforeach()
  if(NOT check)
    message(WARNING "fermata-plugin-check is not installed: ${name} is not tried against its interfaces")
    return()
  endif()
  if(arg_CONFIG)
    list(APPEND arg_OPTIONS --config "${CMAKE_CURRENT_SOURCE_DIR}/${arg_CONFIG}")
  endif()
  add_test(NAME "${name}: fermata-plugin-check" COMMAND "${check}" "$<TARGET_FILE:${name}>" ${arg_OPTIONS})
endfunction()

macro(fermata_package_plugin name)
  cmake_parse_arguments(arg "" "CONTACT" "" ${ARGN})
  set(CPACK_PACKAGE_NAME "fermata-plugin-${name}")
  set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
  set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
  set(CPACK_PACKAGE_CONTACT "${arg_CONTACT}")
  set(CPACK_PACKAGING_INSTALL_PREFIX "/usr")
  set(CPACK_STRIP_FILES ON)
  set(CPACK_VERBATIM_VARIABLES ON)
  set(CPACK_GENERATOR "DEB;TGZ")
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  set(CPACK_DEBIAN_PACKAGE_SECTION "science")
  set(CPACK_DEBIAN_PACKAGE_ENHANCES "fermata")
  find_program(DPKG_SHLIBDEPS dpkg-shlibdeps)
  if(DPKG_SHLIBDEPS)
    set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
  endif()
  include(CPack)
endmacro()

# fermata_add_tests(TARGET SOURCES file.cpp... [LINK library...]): one Catch2 program, each of its cases a test of CTest.
function(fermata_add_tests target)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  _fermata_need_test_main()
  add_executable(${target} ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE fermata::sdk fermata-test-main ${arg_LINK})
  if(TARGET fermata-warnings)
    target_link_libraries(${target} PRIVATE fermata-warnings)
  endif()
  catch_discover_tests(${target} TEST_PREFIX "${target}: " DISCOVERY_MODE PRE_TEST)
endfunction()

# Catch2 2 (Debian 12) or 3 (Debian 13): Catch2::Catch2, and Catch2_FOUND. With 3, <catch2/catch.hpp> is a header of ours.
macro(fermata_find_catch2)
  find_package(Catch2 3 QUIET)
  if(Catch2_FOUND)
    if(NOT TARGET fermata-catch2)
      add_library(fermata-catch2 INTERFACE)
      target_include_directories(fermata-catch2 SYSTEM INTERFACE "${_fermata_cmake_dir}/catch2-3")
      target_link_libraries(fermata-catch2 INTERFACE Catch2::Catch2)
    endif()
    set(FERMATA_CATCH2 fermata-catch2)
  else()
    find_package(Catch2 2.13 ${ARGN})
    set(FERMATA_CATCH2 Catch2::Catch2)
  endif()
endmacro()

# With Catch2 2, its main takes 15 s to compile: once for all tests.
macro(_fermata_need_test_main)
  fermata_find_catch2(REQUIRED)
  include(Catch)
  if(NOT TARGET fermata-test-main)
    find_package(Threads REQUIRED)
    add_library(fermata-test-main STATIC "${_fermata_cmake_dir}/test_main.cpp")
    target_compile_features(fermata-test-main PUBLIC cxx_std_20)
    target_link_libraries(fermata-test-main PUBLIC ${FERMATA_CATCH2} Threads::Threads)
  endif()
endmacro()
