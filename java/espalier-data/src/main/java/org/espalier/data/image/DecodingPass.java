/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import org.espalier.UserException;
import org.espalier.data.table.ShiftedBytes;
import org.espalier.train.SamplePass;

/**
 * A pass whose samples are made by worker threads, ahead of the batch that is read, in a ring of
 * byte arrays of bounded size. Place {@code p} of the pass has slot {@code p mod slots}; a worker
 * takes the next place whose slot the batch no longer needs.
 *
 * <p>A sample depends on its number and the pass alone, so the number of workers and their speed
 * decide nothing but the time, and a pass can begin at any place. Threads are started by the first
 * batch and end with the pass, or when the thread that reads it is gone.
 */
public final class DecodingPass implements SamplePass {

  private static final long NOTHING = -1;
  private static final long LOOK_SECONDS = 1;

  private final Supplier<SampleMaker> makers;
  private final IntUnaryOperator order;
  private final IntUnaryOperator labels;
  private final int size;
  private final int features;
  private final int workers;
  private final byte[][] slots;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition made = lock.newCondition();
  private final List<Thread> threads = new ArrayList<>();

  // All below is guarded by the lock, but for what the reading threads see after prepare.
  private final long[] placeIn;
  private final Throwable[] failures;
  private Thread reader;
  private int running;
  private int busy;
  private boolean closed;
  private long first;
  private long next;
  private long end;

  /**
   * Creates a pass; nothing is made before the first batch is asked for.
   *
   * @param makers gives each worker a maker of its own
   * @param order the sample at each place
   * @param labels the label of each sample
   * @param size samples of the source
   * @param features bytes of a sample
   * @param workers threads, at least 1
   * @param memory bytes of the ring; it never holds more
   */
  public DecodingPass(
      Supplier<SampleMaker> makers,
      IntUnaryOperator order,
      IntUnaryOperator labels,
      int size,
      int features,
      int workers,
      long memory) {
    this.makers = makers;
    this.order = order;
    this.labels = labels;
    this.size = size;
    this.features = features;
    this.workers = Math.max(1, Math.min(workers, size));
    this.slots = new byte[(int) Math.min(memory / features, size)][];
    this.placeIn = new long[slots.length];
    this.failures = new Throwable[slots.length];
    Arrays.fill(placeIn, NOTHING);
  }

  @Override
  public void prepare(int firstPlace, int count, int following) {
    if (count > slots.length) {
      throw new UserException(
          "A batch of %d images of %d bytes does not fit into the memory for decoded images, which holds %d; expected a smaller batch or more memory."
              .formatted(count, features, slots.length));
    }
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the pass is closed");
      }
      reader = Thread.currentThread();
      if (firstPlace < first || firstPlace > next) {
        forget(firstPlace);
      }
      first = firstPlace;
      end = first + count + following;
      startThreads();
      work.signalAll();
      for (long place = first; place < first + count; place++) {
        while (placeIn[slot(place)] != place) {
          made.awaitUninterruptibly();
        }
        rethrow(failures[slot(place)]);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Makes the pass go on from another place; workers finish what they are at. */
  private void forget(long place) {
    end = next;
    while (busy > 0) {
      made.awaitUninterruptibly();
    }
    Arrays.fill(placeIn, NOTHING);
    next = place;
  }

  private void startThreads() {
    if (running > 0) {
      return;
    }
    threads.clear();
    for (int i = 0; i < workers; i++) {
      Thread thread = new Thread(this::run, "espalier-images-" + i);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
      running++;
    }
  }

  private static void rethrow(Throwable failure) {
    if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (failure instanceof Error error) {
      throw error;
    }
  }

  private void run() {
    SampleMaker maker = null;
    for (long place = take(); place != NOTHING; place = take()) {
      Throwable failure = null;
      try {
        maker = maker == null ? makers.get() : maker;
        make(maker, place);
      } catch (RuntimeException | Error e) {
        failure = e;
      }
      put(place, failure);
    }
    if (maker != null) {
      maker.close();
    }
  }

  private void make(SampleMaker maker, long place) {
    byte[] sample = maker.make(order.applyAsInt((int) (place % size)));
    int slot = slot(place);
    if (slots[slot] == null) {
      slots[slot] = new byte[features];
    }
    ShiftedBytes.store(sample, 0, slots[slot]);
  }

  /** Waits for a place to fill; nothing if the thread is to end. */
  private long take() {
    lock.lock();
    try {
      while (!closed && reader.isAlive()) {
        if (next < Math.min(end, first + slots.length)) {
          busy++;
          return next++;
        }
        awaitWork();
      }
      running--;
      return NOTHING;
    } finally {
      lock.unlock();
    }
  }

  private void awaitWork() {
    try {
      work.await(LOOK_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      // Nobody has a reason to interrupt a worker; it ends when the pass does.
    }
  }

  private void put(long place, Throwable failure) {
    lock.lock();
    try {
      busy--;
      placeIn[slot(place)] = place;
      failures[slot(place)] = failure;
      made.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private int slot(long place) {
    return (int) (place % slots.length);
  }

  @Override
  public void read(int position, int firstFeature, int endFeature, float[] target, int at) {
    byte[] from = slots[slot(first + position)];
    ShiftedBytes.read(from, firstFeature, endFeature - firstFeature, target, at);
  }

  @Override
  public int label(int position) {
    return labels.applyAsInt(order.applyAsInt((int) ((first + position) % size)));
  }

  /** Ends the threads and waits until they are gone. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      work.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
