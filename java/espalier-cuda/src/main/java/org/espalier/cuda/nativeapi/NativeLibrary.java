/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.nativeapi;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;

/** One implementation of the native interface: the CUDA library, or the emulated one. */
public final class NativeLibrary {

  /** System property that names a folder to look for the libraries in before the jar. */
  public static final String PATH_PROPERTY = "espalier.native.path";

  private static final int NAME_BYTES = 128;
  private static final int INFO_NUMBERS = 8;

  private final String file;
  private final long handle;

  private NativeLibrary(String file, long handle) {
    this.file = file;
    this.handle = handle;
  }

  /**
   * Finds a library in the folder that {@link #PATH_PROPERTY} names or else in the jar, and loads
   * it.
   *
   * @param name {@code espalier_cuda} or {@code espalier_emulated}
   * @throws MissingLibraryException with the reason, if it is not there or cannot be used
   */
  public static NativeLibrary find(String name) throws MissingLibraryException {
    String fileName = "lib" + name + ".so";
    try {
      String folder = System.getProperty(PATH_PROPERTY, "");
      Path given = Path.of(folder, fileName);
      if (!folder.isEmpty() && Files.exists(given)) {
        return load(given);
      }
      URL packaged = NativeApi.class.getResource(Loader.getPlatform() + "/" + fileName);
      if (packaged == null) {
        throw new MissingLibraryException(fileName + " was not built");
      }
      return load(onDisk(packaged));
    } catch (LinkageError missing) {
      throw withoutBindings(missing);
    }
  }

  /**
   * Loads the library in a file; it stays loaded until the process ends.
   *
   * @throws MissingLibraryException with the reason, if it cannot be used
   */
  public static NativeLibrary load(Path file) throws MissingLibraryException {
    try {
      long handle = NativeApi.load(file.toString());
      if (handle == 0) {
        throw new MissingLibraryException(
            "%s cannot be used: %s".formatted(file, text(NativeApi.load_error())));
      }
      return new NativeLibrary(file.toString(), handle);
    } catch (LinkageError missing) {
      throw withoutBindings(missing);
    }
  }

  private static MissingLibraryException withoutBindings(LinkageError missing) {
    return new MissingLibraryException(
        "the JNI library jniespalier was not built or cannot be loaded ("
            + missing.getMessage()
            + ")");
  }

  /** A library inside a jar is unpacked to JavaCPP's cache. */
  private static Path onDisk(URL packaged) throws MissingLibraryException {
    try {
      return "file".equals(packaged.getProtocol())
          ? Path.of(packaged.toURI())
          : Loader.cacheResource(packaged).toPath();
    } catch (IOException | URISyntaxException failure) {
      throw new MissingLibraryException(
          packaged + " cannot be unpacked to " + failure.getMessage());
    }
  }

  /** Returns the path of its file. */
  public String file() {
    return file;
  }

  /**
   * Returns the number of devices.
   *
   * @throws NativeFailure if there is none, with the reason
   */
  public int deviceCount() {
    return (int) result(NativeApi.device_count(handle));
  }

  /**
   * Returns what a device says about itself.
   *
   * @throws NativeFailure if there is no such device
   */
  public DeviceInfo device(int number) {
    byte[] name = new byte[NAME_BYTES];
    long[] numbers = new long[INFO_NUMBERS];
    check(NativeApi.device(handle, number, name, numbers));
    int length = 0;
    while (length < NAME_BYTES && name[length] != 0) {
      length++;
    }
    return new DeviceInfo(
        new String(name, 0, length, StandardCharsets.UTF_8),
        (int) numbers[0],
        (int) numbers[1],
        (int) numbers[2],
        (int) numbers[3],
        (int) numbers[4],
        numbers[5] != 0,
        numbers[6],
        numbers[7]);
  }

  /**
   * Opens a context on a device.
   *
   * @throws NativeFailure if the device cannot be used
   */
  public NativeContext open(int device) {
    return new NativeContext(this, result(NativeApi.open(handle, device)));
  }

  /** Returns the int32 that the slab index of a matrix of this shape takes. */
  public long slabWords(long rows, long columns) {
    return NativeApi.slab_words(handle, rows, columns);
  }

  long handle() {
    return handle;
  }

  void check(int status) {
    if (status != 0) {
      throw failure(status);
    }
  }

  /** Returns a result that is never negative, or throws the failure that it stands for. */
  long result(long result) {
    if (result < 0) {
      throw failure((int) -result);
    }
    return result;
  }

  private NativeFailure failure(int status) {
    return new NativeFailure(NativeStatus.of(status), text(NativeApi.last_error(handle)));
  }

  private static String text(BytePointer chars) {
    return chars == null ? "" : chars.getString();
  }
}
