# SPDX-License-Identifier: Apache-2.0
# Every test program runs in order, in three shuffled orders, and under the two sanitizers that see what a GPU would not say:
# memory beyond an array, and threads that do not wait for each other.
include(CheckCXXSourceCompiles)
espalier_tests(tests)
set(planted ${ESPALIER_NATIVE}/simt/planted/planted.cpp)

# espalier_program(<name> <variant> <source> <flags>...): a program of one source and all objects of a variant
function(espalier_program name variant source)
  add_executable(${name} ${source} $<TARGET_OBJECTS:emulator> $<TARGET_OBJECTS:objects_${variant}>)
  target_link_libraries(${name} PRIVATE compile_emulated Threads::Threads)
  target_compile_options(${name} PRIVATE ${ARGN})
  target_link_options(${name} PRIVATE ${ARGN})
endfunction()

# espalier_planted(<variant> <bug> <expected>): the planted bug has to be found, which the expected message shows
function(espalier_planted variant bug expected)
  add_test(NAME planted.${bug}.${variant}
           COMMAND ${CMAKE_COMMAND} "-DPROGRAM=${ARGN};$<TARGET_FILE:planted_${variant}>" -DARGUMENT=${bug}
                   "-DEXPECTED=${expected}" -P ${ESPALIER_CMAKE}/ExpectFailure.cmake)
  set_tests_properties(planted.${bug}.${variant} PROPERTIES LABELS "${variant};planted" TIMEOUT 60)
endfunction()

foreach(test ${tests})
  espalier_test_name(name ${test})
  espalier_program(${name} plain ${test} -O1)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS plain TIMEOUT 120)
  foreach(seed 1 2 3)
    add_test(NAME ${name}.shuffled.${seed} COMMAND ${name})
    set_tests_properties(${name}.shuffled.${seed} PROPERTIES LABELS shuffled TIMEOUT 120
                                                             ENVIRONMENT ESPALIER_SCHEDULE=${seed})
  endforeach()
endforeach()

espalier_check_exports(espalier_emulated plain)

# The portable way to change stacks, where the processor has one of its own.
add_library(emulator_ucontext OBJECT ${runtime})
target_link_libraries(emulator_ucontext PRIVATE compile_emulated)
target_compile_options(emulator_ucontext PRIVATE -O2)
target_compile_definitions(emulator_ucontext PRIVATE SIMT_UCONTEXT)
add_executable(simt_test_ucontext ${ESPALIER_NATIVE}/simt/simt_test.cpp $<TARGET_OBJECTS:emulator_ucontext>
                                  $<TARGET_OBJECTS:objects_plain>)
target_link_libraries(simt_test_ucontext PRIVATE compile_emulated Threads::Threads)
add_test(NAME simt_test.ucontext COMMAND simt_test_ucontext)
set_tests_properties(simt_test.ucontext PROPERTIES LABELS plain TIMEOUT 120)

espalier_program(planted_plain plain ${planted} -O1)
espalier_planted(plain missing_barrier "[0-9]+ of 256 values are wrong")
espalier_planted(plain divergent_barrier "kernel divergent_barrier, block .1,0,0., thread .*: divergent barrier")
espalier_planted(plain absent_lane "kernel absent_lane, .*deadlock: .*for lanes 0x00000008 of mask 0x0000ffff")
espalier_planted(plain ended_lane "names lanes 0x80000000, which have ended")
espalier_planted(plain lane_outside_mask "lane 16 is not in its own mask 0x0000ffff")
espalier_planted(plain different_operations "__ballot_sync while lanes .* wait in __shfl_sync")
espalier_planted(plain copy_not_awaited "thread .5,0,0.: the thread ends without having waited")
espalier_planted(plain copy_misaligned "multiples of 16")
espalier_planted(plain copy_to_global "not in an array in shared memory")
espalier_planted(plain block_too_large "kernel nothing was launched with a block of .1025,1,1. threads")
espalier_planted(plain grid_too_large "a grid of .1,65536,1. blocks")
espalier_planted(plain grid_empty "a grid of .0,1,1. blocks")
espalier_planted(plain too_much_shared "more than the 232448 of a block")
espalier_planted(plain too_much_static_shared "arrays in shared memory take 49156 bytes")
espalier_planted(plain released_twice "memory was released that is not allocated")

# The sanitizers, where the compiler and the system have them.
function(espalier_sanitized variant sanitizer)
  set(CMAKE_REQUIRED_FLAGS -fsanitize=${sanitizer})
  check_cxx_source_compiles("int main() { return 0; }" ESPALIER_HAS_${sanitizer})
  if(NOT ESPALIER_HAS_${sanitizer})
    message(STATUS "tests with the ${sanitizer} sanitizer are skipped: the compiler does not link it")
    return()
  endif()
  add_library(objects_${variant} OBJECT ${sources})
  target_link_libraries(objects_${variant} PRIVATE compile_emulated)
  set(flags -O1 -fno-omit-frame-pointer -fsanitize=${sanitizer})
  target_compile_options(objects_${variant} PRIVATE ${flags})
  foreach(test ${tests})
    espalier_test_name(name ${test})
    espalier_program(${name}_${variant} ${variant} ${test} ${flags})
    add_test(NAME ${name}.${variant} COMMAND ${ARGN} $<TARGET_FILE:${name}_${variant}>)
    set_tests_properties(${name}.${variant} PROPERTIES LABELS ${variant} TIMEOUT 1200)
  endforeach()
  espalier_program(planted_${variant} ${variant} ${planted} ${flags})
endfunction()

espalier_sanitized(asan address)
if(TARGET objects_asan)
  espalier_planted(asan shared_overrun "AddressSanitizer: heap-buffer-overflow.*in shared_overrun")
  espalier_planted(asan global_overrun "AddressSanitizer: heap-buffer-overflow.*in global_overrun")
endif()

# ThreadSanitizer wants memory where it expects it, so addresses must not be randomised.
find_program(ESPALIER_SETARCH setarch)
if(ESPALIER_SETARCH)
  espalier_sanitized(tsan thread ${ESPALIER_SETARCH} -R)
  if(TARGET objects_tsan)
    espalier_planted(tsan missing_barrier "ThreadSanitizer: data race.*in missing_barrier" ${ESPALIER_SETARCH} -R)
    espalier_planted(tsan missing_syncwarp "ThreadSanitizer: data race.*in missing_syncwarp" ${ESPALIER_SETARCH} -R)
    espalier_planted(tsan racing_blocks "ThreadSanitizer: data race.*in racing_blocks" ${ESPALIER_SETARCH} -R)
    espalier_planted(tsan copy_without_barrier "ThreadSanitizer: data race.*copy_without_barrier" ${ESPALIER_SETARCH} -R)
  endif()
else()
  message(STATUS "tests with the thread sanitizer are skipped: there is no setarch")
endif()
