/* SPDX-License-Identifier: Apache-2.0 */
// The activation functions, as epilogues of products and as operations of their own compute them.
#pragma once

#include <cmath>

#include "base/types.h"

namespace espalier {

/** f(x). The kind is the same for a whole launch, so the branch costs next to nothing. NaN comes through. */
__device__ __forceinline__ float activate(Activation activation, float x) {
  switch (activation.kind) {
    case ActivationKind::Relu:
      return x <= 0 ? 0.0f : x;
    case ActivationKind::LeakyRelu:
      return x > 0 ? x : activation.slope * x;
    case ActivationKind::Sigmoid:
      return 1.0f / (1.0f + expf(-x));
    case ActivationKind::Tanh:
      return tanhf(x);
  }
  return x;
}

/** f'(x). Sigmoid and tanh take the function's output y = f(x) for `at`; ReLU kinds take x, or y if the slope is not
    negative: either has the same sign. */
__device__ __forceinline__ float activation_gradient(Activation activation, float at) {
  switch (activation.kind) {
    case ActivationKind::Relu:
      return at > 0 ? 1.0f : 0.0f;
    case ActivationKind::LeakyRelu:
      return at > 0 ? 1.0f : activation.slope;
    case ActivationKind::Sigmoid:
      return at * (1.0f - at);
    case ActivationKind::Tanh:
      return fmaf(-at, at, 1.0f);
  }
  return 1.0f;
}

}  // namespace espalier
