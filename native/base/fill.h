/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cstdint>

#include "device/workspace.h"

namespace espalier {

/** target[i] = value for i in [0, count). */
void fill(Workspace& workspace, float* target, int64_t count, float value);

}  // namespace espalier
