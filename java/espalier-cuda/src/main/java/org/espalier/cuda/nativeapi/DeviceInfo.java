/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.nativeapi;

/**
 * What a device says about itself.
 *
 * @param name the maker's name
 * @param computeMajor first number of the compute capability
 * @param computeMinor second number of it
 * @param multiprocessors number of streaming multiprocessors
 * @param driverVersion highest CUDA version of the driver, 13000 meaning 13.0; 0 if emulated
 * @param runtimeVersion CUDA version the library was built with, written alike
 * @param emulated whether it is the emulator
 * @param totalBytes memory
 * @param freeBytes memory that is free now
 */
public record DeviceInfo(
    String name,
    int computeMajor,
    int computeMinor,
    int multiprocessors,
    int driverVersion,
    int runtimeVersion,
    boolean emulated,
    long totalBytes,
    long freeBytes) {

  /** Returns a CUDA version as people write it, such as 13.0. */
  public static String version(int number) {
    return number / 1000 + "." + number % 1000 / 10;
  }
}
