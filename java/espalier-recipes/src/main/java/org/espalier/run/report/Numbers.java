/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import java.util.Locale;

/** Numbers as a reader wants them, the same in every locale; a dash for those not known. */
final class Numbers {

  static final String UNKNOWN = "–";

  private Numbers() {}

  /** Returns a share as per cent, with more digits the smaller it is. */
  static String percent(double share) {
    if (!Double.isFinite(share)) {
      return UNKNOWN;
    }
    double percent = 100 * share;
    int decimals = percent == 0 || percent >= 99.995 ? 0 : percent >= 0.1 ? 2 : 4;
    return fixed(percent, decimals) + " %";
  }

  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Returns a number in few characters: 950, 71.4 k, 2.8 M. */
  static String compact(double number) {
    if (!Double.isFinite(number)) {
      return UNKNOWN;
    }
    double size = Math.abs(number);
    if (size >= 1e15) {
      return String.format(Locale.ROOT, "%.1e", number);
    }
    String[] units = {"", " k", " M", " G", " T"};
    int unit = 0;
    while (size >= 999.5 && unit < units.length - 1) {
      size /= 1000;
      unit++;
    }
    String digits = fixed(size, size >= 100 ? 0 : size >= 1 ? 1 : 2).replaceFirst("\\.0+$", "");
    return (number < 0 ? "-" : "") + digits + units[unit];
  }

  /** Returns a number with about four digits. */
  static String plain(double number) {
    if (!Double.isFinite(number)) {
      return UNKNOWN;
    }
    double size = Math.abs(number);
    if (size != 0 && (size < 1e-3 || size >= 1e6)) {
      return String.format(Locale.ROOT, "%.2e", number);
    }
    return fixed(number, size >= 100 ? 1 : size >= 10 ? 2 : 4);
  }

  static String seconds(double seconds) {
    if (!Double.isFinite(seconds)) {
      return UNKNOWN;
    }
    if (seconds >= 3600) {
      long minutes = Math.round(seconds / 60);
      return minutes / 60 + " h " + minutes % 60 + " min";
    }
    if (seconds >= 100) {
      long whole = Math.round(seconds);
      return whole / 60 + " min " + whole % 60 + " s";
    }
    return seconds >= 1 || seconds == 0
        ? fixed(seconds, seconds >= 10 ? 1 : 2) + " s"
        : fixed(1000 * seconds, seconds >= 0.01 ? 0 : 2) + " ms";
  }

  static String bytes(Long bytes) {
    if (bytes == null) {
      return UNKNOWN;
    }
    double mebibytes = bytes / 1048576.0;
    if (mebibytes < 1) {
      return fixed(1024 * mebibytes, 0) + " KiB";
    }
    return mebibytes >= 1024 ? fixed(mebibytes / 1024, 2) + " GiB" : fixed(mebibytes, 0) + " MiB";
  }

  static String fixed(double number, int decimals) {
    return String.format(Locale.ROOT, "%,." + decimals + "f", number);
  }

  /** Returns a place in a drawing, to a hundredth. */
  static String coordinate(double place) {
    double rounded = Math.rint(place * 100) / 100;
    return rounded == Math.rint(rounded) ? Long.toString((long) rounded) : Double.toString(rounded);
  }
}
