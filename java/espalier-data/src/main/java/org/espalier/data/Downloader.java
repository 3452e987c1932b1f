/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;
import org.espalier.UserException;
import org.espalier.data.format.ByteReader;
import org.espalier.data.format.DataFile;

/**
 * Downloads the files of a known set into the cache. Files are collected in a hidden folder,
 * checked against their checksums there, and moved into place only when all of them are good;
 * whatever fails leaves nothing behind.
 */
final class Downloader {

  private static final int CONNECT_MILLIS = 15_000;
  private static final int READ_MILLIS = 60_000;

  private final SetDescription set;
  private final DownloadProgress progress;

  Downloader(SetDescription set, DownloadProgress progress) {
    this.set = set;
    this.progress = progress;
  }

  /**
   * Downloads all files.
   *
   * @param base the address that file names are appended to
   * @param cache the folder in which the folder of the set is made
   * @return the folder of the set
   * @throws UserException if a file cannot be fetched, written, or is not the one expected
   */
  Path download(URI base, Path cache) {
    Path partial = partialFolder(cache);
    Thread cleaner = new Thread(() -> delete(partial));
    // An interrupted program (Ctrl-C) runs no finally block.
    Runtime.getRuntime().addShutdownHook(cleaner);
    try {
      for (String name : set.fileNames()) {
        String file = name + ".gz";
        fetch(URI.create(base + (base.toString().endsWith("/") ? "" : "/") + file), partial, file);
        verify(partial.resolve(file), name);
      }
      return publish(partial, cache.resolve(set.name()));
    } finally {
      delete(partial);
      Runtime.getRuntime().removeShutdownHook(cleaner);
    }
  }

  private Path partialFolder(Path cache) {
    try {
      Files.createDirectories(cache);
      return Files.createTempDirectory(cache, "." + set.name() + "-");
    } catch (IOException e) {
      throw new UserException("the cache " + cache + " cannot be written: " + reason(e), e);
    }
  }

  private void fetch(URI address, Path folder, String file) {
    try {
      URLConnection connection = address.toURL().openConnection();
      connection.setConnectTimeout(CONNECT_MILLIS);
      connection.setReadTimeout(READ_MILLIS);
      if (connection instanceof HttpURLConnection http && http.getResponseCode() != 200) {
        throw new UserException(address + " answers with status " + http.getResponseCode());
      }
      long total = connection.getContentLengthLong();
      try (InputStream in = connection.getInputStream();
          FileChannel out =
              FileChannel.open(
                  folder.resolve(file), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        long received = copy(in, out, file, total);
        if (total >= 0 && received != total) {
          throw new UserException(
              address + " broke off after " + received + " of " + total + " bytes");
        }
        progress.update(file, received, received);
      }
    } catch (IOException e) {
      throw new UserException(address + " cannot be fetched: " + reason(e), e);
    } catch (IllegalArgumentException e) {
      throw new UserException(address + " is no address that files can be fetched from", e);
    }
  }

  private long copy(InputStream in, FileChannel out, String file, long total) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long received = 0;
    progress.update(file, 0, total);
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      received += count;
      progress.update(file, received, total);
    }
    out.force(true);
    return received;
  }

  private void verify(Path path, String name) {
    try (ByteReader in = ByteReader.open(DataFile.of(path))) {
      byte[] buffer = new byte[1 << 16];
      while (in.read(buffer, 0, buffer.length) > 0) {
        // The digest is all that is wanted.
      }
      String expected = set.origin().sha256().get(name);
      String actual = in.sha256();
      if (!actual.equals(expected)) {
        throw new UserException(
            name + " has SHA-256 " + actual + " after unpacking, expected " + expected);
      }
    }
  }

  private static Path publish(Path partial, Path target) {
    try (Stream<Path> files = Files.list(partial)) {
      Files.createDirectories(target);
      for (Path file : files.toList()) {
        Files.move(
            file, target.resolve(file.getFileName().toString()), StandardCopyOption.ATOMIC_MOVE);
      }
      return target;
    } catch (IOException e) {
      throw new UserException(target + " cannot be written: " + reason(e), e);
    }
  }

  private static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // A hidden folder that cannot be removed must not hide why the download failed.
    }
  }

  private static String reason(IOException e) {
    String kind = e.getClass().getSimpleName().replace("Exception", "");
    return e.getMessage() == null ? kind : kind + ": " + e.getMessage();
  }
}
