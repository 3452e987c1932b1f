/* SPDX-License-Identifier: Apache-2.0 */
// The few types that all kernel families share. Plain data: they are passed to kernels by value.
#pragma once

#include <cstddef>
#include <cstdint>

#include "simt/simt.h"

namespace espalier {

/** A feature-major matrix of floats: row r starts at data + r * stride, on a 64-byte boundary. Elements between positions
    and stride are padding, which may be read and overwritten but must not matter. */
template <class T>
struct RowsOf {
  T* data;
  int32_t rows;
  int32_t positions;
  int32_t stride;

  __host__ __device__ T* row(int32_t r) const { return data + static_cast<size_t>(r) * stride; }
};
using Rows = RowsOf<float>;
using ConstRows = RowsOf<const float>;

inline ConstRows read_only(const Rows& rows) { return {rows.data, rows.rows, rows.positions, rows.stride}; }

/** A matrix in CSR form with columns ascending inside a row. */
struct Csr {
  int32_t rows;
  int32_t columns;
  int32_t nnz;
  const int32_t* row_start;
  const int32_t* column;
  const float* values;
  const int32_t* slabs;  // see spmm/slabs.h; may be null
};

/** A number that may be another one each time a recorded graph runs, so kernels read it from device memory. */
template <class T>
struct Varying {
  const int64_t* word;

  __device__ T value() const {
    T number;
    const int64_t bits = *word;
    memcpy(&number, &bits, sizeof(T));  // little endian: the low bytes
    return number;
  }
};

enum class ActivationKind : int32_t { Relu = 0, LeakyRelu = 1, Sigmoid = 2, Tanh = 3 };

struct Activation {
  ActivationKind kind;
  float slope;
};

enum class EpilogueKind : int32_t { None = 0, Activate = 1, Gradient = 2 };

/** What a product does to its result before it is written; see the backend's Epilogue. */
struct Epilogue {
  EpilogueKind kind;
  Activation activation;
  const float* output;  // Gradient: output of the activation, rows as those of the result
  int32_t output_stride;
};

/** How a sparse product is computed; see espalier.h. */
enum class Tier : int32_t {
  Auto = 0,
  Gather = 1,
  Slab = 2,
  Dense = 3,
  Tensor = 4,
  Gather16 = 5,
  Slab16 = 6,
  Auto16 = 7
};

inline bool uses_slabs(Tier tier) { return tier == Tier::Slab || tier == Tier::Slab16; }
inline bool reads_16_bits(Tier tier) { return tier == Tier::Gather16 || tier == Tier::Slab16; }

/** Momentum SGD: g' = scale * g + decay * w; v = momentum * v + g'; w -= rate * (nesterov ? g' + momentum * v : v). */
struct SgdRule {
  float momentum;
  bool nesterov;
  float weight_decay;
  Varying<float> learning_rate;
  Varying<float> gradient_scale;
};

enum class ValueKind : int32_t { Zero = 0, Normal = 1, Uniform = 2 };

/** What a new connection starts with: a function of a key and its canonical position (random/values.h). */
struct ValueRule {
  ValueKind kind;
  float scale;
};

}  // namespace espalier
