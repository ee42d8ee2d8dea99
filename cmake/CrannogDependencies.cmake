# What the build stands on; each is described in docs/DEPENDENCIES.md and fetched by ./dev setup.
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(GTest REQUIRED)
find_package(benchmark REQUIRED)
find_package(RocksDB REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)

# DuckDB: the library of the npm package and the headers of the Python source package, one version.
if(DEFINED ENV{CRANNOG_DEPS})
  set(crannog_deps_default "$ENV{CRANNOG_DEPS}")
else()
  set(crannog_deps_default "$ENV{HOME}/.cache/crannog")
endif()
set(CRANNOG_DEPS "${crannog_deps_default}" CACHE PATH "Where ./dev setup put what it fetched")
set(CRANNOG_DUCKDB "${CRANNOG_DEPS}/duckdb-1.5.5")
if(NOT EXISTS "${CRANNOG_DUCKDB}/lib/libduckdb.so")
  message(FATAL_ERROR "DuckDB 1.5.5 is not at ${CRANNOG_DUCKDB}; run ./dev setup")
endif()
add_library(duckdb SHARED IMPORTED)
set_target_properties(duckdb PROPERTIES
  IMPORTED_LOCATION "${CRANNOG_DUCKDB}/lib/libduckdb.so"
  IMPORTED_NO_SONAME OFF
  INTERFACE_INCLUDE_DIRECTORIES "${CRANNOG_DUCKDB}/include")
