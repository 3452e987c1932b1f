/* SPDX-License-Identifier: Apache-2.0 */
/** What all backends on the Java heap share: buffers over arrays, and topology updates. */
package org.espalier.backend.host;
