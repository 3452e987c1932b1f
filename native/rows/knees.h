/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cmath>

#include "base/types.h"

namespace espalier {

/** The SReLU of one row: slope_left below the left knee, identity between the knees, slope_right above the right. */
struct Knees {
  float left;
  float slope_left;
  float width;  // its absolute value counts
  float slope_right;
  float right;

  __device__ Knees(const float* parameters, int32_t row, int32_t rows)
      : left(parameters[row]),
        slope_left(parameters[static_cast<size_t>(rows) + row]),
        width(parameters[static_cast<size_t>(rows) * 2 + row]),
        slope_right(parameters[static_cast<size_t>(rows) * 3 + row]) {
    // The derivative jumps at left + |width|, so an input must be on the same side of it as in double precision: the
    // largest float not above it separates floats as it does.
    const double exact = static_cast<double>(left) + fabs(static_cast<double>(width));
    right = static_cast<float>(exact);
    if (static_cast<double>(right) > exact) right = nextafterf(right, -INFINITY);
  }
};

}  // namespace espalier
