/* SPDX-License-Identifier: Apache-2.0 */
// Operations on the rows of feature-major tensors, bound by memory. The formulas are those of the backend's RowOps.
#pragma once

#include "base/types.h"
#include "device/workspace.h"

namespace espalier {

/** x[f,p] = scale[f] * samples[p * x.rows + f] + shift[f] (one fused multiply-add); scaling: all scales, then all shifts, or null. */
void gather(Workspace& workspace, const float* samples, const float* scaling, Rows x);

/** sums[r] = sum over p of dy[r,p]. */
void row_sums(Workspace& workspace, ConstRows dy, float* sums);

/** y = f(x); y may be x. */
void activate(Workspace& workspace, Activation activation, ConstRows x, Rows y);

/** dx = dy * f'(x): ReLU kinds read x, sigmoid and tanh read y, the function's output; dx may be dy. */
void activate_gradient(Workspace& workspace, Activation activation, ConstRows x, ConstRows y, ConstRows dy, Rows dx);

/** SReLU with 4 * rows parameters: all tLeft, then aLeft, width, aRight. */
void srelu(Workspace& workspace, const float* parameters, ConstRows x, Rows y);

/** Gradient of SReLU; gradient has the order of the parameters; dx may be dy. */
void srelu_gradient(Workspace& workspace, const float* parameters, ConstRows x, ConstRows dy, Rows dx, float* gradient);

/** y[r,p] = x[r,p] * scale where the random bits of the element reach the threshold, else 0; y may be x. */
void dropout(Workspace& workspace, int32_t threshold, float scale, Varying<int64_t> key, ConstRows x, Rows y);

}  // namespace espalier
