/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.nn;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What has been acquired while something is built: closed in reverse order unless the building gets
 * to {@link #keep}, so that running out of memory half-way leaves nothing behind.
 */
final class Acquired implements AutoCloseable {

  private final Deque<AutoCloseable> resources = new ArrayDeque<>();

  /** Remembers a resource and returns it. */
  <T extends AutoCloseable> T add(T resource) {
    resources.push(resource);
    return resource;
  }

  /** Makes {@link #close} do nothing: everything now has an owner. */
  void keep() {
    resources.clear();
  }

  @Override
  public void close() {
    for (AutoCloseable resource : resources) {
      try {
        resource.close();
      } catch (Exception failure) {
        throw new IllegalStateException("a resource could not be given back", failure);
      }
    }
  }
}
