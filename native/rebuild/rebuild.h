/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <vector>

#include "base/types.h"
#include "device/workspace.h"

namespace espalier {

/** A matrix to be written. */
struct NewCsr {
  int32_t rows;
  int32_t columns;
  int32_t nnz;
  int32_t* row_start;
  int32_t* column;
  float* values;
};

/** Connections that come in: ascending canonical positions, and what they start with. */
struct Growth {
  const int64_t* positions;
  int32_t count;
  ValueRule rule;
  int64_t value_key;
  bool keep_regrown;  // one that goes and comes back in the same update keeps value and state
};

/** An array that travels with the weights (momentum and the like), before and after. */
struct StateArray {
  const float* old;
  float* merged;
};

/** Merges the survivors (keep) and the grown connections into a new matrix, values and state arrays; grown ones start
    with state 0. merged.nnz is the number of survivors plus growth.count. */
void rebuild(Workspace& workspace, const Csr& old, const int32_t* keep, const Growth& growth, const NewCsr& merged,
             const std::vector<StateArray>& state);

/** Orders connections by column, rows ascending; slot[k] is where entry k went. */
void transpose(Workspace& workspace, const Csr& csr, const NewCsr& transposed, int32_t* slot);

}  // namespace espalier
