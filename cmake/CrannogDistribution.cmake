# The program and the shared libraries it needs, side by side in one folder that can be copied to
# another Debian 12 machine and run there.
#
#   crannog_distribute(crannog)
#
# puts the program and its libraries into CRANNOG_DIST. The run path is the old kind (DT_RPATH,
# $ORIGIN): it also serves the libraries of libraries, which the new kind does not.
set(CRANNOG_DIST "${CMAKE_BINARY_DIR}/dist" CACHE PATH "Where the program and its libraries go")

function(crannog_distribute target)
  set_target_properties(${target} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${CRANNOG_DIST}"
    BUILD_WITH_INSTALL_RPATH ON
    INSTALL_RPATH "$ORIGIN")
  target_link_options(${target} PRIVATE -Wl,--disable-new-dtags)
  add_custom_command(TARGET ${target} POST_BUILD
    COMMAND "${CMAKE_COMMAND}"
      "-DPROGRAM=$<TARGET_FILE:${target}>"
      "-DDESTINATION=${CRANNOG_DIST}"
      "-DSEARCH=${CRANNOG_DUCKDB}/lib"
      -P "${CMAKE_SOURCE_DIR}/cmake/copy_libraries.cmake"
    VERBATIM)
endfunction()
