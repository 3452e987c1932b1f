/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import java.util.Optional;
import org.espalier.UserException;
import org.espalier.backend.BackendProvider.Refusal;
import org.espalier.cuda.nativeapi.MissingLibraryException;
import org.espalier.cuda.nativeapi.NativeFailure;
import org.espalier.cuda.nativeapi.NativeLibrary;
import org.espalier.cuda.nativeapi.NativeStatus;

/** Looks whether a native library and the device it is to use are there. */
final class LibraryCheck {

  /** Lowest compute capability, first number. */
  private static final int LEAST_CAPABILITY = 8;

  private final String library;
  private final String fix;

  /**
   * Creates a check.
   *
   * @param library name of the library
   * @param fix what the user can do when it is missing
   */
  LibraryCheck(String library, String fix) {
    this.library = library;
    this.fix = fix;
  }

  /** Returns why the library or the device cannot be used, or empty if they can; never fails. */
  Optional<Refusal> refusal() {
    try {
      return refusal(NativeLibrary.find(library), CudaSettings.read().device());
    } catch (MissingLibraryException missing) {
      return Optional.of(new Refusal(missing.getMessage(), fix));
    } catch (NativeFailure failure) {
      return Optional.of(new Refusal(failure.getMessage(), failure.status().fix()));
    } catch (UserException wrong) {
      return Optional.of(new Refusal("a setting is wrong: " + wrong.getMessage(), "correct it"));
    }
  }

  private static Optional<Refusal> refusal(NativeLibrary found, int device) {
    int count = found.deviceCount();
    if (device >= count) {
      return Optional.of(
          new Refusal(
              "there is no device %d, only %d".formatted(device, count),
              "set ESPALIER_CUDA_DEVICE to a number from 0 to " + (count - 1)));
    }
    var info = found.device(device);
    if (!info.emulated() && info.computeMajor() < LEAST_CAPABILITY) {
      return Optional.of(
          new Refusal(
              "%s has compute capability %d.%d, less than %d.0"
                  .formatted(
                      info.name(), info.computeMajor(), info.computeMinor(), LEAST_CAPABILITY),
              NativeStatus.DEVICE_TOO_OLD.fix()));
    }
    return Optional.empty();
  }

  /**
   * Opens the backend.
   *
   * @param name the backend's
   * @throws UserException if there is a refusal
   */
  CudaBackend open(String name, int threads) {
    try {
      return new CudaBackend(NativeLibrary.find(library), name, CudaSettings.read(), threads);
    } catch (MissingLibraryException missing) {
      throw new UserException(
          "Backend '%s' cannot be used here: %s; %s.".formatted(name, missing.getMessage(), fix),
          missing);
    }
  }
}
