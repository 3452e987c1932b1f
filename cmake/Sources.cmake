# SPDX-License-Identifier: Apache-2.0
# Which sources belong to which library: the end of a file's name says it.

# espalier_sources(<variable> <own> <other>): kernels and C++ files of one library, without those of the other and without
# tests. Both are "cuda" or "emulated".
function(espalier_sources variable own other)
  file(GLOB files CONFIGURE_DEPENDS ${ESPALIER_NATIVE}/*/*.cu ${ESPALIER_NATIVE}/*/*.cpp)
  list(FILTER files EXCLUDE REGEX "_test\\.cpp$|_${other}\\.(cu|cpp)$|/loader/[^/]*$")
  set(${variable} ${files} PARENT_SCOPE)
endfunction()

# Warnings are errors. A multiplication and an addition become one operation only where a kernel says fmaf, so that both
# compilers compute the same bits.
set(ESPALIER_CXX_FLAGS -Wall -Wextra -Werror -ffp-contract=off)

# What a library links: everything that is not its interface stays inside, the C++ runtime included.
set(ESPALIER_LINK_FLAGS -static-libstdc++ -static-libgcc -Wl,--exclude-libs,ALL -Wl,--no-undefined)
