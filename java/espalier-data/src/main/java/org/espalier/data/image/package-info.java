/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Images: found in class folders and tar shards, decoded on worker threads, and changed by chance.
 * Pixels stay bytes until a network reads them. Start at {@link
 * org.espalier.data.image.ImageSettings}.
 */
package org.espalier.data.image;
