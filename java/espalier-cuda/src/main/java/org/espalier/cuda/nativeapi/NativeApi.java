/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.nativeapi;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Name;
import org.bytedeco.javacpp.annotation.Namespace;
import org.bytedeco.javacpp.annotation.Platform;

/**
 * The functions of {@code native/loader/espalier_loader.h}, which documents them, as they are.
 * Everything travels as a number, device and host addresses too: a call with pointer objects costs
 * twice as much.
 *
 * <p>Loading this class loads the JNI library; where that is missing, it throws a {@link
 * LinkageError}.
 */
@Platform(
    include = {"espalier.h", "espalier_loader.h"},
    library = "jniespalier",
    compiler = "cpp17")
@Namespace("espalier::loader")
final class NativeApi {

  static {
    Loader.load();
  }

  private NativeApi() {}

  static native long load(String path);

  static native @Cast("const char*") BytePointer load_error();

  static native @Cast("const char*") BytePointer last_error(long library);

  static native long device_count(long library);

  static native int device(long library, int device, byte[] name, @Cast("int64_t*") long[] numbers);

  static native long open(long library, int device);

  static native int close(long library, long context);

  static native long stream(long library, long context);

  static native long allocate(long library, long context, long bytes);

  static native int release(long library, long context, long address);

  static native int memory(long library, long context, @Cast("int64_t*") long[] numbers);

  static native long allocate_pinned(long library, long context, long bytes);

  static native int release_pinned(long library, long context, long address);

  static native int write(long library, long context, long address, long source, long bytes);

  static native int read(long library, long context, long address, long target, long bytes);

  static native long submit(long library, long context, long submission, long waitFor);

  static native @Name("wait") int await(long library, long context, long ticket);

  static native int set_checking(long library, long context, int on);

  static native int read_counters(long library, long context, @Cast("int64_t*") long[] numbers);

  static native double time(long library, long context, long submission, int repeats);

  static native int set_schedule(long library, long context, long seed);

  static native long slab_words(long library, long rows, long columns);
}
