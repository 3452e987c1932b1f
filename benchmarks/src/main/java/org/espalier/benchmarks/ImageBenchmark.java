/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.espalier.data.image.Augmentation;
import org.espalier.data.image.ClassFolders;
import org.espalier.data.image.ImageFiles;
import org.espalier.data.image.ImagePasses;
import org.espalier.data.image.ImageSettings;
import org.espalier.data.image.SampleMaker;
import org.espalier.train.SamplePass;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * How long does an image take, decoded and made a 224 x 224 sample by a random resized crop: on all
 * processors with nothing else going on, and through a pass whose batches are read as floats? The
 * second should be within a tenth of the first.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 4)
@Measurement(iterations = 5, time = 3)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx2g", "-XX:+UseParallelGC"}) // the collector of the espalier command
public class ImageBenchmark {

  private static final int IMAGES = 512;
  private static final int BATCH = 32;
  private static final long MOST_BYTES = 1 << 26;

  /** A folder of class folders; empty for drawn JPEGs of 500 x 375 pixels. */
  @Param("")
  public String imageFolder;

  private Path drawn;
  private ImageFiles files;
  private ImagePasses passes;
  private ExecutorService threads;

  /** Finds or draws the images. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    if (imageFolder.isEmpty()) {
      drawn = Files.createTempDirectory("espalier-images");
      DrawnImages.write(drawn, BATCH);
    }
    Path folder = drawn == null ? Path.of(imageFolder) : drawn;
    files = ClassFolders.scan(folder, folder);
    passes =
        ImagePasses.ofFiles(
            (sample, decoder) ->
                decoder.decode(
                    files.name(sample % files.size()),
                    files.read(sample % files.size(), MOST_BYTES)),
            ImageSettings.DEFAULT.withAugmentation(Augmentation.imagenet()));
    threads = Executors.newFixedThreadPool(passes.settings().threads());
  }

  @Benchmark
  @OperationsPerInvocation(IMAGES)
  public void decode() throws InterruptedException, ExecutionException {
    int count = passes.settings().threads();
    List<Future<?>> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int first = i;
      parts.add(threads.submit(() -> makeEvery(first, count)));
    }
    for (Future<?> part : parts) {
      part.get();
    }
  }

  private void makeEvery(int first, int stride) {
    try (SampleMaker maker = passes.maker(1)) {
      for (int sample = first; sample < IMAGES; sample += stride) {
        maker.make(sample);
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(IMAGES)
  public void pass(Blackhole read) {
    float[] row = new float[passes.shape().features()];
    try (SamplePass pass = passes.pass(place -> place, sample -> 0, IMAGES, 1)) {
      for (int first = 0; first < IMAGES; first += BATCH) {
        pass.prepare(first, BATCH, IMAGES - first - BATCH);
        for (int i = 0; i < BATCH; i++) {
          pass.read(i, 0, row.length, row, 0);
        }
        read.consume(row);
      }
    }
  }

  /** Ends the threads and removes what was drawn. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    threads.shutdownNow();
    if (drawn != null) {
      DrawnImages.remove(drawn);
    }
  }
}
