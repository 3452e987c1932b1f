/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/types.h"
#include "device/workspace.h"

namespace espalier {

/**
 * SDDMM: gradient[k] = sum over p of dy[row k,p] * x[column k,p], at the connections only, and
 * bias_gradient[r] = sum over p of dy[r,p] if that is not null. 2 nnz n flops.
 *
 * @param tier as of SpMM; those of 16 bits round x and dy for the gradient, but not for that of the bias
 */
void sddmm(Workspace& workspace, const Csr& pattern, ConstRows x, ConstRows dy, float* gradient, float* bias_gradient, Tier tier);

/** The arrays that a fused optimizer step changes. */
struct UpdatedWeights {
  float* values;
  float* velocity;      // null when momentum is 0
  float* transposed;    // values of the transposed copy, or null
  const int32_t* slot;  // entry k stands at slot[k] of the transposed copy
};

/**
 * SDDMM and a step of momentum SGD on its result, which is never stored (gather tiers) or only for the part of the batch that
 * a block saw (slab tiers). rule.gradient_scale is not used. Does nothing but the bias gradient when the workspace is halted.
 */
void sddmm_sgd(Workspace& workspace, const Csr& pattern, ConstRows x, ConstRows dy, const UpdatedWeights& weights,
               float* bias_gradient, const SgdRule& rule, Tier tier);

}  // namespace espalier
