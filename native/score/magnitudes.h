/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/types.h"
#include "device/device.h"

namespace espalier {

/** sums[r] = sum of the magnitudes of row r in their order, in double precision, rounded to a float. */
void sum_rows(device::Stream stream, const Csr& matrix, float* sums);

}  // namespace espalier
