/* SPDX-License-Identifier: Apache-2.0 */
#include "sddmm/sddmm.h"

#include "pack/pack.h"
#include "rows/rows.h"
#include "sddmm/tiers.h"

namespace espalier {
namespace {

template <class T, class Sink>
void run(Workspace& workspace, const Csr& pattern, RowsOf<const T> x, RowsOf<const T> dy, const Sink& sink,
         float* bias_gradient, bool slab) {
  if (slab && dy.positions > 0) {
    sddmm_slab(workspace, pattern, x, dy, sink, bias_gradient, slab_rows<T>(pattern.rows, dy.positions));
  } else {
    sddmm_gather(workspace, pattern, x, dy, sink, bias_gradient);
  }
}

/** In 16 bits; but the gradient of the bias is made of dy as it is, which costs a pass over it. */
template <class Sink>
void run_rounded(Workspace& workspace, const Csr& pattern, ConstRows x, ConstRows dy, const Sink& sink,
                 float* bias_gradient, bool slab) {
  if (pattern.nnz > 0) {
    // The forward product may have packed the same x. That copy is gone: all operations share the memory of one.
    auto* packed = workspace.operands_of<Bfloat16>(packed_size(x) + packed_size(dy));
    const PackedRows packed_x = pack(workspace, x, packed);
    const PackedRows packed_dy = pack(workspace, dy, packed + packed_size(x));
    run(workspace, pattern, packed_x, packed_dy, sink, nullptr, slab);
  }
  if (bias_gradient != nullptr) row_sums(workspace, dy, bias_gradient);
}

template <class Sink>
void run(Workspace& workspace, const Csr& pattern, ConstRows x, ConstRows dy, const Sink& sink, float* bias_gradient,
         Tier tier) {
  if (pattern.rows == 0) return;
  if (reads_16_bits(tier)) {
    run_rounded(workspace, pattern, x, dy, sink, bias_gradient, uses_slabs(tier));
  } else {
    run(workspace, pattern, x, dy, sink, bias_gradient, uses_slabs(tier));
  }
}

}  // namespace

void sddmm(Workspace& workspace, const Csr& pattern, ConstRows x, ConstRows dy, float* gradient, float* bias_gradient,
           Tier tier) {
  run(workspace, pattern, x, dy, GradientSink{gradient}, bias_gradient, resolve(tier, pattern, dy.positions, "sddmm"));
}

void sddmm_sgd(Workspace& workspace, const Csr& pattern, ConstRows x, ConstRows dy, const UpdatedWeights& weights,
               float* bias_gradient, const SgdRule& rule, Tier tier) {
  run(workspace, pattern, x, dy, SgdSink{weights, rule, workspace.halted()}, bias_gradient,
      resolve(tier, pattern, dy.positions, "sddmm_sgd"));
}

}  // namespace espalier
