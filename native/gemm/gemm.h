/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/types.h"
#include "device/workspace.h"

namespace espalier {

/** Forward: y[r,p] = f(bias[r] + sum over c of weights[r * K + c] * x[c,p]); bias may be null. */
void gemm(Workspace& workspace, const float* weights, const float* bias, ConstRows x, Rows y, const Epilogue& epilogue);

/** Input gradient: dx[c,p] = f(sum over r of weights[r * K + c] * dy[r,p]). */
void gemm_transposed(Workspace& workspace, const float* weights, ConstRows dy, Rows dx, const Epilogue& epilogue);

/** Weight gradient: gradient[r * K + c] = sum over p of dy[r,p] * x[c,p]. */
void gemm_gradient(Workspace& workspace, ConstRows x, ConstRows dy, float* gradient);

}  // namespace espalier
