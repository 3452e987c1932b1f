/* SPDX-License-Identifier: Apache-2.0 */
// A convolution as the books have it, to compare products with taps with, and the taps themselves.
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "test/images.h"

namespace espalier::test {

/** Sizes of a convolution of a batch. */
struct Convolution {
  int32_t outputs;
  int32_t channels;
  int32_t kernel_height;
  int32_t kernel_width;
  int32_t stride;
  int32_t padding;
  int32_t height;
  int32_t width;
  int32_t images;
  int32_t halo = 0;  // more lines and columns than are needed

  std::string name() const {
    return std::to_string(outputs) + " x " + std::to_string(channels) + ", kernel " + std::to_string(kernel_height) +
           " x " + std::to_string(kernel_width) + " / " + std::to_string(stride) + " + " + std::to_string(padding) +
           ", " + std::to_string(images) + " images of " + std::to_string(height) + " x " + std::to_string(width);
  }
  int32_t out_height() const { return (height + 2 * padding - kernel_height) / stride + 1; }
  int32_t out_width() const { return (width + 2 * padding - kernel_width) / stride + 1; }
};

/** An element of the kernel: it reads a phase of the input, moved by lines and columns. */
struct Tap {
  int32_t ky, kx, phase, lines, columns;
};

/** The taps of a convolution, here and on the device. */
class DeviceTaps {
 public:
  DeviceTaps(Workspace& workspace, const Convolution& of) : stride_(of.stride), padding_(of.padding) {
    const auto floor_div = [&](int32_t a) { return (a + 64 * of.stride) / of.stride - 64; };
    for (int32_t phase = 0; phase < of.stride * of.stride; ++phase) {
      const auto before = taps_.size();
      for (int32_t i = 0; i < of.kernel_height * of.kernel_width; ++i) {
        const Tap tap = {i / of.kernel_width, i % of.kernel_width, static_cast<int32_t>(phases_.size()),
                         floor_div(i / of.kernel_width - of.padding), floor_div(i % of.kernel_width - of.padding)};
        const int32_t y = tap.ky - of.padding - of.stride * tap.lines;
        const int32_t x = tap.kx - of.padding - of.stride * tap.columns;
        if (y * of.stride + x == phase) taps_.push_back(tap);
      }
      if (taps_.size() > before) phases_.push_back(phase);
    }
    const int32_t phase_height = (of.height + of.stride - 1) / of.stride;
    const int32_t phase_width = (of.width + of.stride - 1) / of.stride;
    int32_t lines = 0;
    int32_t pitch = 0;
    for (const Tap& tap : taps_) {
      lines = std::max({lines, phase_height + std::max(0, -tap.lines), of.out_height() + std::max(0, tap.lines)});
      pitch = std::max({pitch, phase_width + std::max(0, -tap.columns), of.out_width() + std::max(0, tap.columns)});
    }
    lines += of.halo;
    pitch += of.halo;
    std::vector<int32_t> words;
    for (const Tap& tap : taps_) {
      words.push_back(tap.phase);
      words.push_back(tap.lines * pitch + tap.columns);
      reach_ = std::max(reach_, std::abs(words.back()));
    }
    for (int32_t phase = 0; phase <= phases(); ++phase) {
      words.push_back(static_cast<int32_t>(
          std::count_if(taps_.begin(), taps_.end(), [&](const Tap& tap) { return tap.phase < phase; })));
    }
    table_ = std::make_unique<Array<int32_t>>(workspace, words);
    const int32_t count = static_cast<int32_t>(taps_.size());
    device_ = {Divisor::of(count), phases(), reinterpret_cast<const int2*>(table_->data()),
               table_->data() + 2 * count, grid_of(phase_height, phase_width, lines, pitch),
               grid_of(of.out_height(), of.out_width(), lines, pitch)};
  }

  const Taps& device() const { return device_; }
  int32_t reach() const { return reach_; }
  int32_t count() const { return static_cast<int32_t>(taps_.size()); }
  int32_t phases() const { return static_cast<int32_t>(phases_.size()); }
  const Tap& tap(int32_t t) const { return taps_[static_cast<size_t>(t)]; }

  /** The element of the input, whole, that a tap reads for an output pixel; through its phase. */
  double read(const ImageTensor& x, int32_t column, int32_t image, int32_t oy, int32_t ox) const {
    const Tap& t = tap(column % count());
    const int32_t iy = oy * stride_ + t.ky - padding_;
    const int32_t ix = ox * stride_ + t.kx - padding_;
    if (iy < 0 || ix < 0) return 0;
    const int32_t phase = iy % stride_ * stride_ + ix % stride_;
    const auto found = std::find(phases_.begin(), phases_.end(), phase) - phases_.begin();
    return x.first(column / count() * phases() + static_cast<int32_t>(found), image, iy / stride_, ix / stride_);
  }

  /** What of dy a tap hands back to a pixel of a phase of the input. */
  double handed_back(const ImageTensor& dy, int32_t row, int32_t tap_number, int32_t image, int32_t y,
                     int32_t x) const {
    const Tap& t = tap(tap_number);
    const int32_t phase = phases_[static_cast<size_t>(t.phase)];
    const int32_t oy = y * stride_ + phase / stride_ - t.ky + padding_;  // times the stride
    const int32_t ox = x * stride_ + phase % stride_ - t.kx + padding_;
    if (oy < 0 || ox < 0 || oy % stride_ != 0 || ox % stride_ != 0) return 0;
    return dy.first(row, image, oy / stride_, ox / stride_);
  }

 private:
  int32_t stride_;
  int32_t padding_;
  std::vector<Tap> taps_;
  std::vector<int32_t> phases_;  // y * stride + x of each
  int32_t reach_ = 0;
  std::unique_ptr<Array<int32_t>> table_;
  Taps device_;
};

/** Ragged sizes: strides, kernels that are no squares, phases without taps, images of one pixel, wide halos. */
inline const std::vector<Convolution>& convolutions() {
  static const std::vector<Convolution> all = {
      {1, 1, 1, 1, 1, 0, 1, 1, 1},    {1, 1, 3, 3, 1, 1, 1, 1, 1},   {4, 1, 3, 3, 1, 1, 5, 7, 1},
      {9, 6, 3, 3, 1, 1, 4, 4, 3, 2}, {6, 5, 3, 3, 2, 1, 8, 8, 3},   {6, 5, 3, 3, 2, 1, 7, 9, 2},
      {5, 4, 1, 1, 2, 0, 9, 7, 3},    {5, 3, 7, 7, 2, 3, 11, 10, 2}, {4, 3, 2, 3, 3, 1, 8, 10, 2, 1},
      {3, 70, 3, 3, 1, 1, 3, 3, 2},   {70, 3, 3, 3, 1, 1, 9, 9, 1},  {2, 2, 3, 3, 1, 1, 23, 29, 4}};
  return all;
}

}  // namespace espalier::test
