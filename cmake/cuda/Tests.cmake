# SPDX-License-Identifier: Apache-2.0
# The same test programs for a GPU: `cuda_tests` builds them into the folder cuda_tests. Nothing runs them here, because a
# machine that builds may have no GPU. The check of registers needs none.
espalier_tests(tests)
set_source_files_properties(${tests} PROPERTIES LANGUAGE CUDA)

add_custom_target(cuda_tests)
foreach(test ${tests})
  espalier_test_name(name ${test})
  add_executable(${name}_cuda EXCLUDE_FROM_ALL ${test} $<TARGET_OBJECTS:objects_cuda>)
  set_target_properties(${name}_cuda PROPERTIES OUTPUT_NAME ${name} LINKER_LANGUAGE CXX
                                                RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/cuda_tests)
  target_link_libraries(${name}_cuda PRIVATE compile_cuda Threads::Threads)
  add_dependencies(cuda_tests ${name}_cuda)
endforeach()

espalier_check_exports(espalier_cuda nvcc)

find_package(Python3 COMPONENTS Interpreter)
if(Python3_FOUND)
  add_test(NAME registers COMMAND Python3::Interpreter ${ESPALIER_NATIVE}/registers/check --nvcc ${CMAKE_CUDA_COMPILER})
  add_test(NAME registers.spill_is_found
           COMMAND ${CMAKE_COMMAND} "-DPROGRAM=${Python3_EXECUTABLE};${ESPALIER_NATIVE}/registers/check;--nvcc;${CMAKE_CUDA_COMPILER}"
                   -DARGUMENT=${ESPALIER_NATIVE}/registers/planted/spill.cu "-DEXPECTED=planted_spill spills"
                   -P ${ESPALIER_CMAKE}/ExpectFailure.cmake)
  set_tests_properties(registers registers.spill_is_found PROPERTIES LABELS nvcc TIMEOUT 900)
else()
  message(STATUS "the check of registers is skipped: no Python 3 was found")
endif()
