/* SPDX-License-Identifier: Apache-2.0 */
// Operations that compute an element from the elements at the same place: 8 or 12 bytes and a few flops each.
#include "base/activation.h"
#include "random/keys.h"
#include "rows/knees.h"
#include "rows/quads.h"
#include "rows/rows.h"

namespace espalier {
namespace {

struct Activate {
  Activation activation;
  ConstRows x;
  Rows y;

  __device__ void operator()(int32_t row, int32_t p) const {
    const Activation f = activation;
    store_quad(y.row(row), p, map(load_quad(x.row(row), p), [f](float in) { return espalier::activate(f, in); }));
  }
};

struct ActivateGradient {
  Activation activation;
  ConstRows read;  // what the derivative is read off
  ConstRows dy;
  Rows dx;

  __device__ void operator()(int32_t row, int32_t p) const {
    const Activation f = activation;
    store_quad(dx.row(row), p, map(load_quad(read.row(row), p), load_quad(dy.row(row), p), [f](float at, float d) {
                 return activation_gradient(f, at) * d;
               }));
  }
};

struct Srelu {
  const float* parameters;
  ConstRows x;
  Rows y;

  __device__ void operator()(int32_t row, int32_t p) const {
    const Knees knees(parameters, row, x.rows);
    store_quad(y.row(row), p, map(load_quad(x.row(row), p), [knees](float in) {
                 if (in < knees.left) return fmaf(knees.slope_left, in - knees.left, knees.left);
                 if (in > knees.right) return fmaf(knees.slope_right, in - knees.right, knees.right);
                 return in;
               }));
  }
};

/** No mask is stored: the bits of an element are a hash of the key and its place. */
struct Dropout {
  int32_t threshold;
  float scale;
  Varying<int64_t> key;
  ConstRows x;
  Rows y;

  __device__ void operator()(int32_t row, int32_t p) const {
    const uint32_t seed = dropout_row_seed(static_cast<uint64_t>(key.value()), row);
    const float4 in = load_quad(x.row(row), p);
    store_quad(
        y.row(row), p,
        make_float4(kept(seed, p, in.x), kept(seed, p + 1, in.y), kept(seed, p + 2, in.z), kept(seed, p + 3, in.w)));
  }

  __device__ float kept(uint32_t seed, int32_t position, float in) const {
    return dropout_bits(seed, position) >= threshold ? in * scale : 0.0f;
  }
};

}  // namespace

void activate(Workspace& workspace, Activation activation, ConstRows x, Rows y) {
  for_each_quad(workspace.stream(), x.rows, x.positions, Activate{activation, x, y});
}

void activate_gradient(Workspace& workspace, Activation activation, ConstRows x, ConstRows y, ConstRows dy, Rows dx) {
  const bool from_output = activation.kind == ActivationKind::Sigmoid || activation.kind == ActivationKind::Tanh;
  for_each_quad(workspace.stream(), dy.rows, dy.positions, ActivateGradient{activation, from_output ? y : x, dy, dx});
}

void srelu(Workspace& workspace, const float* parameters, ConstRows x, Rows y) {
  for_each_quad(workspace.stream(), x.rows, x.positions, Srelu{parameters, x, y});
}

void dropout(Workspace& workspace, int32_t threshold, float scale, Varying<int64_t> key, ConstRows x, Rows y) {
  for_each_quad(workspace.stream(), x.rows, x.positions, Dropout{threshold, scale, key, x, y});
}

}  // namespace espalier
