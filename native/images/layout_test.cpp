/* SPDX-License-Identifier: Apache-2.0 */
#include "images/images.h"
#include "test/images.h"
#include "test/tensors.h"

namespace espalier::test {
namespace {

/** Images of some channels, with a halo. */
struct Shape {
  int32_t channels, images, height, width, lines, columns;  // the last two of the halo
  int32_t spare = 0;

  Grid grid(int32_t more_lines, int32_t more_columns) const {
    return grid_of(height, width, height + more_lines, width + more_columns);
  }
  Grid grid() const { return grid(lines, columns); }
  std::string name() const {
    return std::to_string(channels) + " x " + std::to_string(images) + " images of " + std::to_string(height) + " x " +
           std::to_string(width) + " + " + std::to_string(lines) + " + " + std::to_string(columns);
  }
};

const std::vector<Shape> kShapes = {{1, 1, 1, 1, 0, 0},   {1, 1, 1, 1, 2, 1},      {3, 2, 7, 5, 1, 1},
                                    {4, 33, 3, 5, 0, 0},  {17, 3, 4, 4, 1, 2, 3},  {2, 1, 41, 37, 1, 1},
                                    {3, 2, 1, 23, 3, 0},  {3, 2, 23, 1, 0, 3},     {0, 2, 3, 3, 1, 1},
                                    {2, 0, 3, 3, 1, 1, 1}, {2, 70, 9, 11, 1, 1, 0}};

void check_features(const Shape& s) {
  TestWorkspace workspace;
  Random random(static_cast<uint64_t>(s.height));
  const int32_t pixels = s.height * s.width;
  const Tensor features(workspace, s.channels * pixels, s.images, [&] { return random.number(); });
  const ImageTensor images(workspace, s.channels, s.images, s.grid(), s.spare);
  to_images(workspace, features.read_only(), images.images());
  const PixelValue feature = [&](int32_t r, int32_t n, int32_t y, int32_t x) {
    return features.first(r * pixels + y * s.width + x, n);
  };
  images.expect_pixels("to_images, " + s.name(), feature, 0, 0);

  const ImageTensor bare(workspace, s.channels, s.images, s.grid(), ImageTensor::kNone, 16, feature, s.spare);
  const Tensor back(workspace, s.channels * pixels, s.images);
  to_features(workspace, bare.read_only_images(), back.rows());
  expect_same("to_features, " + s.name(), back.values(), features.values());
}

float sum_of(const ImageTensor& a, const ImageTensor& b, int32_t r, int32_t n, int32_t y, int32_t x) {
  return static_cast<float>(a.first(r, n, y, x)) + static_cast<float>(b.first(r, n, y, x));
}

void check_copy_and_add(const Shape& s, int32_t lines, int32_t columns) {
  TestWorkspace workspace;
  Random random(static_cast<uint64_t>(s.width));
  const Grid other = s.grid(lines, columns);
  const ImageTensor a(workspace, s.channels, s.images, s.grid(), ImageTensor::kNone, 16, random_pixels(random),
                      s.spare);
  const ImageTensor b(workspace, s.channels, s.images, other, ImageTensor::kNone, 16, random_pixels(random));
  const ImageTensor copy(workspace, s.channels, s.images, other, s.spare);
  copy_images(workspace, a.read_only_images(), copy.images());
  copy.expect_pixels("copy_images, " + s.name(),
                     [&](int32_t r, int32_t n, int32_t y, int32_t x) { return a.first(r, n, y, x); }, 0, 0);
  for (const bool relu : {false, true}) {
    const ImageTensor sum(workspace, s.channels, s.images, s.grid());
    add_images(workspace, a.read_only_images(), b.read_only_images(), relu, sum.images());
    sum.expect_pixels("add_images, " + s.name(),
                      [&](int32_t r, int32_t n, int32_t y, int32_t x) {
                        const float whole = sum_of(a, b, r, n, y, x);
                        return relu ? std::max(whole, 0.0f) : whole;
                      },
                      0, 0);
  }
  add_images(workspace, a.read_only_images(), b.read_only_images(), false, b.images());  // in place
  b.expect_pixels("add_images in place, " + s.name(),
                  [&](int32_t r, int32_t n, int32_t y, int32_t x) {
                    return sum_of(a, b, r, n, y, x);
                  },
                  0, 0);
}

/** @param lines and columns that have phases, ascending */
void check_phases(const Shape& s, int32_t stride, const std::vector<int32_t>& lines,
                  const std::vector<int32_t>& columns) {
  TestWorkspace workspace;
  Random random(static_cast<uint64_t>(stride));
  Phases phases = {Divisor::of(stride), 0, 0};
  for (int32_t y : lines) phases.lines |= uint64_t{1} << y;
  for (int32_t x : columns) phases.columns |= uint64_t{1} << x;
  const int32_t across = static_cast<int32_t>(columns.size());
  const int32_t count = static_cast<int32_t>(lines.size()) * across;
  const int32_t height = (s.height + stride - 1) / stride;
  const int32_t width = (s.width + stride - 1) / stride;
  const Grid grid = grid_of(height, width, height + 1, width + 2);
  const std::string what = s.name() + ", stride " + std::to_string(stride);

  const ImageTensor whole(workspace, s.channels, s.images, s.grid(), ImageTensor::kNone, 16, random_pixels(random),
                          s.spare);
  const ImageTensor split_up(workspace, s.channels * count, s.images, grid, 1);
  split(workspace, whole.read_only_images(), phases, split_up.images());
  split_up.expect_pixels("split, " + what,
                         [&](int32_t q, int32_t n, int32_t y, int32_t x) {
                           const int32_t phase = q % count;
                           return whole.first(q / count, n, stride * y + lines[phase / across],
                                              stride * x + columns[phase % across]);
                         },
                         0, 0);

  const ImageTensor parts(workspace, s.channels * count, s.images, grid, ImageTensor::kNone, 16, random_pixels(random));
  const ImageTensor joined(workspace, s.channels, s.images, s.grid(), s.spare);
  join(workspace, parts.read_only_images(), phases, joined.images());
  joined.expect_pixels("join, " + what,
                       [&](int32_t r, int32_t n, int32_t y, int32_t x) {
                         for (size_t i = 0; i < lines.size(); ++i) {
                           for (size_t j = 0; j < columns.size(); ++j) {
                             if (y % stride != lines[i] || x % stride != columns[j]) continue;
                             const auto phase = static_cast<int32_t>(i) * across + static_cast<int32_t>(j);
                             return parts.first(r * count + phase, n, y / stride, x / stride);
                           }
                         }
                         return 0.0;
                       },
                       0, 0);
}

}  // namespace
}  // namespace espalier::test

int main() {
  using namespace espalier::test;
  for (const Shape& shape : kShapes) {
    check_features(shape);
    check_copy_and_add(shape, shape.lines, shape.columns);
    check_copy_and_add(shape, 2, 5);
    check_copy_and_add(shape, 0, 0);
    check_phases(shape, 1, {0}, {0});
    check_phases(shape, 2, {0}, {0});
    check_phases(shape, 2, {0, 1}, {0, 1});
    check_phases(shape, 3, {0, 2}, {0, 1, 2});
  }
  check_phases({2, 2, 70, 3, 1, 1}, 64, {0, 5, 63}, {0, 2});
  return result("images_layout_test");
}
