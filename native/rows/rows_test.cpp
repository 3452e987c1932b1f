/* SPDX-License-Identifier: Apache-2.0 */
#include "rows/rows.h"

#include "random/keys.h"
#include "test/check.h"
#include "test/tensors.h"

using namespace espalier;
using namespace espalier::test;

namespace {

struct Shape {
  int32_t rows;
  int32_t positions;
  int32_t stride = 0;

  std::string name() const { return std::to_string(rows) + " rows, n=" + std::to_string(positions); }
};

const std::vector<Shape> kShapes = {{1, 1},   {1, 300}, {300, 1}, {7, 15},      {7, 16},   {37, 17},  {5, 100},
                                    {3, 128}, {3, 129}, {0, 5},   {2, 17, 128}, {3, 2049}, {1, 9001}, {3, 0, 16}};

const std::vector<Activation> kActivations = {{ActivationKind::Relu, 0},      {ActivationKind::LeakyRelu, 0.1f},
                                              {ActivationKind::LeakyRelu, 0}, {ActivationKind::LeakyRelu, -0.75f},
                                              {ActivationKind::Sigmoid, 0},   {ActivationKind::Tanh, 0}};

double activated(Activation f, double x) {
  if (std::isnan(x)) return x;
  switch (f.kind) {
    case ActivationKind::Relu:
      return std::max(x, 0.0);
    case ActivationKind::LeakyRelu:
      return x > 0 ? x : f.slope * x;
    case ActivationKind::Sigmoid:
      return 1 / (1 + std::exp(-x));
    default:
      return std::tanh(x);
  }
}

/** Numbers in [-scale, scale), a quarter of them 0; scale NaN makes the others NaN. */
std::function<float()> numbers(Random& random, float scale) {
  return [&random, scale] { return random.below(4) == 0 ? 0.0f : scale * random.number(); };
}

void check_activate(const Shape& s, Activation f, float scale, bool in_place) {
  TestWorkspace workspace;
  Random random(s.rows + 7 * s.positions);
  Tensor x(workspace, s.rows, s.positions, numbers(random, scale), s.stride);
  Tensor other(workspace, s.rows, s.positions, s.stride);
  const Tensor& y = in_place ? x : other;
  activate(workspace, f, x.read_only(), y.rows());
  std::vector<double> expected;
  for (int32_t r = 0; r < s.rows; ++r) {
    for (int32_t p = 0; p < s.positions; ++p) expected.push_back(activated(f, x.first(r, p)));
  }
  expect_near("activate " + std::to_string(static_cast<int>(f.kind)) + ", " + s.name(), y.values(), expected,
              Bound::transcendental(1, 1));
}

void check_activate_gradient(const Shape& s, Activation f, bool in_place) {
  TestWorkspace workspace;
  Random random(s.rows + 11 * s.positions);
  Tensor read(workspace, s.rows, s.positions, numbers(random, 1), s.stride);
  Tensor not_read(workspace, s.rows, s.positions, s.stride);
  Tensor dy(workspace, s.rows, s.positions, numbers(random, 1), s.stride);
  Tensor other(workspace, s.rows, s.positions, s.stride);
  const Tensor& dx = in_place ? dy : other;
  const bool from_output = f.kind >= ActivationKind::Sigmoid;
  activate_gradient(workspace, f, (from_output ? not_read : read).read_only(),
                    (from_output ? read : not_read).read_only(), dy.read_only(), dx.rows());
  std::vector<double> expected;
  for (int32_t r = 0; r < s.rows; ++r) {
    for (int32_t p = 0; p < s.positions; ++p) {
      const double at = read.first(r, p);
      const double slope = f.kind == ActivationKind::Relu        ? at > 0
                           : f.kind == ActivationKind::LeakyRelu ? (at > 0 ? 1 : f.slope)
                           : f.kind == ActivationKind::Sigmoid   ? at * (1 - at)
                                                                 : 1 - at * at;
      expected.push_back(slope * dy.first(r, p));
    }
  }
  expect_near("activate_gradient, " + s.name(), dx.values(), expected, Bound::elementwise(1));
}

void check_row_sums(const Shape& s) {
  TestWorkspace workspace;
  Random random(s.positions);
  Tensor dy(workspace, s.rows, s.positions, numbers(random, 1), s.stride);
  Array<float> sums(workspace, s.rows, NAN);
  row_sums(workspace, dy.read_only(), sums.data());
  std::vector<double> expected;
  for (int32_t r = 0; r < s.rows; ++r) {
    double sum = 0;
    for (int32_t p = 0; p < s.positions; ++p) sum += dy.first(r, p);
    expected.push_back(sum);
  }
  expect_near("row_sums, " + s.name(), sums.values(), expected, Bound::sum(s.positions, 1));
}

/** Left knees, left slopes, widths of both signs, right slopes. */
std::vector<float> knees(Random& random, int32_t rows) {
  std::vector<float> parameters;
  for (const float scale : {0.5f, 0.4f, 0.8f, 1.5f}) {
    for (int32_t r = 0; r < rows; ++r) parameters.push_back(scale * random.number());
  }
  return parameters;
}

void check_srelu(const Shape& s, bool in_place) {
  TestWorkspace workspace;
  Random random(s.rows + 13 * s.positions);
  const std::vector<float> k = knees(random, s.rows);
  Array<float> parameters(workspace, k);
  Tensor x(workspace, s.rows, s.positions, numbers(random, 2), s.stride);
  Tensor y(workspace, s.rows, s.positions, s.stride);
  Tensor dy(workspace, s.rows, s.positions, numbers(random, 1), s.stride);
  Tensor other(workspace, s.rows, s.positions, s.stride);
  const Tensor& dx = in_place ? dy : other;
  Array<float> gradient(workspace, 4 * static_cast<size_t>(s.rows), NAN);
  srelu(workspace, parameters.data(), x.read_only(), y.rows());
  srelu_gradient(workspace, parameters.data(), x.read_only(), dy.read_only(), dx.rows(), gradient.data());

  std::vector<double> out, input_gradient, sums(4 * static_cast<size_t>(s.rows));
  for (int32_t r = 0; r < s.rows; ++r) {
    const double left = k[r], slope_left = k[s.rows + r], width = k[2 * s.rows + r], slope_right = k[3 * s.rows + r];
    const double right = left + std::fabs(width);
    for (int32_t p = 0; p < s.positions; ++p) {
      const double in = x.first(r, p);
      const double d = dy.first(r, p);
      double knee = in, slope = 1;
      if (in < left) {
        knee = left, slope = slope_left;
        sums[r] += d * (1 - slope);
        sums[s.rows + r] += d * (in - knee);
      } else if (in > right) {
        knee = right, slope = slope_right;
        sums[r] += d * (1 - slope);
        sums[2 * s.rows + r] += d * (1 - slope) * (width < 0 ? -1 : 1);
        sums[3 * s.rows + r] += d * (in - knee);
      }
      out.push_back(knee + slope * (in - knee));
      input_gradient.push_back(slope * d);
    }
  }
  expect_near("srelu, " + s.name(), y.values(), out, Bound::elementwise(4));
  expect_near("srelu_gradient dx, " + s.name(), dx.values(), input_gradient, Bound::elementwise(1));
  expect_near("srelu_gradient, " + s.name(), gradient.values(), sums, Bound::sum(s.positions, 4));
}

/** An input between the right knee and its rounding to a float is on the side where double precision sees it. */
void check_srelu_at_the_knee() {
  TestWorkspace workspace;
  Array<float> parameters(workspace, std::vector<float>{1.0f, 0.5f, std::ldexp(3.0f, -25), 2.0f});
  const float above = std::nextafterf(1.0f, 2.0f);  // the knee, 1 + 0.75 ulp, rounds to it
  Tensor x(workspace, 1, 1, [above] { return above; });
  Tensor dy(workspace, 1, 1, [] { return 1.0f; });
  Tensor dx(workspace, 1, 1);
  Array<float> gradient(workspace, 4, NAN);
  srelu_gradient(workspace, parameters.data(), x.read_only(), dy.read_only(), dx.rows(), gradient.data());
  expect_near("srelu_gradient just above the knee", dx.values(), {2.0}, Bound::exact());
}

void check_dropout(const Shape& s, float rate, bool in_place) {
  TestWorkspace workspace;
  Random random(s.rows + 17 * s.positions);
  const int64_t key = 0x64726f70;
  Array<int64_t> varying(workspace, std::vector<int64_t>{-1, key});
  Tensor x(workspace, s.rows, s.positions, numbers(random, 1), s.stride);
  Tensor other(workspace, s.rows, s.positions, s.stride);
  const Tensor& y = in_place ? x : other;
  const int32_t threshold = static_cast<int32_t>(rate * (1 << 24));
  const float scale = 1.0f / (1.0f - rate);
  dropout(workspace, threshold, scale, Varying<int64_t>{varying.data() + 1}, x.read_only(), y.rows());
  std::vector<double> expected;
  for (int32_t r = 0; r < s.rows; ++r) {
    const uint32_t seed = static_cast<uint32_t>(hash(key, r) >> 32);
    for (int32_t p = 0; p < s.positions; ++p) {
      const bool kept = static_cast<int32_t>(mix32(seed + p * 0x9E3779B9u) >> 8) >= threshold;
      expected.push_back(kept ? x.first(r, p) * scale : 0.0f);
    }
  }
  expect_near("dropout, " + s.name(), y.values(), expected, Bound::exact());
}

/** Bits as the engine's Keys draws them. */
void check_keys() {
  expect(hash(0, 0) == 0xE220A8397B1DCDAFull, "the first number of SplitMix64 with seed 0");
  expect(hash(0, 1) == 0x6E789E6AA1B965F4ull, "the second number of SplitMix64 with seed 0");
  expect(mix32(1) == 0x514E28B7u && mix32(0) == 0, "the finalizer of MurmurHash3");
}

void check_gather(int32_t features, const Shape& s, bool scaled) {
  TestWorkspace workspace;
  Random random(features);
  std::vector<float> samples(static_cast<size_t>(features) * s.positions);
  for (float& value : samples) value = random.number();
  std::vector<float> scaling(2 * static_cast<size_t>(features));
  for (float& value : scaling) value = random.number();
  Array<float> from(workspace, samples);
  Array<float> scales(workspace, scaling);
  Tensor x(workspace, features, s.positions, s.stride);
  gather(workspace, from.data(), scaled ? scales.data() : nullptr, x.rows());
  std::vector<double> expected;
  for (int32_t f = 0; f < features; ++f) {
    for (int32_t p = 0; p < s.positions; ++p) {
      const float value = samples[static_cast<size_t>(p) * features + f];
      expected.push_back(scaled ? std::fma(scaling[f], value, scaling[features + f]) : value);
    }
  }
  expect_near("gather of " + std::to_string(features) + " features, n=" + std::to_string(s.positions), x.values(),
              expected, Bound::exact());
}

}  // namespace

int main() {
  check_keys();
  for (const Shape& shape : kShapes) {
    check_row_sums(shape);
    for (const bool in_place : {false, true}) {
      for (const Activation& activation : kActivations) {
        check_activate(shape, activation, 3, in_place);
        check_activate_gradient(shape, activation, in_place);
      }
      check_srelu(shape, in_place);
      for (const float rate : {0.0f, 0.3f, 0.99f}) check_dropout(shape, rate, in_place);
    }
  }
  for (const Activation& activation : kActivations) check_activate({9, 100}, activation, NAN, false);
  for (const float scale : {20.0f, 1000.0f}) {
    check_activate({9, 100}, {ActivationKind::Sigmoid, 0}, scale, false);
    check_activate({9, 100}, {ActivationKind::Tanh, 0}, scale, true);
  }
  check_srelu_at_the_knee();
  for (const int32_t features : {0, 1, 7, 16, 33, 70, 1025}) {
    for (const Shape& shape : {Shape{0, 1}, Shape{0, 17}, Shape{0, 128}, Shape{0, 257}, Shape{0, 17, 128}}) {
      check_gather(features, shape, false);
      check_gather(features, shape, true);
    }
  }
  return result("rows_test");
}
