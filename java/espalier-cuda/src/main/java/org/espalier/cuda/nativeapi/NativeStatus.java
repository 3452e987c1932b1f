/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.nativeapi;

/**
 * What a native call returns, and what the user can do about it; {@code esp_status} in the header.
 */
public enum NativeStatus {
  /** It worked. */
  OK(""),
  /** A mistake of this backend or of who calls it. */
  BAD_ARGUMENT(""),
  /** Device or page-locked memory ran out. */
  OUT_OF_MEMORY(
      "use a smaller batch or network, or end other programs that use the device's memory"),
  /** No driver, or no device of that number. */
  NO_DEVICE(
      "install the NVIDIA driver, make the device visible (CUDA_VISIBLE_DEVICES; --gpus for a container), or use --backend cpu"),
  /** The driver does not support the runtime that the library was built with. */
  DRIVER_TOO_OLD(
      "update the NVIDIA driver, or build Espalier with the CUDA toolkit that this driver supports"),
  /** Compute capability below 8.0. */
  DEVICE_TOO_OLD("use a device of compute capability 8.0 or higher, or --backend cpu"),
  /** A kernel could not be started. */
  LAUNCH_FAILED("set ESPALIER_CUDA_CHECK=1 to learn which operation it was, and report it"),
  /** An illegal access or the like; the context is lost. */
  DEVICE_FAULT("set ESPALIER_CUDA_CHECK=1 to learn which operation it was, and report it"),
  /** A vendor library that is opened at run time is not there. */
  MISSING_LIBRARY("install the CUDA toolkit's libraries"),
  /** A mistake in the native library. */
  INTERNAL("");

  private final String fix;

  NativeStatus(String fix) {
    this.fix = fix;
  }

  /** Returns what the user can do, as the end of a sentence; empty if nothing. */
  public String fix() {
    return fix;
  }

  /** Tells whether nothing more can be done with the context that reported it. */
  public boolean losesContext() {
    return this == DEVICE_FAULT;
  }

  static NativeStatus of(int code) {
    return code >= 0 && code < values().length ? values()[code] : INTERNAL;
  }
}
