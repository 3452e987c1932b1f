/* SPDX-License-Identifier: Apache-2.0 */
// The dense tier against the definition of the products in double precision.
#include "dense_tier/dense_tier.h"

#include <memory>

#include "test/check.h"
#include "test/tensors.h"

using namespace espalier;
using namespace espalier::test;

namespace {

struct Shape {
  int32_t rows, columns, positions;
  double density;

  std::string name() const {
    return std::to_string(rows) + " x " + std::to_string(columns) + " at " + std::to_string(density) +
           " n=" + std::to_string(positions);
  }
};

/** A random matrix in CSR form, its transposed slots a mere permutation: the tier only writes there. */
struct Matrix {
  Matrix(Workspace& workspace, const Shape& shape, Random& random) : rows(shape.rows), columns(shape.columns) {
    row_start.push_back(0);
    for (int32_t r = 0; r < rows; ++r) {
      for (int32_t c = 0; c < columns; ++c) {
        if (random.number() < 2 * shape.density - 1) {
          column.push_back(c);
          values.push_back(random.number());
        }
      }
      row_start.push_back(static_cast<int32_t>(column.size()));
    }
    for (size_t k = 0; k < column.size(); ++k) slot.push_back(static_cast<int32_t>(column.size() - 1 - k));
    starts = std::make_unique<Array<int32_t>>(workspace, row_start);
    columns_on_device = std::make_unique<Array<int32_t>>(workspace, column);
    values_on_device = std::make_unique<Array<float>>(workspace, values);
    slots = std::make_unique<Array<int32_t>>(workspace, slot);
  }

  Csr csr() const {
    return {rows, columns, static_cast<int32_t>(column.size()), starts->data(), columns_on_device->data(),
            values_on_device->data(), nullptr};
  }

  int32_t rows, columns;
  std::vector<int32_t> row_start, column, slot;
  std::vector<float> values;
  std::unique_ptr<Array<int32_t>> starts, columns_on_device, slots;
  std::unique_ptr<Array<float>> values_on_device;
};

Tensor random_tensor(Workspace& workspace, int32_t rows, int32_t positions, Random& random) {
  return Tensor(workspace, rows, positions, [&] { return random.number(); });
}

void check_spmm(Workspace& workspace, const Shape& shape, const Epilogue& kind, bool with_bias) {
  Random random(7);
  const Matrix matrix(workspace, shape, random);
  const Tensor x = random_tensor(workspace, shape.columns, shape.positions, random);
  const Tensor output = random_tensor(workspace, shape.rows, shape.positions, random);
  const Tensor y(workspace, shape.rows, shape.positions);
  std::vector<float> bias_values;
  for (int32_t r = 0; r < shape.rows; ++r) bias_values.push_back(random.number());
  const Array<float> bias(workspace, bias_values);
  Epilogue epilogue = kind;
  if (epilogue.kind == EpilogueKind::Gradient) {
    epilogue.output = output.rows().data;
    epilogue.output_stride = output.rows().stride;
  }
  spmm_dense(workspace, matrix.csr(), with_bias ? bias.data() : nullptr, x.read_only(), y.rows(), epilogue,
             vendor::Precision::Single);
  std::vector<double> expected;
  for (int32_t r = 0; r < shape.rows; ++r) {
    for (int32_t p = 0; p < shape.positions; ++p) {
      double sum = with_bias ? bias_values[r] : 0;
      for (int32_t k = matrix.row_start[r]; k < matrix.row_start[r + 1]; ++k) {
        sum += static_cast<double>(matrix.values[k]) * x.first(matrix.column[k], p);
      }
      if (epilogue.kind == EpilogueKind::Activate) sum = std::max(sum, 0.0);
      if (epilogue.kind == EpilogueKind::Gradient && !(output.first(r, p) > 0)) sum = 0;
      expected.push_back(sum);
    }
  }
  expect_near("spmm " + shape.name(), y.values(), expected, Bound::sum(shape.columns + 1, 1));
}

std::vector<double> gradients(const Matrix& matrix, const Tensor& x, const Tensor& dy, int32_t positions) {
  std::vector<double> expected;
  for (int32_t r = 0; r < matrix.rows; ++r) {
    for (int32_t k = matrix.row_start[r]; k < matrix.row_start[r + 1]; ++k) {
      double sum = 0;
      for (int32_t p = 0; p < positions; ++p) sum += static_cast<double>(dy.first(r, p)) * x.first(matrix.column[k], p);
      expected.push_back(sum);
    }
  }
  return expected;
}

void check_sddmm(Workspace& workspace, const Shape& shape, bool halted) {
  Random random(11);
  const Matrix matrix(workspace, shape, random);
  const Tensor x = random_tensor(workspace, shape.columns, shape.positions, random);
  const Tensor dy = random_tensor(workspace, shape.rows, shape.positions, random);
  const size_t nnz = matrix.column.size();
  const Array<float> gradient(workspace, nnz, NAN);
  const Array<float> bias_gradient(workspace, shape.rows, NAN);
  sddmm_dense(workspace, matrix.csr(), x.read_only(), dy.read_only(), gradient.data(), bias_gradient.data(),
              vendor::Precision::Single);
  const std::vector<double> expected = gradients(matrix, x, dy, shape.positions);
  const Bound bound = Bound::sum(shape.positions, 1);
  expect_near("sddmm " + shape.name(), gradient.values(), expected, bound);
  std::vector<double> sums(shape.rows, 0);
  for (int32_t r = 0; r < shape.rows; ++r) {
    for (int32_t p = 0; p < shape.positions; ++p) sums[r] += dy.first(r, p);
  }
  expect_near("bias gradient " + shape.name(), bias_gradient.values(), sums, bound);

  const Array<float> velocity(workspace, nnz, 0.5f);
  const Array<float> transposed(workspace, nnz, NAN);
  const float rate = 0.125f;
  int64_t word = 0;
  memcpy(&word, &rate, sizeof(rate));
  const Array<int64_t> varying(workspace, std::vector<int64_t>{word});
  const SgdRule rule{0.5f, false, 0.25f, {varying.data()}, {nullptr}};
  const int32_t flag = halted;
  device::to_device(workspace.stream(), workspace.halted(), &flag, sizeof(flag));
  sddmm_sgd_dense(workspace, matrix.csr(), x.read_only(), dy.read_only(),
                  {matrix.values_on_device->data(), velocity.data(), transposed.data(), matrix.slots->data()}, nullptr, rule,
                  vendor::Precision::Single);
  std::vector<double> values(nnz), velocities(nnz), copies(nnz);
  for (size_t k = 0; k < nnz; ++k) {
    const double speed = 0.5 * 0.5 + expected[k] + 0.25 * matrix.values[k];
    velocities[k] = halted ? 0.5 : speed;
    values[k] = halted ? matrix.values[k] : matrix.values[k] - rate * speed;
    copies[matrix.slot[k]] = halted ? NAN : values[k];
  }
  expect_near("velocity " + shape.name(), velocity.values(), velocities, Bound::sum(shape.positions + 3, 1));
  expect_near("values " + shape.name(), matrix.values_on_device->values(), values, Bound::sum(shape.positions + 3, 1));
  expect_near("transposed " + shape.name(), transposed.values(), copies, Bound::sum(shape.positions + 3, 1));
  const int32_t go = 0;
  device::to_device(workspace.stream(), workspace.halted(), &go, sizeof(go));
}

}  // namespace

int main() {
  TestWorkspace workspace;
  const Activation relu{ActivationKind::Relu, 0};
  for (const Shape& shape : {Shape{1, 1, 1, 1}, Shape{37, 53, 7, 0.3}, Shape{70, 33, 100, 0.1}, Shape{16, 130, 33, 0.02},
                             Shape{5, 9, 17, 0}, Shape{64, 64, 64, 1}, Shape{3, 4, 0, 0.5}, Shape{0, 4, 8, 0.5}}) {
    for (const EpilogueKind kind : {EpilogueKind::None, EpilogueKind::Activate, EpilogueKind::Gradient}) {
      check_spmm(workspace, shape, {kind, relu, nullptr, 0}, kind != EpilogueKind::Gradient);
    }
    check_sddmm(workspace, shape, false);
  }
  check_sddmm(workspace, {37, 53, 7, 0.3}, true);
  return result("dense_tier_test");
}
