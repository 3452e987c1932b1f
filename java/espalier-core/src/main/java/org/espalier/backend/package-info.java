/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What a device must be able to do: memory and about thirty operations, in families. Everything
 * above is written against these interfaces only.
 */
package org.espalier.backend;
