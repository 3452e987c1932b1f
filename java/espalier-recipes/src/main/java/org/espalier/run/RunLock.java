/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.espalier.UserException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a run to one writer. The operating system drops the lock when a process ends, however it
 * ends, so the file may stay; deleting it would let two writers hold locks on two files.
 */
final class RunLock implements AutoCloseable {

  static final String FILE = ".lock";

  private static final Logger LOG = LoggerFactory.getLogger(RunLock.class);

  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock of a run.
   *
   * @throws UserException if another writer holds it
   */
  static RunLock acquire(Path folder) {
    Path file = folder.resolve(FILE);
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException cause) {
      throw RunIo.failure("write", file, cause);
    }
    if (!lock(channel, folder)) {
      closeQuietly(channel);
      throw new UserException(
          "%s is being written by another process; expected to be the only one.".formatted(folder));
    }
    return new RunLock(channel);
  }

  private static boolean lock(FileChannel channel, Path folder) {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException sameProcess) {
      return false;
    } catch (IOException unsupported) {
      // some network file systems have no locks; a run there is still better than none
      LOG.warn("{}: no lock ({}), so keep other processes away.", folder, unsupported.getMessage());
      return true;
    }
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException ignored) {
      LOG.debug("closing a lock file failed", ignored);
    }
  }

  @Override
  public void close() {
    closeQuietly(channel);
  }
}
