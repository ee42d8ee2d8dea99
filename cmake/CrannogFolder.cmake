# A folder of src/ is one library: its *.cc without tests, and one test program of its *_test.cc.
#
#   crannog_folder(catalog DEPS state LIBRARIES fmt::fmt)
#
# makes crannog_catalog, and catalog_test registered with ctest under the name "catalog".
# A nested folder passes its path: crannog_folder(table/iceberg ...) makes crannog_table_iceberg.
# maybe-uninitialized: g++ 12 reports moves of std::variant and std::optional that are sound.
set(CRANNOG_WARNINGS
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wnon-virtual-dtor
  -Woverloaded-virtual
  -Wno-maybe-uninitialized)
option(CRANNOG_WERROR "Warnings are errors" ON)
if(CRANNOG_WERROR)
  list(APPEND CRANNOG_WARNINGS -Werror)
endif()

# Gives CRANNOG_SOURCE_DIR to those of the sources that speak of it. Not to all: a compilation whose
# flags name the checkout is of no use to another checkout's.
function(crannog_source_dir)
  foreach(source IN LISTS ARGN)
    file(STRINGS "${source}" uses REGEX "CRANNOG_SOURCE_DIR" LIMIT_COUNT 1)
    if(uses)
      set_source_files_properties("${source}" PROPERTIES
        COMPILE_DEFINITIONS "CRANNOG_SOURCE_DIR=\"${CMAKE_SOURCE_DIR}\"")
    endif()
  endforeach()
endfunction()

function(crannog_folder path)
  cmake_parse_arguments(ARG "" "" "DEPS;LIBRARIES;TEST_DEPS" ${ARGN})
  string(REPLACE "/" "_" name "${path}")
  set(folder "${CMAKE_SOURCE_DIR}/src/${path}")
  file(GLOB sources CONFIGURE_DEPENDS "${folder}/*.cc")
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  set(libraries "")
  foreach(dep IN LISTS ARG_DEPS)
    list(APPEND libraries "crannog_${dep}")
  endforeach()

  if(sources)
    add_library(crannog_${name} STATIC ${sources})
    set(link PUBLIC)
    target_compile_options(crannog_${name} PRIVATE ${CRANNOG_WARNINGS})
  else()
    add_library(crannog_${name} INTERFACE)
    set(link INTERFACE)
  endif()
  target_include_directories(crannog_${name} ${link} "${CMAKE_SOURCE_DIR}/src")
  target_link_libraries(crannog_${name} ${link} ${libraries} ${ARG_LIBRARIES} Threads::Threads)

  if(tests)
    set(test_libraries "")
    foreach(dep IN LISTS ARG_TEST_DEPS)
      list(APPEND test_libraries "crannog_${dep}")
    endforeach()
    add_executable(${name}_test ${tests})
    target_compile_options(${name}_test PRIVATE ${CRANNOG_WARNINGS})
    crannog_source_dir(${tests})
    target_link_libraries(${name}_test PRIVATE
      crannog_${name} ${test_libraries} GTest::gmock GTest::gtest GTest::gtest_main)
    add_test(NAME ${name} COMMAND ${name}_test)
  endif()
endfunction()

# The libraries whose headers the sources include, for the programs of test/ and bench/:
#
#   crannog_libraries_of(libraries fuzz.cc)    "codec/avro.h" asks for crannog_codec
#
# Only these are built for the program, and what they stand on. A header of sql/ is implemented by
# sql/engine.
function(crannog_libraries_of result)
  set(libraries "")
  foreach(source IN LISTS ARGN)
    file(STRINGS "${source}" includes REGEX "^#include \"[a-z_/]+/[a-z0-9_]+\\.h\"")
    foreach(include IN LISTS includes)
      string(REGEX REPLACE "^#include \"([a-z_/]+)/[a-z0-9_]+\\.h\".*" "\\1" folder "${include}")
      if(folder STREQUAL "sql")
        set(folder "sql/engine")
      endif()
      string(REPLACE "/" "_" name "${folder}")
      if(TARGET crannog_${name})
        list(APPEND libraries crannog_${name})
      endif()
    endforeach()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${source}")
  endforeach()
  list(REMOVE_DUPLICATES libraries)
  set(${result} ${libraries} PARENT_SCOPE)
endfunction()
