/* SPDX-License-Identifier: Apache-2.0 */
#include "images/images.h"
#include "test/images.h"

namespace espalier::test {
namespace {

struct Pooling {
  int32_t height, width, stride, padding;

  Window window() const { return {height, width, Divisor::of(stride), padding}; }
  int32_t outputs(int32_t length, int32_t of_window) const { return (length + 2 * padding - of_window) / stride + 1; }
};

struct Place {
  int32_t y, x;
};

/** Pooling of one tensor, both ways, with whole numbers: many pixels are equal, and sums have one right result. */
class Fixture {
 public:
  Fixture(const Pooling& pooling, int32_t rows, int32_t images, int32_t height, int32_t width, bool with_nan)
      : pooling_(pooling),
        rows_(rows),
        images_(images),
        height_(height),
        width_(width),
        random_(static_cast<uint64_t>(height * 7 + width)),
        x_(workspace_, rows, images, grid_of(height, width, height + 1, width + 2), ImageTensor::kNone, 16,
           [&](int32_t, int32_t, int32_t, int32_t) {
             const int32_t number = random_.below(6);
             return with_nan && number == 0 ? std::nan("") : number - 3;
           }),
        outputs_(grid_of(pooling.outputs(height, pooling.height), pooling.outputs(width, pooling.width),
                         pooling.outputs(height, pooling.height) + 2, pooling.outputs(width, pooling.width) + 1)),
        dy_(workspace_, rows, images, outputs_, ImageTensor::kNone, 16,
            [&](int32_t, int32_t, int32_t, int32_t) { return random_.below(9) - 4; }, 1) {}

  void check() {
    const std::string what = std::to_string(pooling_.height) + " x " + std::to_string(pooling_.width) + " / " +
                             std::to_string(pooling_.stride) + " + " + std::to_string(pooling_.padding) + " over " +
                             std::to_string(height_) + " x " + std::to_string(width_);
    const ImageTensor y(workspace_, rows_, images_, outputs_, 1);
    max_pool(workspace_, pooling_.window(), x_.read_only_images(), y.images());
    y.expect_pixels("max_pool " + what,
                    [&](int32_t r, int32_t n, int32_t oy, int32_t ox) {
                      const Place at = largest(r, n, oy, ox);
                      return x_.first(r, n, at.y, at.x);
                    },
                    0, 0);
    const ImageTensor dx(workspace_, rows_, images_, x_.grid(), 2);
    max_pool_gradient(workspace_, pooling_.window(), x_.read_only_images(), dy_.read_only_images(), dx.images());
    dx.expect_pixels("max_pool_gradient " + what,
                     [&](int32_t r, int32_t n, int32_t iy, int32_t ix) {
                       double sum = 0;
                       each_output([&](int32_t oy, int32_t ox) {
                         const Place at = largest(r, n, oy, ox);
                         if (at.y == iy && at.x == ix) sum += dy_.first(r, n, oy, ox);
                       });
                       return sum;
                     },
                     0, 0);
    const ImageTensor mean(workspace_, rows_, images_, outputs_, 1);
    average_pool(workspace_, pooling_.window(), x_.read_only_images(), mean.images());
    mean.expect_pixels("average_pool " + what,
                       [&](int32_t r, int32_t n, int32_t oy, int32_t ox) {
                         double sum = 0;
                         each_pixel(oy, ox, [&](Place at) { sum += x_.first(r, n, at.y, at.x); });
                         return sum / (pooling_.height * pooling_.width);
                       },
                       1, 0);
    const ImageTensor dx_mean(workspace_, rows_, images_, x_.grid(), 1);
    average_pool_gradient(workspace_, pooling_.window(), dy_.read_only_images(), dx_mean.images());
    dx_mean.expect_pixels("average_pool_gradient " + what,
                          [&](int32_t r, int32_t n, int32_t iy, int32_t ix) {
                            double sum = 0;
                            each_output([&](int32_t oy, int32_t ox) {
                              each_pixel(oy, ox, [&](Place at) {
                                if (at.y == iy && at.x == ix) sum += dy_.first(r, n, oy, ox);
                              });
                            });
                            return sum / (pooling_.height * pooling_.width);
                          },
                          1, 0);
  }

 private:
  void each_output(const std::function<void(int32_t, int32_t)>& visit) const {
    for (int32_t oy = 0; oy < outputs_.height; ++oy) {
      for (int32_t ox = 0; ox < outputs_.width; ++ox) visit(oy, ox);
    }
  }

  void each_pixel(int32_t oy, int32_t ox, const std::function<void(Place)>& visit) const {
    for (int32_t ky = 0; ky < pooling_.height; ++ky) {
      for (int32_t kx = 0; kx < pooling_.width; ++kx) {
        const Place at = {oy * pooling_.stride - pooling_.padding + ky, ox * pooling_.stride - pooling_.padding + kx};
        if (at.y >= 0 && at.y < height_ && at.x >= 0 && at.x < width_) visit(at);
      }
    }
  }

  Place largest(int32_t r, int32_t n, int32_t oy, int32_t ox) const {
    Place found = {-1, -1};
    double best = 0;
    each_pixel(oy, ox, [&](Place at) {
      const double value = x_.first(r, n, at.y, at.x);
      if (found.y < 0 || (!std::isnan(best) && (std::isnan(value) || value > best))) {
        found = at;
        best = value;
      }
    });
    return found;
  }

  Pooling pooling_;
  int32_t rows_;
  int32_t images_;
  int32_t height_;
  int32_t width_;
  TestWorkspace workspace_;
  Random random_;
  const ImageTensor x_;
  Grid outputs_;
  const ImageTensor dy_;
};

}  // namespace
}  // namespace espalier::test

int main() {
  using namespace espalier::test;
  const Pooling poolings[] = {{3, 3, 2, 1}, {2, 2, 2, 0}, {3, 3, 1, 1}, {1, 1, 1, 0},
                              {1, 3, 3, 0}, {2, 3, 1, 1}, {2, 1, 3, 0}};
  for (const Pooling& pooling : poolings) {
    Fixture(pooling, 3, 2, 7, 5, false).check();
    Fixture(pooling, 1, 3, 8, 11, true).check();
    Fixture(pooling, 2, 1, 19, 18, false).check();
  }
  Fixture({7, 5, 1, 0}, 3, 2, 7, 5, false).check();  // the whole image
  Fixture({3, 3, 2, 1}, 2, 2, 1, 1, false).check();  // more padding than image
  return result("images_pool_test");
}
