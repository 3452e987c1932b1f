/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.backend.host;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed team of daemon threads that a backend spreads one operation over; the calling thread is
 * one of them. A call allocates nothing and costs a few microseconds while the team is warm.
 *
 * <p>Each thread has a share of the parts, neighbours of one another, and whoever is done with its
 * own goes on with those of others (see {@link Shares}), so a thread that loses its processor for a
 * while delays only the part it is at. Which thread takes which part is therefore not repeatable,
 * and what a part computes must not depend on it.
 *
 * <p>Only one thread at a time may call {@link #run}, and no part may call it again.
 */
public final class WorkerPool implements AutoCloseable {

  /** An operation cut into parts. */
  @FunctionalInterface
  public interface Task {

    /**
     * Does one part.
     *
     * @param part its number, from 0
     * @param worker number of the executing thread, from 0 (the caller) to {@code threads - 1}; for
     *     scratch memory only
     */
    void run(int part, int worker);
  }

  // Spinning reacts in well under a microsecond, but when several runnable threads share a
  // processor it keeps the one away that has the work; hence spin briefly, then yield, then park.
  // A yield that takes long means that somebody else wants the processor; then park at once, since
  // it is when a thread wakes up that the scheduler looks for a free processor.
  private static final int SPINS = 2_000;
  private static final int YIELDS = 4_000;
  private static final long LONG_YIELD_NANOS = 10_000;
  private static final long NAP_NANOS = 20_000;

  private final Thread[] workers;

  private final Shares shares;
  private final AtomicInteger unfinished = new AtomicInteger();
  private final AtomicInteger sleepers = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean closed;

  // Written by the caller before it deals out the parts, and stable until the last one is done.
  private Task task;

  /**
   * Starts the team.
   *
   * @param threads size of the team, the caller included; at least 1
   */
  public WorkerPool(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("a team of " + threads + " threads");
    }
    shares = new Shares(threads);
    workers = new Thread[threads - 1];
    for (int i = 0; i < workers.length; i++) {
      int worker = i + 1;
      workers[i] = new Thread(() -> work(worker), "espalier-worker-" + worker);
      workers[i].setDaemon(true);
      workers[i].start();
    }
  }

  /** Returns the size of the team, the caller included. */
  public int threads() {
    return workers.length + 1;
  }

  /**
   * Does all parts of a task and returns when they are done. What a part throws is thrown here,
   * after the others have ended; the first of several wins.
   *
   * @param count number of parts; a single one is done by the caller alone
   * @throws IllegalArgumentException if there are more than 65,535 parts for each of several
   *     threads
   */
  public void run(int count, Task toDo) {
    if (closed) {
      throw new IllegalStateException("worker pool used after it was closed");
    }
    if (workers.length == 0 || count <= 1) {
      for (int part = 0; part < count; part++) {
        toDo.run(part, 0);
      }
      return;
    }
    if (task != null) {
      throw new IllegalStateException("worker pool is already running a task");
    }
    if (count > shares.most()) {
      throw new IllegalArgumentException(count + " parts, but " + shares.most() + " are the most");
    }
    task = toDo;
    unfinished.set(count);
    shares.deal(count);
    VarHandle.fullFence(); // who goes to sleep sees its share, or is seen here
    if (sleepers.get() > 0) {
      wake();
    }
    drain(0);
    awaitOthers();
    task = null;
    rethrow(failure.getAndSet(null));
  }

  private void work(int worker) {
    while (awaitShare(worker)) {
      drain(worker);
    }
  }

  /** Takes parts until there are none left. */
  private void drain(int worker) {
    for (int part = shares.take(worker); part >= 0; part = shares.take(worker)) {
      try {
        task.run(part, worker);
      } catch (Throwable thrown) {
        failure.compareAndSet(null, thrown);
      }
      unfinished.decrementAndGet();
    }
  }

  private void awaitOthers() {
    for (int n = 0; unfinished.get() > 0; n++) {
      if (n < SPINS) {
        Thread.onSpinWait();
      } else if (n < SPINS + YIELDS) {
        Thread.yield();
      } else {
        LockSupport.parkNanos(this, NAP_NANOS);
      }
    }
  }

  /** Waits for a share of parts; returns false when the pool was closed. */
  private boolean awaitShare(int worker) {
    boolean crowded = false;
    for (int n = 0; !shares.hasOwn(worker); n++) {
      if (closed) {
        return false;
      }
      if (n < SPINS) {
        Thread.onSpinWait();
      } else if (n < SPINS + YIELDS && !crowded) {
        crowded = yieldTakesLong();
      } else {
        sleepers.incrementAndGet();
        // whoever deals out parts after this look sees the sleeper
        if (!shares.hasOwn(worker) && !closed) {
          LockSupport.park(this);
        }
        sleepers.decrementAndGet();
      }
    }
    return true;
  }

  private static boolean yieldTakesLong() {
    long before = System.nanoTime();
    Thread.yield();
    return System.nanoTime() - before > LONG_YIELD_NANOS;
  }

  private void wake() {
    for (Thread worker : workers) {
      LockSupport.unpark(worker);
    }
  }

  private static void rethrow(Throwable thrown) {
    if (thrown instanceof RuntimeException exception) {
      throw exception;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown != null) {
      throw new IllegalStateException("a part of an operation failed", thrown);
    }
  }

  /** Ends the threads; the pool cannot be used afterwards. Closing again does nothing. */
  @Override
  public void close() {
    closed = true;
    wake();
  }
}
