/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.UserException;

/**
 * The places outside a request where data sets are looked for. Each holds one folder per set.
 *
 * @param environment the folder that {@code $ESPALIER_DATA} names
 * @param cache the folder that downloads go to
 * @param system the folders that packages of the operating system install into
 * @param mirror where downloads come from, as {@code <mirror>/<set>/<file>}, in place of the
 *     addresses of the catalogue; {@code $ESPALIER_DATA_MIRROR}
 */
public record DataLocations(
    Optional<Path> environment, Path cache, List<Path> system, Optional<URI> mirror) {

  /** Creates locations. */
  public DataLocations {
    system = List.copyOf(system);
  }

  /** Returns the places of this machine and this user. */
  public static DataLocations ofThisMachine() {
    return of(System.getenv(), Path.of(System.getProperty("user.home")));
  }

  /**
   * Returns the places that an environment names. The cache is {@code espalier} in {@code
   * $XDG_CACHE_HOME}, or in {@code .cache} of the home folder.
   *
   * @throws UserException if {@code $ESPALIER_DATA_MIRROR} is not an address
   */
  public static DataLocations of(Map<String, String> environment, Path home) {
    Path caches =
        value(environment, "XDG_CACHE_HOME")
            .map(Path::of)
            .filter(Path::isAbsolute)
            .orElse(home.resolve(".cache"));
    return new DataLocations(
        value(environment, "ESPALIER_DATA").map(Path::of),
        caches.resolve("espalier"),
        List.of(Path.of("/usr/share/datasets"), Path.of("/usr/local/share/datasets")),
        value(environment, "ESPALIER_DATA_MIRROR").map(DataLocations::address));
  }

  private static Optional<String> value(Map<String, String> environment, String key) {
    return Optional.ofNullable(environment.get(key)).filter(text -> !text.isBlank());
  }

  private static URI address(String text) {
    try {
      URI uri = URI.create(text);
      if (uri.isAbsolute()) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Reported below, together with addresses that have no scheme.
    }
    throw new UserException(
        "ESPALIER_DATA_MIRROR is \""
            + text
            + "\", expected an address such as https://host/folder.");
  }
}
