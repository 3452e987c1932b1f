/* SPDX-License-Identifier: Apache-2.0 */
// The vendor's dense product. The library is opened when it is first wanted, so that nothing needs it to start.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "device/workspace.h"

namespace espalier::vendor {

/** How numbers are rounded on the way: as single precision throughout, or to tf32 (10 bits) before they are multiplied. */
enum class Precision : int32_t { Single, Tf32 };

/**
 * A dense product in the library's order: matrices stand column by column, element (i, j) at data[j * stride + i].
 * C = op(A) * op(B), with op(A) of m x k and op(B) of k x n.
 */
struct DenseProduct {
  int32_t m, n, k;
  const float* a;
  int32_t a_stride;
  bool a_transposed;
  const float* b;
  int32_t b_stride;
  bool b_transposed;
  float* c;
  int32_t c_stride;
};

/** Returns why the library cannot be used here, in a sentence; empty if it can. */
std::string cublaslt_missing();

/** Enqueues the product. Uses the workspace's scratch. The same shape always takes the same algorithm. */
void multiply(Workspace& workspace, const DenseProduct& product, Precision precision);

}  // namespace espalier::vendor
