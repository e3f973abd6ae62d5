# Installs the SDK into an empty folder, builds the plugin beside this file against it, runs its tests, and looks at what
# the library exports.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT code EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\n${output}")
  endif()
endfunction()

set(prefix "${SCRATCH}/prefix")
set(build "${SCRATCH}/build")
file(REMOVE_RECURSE "${prefix}" "${build}")
run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${prefix}" --component sdk)
run("${CMAKE_COMMAND}" -S "${PLUGIN}" -B "${build}" -G "${GENERATOR}" -D "CMAKE_PREFIX_PATH=${prefix}"
  -D "CMAKE_C_COMPILER=${C_COMPILER}" -D "CMAKE_CXX_COMPILER=${CXX_COMPILER}"
  -D "CMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}" -D CMAKE_BUILD_TYPE=Debug)
run("${CMAKE_COMMAND}" --build "${build}")
run("${CMAKE_CTEST_COMMAND}" --test-dir "${build}" --output-on-failure --no-tests=error)

execute_process(COMMAND "${NM}" -D --defined-only "${build}/lib/fermata/plugins/greeting.so" OUTPUT_VARIABLE symbols)
string(REGEX MATCHALL "[^ \n]+\n" exported "${symbols}")
string(STRIP "${exported}" exported)
if(NOT exported STREQUAL "fermata_plugin_entry_v1")
  message(FATAL_ERROR "greeting.so exports [${exported}] instead of fermata_plugin_entry_v1 alone")
endif()
