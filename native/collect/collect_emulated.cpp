/* SPDX-License-Identifier: Apache-2.0 */
// The emulator's device memory is host memory, and topology is never recorded, so everything happens at once.
#include <algorithm>
#include <numeric>
#include <vector>

#include "collect/collect.h"

namespace espalier::collect {

void exclusive_scan(device::Stream stream, const int32_t* values, int32_t* sums, int32_t count) {
  device::wait(stream);
  sums[0] = 0;
  std::partial_sum(values, values + count, sums + 1);
}

void sort(device::Stream stream, const int64_t* keys, int64_t* sorted, int32_t count, int32_t) {
  device::wait(stream);
  std::copy(keys, keys + count, sorted);
  std::sort(sorted, sorted + count);
}

void sort_pairs(device::Stream stream, const int32_t* keys, int32_t* sorted_keys, const int32_t* values,
                int32_t* sorted_values, int32_t count, int32_t) {
  device::wait(stream);
  std::vector<int32_t> order(static_cast<size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [=](int32_t a, int32_t b) { return keys[a] < keys[b]; });
  for (int32_t i = 0; i < count; ++i) {
    sorted_keys[i] = keys[order[static_cast<size_t>(i)]];
    sorted_values[i] = values[order[static_cast<size_t>(i)]];
  }
}

}  // namespace espalier::collect
