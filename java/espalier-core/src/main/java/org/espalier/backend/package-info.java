/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What a device must be able to do: memory and operations, in families. Everything above is written
 * against these interfaces only.
 */
package org.espalier.backend;
