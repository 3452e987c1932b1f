/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/images.h"
#include "sddmm/sddmm.h"

namespace espalier {

/**
 * SDDMM of a convolution: gradient[k] = sum over p of dy[row k,p] * x[row(c), p + shift(c)], c being column[k], and
 * bias_gradient[r] = sum over p of dy[r,p] if that is not null. 2 nnz n flops. dy is 0 where there is no pixel.
 */
void sddmm(Workspace& workspace, const Csr& pattern, const Taps& taps, ConstRows x, ConstRows dy, float* gradient,
           float* bias_gradient);

/** The same and a step of momentum SGD on its result, as sddmm_sgd without taps. */
void sddmm_sgd(Workspace& workspace, const Csr& pattern, const Taps& taps, ConstRows x, ConstRows dy,
               const UpdatedWeights& weights, float* bias_gradient, const SgdRule& rule);

}  // namespace espalier
