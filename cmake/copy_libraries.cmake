# Copies the shared libraries of PROGRAM into DESTINATION: all but those every Debian 12 has, the
# C and C++ run-time libraries. Run by cmake -P after linking.
file(GET_RUNTIME_DEPENDENCIES
  EXECUTABLES "${PROGRAM}"
  RESOLVED_DEPENDENCIES_VAR libraries
  UNRESOLVED_DEPENDENCIES_VAR missing
  DIRECTORIES "${SEARCH}"
  PRE_EXCLUDE_REGEXES
    "^ld-linux" "^linux-vdso" "^lib(c|m|dl|rt|pthread|resolv|stdc\\+\\+|gcc_s)\\.so"
    "^lib(a|ub|t)san\\.so")
if(missing)
  message(FATAL_ERROR "${PROGRAM} needs libraries that are not on this machine: ${missing}")
endif()
foreach(library IN LISTS libraries)
  get_filename_component(real "${library}" REALPATH)
  get_filename_component(name "${library}" NAME)
  set(target "${DESTINATION}/${name}")
  cmake_path(IS_PREFIX DESTINATION "${library}" NORMALIZE beside)
  if(NOT beside AND "${real}" IS_NEWER_THAN "${target}")
    # A hard link where the file system allows: the largest library has 70 MB.
    file(REMOVE "${target}")
    file(CREATE_LINK "${real}" "${target}" RESULT result COPY_ON_ERROR)
    if(NOT result EQUAL 0)
      message(FATAL_ERROR "could not copy ${real} to ${target}: ${result}")
    endif()
  endif()
endforeach()
