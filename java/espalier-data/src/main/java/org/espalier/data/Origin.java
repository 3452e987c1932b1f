/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * Where a known set comes from, and how its files are recognised.
 *
 * @param sha256 SHA-256 of the unpacked content by file name, so that the same data packed by
 *     somebody else is the same; empty if any content is taken
 * @param address where the files can be downloaded, each under its name and {@code .gz}
 * @param debianPackage the Debian package that installs the files
 * @param homepage where a person finds the files, if the program cannot fetch them
 * @param shipped whether the files are part of the program
 */
record Origin(
    Map<String, String> sha256,
    Optional<URI> address,
    Optional<String> debianPackage,
    Optional<String> homepage,
    boolean shipped) {

  /** Files that somebody puts in place, and of which nothing is known. */
  static final Origin UNKNOWN =
      new Origin(Map.of(), Optional.empty(), Optional.empty(), Optional.empty(), false);

  Origin withSha256(Map<String, String> sums) {
    return new Origin(sums, address, debianPackage, homepage, shipped);
  }

  Origin withAddress(String uri) {
    return new Origin(sha256, Optional.of(URI.create(uri)), debianPackage, homepage, shipped);
  }

  Origin withDebianPackage(String name) {
    return new Origin(sha256, address, Optional.of(name), homepage, shipped);
  }

  Origin withHomepage(String uri) {
    return new Origin(sha256, address, debianPackage, Optional.of(uri), shipped);
  }

  Origin asShipped() {
    return new Origin(sha256, address, debianPackage, homepage, true);
  }
}
