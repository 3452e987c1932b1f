/* SPDX-License-Identifier: Apache-2.0 */
// Binary search on the device, by one thread. The first steps of neighbouring threads read the same words, which stay
// in the first-level cache.
#pragma once

#include <cstdint>

#include "simt/simt.h"

namespace espalier::collect {

/** The first i of [low, high) for which before(i) does not hold, or high; it holds for all before that one. */
template <class Before>
__device__ inline int32_t partition_point(int32_t low, int32_t high, Before before) {
  while (low < high) {
    const int32_t middle = low + (high - low) / 2;
    if (before(middle)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** The first i of [low, high) with sorted[i] >= value, or high. */
template <class T>
__device__ inline int32_t lower_bound(const T* sorted, int32_t low, int32_t high, T value) {
  return partition_point(low, high, [=](int32_t i) { return sorted[i] < value; });
}

/** The row of a CSR matrix that holds an entry. */
__device__ inline int32_t row_of(const int32_t* row_start, int32_t rows, int32_t entry) {
  return partition_point(0, rows, [=](int32_t row) { return row_start[row + 1] <= entry; });
}

}  // namespace espalier::collect
