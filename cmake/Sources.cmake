# SPDX-License-Identifier: Apache-2.0
# Which sources belong to which library: the end of a file's name says it.

# espalier_sources(<variable> <own> <other>): kernels and C++ files of one library, without those of the other and without
# tests. Both are "cuda" or "emulated".
function(espalier_sources variable own other)
  file(GLOB files CONFIGURE_DEPENDS ${ESPALIER_NATIVE}/*/*.cu ${ESPALIER_NATIVE}/*/*.cpp)
  list(FILTER files EXCLUDE REGEX "_test\\.cpp$|_${other}\\.(cu|cpp)$|/loader/[^/]*$")
  set(${variable} ${files} PARENT_SCOPE)
endfunction()

# espalier_tests(<variable>): all test programs.
function(espalier_tests variable)
  file(GLOB files CONFIGURE_DEPENDS ${ESPALIER_NATIVE}/*/*_test.cpp)
  set(${variable} ${files} PARENT_SCOPE)
endfunction()

# espalier_test_name(<variable> <file>): spmm/spmm_test.cpp is spmm_test, spmm/tail_test.cpp is spmm_tail_test
function(espalier_test_name variable file)
  get_filename_component(name ${file} NAME_WE)
  get_filename_component(family ${file} DIRECTORY)
  get_filename_component(family ${family} NAME)
  if(NOT name MATCHES "^${family}_")
    set(name ${family}_${name})
  endif()
  set(${variable} ${name} PARENT_SCOPE)
endfunction()

# Warnings are errors, unless a newer compiler than ours has new ones. A multiplication and an addition become one operation
# only where a kernel says fmaf, so that both compilers compute the same bits.
set(ESPALIER_CXX_FLAGS -Wall -Wextra $<$<BOOL:${ESPALIER_WERROR}>:-Werror> -ffp-contract=off)
set(ESPALIER_CUDA_FLAGS -O3 -fmad=false -lineinfo $<$<BOOL:${ESPALIER_WERROR}>:-Werror=all-warnings>
                        -Xcompiler=-Wall,-Wextra,-ffp-contract=off)

# What a library links: everything that is not its interface stays inside, the C++ runtime included.
set(ESPALIER_LINK_FLAGS -static-libstdc++ -static-libgcc -Wl,--no-undefined
                        -Wl,--version-script,${ESPALIER_CMAKE}/interface.map)

# espalier_check_exports(<library> <label>): a test that the library shows its C interface and nothing else
function(espalier_check_exports library label)
  add_test(NAME exports.${library} COMMAND ${CMAKE_COMMAND} -DNM=${CMAKE_NM} -DLIBRARY=$<TARGET_FILE:${library}>
                                           -P ${ESPALIER_CMAKE}/CheckExports.cmake)
  set_tests_properties(exports.${library} PROPERTIES LABELS ${label})
endfunction()
