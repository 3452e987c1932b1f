/* SPDX-License-Identifier: Apache-2.0 */
// What becomes of the gradient of a connection: it is stored, or a step is made with it at once.
#pragma once

#include "sddmm/sddmm.h"
#include "update/sgd_step.h"

namespace espalier {

struct GradientSink {
  float* gradient;

  __device__ bool wanted() const { return true; }
  __device__ void put(int32_t k, float value) const { gradient[k] = value; }
};

/** 16 to 24 bytes a connection, instead of those and the gradient written and read again. */
struct SgdSink {
  UpdatedWeights weights;
  SgdRule rule;
  const int32_t* halted;

  __device__ bool wanted() const { return *halted == 0; }
  __device__ void put(int32_t k, float gradient) const {
    const float rate = rule.learning_rate.value();
    float velocity = 0;
    if (weights.velocity != nullptr) velocity = weights.velocity[k];
    const float value =
        sgd_step(weights.values[k], gradient, weights.velocity == nullptr ? nullptr : &velocity, rule, rate, 1);
    weights.values[k] = value;
    if (weights.velocity != nullptr) weights.velocity[k] = velocity;
    if (weights.transposed != nullptr) weights.transposed[weights.slot[k]] = value;
  }
};

}  // namespace espalier
