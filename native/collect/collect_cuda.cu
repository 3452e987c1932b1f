/* SPDX-License-Identifier: Apache-2.0 */
// CUB takes half a minute to compile; this is the only file that sees it.
#include <cub/device/device_radix_sort.cuh>
#include <cub/device/device_scan.cuh>
#include <string>

#include "base/error.h"
#include "collect/collect.h"

namespace espalier::collect {
namespace {

/** Runs an algorithm of CUB: called without memory it says how much it needs, called again it works. */
template <class Algorithm>
void run(device::Stream stream, const char* name, Algorithm algorithm) {
  size_t bytes = 0;
  cudaError_t status = algorithm(nullptr, bytes);
  if (status == cudaSuccess) {
    if (bytes == 0) bytes = 1;  // no memory would mean that it is asked again
    device::Scratch scratch(stream, bytes);
    status = algorithm(scratch.as<void>(), bytes);
  }
  if (status != cudaSuccess) {
    throw Error(ESP_LAUNCH_FAILED, std::string(name) + " failed on the device: " + cudaGetErrorString(status) + ".");
  }
}

}  // namespace

void exclusive_scan(device::Stream stream, const int32_t* values, int32_t* sums, int32_t count) {
  // the inclusive sums one place further on: there are count + 1 sums but only count values to read
  device::zero(stream, sums, sizeof(int32_t));
  if (count == 0) return;
  run(stream, "A prefix sum", [=](void* memory, size_t& bytes) {
    return cub::DeviceScan::InclusiveSum(memory, bytes, values, sums + 1, count, stream);
  });
}

void sort(device::Stream stream, const int64_t* keys, int64_t* sorted, int32_t count, int32_t bits) {
  if (count == 0) return;
  run(stream, "Sorting", [=](void* memory, size_t& bytes) {
    return cub::DeviceRadixSort::SortKeys(memory, bytes, keys, sorted, count, 0, bits, stream);
  });
}

void sort_pairs(device::Stream stream, const int32_t* keys, int32_t* sorted_keys, const int32_t* values,
                int32_t* sorted_values, int32_t count, int32_t bits) {
  if (count == 0) return;
  run(stream, "Sorting", [=](void* memory, size_t& bytes) {
    return cub::DeviceRadixSort::SortPairs(memory, bytes, keys, sorted_keys, values, sorted_values, count, 0, bits,
                                           stream);
  });
}

}  // namespace espalier::collect
