/* SPDX-License-Identifier: Apache-2.0 */
// Random regrowth without a bitmap: distinct random ranks among the free cells are images of a keyed permutation, found
// independently of each other, and the cell of a rank is found by binary search. Memory: 16 bytes for each new
// connection (and what sorting takes), 4 for each old one; nothing of the size of the dense matrix.
#include "grow/grow.h"

#include <string>

#include "base/error.h"
#include "collect/collect.h"
#include "collect/search.h"
#include "random/permutation.h"

namespace espalier {
namespace {

constexpr int THREADS = 256;

unsigned blocks_for(int32_t count) { return (static_cast<unsigned>(count) + THREADS - 1) / THREADS; }

/** A thread owns one image: 8 rounds of two 64-bit products for each step of its walk, 8 bytes written. */
__global__ void __launch_bounds__(THREADS) images(KeyedPermutation permutation, int32_t count, int64_t* target) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * THREADS + threadIdx.x;
  if (i < count) target[i] = permutation.apply(i);
}

/**
 * Replaces ranks among the free cells by canonical positions. A thread owns one: it finds the row by the free cells
 * before each row, then the first entry of the row with more free cells before it than the rank; the survivors before
 * that entry are those before the wanted cell. Entries that do not survive are free cells and change nothing. Ranks
 * ascend, so that neighbours search the same rows: log2(rows) + log2(entries of a row) reads, mostly from the caches.
 *
 * @param kept_before survivors before each entry, and all of them
 */
__global__ void __launch_bounds__(THREADS)
    locate(Csr weights, const int32_t* kept_before, int32_t count, int64_t* ranks) {
  const int64_t i = static_cast<int64_t>(blockIdx.x) * THREADS + threadIdx.x;
  if (i >= count) return;
  const int64_t rank = ranks[i];
  const int64_t columns = weights.columns;
  const int32_t* row_start = weights.row_start;
  const int32_t next_row = collect::partition_point(
      1, weights.rows, [=](int32_t row) { return row * columns - kept_before[row_start[row]] <= rank; });
  const int64_t row = next_row - 1;
  const int32_t* column = weights.column;
  const int32_t entry = collect::partition_point(row_start[row], row_start[row + 1], [=](int32_t k) {
    return row * columns + column[k] - kept_before[k] <= rank;
  });
  ranks[i] = rank + kept_before[entry];
}

}  // namespace

void random_cells(Workspace& workspace, int64_t cells, int32_t count, int64_t key, int64_t* positions) {
  if (count > cells) {
    throw Error(ESP_BAD_ARGUMENT, "There are only " + std::to_string(cells) + " free cells, but " +
                                      std::to_string(count) + " connections are to grow.");
  }
  if (count == 0) return;
  const device::Stream stream = workspace.stream();
  const device::Scratch unsorted(stream, static_cast<size_t>(count) * sizeof(int64_t));
  SIMT_LAUNCH(images, blocks_for(count), THREADS, 0, stream, KeyedPermutation(cells, key), count,
              unsorted.as<int64_t>());
  int32_t bits = 1;
  while ((cells - 1) >> bits) ++bits;
  collect::sort(stream, unsorted.as<int64_t>(), positions, count, bits);
  device::check_launch("random cells");
}

void grow_random(Workspace& workspace, const Csr& weights, const int32_t* keep, int64_t kept, int32_t count,
                 int64_t key, int64_t* positions) {
  const int64_t cells = static_cast<int64_t>(weights.rows) * weights.columns - kept;
  random_cells(workspace, cells, count, key, positions);
  if (count == 0) return;
  const device::Stream stream = workspace.stream();
  const device::Scratch kept_before(stream, (static_cast<size_t>(weights.nnz) + 1) * sizeof(int32_t));
  collect::exclusive_scan(stream, keep, kept_before.as<int32_t>(), weights.nnz);
  SIMT_LAUNCH(locate, blocks_for(count), THREADS, 0, stream, weights, kept_before.as<int32_t>(), count, positions);
  device::check_launch("grow");
}

}  // namespace espalier
