/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/types.h"
#include "device/workspace.h"

namespace espalier {

/** What a connection of weight w and gradient g is worth. Every product, quotient and sum of two is rounded to a
    float. */
enum class ScoreKind : int32_t {
  MagnitudeAndGradient = 0,  // |w| + gradient_weight * |g|
  Taylor = 1,                // |w * g|
  RelativeImportance = 2,    // |w| / sum of |w| over its row + |w| / sum of |w| over its column; 0 / 0 is 0
  Random = 3                 // 30 random bits of key and position, as the bits of a float
};

struct Score {
  ScoreKind kind;
  float gradient_weight;
  int64_t key;

  bool reads_values() const { return kind != ScoreKind::Random; }
  bool reads_gradient() const { return kind == ScoreKind::MagnitudeAndGradient || kind == ScoreKind::Taylor; }
};

/** Writes the score of each connection. The sums of RelativeImportance go in canonical order, in double precision, and
    are rounded to floats. */
void score(Workspace& workspace, const Score& score, const Csr& weights, const float* gradient, float* scores);

/** Writes the canonical position of each connection. */
void positions(Workspace& workspace, const Csr& pattern, int64_t* positions);

/** *result = sum of the magnitudes of n floats in double precision: 1024 at a time in their order, then these sums in
    theirs. */
void sum_of_magnitudes(Workspace& workspace, const float* values, int64_t n, double* result);

}  // namespace espalier
