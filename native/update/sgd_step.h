/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <cmath>

#include "base/types.h"

namespace espalier {

/**
 * A step of momentum SGD on one value: g' = scale * g + decay * w; v = momentum * v + g';
 * w - rate * (nesterov ? g' + momentum * v : v).
 *
 * @param velocity v, which is changed; null when momentum is 0
 * @return the new value
 */
__device__ __forceinline__ float sgd_step(float value, float gradient, float* velocity, const SgdRule& rule, float rate,
                                          float scale) {
  const float slope = fmaf(rule.weight_decay, value, scale * gradient);
  float direction = slope;
  if (velocity != nullptr) {
    const float speed = fmaf(rule.momentum, *velocity, slope);
    *velocity = speed;
    direction = rule.nesterov ? fmaf(rule.momentum, speed, slope) : speed;
  }
  return fmaf(-rate, direction, value);
}

}  // namespace espalier
