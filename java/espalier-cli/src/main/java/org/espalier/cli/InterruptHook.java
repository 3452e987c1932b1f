/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** While open, Ctrl-C or a termination signal asks a job to stop and gives it time to save. */
final class InterruptHook implements AutoCloseable {

  /** Exit code of a command that was stopped so. */
  static final int EXIT_CODE = 130;

  private static final int PATIENCE_SECONDS = 60;

  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook;

  InterruptHook(Runnable cancel) {
    this.hook =
        new Thread(
            () -> {
              cancel.run();
              awaitDone();
            },
            "espalier-interrupt");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void awaitDone() {
    try {
      done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException stopWaiting) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    done.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      // the hook is running, which is what close() let it finish
    }
  }
}
