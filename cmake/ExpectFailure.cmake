# SPDX-License-Identifier: Apache-2.0
# Runs PROGRAM (a list) with ARGUMENT: it has to fail, and to say EXPECTED (a regular expression).
execute_process(COMMAND ${PROGRAM} ${ARGUMENT} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(status EQUAL 0)
  message(FATAL_ERROR "${ARGUMENT}: the program ended well, though a bug is planted in it:\n${output}")
endif()
if(NOT output MATCHES "${EXPECTED}")
  message(FATAL_ERROR "${ARGUMENT}: expected was a message like \"${EXPECTED}\", and what came was (${status}):\n${output}")
endif()
