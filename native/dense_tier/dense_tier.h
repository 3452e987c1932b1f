/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The dense tier: sparse products as dense ones, for densities at which dense arithmetic is the faster way. Weights, gradients
 * and optimizer state stay proportional to the connections: one matrix, that of the layer at hand, is written out with its
 * zeros to memory that all layers share.
 *
 * Traffic of M x K at nnz connections: 4 M K written and read again for the matrix (4096 x 4096: 67 MB each way), against a dense
 * product of 2 M K n flops. The product itself is cuBLASLt's where that is installed, else our own.
 */
#pragma once

#include "base/types.h"
#include "device/workspace.h"
#include "sddmm/sddmm.h"
#include "vendor/cublaslt.h"

namespace espalier {

/** spmm.h's product. */
void spmm_dense(Workspace& workspace, const Csr& weights, const float* bias, ConstRows x, Rows y, const Epilogue& epilogue,
                vendor::Precision precision);

/** sddmm.h's products. */
void sddmm_dense(Workspace& workspace, const Csr& pattern, ConstRows x, ConstRows dy, float* gradient, float* bias_gradient,
                 vendor::Precision precision);
void sddmm_sgd_dense(Workspace& workspace, const Csr& pattern, ConstRows x, ConstRows dy, const UpdatedWeights& weights,
                     float* bias_gradient, const SgdRule& rule, vendor::Precision precision);

}  // namespace espalier
