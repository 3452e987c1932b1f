/* SPDX-License-Identifier: Apache-2.0 */
#include "spmm/slabs.h"

namespace espalier {
namespace {

constexpr int kThreads = 256;

/** One thread finds one boundary: a binary search among the ascending columns of its row. Neighbouring threads have
    neighbouring rows, so the index is written whole lines at a time. Runs once per change of topology. */
__global__ void __launch_bounds__(kThreads) index_slabs_kernel(Csr csr, int64_t words, int32_t* slabs) {
  const int64_t word = static_cast<int64_t>(blockIdx.x) * kThreads + threadIdx.x;
  if (word >= words) return;
  const int32_t slab = static_cast<int32_t>(word / csr.rows);
  const int32_t row = static_cast<int32_t>(word % csr.rows);
  int32_t low = csr.row_start[row];
  int32_t high = csr.row_start[row + 1];
  if (slab == slab_count(csr.columns)) low = high;
  const int32_t column = slab * SLAB_COLUMNS;
  while (low < high) {
    const int32_t middle = low + (high - low) / 2;
    if (csr.column[middle] < column) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  slabs[word] = low;
}

}  // namespace

void index_slabs(Workspace& workspace, const Csr& csr, int32_t* slabs) {
  if (csr.rows == 0) return;
  const int64_t words = slab_words(csr.rows, csr.columns);
  const uint32_t blocks = static_cast<uint32_t>((words + kThreads - 1) / kThreads);
  SIMT_LAUNCH(index_slabs_kernel, blocks, kThreads, 0, workspace.stream(), csr, words, slabs);
}

}  // namespace espalier
