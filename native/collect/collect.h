/* SPDX-License-Identifier: Apache-2.0 */
// The only collective algorithms that are not ours: CUB on a GPU (collect_cuda.cu), the standard library in the
// emulator (collect_emulated.cpp). Both give the same results, bit for bit. Temporary memory is the implementation's
// business.
#pragma once

#include <cstdint>

#include "device/workspace.h"

namespace espalier::collect {

/** sums[i] = values[0] + ... + values[i - 1], for i in [0, count]; so count + 1 numbers are written. */
void exclusive_scan(device::Stream stream, const int32_t* values, int32_t* sums, int32_t count);

/** Sorts non-negative numbers below 2^bits in ascending order; keys and sorted do not overlap. */
void sort(device::Stream stream, const int64_t* keys, int64_t* sorted, int32_t count, int32_t bits);

/** Sorts pairs by key, stably; keys are non-negative and below 2^bits. */
void sort_pairs(device::Stream stream, const int32_t* keys, int32_t* sorted_keys, const int32_t* values,
                int32_t* sorted_values, int32_t count, int32_t bits);

}  // namespace espalier::collect
