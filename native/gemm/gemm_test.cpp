/* SPDX-License-Identifier: Apache-2.0 */
#include "gemm/gemm.h"

#include "test/check.h"
#include "test/tensors.h"

using namespace espalier;
using namespace espalier::test;

namespace {

struct Shape {
  int32_t rows;     // of the weights
  int32_t columns;  // of the weights
  int32_t positions;
  int32_t stride = 0;

  std::string name() const {
    return std::to_string(rows) + " x " + std::to_string(columns) + " n=" + std::to_string(positions);
  }
};

const Epilogue kNone{EpilogueKind::None, {ActivationKind::Relu, 0}, nullptr, 0};

double activated(Activation f, double x) {
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

double derivative(Activation f, double output) {
  switch (f.kind) {
    case ActivationKind::Relu:
      return output > 0;
    case ActivationKind::LeakyRelu:
      return output > 0 ? 1 : f.slope;
    case ActivationKind::Sigmoid:
      return output * (1 - output);
    default:
      return 1 - output * output;
  }
}

/** The epilogue on a reference, and on nothing for kind None. */
void finish(std::vector<double>& product, const Epilogue& epilogue, const Tensor& output, int32_t positions) {
  for (size_t i = 0; i < product.size(); ++i) {
    if (epilogue.kind == EpilogueKind::Activate) product[i] = activated(epilogue.activation, product[i]);
    if (epilogue.kind == EpilogueKind::Gradient) {
      product[i] *= derivative(epilogue.activation, output.first(i / positions, i % positions));
    }
  }
}

Bound bound_of(const Epilogue& epilogue, int32_t terms) {
  return epilogue.kind == EpilogueKind::Activate && epilogue.activation.kind >= ActivationKind::Sigmoid
             ? Bound::transcendental(1, terms)
             : Bound::sum(terms, 1);
}

std::vector<float> random_floats(Random& random, size_t n) {
  std::vector<float> values(n);
  for (float& value : values) value = random.number();
  return values;
}

void forward(const Shape& s, bool with_bias, EpilogueKind kind, Activation activation) {
  TestWorkspace workspace;
  Random random(s.rows * 31 + s.columns);
  const auto number = [&random] { return random.number(); };
  const std::vector<float> w = random_floats(random, static_cast<size_t>(s.rows) * s.columns);
  const std::vector<float> b = random_floats(random, s.rows);
  Array<float> weights(workspace, w);
  Array<float> bias(workspace, b);
  Tensor x(workspace, s.columns, s.positions, number, s.stride);
  Tensor y(workspace, s.rows, s.positions, s.stride);
  Tensor output(workspace, s.rows, s.positions, number, s.stride);
  const Epilogue epilogue{kind, activation, output.rows().data, output.rows().stride};
  std::vector<double> expected;
  for (int32_t r = 0; r < s.rows; ++r) {
    for (int32_t p = 0; p < s.positions; ++p) {
      double sum = with_bias ? b[r] : 0;
      for (int32_t c = 0; c < s.columns; ++c) {
        sum += static_cast<double>(w[static_cast<size_t>(r) * s.columns + c]) * x.first(c, p);
      }
      expected.push_back(sum);
    }
  }
  finish(expected, epilogue, output, s.positions);
  gemm(workspace, weights.data(), with_bias ? bias.data() : nullptr, x.read_only(), y.rows(), epilogue);
  expect_near("gemm " + s.name(), y.values(), expected, bound_of(epilogue, s.columns + 1));
  const std::vector<float> once = y.values();
  gemm(workspace, weights.data(), with_bias ? bias.data() : nullptr, x.read_only(), y.rows(), epilogue);
  expect_same("gemm again, same bits, " + s.name(), once, y.values());
}

void transposed(const Shape& s, EpilogueKind kind, Activation activation) {
  TestWorkspace workspace;
  Random random(s.rows * 37 + s.columns);
  const auto number = [&random] { return random.number(); };
  const std::vector<float> w = random_floats(random, static_cast<size_t>(s.rows) * s.columns);
  Array<float> weights(workspace, w);
  Tensor dy(workspace, s.rows, s.positions, number, s.stride);
  Tensor dx(workspace, s.columns, s.positions, s.stride);
  Tensor output(workspace, s.columns, s.positions, number, s.stride);
  const Epilogue epilogue{kind, activation, output.rows().data, output.rows().stride};
  std::vector<double> expected;
  for (int32_t c = 0; c < s.columns; ++c) {
    for (int32_t p = 0; p < s.positions; ++p) {
      double sum = 0;
      for (int32_t r = 0; r < s.rows; ++r) {
        sum += static_cast<double>(w[static_cast<size_t>(r) * s.columns + c]) * dy.first(r, p);
      }
      expected.push_back(sum);
    }
  }
  finish(expected, epilogue, output, s.positions);
  gemm_transposed(workspace, weights.data(), dy.read_only(), dx.rows(), epilogue);
  expect_near("gemm_transposed " + s.name(), dx.values(), expected, bound_of(epilogue, s.rows));
}

void gradient(const Shape& s) {
  TestWorkspace workspace;
  Random random(s.rows * 41 + s.columns);
  const auto number = [&random] { return random.number(); };
  Tensor x(workspace, s.columns, s.positions, number, s.stride);
  Tensor dy(workspace, s.rows, s.positions, number, s.stride);
  Array<float> result(workspace, static_cast<size_t>(s.rows) * s.columns, NAN);
  std::vector<double> expected;
  for (int32_t r = 0; r < s.rows; ++r) {
    for (int32_t c = 0; c < s.columns; ++c) {
      double sum = 0;
      for (int32_t p = 0; p < s.positions; ++p) sum += static_cast<double>(dy.first(r, p)) * x.first(c, p);
      expected.push_back(sum);
    }
  }
  gemm_gradient(workspace, x.read_only(), dy.read_only(), result.data());
  expect_near("gemm_gradient " + s.name(), result.values(), expected, Bound::sum(s.positions, 1));
}

/** Weights that start in the middle of 16 bytes, and NaN right beside them. */
void unaligned() {
  TestWorkspace workspace;
  constexpr int32_t kSize = 36;
  const auto one = [] { return 1.0f; };
  std::vector<float> w(kSize * kSize + 2, 1.0f);
  w.front() = w.back() = NAN;
  Array<float> weights(workspace, w);
  Tensor x(workspace, kSize, kSize, one);
  Tensor y(workspace, kSize, kSize);
  const std::vector<double> expected(kSize * kSize, kSize);
  gemm(workspace, weights.data() + 1, nullptr, x.read_only(), y.rows(), kNone);
  expect_near("gemm, unaligned", y.values(), expected, Bound::exact());
  gemm_transposed(workspace, weights.data() + 1, x.read_only(), y.rows(), kNone);
  expect_near("gemm_transposed, unaligned", y.values(), expected, Bound::exact());
  gemm_gradient(workspace, x.read_only(), x.read_only(), weights.data() + 1);
  std::vector<float> result = weights.values();
  expect(std::isnan(result.front()) && std::isnan(result.back()), "gemm_gradient writes nothing beside its result");
  expect_near("gemm_gradient, unaligned", {result.begin() + 1, result.end() - 1}, expected, Bound::exact());
}

}  // namespace

int main() {
  const Activation relu{ActivationKind::Relu, 0};
  const std::vector<Shape> shapes = {
      {1, 1, 1},       {1, 300, 17},   {300, 1, 15},   {11, 55, 16},   {37, 53, 1},    {37, 53, 33},
      {10, 1000, 100}, {10, 129, 128}, {3, 7, 129},    {5, 64, 300},   {64, 64, 64},   {11, 55, 17, 128},
      {200, 300, 96},  {0, 5, 7},      {5, 0, 7},      {5, 7, 0, 16},  {33, 257, 130}, {70, 2100, 50},
      {64, 52, 2000},  {130, 9, 8200}, {9, 130, 8200}, {130, 8200, 9},
  };
  for (const Shape& shape : shapes) {
    forward(shape, false, EpilogueKind::None, relu);
    transposed(shape, EpilogueKind::None, relu);
    gradient(shape);
  }
  const std::vector<Activation> activations = {
      relu, {ActivationKind::LeakyRelu, 0.25f}, {ActivationKind::Sigmoid, 0}, {ActivationKind::Tanh, 0}};
  for (const Activation& activation : activations) {
    for (const EpilogueKind kind : {EpilogueKind::Activate, EpilogueKind::Gradient}) {
      for (const Shape& shape : {Shape{37, 53, 17, 128}, Shape{10, 1000, 33}, Shape{37, 530, 257}}) {
        forward(shape, true, kind, activation);
        transposed(shape, kind, activation);
      }
    }
  }
  unaligned();
  return result("gemm_test");
}
