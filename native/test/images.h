/* SPDX-License-Identifier: Apache-2.0 */
// Images of tests, in device memory.
#pragma once

#include <functional>
#include <limits>

#include "base/images.h"
#include "test/check.h"

namespace espalier::test {

inline Grid grid_of(int32_t height, int32_t width, int32_t lines, int32_t pitch) {
  return {height, width, Divisor::of(lines), Divisor::of(pitch)};
}

/** What a pixel is: its row, its image, and its place there. */
using PixelValue = std::function<double(int32_t row, int32_t image, int32_t y, int32_t x)>;

inline PixelValue random_pixels(Random& random) {
  return [&random](int32_t, int32_t, int32_t, int32_t) { return random.number(); };
}

/** A tensor of images, with elements before and behind that taps may reach. */
class ImageTensor {
 public:
  static constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

  /**
   * @param elsewhere what everything is that is no pixel: 0 for what taps read, kNone for what they must not
   * @param reach elements before and behind, at least; they are `elsewhere` too
   * @param value of a pixel; null for a tensor to overwrite
   * @param spare lines of 16 elements more than a row needs
   */
  ImageTensor(Workspace& workspace, int32_t rows, int32_t images, const Grid& grid, float elsewhere, int32_t reach,
              const PixelValue& value, int32_t spare = 0)
      : rows_(rows),
        images_(images),
        grid_(grid),
        positions_(images * grid.image_positions()),
        stride_((positions_ + 15) / 16 * 16 + 16 * spare),
        guard_((reach + 15) / 16 * 16),
        host_(content(elsewhere, value)),
        array_(workspace, host_) {}

  ImageTensor(Workspace& workspace, int32_t rows, int32_t images, const Grid& grid, int32_t spare = 0)
      : ImageTensor(workspace, rows, images, grid, kNone, 16, nullptr, spare) {}

  Rows rows() const { return {array_.data() + guard_, rows_, positions_, stride_}; }
  Images images() const { return {rows(), grid_}; }
  ConstRows read_only_rows() const { return read_only(rows()); }
  ConstImages read_only_images() const { return read_only(images()); }
  const Grid& grid() const { return grid_; }

  /** A pixel as it was when the tensor was made; 0 outside of the image. */
  double first(int32_t row, int32_t image, int32_t y, int32_t x) const {
    const bool inside = y >= 0 && y < grid_.height && x >= 0 && x < grid_.width;
    return inside ? host_[at(row, image, y, x)] : 0.0;
  }

  std::vector<float> values() const { return array_.values(); }

  /** Checks every element of the rows up to the stride, what is no pixel to be 0, and that nothing else was written.
      A pixel may be off by units * 2^-24 * (its magnitude + length). */
  void expect_pixels(const std::string& what, const PixelValue& expected, double units, double length) const {
    const std::vector<float> all = array_.values();
    std::vector<bool> checked(all.size());
    for (int32_t r = 0; r < rows_; ++r) {
      for (int32_t n = 0; n < images_; ++n) {
        for (int32_t y = 0; y < grid_.height; ++y) {
          for (int32_t x = 0; x < grid_.width; ++x) {
            const size_t i = at(r, n, y, x);
            checked[i] = true;
            const double should = expected(r, n, y, x);
            const double is = all[i];
            if (is == should || (std::isnan(is) && std::isnan(should))) continue;
            if (!(std::fabs(is - should) <= units * std::ldexp(std::fabs(should) + length, -24))) {
              return fail(what + ": row " + std::to_string(r) + ", image " + std::to_string(n) + ", pixel (" +
                          std::to_string(y) + ", " + std::to_string(x) + ") is " + std::to_string(is) + ", not " +
                          std::to_string(should));
            }
          }
        }
      }
    }
    const size_t end = guard_ + static_cast<size_t>(rows_) * stride_;
    for (size_t i = 0; i < all.size(); ++i) {
      if (checked[i]) continue;
      const bool inside = i >= static_cast<size_t>(guard_) && i < end;
      const bool untouched = memcmp(&all[i], &host_[i], sizeof(float)) == 0;
      if (inside ? all[i] != 0 : !untouched) {
        return fail(what + (inside ? ": what is no pixel is not 0" : ": wrote outside of the rows") + ", element " +
                    std::to_string(i));
      }
    }
  }

 private:
  size_t at(int32_t row, int32_t image, int32_t y, int32_t x) const {
    return guard_ + static_cast<size_t>(row) * stride_ +
           (static_cast<size_t>(image) * grid_.lines.value + y) * grid_.pitch.value + x;
  }

  std::vector<float> content(float elsewhere, const PixelValue& value) const {
    std::vector<float> all(2 * static_cast<size_t>(guard_) + static_cast<size_t>(rows_) * stride_, elsewhere);
    for (int32_t r = 0; value && r < rows_; ++r) {
      for (int32_t n = 0; n < images_; ++n) {
        for (int32_t y = 0; y < grid_.height; ++y) {
          for (int32_t x = 0; x < grid_.width; ++x) all[at(r, n, y, x)] = static_cast<float>(value(r, n, y, x));
        }
      }
    }
    return all;
  }

  int32_t rows_;
  int32_t images_;
  Grid grid_;
  int32_t positions_;
  int32_t stride_;
  int32_t guard_;
  std::vector<float> host_;
  Array<float> array_;
};

}  // namespace espalier::test
