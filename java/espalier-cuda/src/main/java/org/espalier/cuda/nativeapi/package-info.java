/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The native library: finding it, calling it, and what its failures mean. JavaCPP generates the JNI
 * code for this package, so it holds nothing that is not needed for that.
 */
package org.espalier.cuda.nativeapi;
