/* SPDX-License-Identifier: Apache-2.0 */
#include "abi/arguments.h"

#include "base/error.h"
#include "spmm/slabs.h"

namespace espalier {
namespace {

constexpr int64_t ROW_BYTES = 64;  // rows start on multiples of this
constexpr int64_t ROW_FLOATS = ROW_BYTES / static_cast<int64_t>(sizeof(float));

std::string is(int64_t value) { return "is " + std::to_string(value); }

}  // namespace

void Arguments::fail(const std::string& argument, const std::string& expectation) const {
  throw Error(ESP_BAD_ARGUMENT, label_ + ": " + argument + " " + expectation + ".");
}

void Arguments::equal(const char* name, int64_t value, const char* other_name, int64_t other) const {
  if (value != other) fail(name, is(value) + ", but " + other_name + " " + is(other));
}

int64_t Arguments::long_size(const std::string& name, int64_t value, int64_t limit) const {
  if (value < 0 || value > limit) fail(name, is(value) + ", which is not within 0 and " + std::to_string(limit));
  return value;
}

int32_t Arguments::size(const std::string& name, int64_t value, int64_t limit) const {
  return static_cast<int32_t>(long_size(name, value, limit));
}

bool Arguments::flag(const char* name, int64_t value) const { return long_size(name, value, 1) == 1; }

float Arguments::number(const char* name, int64_t bits) const {
  if (bits < 0 || bits > UINT32_MAX) fail(name, is(bits) + ", which is not the 32 bits of a float");
  float number;
  memcpy(&number, &bits, sizeof(number));  // little endian: the low bytes
  return number;
}

void Arguments::check_range(const std::string& name, int64_t address, int64_t length, int64_t element) const {
  if (length == 0) return;
  if (address == 0) fail(name, "is 0, but an array of " + std::to_string(length) + " elements is needed");
  if (address % element != 0) {
    fail(name, "is at address " + std::to_string(address) + ", which is not a multiple of its elements' " +
                   std::to_string(element) + " bytes");
  }
  const int64_t room = surroundings_.allocations.room(address);
  if (length > room / element) {
    fail(name, "needs " + std::to_string(length) + " elements of " + std::to_string(element) + " bytes, but only " +
                   std::to_string(room) + " bytes are allocated there");
  }
}

const int64_t* Arguments::varying_word(const char* name, int64_t index) {
  if (index < 0 || index >= surroundings_.varying_count) {
    fail(name, is(index) + ", but the submission has " + std::to_string(surroundings_.varying_count) +
                   " varying numbers, counted from 0");
  }
  if (index >= varying_needed_) varying_needed_ = index + 1;
  return surroundings_.varying + index;
}

Rows Arguments::rows(const std::string& name, const esp_rows& rows) const {
  const int32_t count = size(name + ".rows", rows.rows);
  const int32_t positions = size(name + ".positions", rows.positions);
  const int32_t stride = size(name + ".stride", rows.stride);
  if (stride % ROW_FLOATS != 0 || stride < positions) {
    fail(name + ".stride", is(stride) + ", but it must be a multiple of 16 and at least the " +
                               std::to_string(positions) + " positions");
  }
  if (count > 0 && positions > 0) {
    // The last row may end after its last line of positions: some positions of larger rows are rows, too.
    const int64_t last_row = (positions + ROW_FLOATS - 1) / ROW_FLOATS * ROW_FLOATS;
    check_range(name + ".address", rows.address, static_cast<int64_t>(count - 1) * stride + last_row, sizeof(float));
    if (rows.address % ROW_BYTES != 0) {
      fail(name + ".address", is(rows.address) + ", which is not a multiple of " + std::to_string(ROW_BYTES));
    }
  }
  return {reinterpret_cast<float*>(rows.address), count, positions, stride};
}

Grid Arguments::grid(const std::string& name, const esp_grid& grid) const {
  const auto extent = [&](const char* member, int64_t value, const char* pixels, int64_t least) {
    if (value < least || value > INT32_MAX) {
      fail(name + "." + member, is(value) + ", but it must be at least " + pixels + std::to_string(least) +
                                    " and fit 32 bits");
    }
    return static_cast<int32_t>(value);
  };
  const int32_t height = extent("height", grid.height, "", 1);
  const int32_t width = extent("width", grid.width, "", 1);
  const int32_t lines = extent("lines", grid.lines, "the height, ", height);
  const int32_t pitch = extent("pitch", grid.pitch, "the width, ", width);
  if (grid.lines * grid.pitch > INT32_MAX) fail(name, "has images of more than 2^31 positions");
  return {height, width, Divisor::of(lines), Divisor::of(pitch)};
}

Images Arguments::images(const std::string& name, const esp_rows& rows, const Grid& grid) const {
  const Rows all = this->rows(name, rows);
  if (all.positions % grid.image_positions() != 0) {
    fail(name + ".positions", is(all.positions) + ", which are not whole images of " +
                                  std::to_string(grid.image_positions()));
  }
  return {all, grid};
}

Images Arguments::target(const std::string& name, const esp_rows& rows, const Grid& grid) const {
  const Images images = this->images(name, rows, grid);
  const int64_t last = images.rows.stride;
  if (images.rows.rows > 0) check_range(name + ".address", rows.address, images.rows.rows * last, sizeof(float));
  return images;
}

Taps Arguments::taps(const esp_taps& taps) const {
  expect(taps.count >= 1 && taps.count <= UINT16_MAX, "taps.count", "is not within 1 and 65535");
  expect(taps.phases >= 1 && taps.phases <= taps.count, "taps.phases", "is not within 1 and taps.count");
  size("taps.reach", taps.reach);
  const Grid input = grid("taps.input", taps.input);
  const Grid output = grid("taps.output", taps.output);
  equal("taps.input.lines", taps.input.lines, "taps.output.lines", taps.output.lines);
  equal("taps.input.pitch", taps.input.pitch, "taps.output.pitch", taps.output.pitch);
  const auto* table = array<const int32_t>("taps.table", taps.table, 2 * taps.count + taps.phases + 1);
  expect(taps.table % sizeof(int2) == 0, "taps.table", "is not at a multiple of 8 bytes");
  return {Divisor::of(static_cast<int32_t>(taps.count)), static_cast<int32_t>(taps.phases),
          reinterpret_cast<const int2*>(table), table + 2 * taps.count, input, output};
}

ConstRows Arguments::within_reach(const std::string& name, const esp_rows& rows, const Grid& grid,
                                  int64_t reach) const {
  const Rows all = images(name, rows, grid).rows;
  if (all.rows == 0 || all.positions == 0) return read_only(all);
  const int64_t bytes = reach * static_cast<int64_t>(sizeof(float));
  const int64_t room = surroundings_.allocations.room(rows.address);
  const bool before = room == INT64_MAX || surroundings_.allocations.room(rows.address - bytes) == room + bytes;
  const int64_t size = (static_cast<int64_t>(all.rows - 1) * all.stride + all.positions) * sizeof(float);
  if (!before || size + bytes > room) {
    fail(name, "has no " + std::to_string(reach) + " elements before and behind it, which taps may reach");
  }
  return read_only(all);
}

Csr Arguments::csr(const std::string& name, const esp_csr& csr, bool needs_values) const {
  const NewCsr shape = new_csr(name, csr);
  Csr matrix = {shape.rows, shape.columns, shape.nnz, shape.row_start, shape.column, nullptr, nullptr};
  if (needs_values) matrix.values = array<const float>(name + ".values", csr.values, csr.nnz);
  matrix.slabs = optional<const int32_t>(name + ".slabs", csr.slabs, slab_words(csr.rows, csr.columns));
  return matrix;
}

NewCsr Arguments::new_csr(const std::string& name, const esp_csr& csr) const {
  const int32_t rows = size(name + ".rows", csr.rows);
  const int32_t columns = size(name + ".columns", csr.columns);
  const int64_t cells = csr.rows * csr.columns;
  const int32_t nnz = size(name + ".nnz", csr.nnz, cells < INT32_MAX ? cells : INT32_MAX);
  return {rows,
          columns,
          nnz,
          array<int32_t>(name + ".row_start", csr.row_start, csr.rows == 0 ? 0 : csr.rows + 1),
          array<int32_t>(name + ".column", csr.column, csr.nnz),
          optional<float>(name + ".values", csr.values, csr.nnz)};
}

Activation Arguments::activation(int64_t kind, int64_t slope) const {
  return {static_cast<ActivationKind>(size("activation", kind, ESP_TANH)), number("slope", slope)};
}

Epilogue Arguments::epilogue(const esp_epilogue& epilogue, const Rows& result) const {
  const auto kind = static_cast<EpilogueKind>(size("epilogue.kind", epilogue.kind, ESP_EPILOGUE_GRADIENT));
  if (kind == EpilogueKind::None) return {kind, {ActivationKind::Relu, 0}, nullptr, 0};
  const Activation function = activation(epilogue.activation, epilogue.slope);
  if (kind == EpilogueKind::Activate) return {kind, function, nullptr, 0};
  const ConstRows output = source(
      "epilogue.output", {epilogue.output, result.rows, result.positions, epilogue.output_stride});
  return {kind, function, output.data, output.stride};
}

Tier Arguments::tier(int64_t tier, const Csr& matrix) const {
  const auto chosen = static_cast<Tier>(size("tier", tier, ESP_TIER_AUTO_16));
  expect(!uses_slabs(chosen) || matrix.slabs != nullptr, "tier", "is the slab tier, but the matrix has no slabs");
  return chosen;
}

SgdRule Arguments::rule(const esp_sgd_rule& rule, bool scaled) {
  return {number("rule.momentum", rule.momentum), flag("rule.nesterov", rule.nesterov),
          number("rule.weight_decay", rule.weight_decay),
          varying<float>("rule.learning_rate_at", rule.learning_rate_at),
          scaled ? varying<float>("rule.gradient_scale_at", rule.gradient_scale_at) : Varying<float>{nullptr}};
}

}  // namespace espalier
