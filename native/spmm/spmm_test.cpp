/* SPDX-License-Identifier: Apache-2.0 */
#include "spmm/spmm.h"

#include "base/error.h"
#include "pack/pack.h"
#include "spmm/tiers.h"
#include "test/check.h"
#include "test/sparse.h"

namespace espalier::test {
namespace {

constexpr Tier kTiers[] = {Tier::Gather, Tier::Slab, Tier::Gather16, Tier::Slab16};

/** The largest of the terms, for the bound, and their sum. */
struct Expected {
  double value;
  double magnitude;
  double length;
};

struct Case {
  const char* name;
  EpilogueKind kind;
  Activation activation;
  bool bias;
};

const Case kCases[] = {
    {"no epilogue", EpilogueKind::None, {ActivationKind::Relu, 0}, false},
    {"bias", EpilogueKind::None, {ActivationKind::Relu, 0}, true},
    {"relu", EpilogueKind::Activate, {ActivationKind::Relu, 0}, true},
    {"leaky relu", EpilogueKind::Activate, {ActivationKind::LeakyRelu, -0.25f}, true},
    {"sigmoid", EpilogueKind::Activate, {ActivationKind::Sigmoid, 0}, true},
    {"tanh", EpilogueKind::Activate, {ActivationKind::Tanh, 0}, false},
    {"relu gradient", EpilogueKind::Gradient, {ActivationKind::Relu, 0}, false},
    {"leaky relu gradient", EpilogueKind::Gradient, {ActivationKind::LeakyRelu, 0.25f}, false},
    {"sigmoid gradient", EpilogueKind::Gradient, {ActivationKind::Sigmoid, 0}, true},
    {"tanh gradient", EpilogueKind::Gradient, {ActivationKind::Tanh, 0}, false},
};

double epilogue_of(const Case& c, double product, double output) {
  const double slope = c.activation.kind == ActivationKind::Relu ? 0 : c.activation.slope;
  const bool activates = c.kind == EpilogueKind::Activate;
  if (c.kind == EpilogueKind::None) return product;
  switch (c.activation.kind) {
    case ActivationKind::Sigmoid:
      return activates ? 1 / (1 + std::exp(-product)) : product * output * (1 - output);
    case ActivationKind::Tanh:
      return activates ? std::tanh(product) : product * (1 - output * output);
    default:
      return product * ((activates ? product : output) > 0 ? 1 : slope);
  }
}

/** Runs one product with one tier and epilogue, twice, and compares all of it. */
void check(Workspace& workspace, const Shape& shape, const Case& c, Tier tier, const DeviceCsr& weights,
           const std::vector<Expected>& products, const Array<float>& x, const std::vector<float>& bias,
           const std::vector<float>& output) {
  const std::string what = "spmm, " + name_of(tier) + ", " + c.name + ", " + name_of(shape);
  const int32_t stride = stride_for(shape.positions);
  constexpr size_t kGuard = 64;
  const Array<float> bias_array(workspace, bias);
  const Array<float> output_array(workspace, output);
  std::vector<float> results[2];
  for (std::vector<float>& result : results) {
    const Array<float> y(workspace, static_cast<size_t>(shape.rows) * stride + kGuard, 12345.0f);
    spmm(workspace, weights.csr(), c.bias ? bias_array.data() : nullptr,
         {x.data(), shape.columns, shape.positions, stride}, {y.data(), shape.rows, shape.positions, stride},
         {c.kind, c.activation, c.kind == EpilogueKind::Gradient ? output_array.data() : nullptr, stride}, tier);
    result = y.values();
    for (size_t i = result.size() - kGuard; i < result.size(); ++i)
      expect(result[i] == 12345.0f, what + ": wrote behind y");
    // padding may be overwritten with anything, so it takes no part in the comparison of bits
    for (int32_t r = 0; r < shape.rows; ++r) {
      for (int32_t p = shape.positions; p < stride; ++p) result[static_cast<size_t>(r) * stride + p] = 0;
    }
  }
  expect(same_bits(results[0], results[1]), what + ": other bits the second time");
  for (int32_t r = 0; r < shape.rows; ++r) {
    for (int32_t p = 0; p < shape.positions; ++p) {
      const size_t at = static_cast<size_t>(r) * stride + p;
      const Expected& e = products[static_cast<size_t>(r) * shape.positions + p];
      const double b = c.bias ? bias[r] : 0;
      const double expected = epilogue_of(c, e.value + b, output[at]);
      const bool transcendental =
          c.activation.kind == ActivationKind::Sigmoid || c.activation.kind == ActivationKind::Tanh;
      const double units = c.kind == EpilogueKind::None                         ? 2
                           : transcendental && c.kind == EpilogueKind::Activate ? 16
                                                                                : 4;
      if (!close(results[0][at], expected, units, std::max(e.magnitude, std::abs(b)), e.length + 1)) {
        return fail(what + ": row " + std::to_string(r) + ", position " + std::to_string(p) + " is " +
                    std::to_string(results[0][at]) + ", not " + std::to_string(expected));
      }
    }
  }
}

/** The sums of a product in double precision. */
std::vector<Expected> products_of(const Shape& shape, const HostCsr& host, const std::vector<float>& in) {
  const int32_t stride = stride_for(shape.positions);
  std::vector<Expected> products(static_cast<size_t>(shape.rows) * shape.positions);
  for (int32_t r = 0; r < shape.rows; ++r) {
    for (int32_t p = 0; p < shape.positions; ++p) {
      Expected& e = products[static_cast<size_t>(r) * shape.positions + p];
      e.length = host.row_start[r + 1] - host.row_start[r];
      for (int32_t k = host.row_start[r]; k < host.row_start[r + 1]; ++k) {
        const double term = static_cast<double>(host.values[k]) * in[static_cast<size_t>(host.column[k]) * stride + p];
        e.value += term;
        e.magnitude = std::max(e.magnitude, std::abs(term));
      }
    }
  }
  return products;
}

void check_shape(const Shape& shape, uint64_t seed, size_t first_case, size_t case_step) {
  TestWorkspace workspace;
  Random random(seed);
  const HostCsr host(shape, random);
  const DeviceCsr weights(workspace, shape, host);

  const std::vector<int32_t> slabs = weights.slabs();
  for (int32_t r = 0; r < shape.rows; ++r) {
    for (int32_t s = 0; s <= slab_count(shape.columns); ++s) {
      const auto end = host.column.begin() + host.row_start[r + 1];
      const auto first = s == slab_count(shape.columns)
                             ? end
                             : std::lower_bound(host.column.begin() + host.row_start[r], end, s * SLAB_COLUMNS);
      expect(slabs[static_cast<size_t>(s) * shape.rows + r] == first - host.column.begin(),
             "index_slabs, " + name_of(shape) + ": row " + std::to_string(r) + ", slab " + std::to_string(s));
    }
  }

  const std::vector<float> in = random_rows(shape.columns, shape.positions, random);
  const std::vector<float> output = random_rows(shape.rows, shape.positions, random);
  std::vector<float> bias(shape.rows);
  for (float& b : bias) b = random.number();
  const std::vector<Expected> exact = products_of(shape, host, in);
  const std::vector<Expected> rounded = products_of(shape, host, to_bfloat16(in));
  const Array<float> x(workspace, in);
  for (size_t i = first_case; i < std::size(kCases); i += case_step) {
    for (const Tier tier : kTiers) {
      check(workspace, shape, kCases[i], tier, weights, reads_16_bits(tier) ? rounded : exact, x, bias, output);
    }
  }
}

/** In 16 bits, with tails of every length. */
void check_positions() {
  TestWorkspace workspace;
  Random random(7);
  for (int32_t positions = 1; positions <= 129; ++positions) {
    const Shape shape{4, 5, positions, 0.5};
    const HostCsr host(shape, random);
    const DeviceCsr weights(workspace, shape, host);
    const std::vector<float> in = random_rows(shape.columns, positions, random);
    const std::vector<Expected> products = products_of(shape, host, to_bfloat16(in));
    const Array<float> x(workspace, in);
    for (const Tier tier : {Tier::Gather16, Tier::Slab16}) {
      check(workspace, shape, kCases[0], tier, weights, products, x, std::vector<float>(shape.rows), in);
    }
  }
}

void blocks_have_as_many_rows_as_keep_a_device_busy() {
  expect(slab_rows<float>(4096, 1024) == 1024 && slab_rows<float>(4096, 992) == 256 &&
             slab_rows<float>(1000, 1024) == 256 && slab_rows<float>(1000, 128) == 64,
         "rows of a block");
  expect(slab_rows<Bfloat16>(4096, 1024) == 512 && slab_rows<Bfloat16>(4096, 960) == 256 &&
             slab_rows<Bfloat16>(1000, 1024) == 64,
         "rows of a block, 16 bits");
}

template <class T>
void blocks_of_any_size_give_the_same_bits() {
  TestWorkspace workspace;
  Random random(4);
  const Shape shape{300, 1100, 70, 0.02, true};
  const HostCsr host(shape, random);
  const DeviceCsr weights(workspace, shape, host);
  const int32_t stride = stride_for(shape.positions);
  const Array<float> floats(workspace, random_rows(shape.columns, shape.positions, random));
  const ConstRows in{floats.data(), shape.columns, shape.positions, stride};
  RowsOf<const T> x;
  if constexpr (std::is_same<T, float>::value) {
    x = in;
  } else {
    x = pack(workspace, in, workspace.operands_of<T>(packed_size(in)));
  }
  std::vector<float> first;
  for (const int32_t block_rows : {64, 256, kMostRows<T>}) {
    const Array<float> y(workspace, static_cast<size_t>(shape.rows) * stride, 0.0f);
    spmm_slab(workspace, weights.csr(), nullptr, x, {y.data(), shape.rows, shape.positions, stride}, {}, block_rows);
    std::vector<float> result = y.values();
    for (size_t i = 0; i < result.size(); ++i) {
      if (static_cast<int32_t>(i % stride) >= shape.positions) result[i] = 0;
    }
    if (first.empty()) first = result;
    expect(same_bits(first, result), "other bits with blocks of " + std::to_string(block_rows) + " rows");
  }
}

/** Padding is all that is not a number: an infinite input of one column must reach those rows only that use it. */
void an_unused_input_does_not_matter() {
  TestWorkspace workspace;
  Random random(5);
  const Shape shape{70, 600, 40, 0.05};
  const HostCsr host(shape, random);
  const DeviceCsr weights(workspace, shape, host);
  const int32_t stride = stride_for(shape.positions);
  std::vector<float> in = random_rows(shape.columns, shape.positions, random);
  for (int32_t p = 0; p < shape.positions; ++p) in[p] = in[512 * stride + p] = std::numeric_limits<float>::infinity();
  const Array<float> x(workspace, in);
  for (const Tier tier : kTiers) {
    const Array<float> y(workspace, static_cast<size_t>(shape.rows) * stride, 0.0f);
    spmm(workspace, weights.csr(), nullptr, {x.data(), shape.columns, shape.positions, stride},
         {y.data(), shape.rows, shape.positions, stride}, {}, tier);
    const std::vector<float> out = y.values();
    for (int32_t r = 0; r < shape.rows; ++r) {
      bool uses = false;
      for (int32_t k = host.row_start[r]; k < host.row_start[r + 1]; ++k) uses |= host.column[k] % 512 == 0;
      for (int32_t p = 0; p < shape.positions; ++p) {
        expect(std::isfinite(out[r * stride + p]) != uses,
               "an input that no entry uses reached row " + std::to_string(r));
      }
    }
  }
}

void the_slab_tier_needs_its_index() {
  TestWorkspace workspace;
  Random random(6);
  const Shape shape{4, 4, 32, 0.5};
  const DeviceCsr weights(workspace, shape, HostCsr(shape, random));
  Csr csr = weights.csr();
  expect(resolve(Tier::Auto, csr, 32, "spmm") == Tier::Slab, "half dense: slab");
  expect(resolve(Tier::Auto, csr, 31, "spmm") == Tier::Gather, "a small batch: gather");
  expect(resolve(Tier::Auto16, csr, 64, "spmm") == Tier::Slab16, "half dense, 16 bits: slab");
  expect(resolve(Tier::Auto16, csr, 63, "spmm") == Tier::Gather16, "a small batch, 16 bits: gather");
  csr.slabs = nullptr;
  expect(resolve(Tier::Auto, csr, 32, "spmm") == Tier::Gather, "no index: gather");
  expect(resolve(Tier::Auto16, csr, 64, "spmm") == Tier::Gather16, "no index, 16 bits: gather");
  for (const Tier tier : {Tier::Slab, Tier::Slab16}) {
    try {
      resolve(tier, csr, 64, "spmm");
      fail("a slab product without a slab index was accepted");
    } catch (const Error& error) {
      expect(error.status() == ESP_BAD_ARGUMENT, "status of a missing slab index");
    }
  }
}

}  // namespace
}  // namespace espalier::test

int main() {
  using namespace espalier::test;
  uint64_t seed = 1;
  for (const int32_t positions : {1, 7, 32, 33, 100, 128, 200, 257}) {
    ++seed;
    check_shape({37, 45, positions, 0.2, true}, seed, seed % 3, 3);
  }
  check_shape({130, 700, 100, 0.02, true}, ++seed, 0, 1);  // two slabs; a row that is shared; every epilogue
  check_shape({5, 1300, 40, 0.1, true}, ++seed, 1, 5);     // three slabs; few rows
  check_shape({70, 513, 20, 0.05}, ++seed, 1, 5);          // a slab of one column
  check_shape({9, 30, 50, 0}, ++seed, 1, 5);               // no entries
  check_shape({3, 0, 33, 0}, ++seed, 1, 5);                // no columns
  check_shape({0, 8, 33, 0.5}, ++seed, 1, 5);
  check_shape({8, 8, 0, 0.5}, ++seed, 1, 5);
  check_shape({2100, 1030, 70, 0.002, true}, ++seed, 4,
              20);  // blocks of the gather tier that own as many rows as they can
  check_positions();
  blocks_have_as_many_rows_as_keep_a_device_busy();
  blocks_of_any_size_give_the_same_bits<float>();
  blocks_of_any_size_give_the_same_bits<espalier::Bfloat16>();
  an_unused_input_does_not_matter();
  the_slab_tier_needs_its_index();
  return result("spmm_test");
}
