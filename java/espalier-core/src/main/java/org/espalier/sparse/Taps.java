/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.sparse;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.espalier.tensor.ImageGrid;
import org.espalier.tensor.Tensor;

/**
 * What the columns of a weight matrix read: column {@code c * count + t} is tap t of input channel
 * c. For output position p it reads row {@code c * phases + phase(t)} of the input at {@code p +
 * shift(t)}.
 *
 * <p>A convolution with a stride reads an input that was split into phases: phase (y, x) holds the
 * pixels {@code (stride * i + y, stride * j + x)} of every channel, so that each tap is one offset
 * again. Taps are ordered by phase, then by row, then by column of the kernel; without a stride
 * that is the usual order.
 *
 * <p>A fully connected layer has {@link #NONE}: one tap a channel, which reads position p itself.
 */
public final class Taps {

  /** The taps of a layer without a kernel. */
  public static final Taps NONE =
      new Taps(null, null, List.of(new Phase(0, 0)), List.of(new Tap(0, 0, 0, 0, 0)));

  private final ImageGrid input;
  private final ImageGrid output;
  private final List<Phase> phases;
  private final List<Tap> taps;

  /**
   * A part of the input.
   *
   * @param y first line that it takes
   * @param x first column
   */
  public record Phase(int y, int x) {}

  /**
   * One element of the kernel.
   *
   * @param kernelY its row in the kernel
   * @param kernelX its column
   * @param phase that it reads
   * @param lines and columns from the output pixel to what it reads of the phase
   */
  private record Tap(int kernelY, int kernelX, int phase, int lines, int columns) {}

  private Taps(ImageGrid input, ImageGrid output, List<Phase> phases, List<Tap> taps) {
    this.input = input;
    this.output = output;
    this.phases = List.copyOf(phases);
    this.taps = List.copyOf(taps);
  }

  /**
   * Returns the taps of a convolution.
   *
   * @param height of the input image
   * @param leastLines of the grid, which may be wider than this convolution needs it
   * @throws IllegalArgumentException if the kernel is larger than the image with its padding
   */
  public static Taps of(Kernel kernel, int height, int width, int leastLines, int leastPitch) {
    int outHeight = kernel.outputs(height, kernel.height());
    int outWidth = kernel.outputs(width, kernel.width());
    List<Phase> phases = new ArrayList<>();
    List<Tap> taps = new ArrayList<>();
    int stride = kernel.stride();
    for (int phase = 0; phase < stride * stride; phase++) {
      List<Tap> found = ofPhase(kernel, phase / stride, phase % stride, phases.size());
      if (!found.isEmpty()) {
        phases.add(new Phase(phase / stride, phase % stride));
        taps.addAll(found);
      }
    }
    int phaseHeight = (height + stride - 1) / stride;
    int phaseWidth = (width + stride - 1) / stride;
    int lines = extent(phaseHeight, outHeight, taps.stream().map(Tap::lines).toList());
    int pitch = extent(phaseWidth, outWidth, taps.stream().map(Tap::columns).toList());
    return new Taps(
        new ImageGrid(phaseHeight, phaseWidth, lines, pitch).widened(leastLines, leastPitch),
        new ImageGrid(outHeight, outWidth, lines, pitch).widened(leastLines, leastPitch),
        phases,
        taps);
  }

  private static List<Tap> ofPhase(Kernel kernel, int phaseY, int phaseX, int index) {
    List<Tap> found = new ArrayList<>();
    for (int ky = 0; ky < kernel.height(); ky++) {
      for (int kx = 0; kx < kernel.width(); kx++) {
        int y = ky - kernel.padding();
        int x = kx - kernel.padding();
        if (Math.floorMod(y, kernel.stride()) == phaseY
            && Math.floorMod(x, kernel.stride()) == phaseX) {
          int lines = Math.floorDiv(y, kernel.stride());
          found.add(new Tap(ky, kx, index, lines, Math.floorDiv(x, kernel.stride())));
        }
      }
    }
    return found;
  }

  /** Returns how long a line has to be, so that every tap beyond a line's pixels reads zeros. */
  private static int extent(int in, int out, List<Integer> shifts) {
    int least = Math.max(0, -shifts.stream().min(Comparator.naturalOrder()).orElse(0));
    int most = Math.max(0, shifts.stream().max(Comparator.naturalOrder()).orElse(0));
    return Math.max(in + least, out + most);
  }

  /** Tells whether these are the taps of a layer without a kernel. */
  public boolean isNone() {
    return output == null;
  }

  /** Returns how the pixels of every phase of the input lie; null without a kernel. */
  public ImageGrid input() {
    return input;
  }

  /** Returns how the pixels of the output lie, in the same lines; null without a kernel. */
  public ImageGrid output() {
    return output;
  }

  /** Returns in how many places of an output every weight is used: pixels, or all positions. */
  public int pixels(Tensor result) {
    return isNone() ? result.positions() : output.images(result) * output.pixels();
  }

  /** Returns the number of taps of an input channel. */
  public int count() {
    return taps.size();
  }

  /** Returns the phases of the input in the order of its rows. */
  public List<Phase> phases() {
    return phases;
  }

  /** Returns which phase a tap reads; ascending. */
  public int phase(int tap) {
    return taps.get(tap).phase();
  }

  /** Returns how far from the output position a tap reads. */
  public int shift(int tap) {
    Tap of = taps.get(tap);
    return isNone() ? 0 : of.lines() * output.pitch() + of.columns();
  }

  /** Returns the largest distance of a shift from 0. */
  public int reach() {
    int reach = 0;
    for (int tap = 0; tap < count(); tap++) {
      reach = Math.max(reach, Math.abs(shift(tap)));
    }
    return reach;
  }

  /** Returns the row of the kernel that a tap is in. */
  public int kernelY(int tap) {
    return taps.get(tap).kernelY();
  }

  /** Returns the column of the kernel that a tap is in. */
  public int kernelX(int tap) {
    return taps.get(tap).kernelX();
  }

  /** Returns the row of the input that a column of the weights reads. */
  public int row(int column) {
    return column / count() * phases.size() + phase(column % count());
  }

  /** Returns the first tap of a phase; that of the number of phases is the number of taps. */
  public int firstTap(int phase) {
    int tap = 0;
    while (tap < count() && phase(tap) < phase) {
      tap++;
    }
    return tap;
  }

  /**
   * Returns, for each column, how far from the output position in row 0 of the input it reads.
   *
   * @param stride of the input
   */
  public int[] offsets(int channels, int stride) {
    int[] offsets = new int[Math.multiplyExact(channels, count())];
    fillOffsets(channels, stride, offsets);
    return offsets;
  }

  /** Does the same to an array with room for all columns. */
  public void fillOffsets(int channels, int stride, int[] offsets) {
    for (int column = 0; column < channels * count(); column++) {
      offsets[column] = Math.multiplyExact(row(column), stride) + shift(column % count());
    }
  }
}
