/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "abi/operations.h"

namespace espalier {

/** A checked command. */
struct Command {
  std::string label;  // such as "Command 3 (spmm)", counted from 1
  Work work;
};

/** The checked commands of a submission. */
struct Program {
  std::vector<Command> commands;
  bool recordable = true;      // false with topology commands, which allocate
  int64_t varying_needed = 0;  // how many varying numbers the commands refer to
};

/** Reads the words of a submission. Throws ESP_BAD_ARGUMENT, naming command, operation and argument, and has done
    nothing then. */
Program decode(const int64_t* words, int64_t count, const Surroundings& surroundings);

}  // namespace espalier
