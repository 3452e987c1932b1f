/* SPDX-License-Identifier: Apache-2.0 */
// Sums of magnitudes whose order is part of what they are: a thread adds up a stretch of values, one after the other.
// Bytes: 4 read for each value. Neighbouring threads read different stretches, but what a thread fetched with one value
// it finds in the first-level cache for the 31 that follow. Blocks are small, so that the stretches are spread over the
// multiprocessors and few share a cache; how long it takes is told by the longest chain of additions.
#include "score/magnitudes.h"

#include "score/score.h"

namespace espalier {
namespace {

constexpr int THREADS = 32;
constexpr int64_t CHUNK = 1024;  // values that are added one after the other

unsigned blocks_for(int64_t stretches) { return static_cast<unsigned>((stretches + THREADS - 1) / THREADS); }

__device__ __forceinline__ double add_up(const float* values, int64_t from, int64_t to) {
  double sum = 0;
  for (int64_t k = from; k < to; ++k) sum += fabsf(values[k]);
  return sum;
}

/** A thread owns a row. */
__global__ void __launch_bounds__(THREADS) sum_rows_kernel(Csr matrix, float* sums) {
  const int64_t row = static_cast<int64_t>(blockIdx.x) * THREADS + threadIdx.x;
  if (row >= matrix.rows) return;
  sums[row] = static_cast<float>(add_up(matrix.values, matrix.row_start[row], matrix.row_start[row + 1]));
}

/** A thread owns a chunk. */
__global__ void __launch_bounds__(THREADS) sum_chunks_kernel(const float* values, int64_t n, double* sums) {
  const int64_t chunk = static_cast<int64_t>(blockIdx.x) * THREADS + threadIdx.x;
  const int64_t from = chunk * CHUNK;
  if (from < n) sums[chunk] = add_up(values, from, n - from < CHUNK ? n : from + CHUNK);
}

/** One thread adds the sums of the chunks: a thousandth of what there was to add. */
__global__ void add_sums_kernel(const double* sums, int64_t chunks, double* result) {
  double total = 0;
  for (int64_t chunk = 0; chunk < chunks; ++chunk) total += sums[chunk];
  *result = total;
}

}  // namespace

void sum_rows(device::Stream stream, const Csr& matrix, float* sums) {
  if (matrix.rows == 0) return;
  SIMT_LAUNCH(sum_rows_kernel, blocks_for(matrix.rows), THREADS, 0, stream, matrix, sums);
}

void sum_of_magnitudes(Workspace& workspace, const float* values, int64_t n, double* result) {
  const device::Stream stream = workspace.stream();
  const int64_t chunks = (n + CHUNK - 1) / CHUNK;
  const device::Scratch sums(stream, static_cast<size_t>(chunks) * sizeof(double));
  if (chunks > 0) {
    SIMT_LAUNCH(sum_chunks_kernel, blocks_for(chunks), THREADS, 0, stream, values, n, sums.as<double>());
  }
  SIMT_LAUNCH(add_sums_kernel, 1, 1, 0, stream, sums.as<double>(), chunks, result);
  device::check_launch("sum of magnitudes");
}

}  // namespace espalier
