/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * An axis of a chart: what it spans, and round numbers on it.
 *
 * @param title what it measures, with its unit
 * @param min where it begins
 * @param max where it ends; above {@code min}
 * @param ticks round numbers from {@code min} to {@code max}
 * @param labels how numbers are written
 * @param logarithmic whether equal lengths are equal factors; {@code min} is above 0 then
 */
record Axis(
    String title,
    double min,
    double max,
    List<Double> ticks,
    DoubleFunction<String> labels,
    boolean logarithmic) {

  private static final int TICKS = 6;

  /** Returns an axis for shares, in per cent, that never leaves 0 to 1. */
  static Axis share(String title, double low, double high) {
    double step = step(100 * low, 100 * high, TICKS) / 100;
    int decimals = decimals(100 * step);
    Axis axis = around(title, low, high, step, v -> Numbers.fixed(100 * v, decimals) + " %");
    return axis.within(Math.min(0, low), Math.max(1, high));
  }

  /** Returns an axis for numbers of any size. */
  static Axis number(String title, double low, double high) {
    double step = step(low, high, TICKS);
    boolean large = Math.max(Math.abs(low), Math.abs(high)) >= 10_000;
    boolean small = step < 1e-4;
    int decimals = decimals(step);
    DoubleFunction<String> labels =
        large
            ? Numbers::compact
            : small ? v -> v == 0 ? "0" : Numbers.plain(v) : v -> Numbers.fixed(v, decimals);
    return around(title, low, high, step, labels);
  }

  /** Returns an axis with ticks at whole numbers only that spans just what it must. */
  static Axis whole(String title, double low, double high) {
    double step = Math.max(1, step(low, high, TICKS + 2));
    List<Double> ticks = new ArrayList<>();
    for (double k = Math.ceil(low / step); k * step <= high; k++) {
      ticks.add(k * step);
    }
    return new Axis(title, low, high, ticks, Numbers::compact, false);
  }

  /** Returns a logarithmic axis for positive numbers that spans just what it must. */
  static Axis logarithmic(String title, double low, double high, DoubleFunction<String> labels) {
    double from = high > low ? low : low / 2;
    double to = high > low ? high : low * 2;
    return new Axis(title, from, to, decades(from, to), labels, true);
  }

  /** Returns a logarithmic axis for shares, in per cent. */
  static Axis logarithmicShare(String title, double low, double high) {
    return logarithmic(
        title, low, high, v -> (100 * v >= 1 ? Numbers.compact(100 * v) : trim(100 * v)) + " %");
  }

  private static String trim(double percent) {
    return Numbers.fixed(percent, decimals(percent));
  }

  /** Returns powers of ten, with their multiples if they are few, with all if there are none. */
  private static List<Double> decades(double from, double to) {
    double slack = 1 + 1e-9;
    List<Double> ticks = List.of();
    for (int[] digits : new int[][] {{1}, {1, 3}, {1, 2, 5}, {1, 2, 3, 4, 5, 6, 7, 8, 9}}) {
      if (ticks.size() < 3) {
        ticks = new ArrayList<>();
        for (int power = (int) Math.floor(Math.log10(from)); Math.pow(10, power) <= to; power++) {
          for (int digit : digits) {
            double tick = power < 0 ? digit / Math.pow(10, -power) : digit * Math.pow(10, power);
            if (tick * slack >= from && tick <= to * slack) {
              ticks.add(tick);
            }
          }
        }
      }
    }
    return ticks;
  }

  /** Returns an axis for counts that go up and down from zero, written without a sign. */
  static Axis mirrored(String title, double most) {
    double step = Math.max(1, step(-most, most, TICKS));
    return around(title, -most, most, step, v -> Numbers.compact(Math.abs(v)));
  }

  private static Axis around(
      String title, double low, double high, double step, DoubleFunction<String> labels) {
    double first = Math.floor(low / step + 1e-9);
    double last = Math.ceil(high / step - 1e-9);
    if (last <= first) { // a single value: in the middle
      first--;
      last++;
    }
    List<Double> ticks = new ArrayList<>();
    for (double k = first; k <= last; k++) {
      ticks.add(k * step);
    }
    return new Axis(title, first * step, last * step, ticks, labels, false);
  }

  private Axis within(double lowest, double highest) {
    double from = Math.max(min, lowest);
    double to = Math.min(max, highest);
    double slack = 1e-9 * (to - from);
    List<Double> inside = ticks.stream().filter(t -> t >= from - slack && t <= to + slack).toList();
    return new Axis(title, from, to, inside, labels, false);
  }

  /** Returns 1, 2 or 5 times a power of ten so that about {@code count} steps span the range. */
  private static double step(double low, double high, int count) {
    double range = high - low;
    if (!(range > 0)) {
      range = low == 0 ? 1 : Math.abs(low) / 10;
    }
    double raw = range / count;
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    double digit = raw / power;
    return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
  }

  private static int decimals(double step) {
    return (int) Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  }

  /** Returns where a value lies on the axis: 0 at its begin, 1 at its end. */
  double at(double value) {
    return logarithmic ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min);
  }

  String label(double value) {
    return labels.apply(value);
  }
}
