/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.format;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.espalier.UserException;

/**
 * A file to read from, on disk or inside a jar.
 *
 * @param name what messages call the file: its path, or its place on the class path
 * @param opener opens the file at its first byte, compressed or not
 */
public record DataFile(String name, Opener opener) {

  /** Opens a file at its first byte. */
  @FunctionalInterface
  public interface Opener {

    /** Returns a stream that the caller closes. */
    InputStream open() throws IOException;
  }

  /** Returns the file at a path; it need not exist yet. */
  public static DataFile of(Path path) {
    return new DataFile(path.toString(), () -> Files.newInputStream(path));
  }

  /** Returns a file that is part of the program. */
  public static DataFile of(URL resource) {
    return new DataFile(resource.toString(), resource::openStream);
  }

  /** Returns an error whose sentence begins with the name of this file. */
  public UserException error(String format, Object... arguments) {
    return new UserException(name + ": " + String.format(Locale.ROOT, format, arguments) + ".");
  }
}
