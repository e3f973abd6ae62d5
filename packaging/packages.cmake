# The Debian packages, for CPack: packaging/packages.sh builds what goes into them and calls it.
#
#   fermata              program, plugins, web page, configuration, unit      components program, plugins, web, service
#   fermata-sdk-dev      what plugins are built with                          component sdk
#   fermata-viewer-ohif  the OHIF viewer and its plugin                       component viewer
#
# What goes to fixed places (/etc, the unit) or is of use in a package only is left out of `cmake --install`.
set(FERMATA_MAINTAINER "Fermata maintainers <fermata@packages.invalid>" CACHE STRING
  "Who made the packages: name and address")

set(debian "${CMAKE_CURRENT_LIST_DIR}/debian")
set(made "${CMAKE_CURRENT_BINARY_DIR}/packaging")

# Packages of one version for two Debians differ: that of the newer one is newer.
file(STRINGS /etc/os-release release REGEX "^VERSION_ID=")
string(REGEX REPLACE "[^0-9.]" "" release "${release}")
set(FERMATA_PACKAGE_RELEASE "1~deb${release}" CACHE STRING "What follows the version in those of the packages")
set(FERMATA_PACKAGE_VERSION "${PROJECT_VERSION}-${FERMATA_PACKAGE_RELEASE}")

# Dates are those of the sources, so that packages can be built again alike.
set(seconds "$ENV{SOURCE_DATE_EPOCH}")
if(NOT seconds)
  execute_process(COMMAND git log -1 --format=%ct WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}"
    OUTPUT_VARIABLE seconds OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
if(seconds)
  set(ENV{SOURCE_DATE_EPOCH} "${seconds}")
endif()
string(TIMESTAMP FERMATA_CHANGED "%a, %d %b %Y %H:%M:%S +0000" UTC)
string(TIMESTAMP FERMATA_DATE "%Y-%m-%d" UTC)

function(install_compressed file folder component)
  cmake_path(GET file FILENAME name)
  execute_process(COMMAND gzip -9nc "${file}" OUTPUT_FILE "${made}/${component}/${name}.gz" COMMAND_ERROR_IS_FATAL ANY)
  install(FILES "${made}/${component}/${name}.gz" DESTINATION "${folder}" COMPONENT ${component} EXCLUDE_FROM_ALL)
endfunction()

function(install_manual name section component)
  set(page "${made}/${component}/${name}.${section}")
  configure_file("${debian}/${name}.${section}.in" "${page}" @ONLY)
  install_compressed("${page}" "${CMAKE_INSTALL_MANDIR}/man${section}" ${component})
endfunction()

# add_package(GROUP NAME COMPONENTS component... SUMMARY text DESCRIPTION text): a package, and its papers
function(add_package group name)
  cmake_parse_arguments(arg "" "SUMMARY;DESCRIPTION" "COMPONENTS" ${ARGN})
  set(papers "${group}-papers")
  set(folder "${CMAKE_INSTALL_DATAROOTDIR}/doc/${name}")
  install(FILES "${debian}/copyright" DESTINATION "${folder}" COMPONENT ${papers} EXCLUDE_FROM_ALL)
  set(FERMATA_PACKAGE "${name}")
  configure_file("${debian}/changelog.in" "${made}/${papers}/changelog.Debian" @ONLY)
  install_compressed("${made}/${papers}/changelog.Debian" "${folder}" ${papers})
  if(EXISTS "${debian}/${name}.lintian-overrides")
    install(FILES "${debian}/${name}.lintian-overrides" DESTINATION "${CMAKE_INSTALL_DATAROOTDIR}/lintian/overrides"
      RENAME ${name} COMPONENT ${papers} EXCLUDE_FROM_ALL)
  endif()
  string(TOUPPER "${group}" upper)
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME "${name}" PARENT_SCOPE)
  set(CPACK_DEBIAN_${upper}_DESCRIPTION "${arg_SUMMARY}\n${arg_DESCRIPTION}" PARENT_SCOPE)
  foreach(component ${arg_COMPONENTS} ${papers})
    string(TOUPPER "${component}" upper_component)
    set(CPACK_COMPONENT_${upper_component}_GROUP "${group}" PARENT_SCOPE)
  endforeach()
  set(CPACK_COMPONENTS_ALL ${CPACK_COMPONENTS_ALL} ${arg_COMPONENTS} ${papers} PARENT_SCOPE)
endfunction()

add_package(archive fermata COMPONENTS program plugins web service
  SUMMARY "DICOM archive (PACS) made of plugins"
  DESCRIPTION "Receives medical images from modalities and workstations, keeps them as
plain DICOM files, finds them and gives them back: over the network (C-STORE,
C-FIND, C-MOVE, C-GET, worklist, MPPS, storage commitment), over DICOMweb, and
on a web page with accounts and an audit trail.
.
This package has the program, its plugins, the web page and the service, which
starts with the machine and keeps its data in /var/lib/fermata.")
add_package(sdk fermata-sdk-dev COMPONENTS sdk
  SUMMARY "DICOM archive made of plugins: what plugins are built with"
  DESCRIPTION "Headers, CMake functions and templates to write plugins of the Fermata archive
in C or C++, and fermata-plugin-check, which tries a plugin against what its
interfaces promise.")
add_package(viewer fermata-viewer-ohif COMPONENTS viewer
  SUMMARY "DICOM archive made of plugins: the OHIF viewer"
  DESCRIPTION "The OHIF viewer, which shows images of the Fermata archive in a browser, and
the plugin that serves it.")

install(FILES "${CMAKE_CURRENT_SOURCE_DIR}/config/production.yaml" DESTINATION /etc/fermata RENAME fermata.yaml
  COMPONENT service EXCLUDE_FROM_ALL)
install(FILES "${debian}/fermata.service" DESTINATION /lib/systemd/system COMPONENT service EXCLUDE_FROM_ALL)
install(FILES "${debian}/fermata.sysusers" DESTINATION /usr/lib/sysusers.d RENAME fermata.conf
  COMPONENT service EXCLUDE_FROM_ALL)
install(FILES "${debian}/fermata.tmpfiles" DESTINATION /usr/lib/tmpfiles.d RENAME fermata.conf
  COMPONENT service EXCLUDE_FROM_ALL)
install_manual(fermata 1 archive-papers)
install_manual(fermata-plugin-check 1 sdk-papers)

get_property(plugins GLOBAL PROPERTY FERMATA_INSTALLED_PLUGINS)
add_custom_target(packaged DEPENDS fermata fermata-plugin-check ${plugins} admin-web viewer-ohif-files)

set(CPACK_GENERATOR DEB)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_PACKAGE_NAME fermata)
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_NAME} built using CMake")  # CPack's own: each package has another one
set(CPACK_PACKAGE_CONTACT "${FERMATA_MAINTAINER}")
set(CPACK_PACKAGE_DIRECTORY "${CMAKE_BINARY_DIR}/packages")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_RELEASE "${FERMATA_PACKAGE_RELEASE}")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_ARCHIVE_PACKAGE_SECTION science)
set(CPACK_DEBIAN_ARCHIVE_PACKAGE_DEPENDS "systemd | systemd-standalone-sysusers, systemd | systemd-standalone-tmpfiles")
set(CPACK_DEBIAN_ARCHIVE_PACKAGE_RECOMMENDS "fermata-viewer-ohif, avahi-daemon, tzdata")
set(CPACK_DEBIAN_ARCHIVE_PACKAGE_SUGGESTS "dcmtk")
set(CPACK_DEBIAN_ARCHIVE_PACKAGE_CONTROL_EXTRA
  "${debian}/conffiles;${debian}/postinst;${debian}/prerm;${debian}/postrm")
set(CPACK_DEBIAN_SDK_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_SDK_PACKAGE_DEPENDS "libicu-dev, pkgconf | pkg-config")
set(CPACK_DEBIAN_SDK_PACKAGE_RECOMMENDS "fermata (= ${FERMATA_PACKAGE_VERSION}), catch2, cmake, g++, ninja-build")
set(CPACK_DEBIAN_VIEWER_PACKAGE_SECTION science)
set(CPACK_DEBIAN_VIEWER_PACKAGE_DEPENDS "fermata (= ${FERMATA_PACKAGE_VERSION})")
set(CPACK_DEBIAN_VIEWER_PACKAGE_CONTROL_EXTRA "${debian}/viewer/postinst")
include(CPack)
