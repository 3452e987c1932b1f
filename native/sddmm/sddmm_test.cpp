/* SPDX-License-Identifier: Apache-2.0 */
#include "sddmm/sddmm.h"

#include "pack/pack.h"
#include "sddmm/tiers.h"
#include "test/check.h"
#include "test/sparse.h"

namespace espalier::test {
namespace {

constexpr float kRate = 0.125f;
constexpr Tier kTiers[] = {Tier::Gather, Tier::Slab, Tier::Gather16, Tier::Slab16};

struct Expected {
  double value = 0;
  double magnitude = 0;

  void add(double term) {
    value += term;
    magnitude = std::max(magnitude, std::abs(term));
  }
  bool matches(float actual, double length) const { return close(actual, value, 2, magnitude, length); }
};

struct Rule {
  const char* name;
  float momentum;
  bool nesterov;
  bool transposed;
};

const Rule kRules[] = {{"plain", 0, false, true}, {"momentum", 0.9f, false, false}, {"nesterov", 0.9f, true, true}};

/** A product to be computed: its operands on the device and what is to come out. */
class Fixture {
 public:
  Fixture(const Shape& shape, uint64_t seed)
      : shape_(shape),
        random_(seed),
        host_(shape, random_),
        weights_(workspace_, shape, host_),
        in_(random_rows(shape.columns, shape.positions, random_)),
        d_(random_rows(shape.rows, shape.positions, random_)),
        x_(workspace_, in_),
        dy_(workspace_, d_),
        exact_(gradient_of(in_, d_)),
        rounded_(gradient_of(to_bfloat16(in_), to_bfloat16(d_))),
        bias_(shape.rows) {
    const size_t stride = stride_for(shape.positions);
    for (int32_t r = 0; r < shape.rows; ++r) {
      for (int32_t p = 0; p < shape.positions; ++p) bias_[r].add(d_[r * stride + p]);
    }
  }

  void check_gradient(Tier tier, bool with_bias) {
    const std::string what = "sddmm, " + name(tier);
    const std::vector<Expected>& expected = gradient(tier);
    std::vector<float> results[2];
    for (std::vector<float>& result : results) {
      const Array<float> gradient(workspace_, expected.size() + kGuard, kUntouched);
      const Array<float> bias(workspace_, bias_.size() + kGuard, kUntouched);
      sddmm(workspace_, weights_.csr(), x(), dy(), gradient.data(), with_bias ? bias.data() : nullptr, tier);
      result = gradient.values();
      check_bias(bias.values(), with_bias, what);
    }
    expect(same_bits(results[0], results[1]), what + ": other bits the second time");
    for (size_t k = 0; k < expected.size(); ++k) {
      if (!expected[k].matches(results[0][k], shape_.positions)) {
        return fail(what + ": entry " + std::to_string(k) + " is " + std::to_string(results[0][k]) + ", not " +
                    std::to_string(expected[k].value));
      }
    }
    for (size_t k = expected.size(); k < results[0].size(); ++k)
      expect(results[0][k] == kUntouched, what + ": wrote behind");
  }

  /** The slab tiers with blocks of another size than they would choose for so small a product. */
  void check_blocks(int32_t block_rows) {
    const std::string what = "sddmm, blocks of " + std::to_string(block_rows) + " rows";
    const Array<float> gradient(workspace_, exact_.size(), kUntouched);
    const Array<float> bias(workspace_, bias_.size(), kUntouched);
    sddmm_slab(workspace_, weights_.csr(), x(), dy(), GradientSink{gradient.data()}, bias.data(), block_rows);
    check_bias(bias.values(), true, what);
    check_entries(gradient.values(), exact_, what);
  }

  void check_blocks_in_16_bits(int32_t block_rows) {
    auto* packed = workspace_.operands_of<Bfloat16>(packed_size(x()) + packed_size(dy()));
    const PackedRows packed_x = pack(workspace_, x(), packed);
    const PackedRows packed_dy = pack(workspace_, dy(), packed + packed_size(x()));
    const Array<float> gradient(workspace_, rounded_.size(), kUntouched);
    sddmm_slab(workspace_, weights_.csr(), packed_x, packed_dy, GradientSink{gradient.data()}, nullptr, block_rows);
    check_entries(gradient.values(), rounded_, "sddmm, 16 bits, blocks of " + std::to_string(block_rows) + " rows");
  }

  /** Compares the fused step with one made in double precision from the exact gradient. */
  void check_step(Tier tier, const Rule& rule, bool halted) {
    const std::string what = "sddmm_sgd, " + std::string(rule.name) + (halted ? ", halted, " : ", ") + name(tier);
    const std::vector<Expected>& expected = gradient(tier);
    const int32_t nnz = host_.nnz();
    std::vector<int32_t> slots(nnz);  // some permutation
    for (int32_t k = 0; k < nnz; ++k) slots[k] = nnz - 1 - k;
    std::vector<float> speeds(nnz);
    for (float& speed : speeds) speed = random_.number();
    int64_t rate_bits = 0;
    memcpy(&rate_bits, &kRate, sizeof kRate);

    const Array<float> values(workspace_, host_.values);
    const Array<float> velocity(workspace_, speeds);
    const Array<float> transposed(workspace_, nnz, kUntouched);
    const Array<int32_t> slot(workspace_, slots);
    const Array<int64_t> rate(workspace_, 1, rate_bits);
    const Array<float> bias(workspace_, bias_.size() + kGuard, kUntouched);
    const Array<int32_t> flag(workspace_, 1, halted ? 1 : 0);
    device::copy(workspace_.stream(), workspace_.halted(), flag.data(), sizeof(int32_t));
    Csr pattern = weights_.csr();
    pattern.values = values.data();
    sddmm_sgd(workspace_, pattern, x(), dy(),
              {values.data(), rule.momentum == 0 ? nullptr : velocity.data(),
               rule.transposed ? transposed.data() : nullptr, rule.transposed ? slot.data() : nullptr},
              bias.data(), {rule.momentum, rule.nesterov, kDecay, {rate.data()}, {nullptr}}, tier);
    device::zero(workspace_.stream(), workspace_.halted(), sizeof(int32_t));

    const std::vector<float> new_values = values.values();
    const std::vector<float> new_speeds = velocity.values();
    const std::vector<float> copies = transposed.values();
    check_bias(bias.values(), true, what);
    if (halted) {
      expect(same_bits(new_values, host_.values) && same_bits(new_speeds, speeds), what + ": changed the weights");
      expect(std::all_of(copies.begin(), copies.end(), [](float copy) { return copy == kUntouched; }),
             what + ": copied");
      return;
    }
    for (int32_t k = 0; k < nnz; ++k) {
      const double slope = expected[k].value + static_cast<double>(kDecay) * host_.values[k];
      const double speed = static_cast<double>(rule.momentum) * speeds[k] + slope;
      const double direction = rule.momentum == 0 ? slope
                               : rule.nesterov    ? slope + static_cast<double>(rule.momentum) * speed
                                                  : speed;
      const double value = host_.values[k] - kRate * direction;
      const double magnitude = std::max(expected[k].magnitude, 1.0);
      const double length = shape_.positions + 4;
      if (!close(new_values[k], value, 2, magnitude, length) ||
          (rule.momentum != 0 && !close(new_speeds[k], speed, 2, magnitude, length))) {
        return fail(what + ": entry " + std::to_string(k) + " is " + std::to_string(new_values[k]) + ", not " +
                    std::to_string(value));
      }
      expect(copies[nnz - 1 - k] == (rule.transposed ? new_values[k] : kUntouched),
             what + ": the transposed copy differs");
    }
    if (rule.momentum == 0) expect(same_bits(new_speeds, speeds), what + ": wrote velocities");
  }

 private:
  static constexpr float kUntouched = 12345;
  static constexpr float kDecay = 0.01f;
  static constexpr size_t kGuard = 64;

  std::string name(Tier tier) const { return name_of(tier) + ", " + name_of(shape_); }
  const std::vector<Expected>& gradient(Tier tier) const { return reads_16_bits(tier) ? rounded_ : exact_; }

  std::vector<Expected> gradient_of(const std::vector<float>& in, const std::vector<float>& d) const {
    const size_t stride = stride_for(shape_.positions);
    std::vector<Expected> gradient(host_.nnz());
    for (int32_t r = 0; r < shape_.rows; ++r) {
      for (int32_t k = host_.row_start[r]; k < host_.row_start[r + 1]; ++k) {
        for (int32_t p = 0; p < shape_.positions; ++p) {
          gradient[k].add(static_cast<double>(d[r * stride + p]) * in[host_.column[k] * stride + p]);
        }
      }
    }
    return gradient;
  }

  void check_entries(const std::vector<float>& actual, const std::vector<Expected>& expected,
                     const std::string& what) const {
    for (size_t k = 0; k < actual.size(); ++k) {
      expect(expected[k].matches(actual[k], shape_.positions), what + ": entry " + std::to_string(k));
    }
  }
  ConstRows x() const { return {x_.data(), shape_.columns, shape_.positions, stride_for(shape_.positions)}; }
  ConstRows dy() const { return {dy_.data(), shape_.rows, shape_.positions, stride_for(shape_.positions)}; }

  void check_bias(const std::vector<float>& actual, bool wanted, const std::string& what) const {
    for (size_t r = 0; r < actual.size(); ++r) {
      const bool written = wanted && r < bias_.size();
      expect(written ? bias_[r].matches(actual[r], shape_.positions) : actual[r] == kUntouched,
             what + ": bias gradient of row " + std::to_string(r) + " is " + std::to_string(actual[r]));
    }
  }

  Shape shape_;
  TestWorkspace workspace_;
  Random random_;
  HostCsr host_;
  DeviceCsr weights_;
  std::vector<float> in_;
  std::vector<float> d_;
  Array<float> x_;
  Array<float> dy_;
  std::vector<Expected> exact_;
  std::vector<Expected> rounded_;  // of operands in 16 bits
  std::vector<Expected> bias_;
};

void check_all(const Shape& shape, uint64_t seed) {
  Fixture fixture(shape, seed);
  for (const Tier tier : kTiers) {
    fixture.check_gradient(tier, true);
    fixture.check_gradient(tier, false);
    for (const Rule& rule : kRules) fixture.check_step(tier, rule, false);
    fixture.check_step(tier, kRules[2], true);
  }
}

void check_gradients(const Shape& shape, uint64_t seed) {
  Fixture fixture(shape, seed);
  for (const Tier tier : kTiers) fixture.check_gradient(tier, true);
}

/** In 16 bits, with tails of every length. */
void check_positions(uint64_t seed) {
  for (int32_t positions = 1; positions <= 129; ++positions) {
    Fixture fixture({4, 5, positions, 0.5}, seed + positions);
    fixture.check_gradient(Tier::Gather16, true);
    fixture.check_gradient(Tier::Slab16, false);
  }
}

}  // namespace
}  // namespace espalier::test

int main() {
  using namespace espalier::test;
  uint64_t seed = 1;
  for (const int32_t positions : {1, 7, 32, 33, 100, 128, 200, 257})
    check_gradients({37, 45, positions, 0.2, true}, ++seed);
  check_all({130, 700, 100, 0.02, true}, ++seed);  // two slabs, a long row
  check_all({66, 40, 37, 0.3}, ++seed);
  check_gradients({5, 1300, 40, 0.1, true}, ++seed);
  check_gradients({70, 513, 20, 0.05}, ++seed);  // a slab of one column
  check_all({9, 30, 50, 0}, ++seed);             // no entries: the bias alone
  check_gradients({3, 0, 33, 0}, ++seed);        // no columns
  check_gradients({0, 8, 33, 0.5}, ++seed);
  check_gradients({8, 8, 0, 0.5}, ++seed);         // no positions: the sums are 0
  check_gradients({130, 30, 1400, 0.05}, ++seed);  // splits of several tiles, blocks of 64 rows
  check_gradients({70, 20, 4200, 0.05}, ++seed);   // the last of them shorter, blocks of 1024 rows
  for (const int32_t block_rows : {64, 256, 1024})
    Fixture({300, 1100, 70, 0.02, true}, ++seed).check_blocks(block_rows);
  for (const int32_t block_rows : {64, 256, 512})
    Fixture({300, 1100, 70, 0.02, true}, ++seed).check_blocks_in_16_bits(block_rows);
  check_positions(++seed);
  check_gradients({2100, 40, 40, 0.05}, ++seed);  // blocks of the gather tier that own as many rows as they can
  return result("sddmm_test");
}
