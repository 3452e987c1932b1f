/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda;

import java.util.Map;
import org.espalier.backend.DenseProducts;
import org.espalier.backend.ImageOps;
import org.espalier.backend.KernelPolicy;
import org.espalier.backend.LossOps;
import org.espalier.backend.Memory;
import org.espalier.backend.RowOps;
import org.espalier.backend.SparseProducts;
import org.espalier.backend.TopologyOps;
import org.espalier.backend.UpdateOps;
import org.espalier.backend.host.WorkerPool;
import org.espalier.cuda.interop.SharedDevice;
import org.espalier.cuda.interop.SharingBackend;
import org.espalier.cuda.nativeapi.DeviceInfo;
import org.espalier.cuda.nativeapi.NativeContext;
import org.espalier.cuda.nativeapi.NativeCounters;
import org.espalier.cuda.nativeapi.NativeFailure;
import org.espalier.cuda.nativeapi.NativeLibrary;

/**
 * The backend on one device of a native library, real or emulated. Like every backend it is used by
 * one thread at a time; the threads it is given read the samples of batches.
 */
final class CudaBackend implements SharingBackend {

  private final String name;
  private final DeviceInfo info;
  private final NativeContext context;
  private final WorkerPool pool;
  private final CommandQueue queue;
  private final PlainCopies copies;
  private final CudaMemory memory;
  private final Tuner tuner;
  private final SparseProducts sparse;
  private final DenseProducts dense;
  private final RowOps rows;
  private final ImageOps images;
  private final LossOps losses;
  private final UpdateOps updates;
  private final TopologyOps topology;
  private final SharedDevice shared;

  /**
   * Opens a device.
   *
   * @throws org.espalier.UserException if it cannot be used
   */
  CudaBackend(NativeLibrary library, String name, CudaSettings settings, int threads) {
    this(library, name, settings, threads, !infoOf(library, settings).emulated());
  }

  private static DeviceInfo infoOf(NativeLibrary library, CudaSettings settings) {
    try {
      return library.device(settings.device());
    } catch (NativeFailure failure) {
      throw failure.explained("");
    }
  }

  /** Also says whether kernels are to be measured. */
  CudaBackend(
      NativeLibrary library, String name, CudaSettings settings, int threads, boolean measures) {
    this.name = name;
    this.info = infoOf(library, settings);
    try {
      this.context = library.open(settings.device());
      context.setChecking(settings.checking());
      context.setSchedule(settings.schedule());
    } catch (NativeFailure failure) {
      throw failure.explained("");
    }
    this.pool = new WorkerPool(threads);
    DeviceAllocator allocator = new DeviceAllocator(context);
    this.queue = new CommandQueue(context, allocator, settings.checking());
    this.copies = new PlainCopies(context, queue);
    this.memory = new CudaMemory(queue, allocator, copies);
    Encoder encoder = new Encoder(queue, memory);
    SlabIndexes slabs = new SlabIndexes(memory, encoder, library);
    this.tuner =
        new Tuner(
            queue, new TierChoices(settings.choicesOf(info)), measures && !settings.checking());
    CudaConvolutions convolutions = new CudaConvolutions(encoder, new TapTables(memory));
    this.sparse = new CudaSparseProducts(encoder, convolutions, slabs, memory, tuner);
    this.dense = new CudaDenseProducts(encoder, convolutions);
    this.rows = new CudaRowOps(queue, encoder, new BatchStaging(pool));
    this.images = new CudaImageOps(encoder, rows);
    this.losses = new CudaLossOps(encoder);
    this.updates = new CudaUpdateOps(queue, encoder);
    this.topology = new CudaTopology(queue, encoder, convolutions, memory);
    this.shared = new CudaSharing(context, queue, memory);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    if (info.emulated()) {
      return "the CUDA kernels emulated on the CPU, very slow";
    }
    return "%s, compute capability %d.%d, %d multiprocessors, %,d MB, CUDA %s on a driver for %s"
        .formatted(
            info.name(),
            info.computeMajor(),
            info.computeMinor(),
            info.multiprocessors(),
            info.totalBytes() >> 20,
            DeviceInfo.version(info.runtimeVersion()),
            DeviceInfo.version(info.driverVersion()));
  }

  @Override
  public void working(String part) {
    queue.working(part);
  }

  @Override
  public SharedDevice device() {
    return shared;
  }

  @Override
  public void await() {
    queue.finish();
  }

  @Override
  public void use(KernelPolicy policy) {
    tuner.use(policy);
  }

  @Override
  public Map<String, String> kernelChoices() {
    return tuner.choices();
  }

  @Override
  public void useKernelChoices(Map<String, String> choices) {
    tuner.use(choices);
  }

  /** Returns how many native calls were made so far. */
  long nativeCalls() {
    return context.calls();
  }

  /** Submits what is pending and returns what the device has done so far. */
  NativeCounters counters() {
    queue.finish();
    return context.counters();
  }

  /** Sets the order of threads and blocks in the emulator. */
  void setSchedule(long seed) {
    queue.finish();
    context.setSchedule(seed);
  }

  @Override
  public Memory memory() {
    return memory;
  }

  @Override
  public SparseProducts sparse() {
    return sparse;
  }

  @Override
  public DenseProducts dense() {
    return dense;
  }

  @Override
  public RowOps rows() {
    return rows;
  }

  @Override
  public ImageOps images() {
    return images;
  }

  @Override
  public LossOps losses() {
    return losses;
  }

  @Override
  public UpdateOps updates() {
    return updates;
  }

  @Override
  public TopologyOps topology() {
    return topology;
  }

  @Override
  public void close() {
    pool.close();
    queue.close();
    copies.close();
    context.close();
  }
}
