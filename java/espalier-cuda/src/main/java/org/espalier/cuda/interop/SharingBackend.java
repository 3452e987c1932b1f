/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.interop;

import org.espalier.backend.Backend;

/** A backend whose device can be shared with other libraries; see {@link SharedDevice#of}. */
public interface SharingBackend extends Backend {

  /** Returns the backend's device as others see it. */
  SharedDevice device();
}
