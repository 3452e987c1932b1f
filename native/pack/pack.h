/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/bfloat16.h"
#include "base/types.h"
#include "device/workspace.h"

namespace espalier {

/** Numbers in the packed form of a tensor: its rows, each on a 64-byte boundary. */
size_t packed_size(const ConstRows& x);

/**
 * Writes x rounded to 16 bits, as the products read it. 6 bytes an element; where an element is used by many
 * connections, half the bytes of each use are saved.
 *
 * @param packed packed_size(x) numbers
 */
PackedRows pack(Workspace& workspace, ConstRows x, Bfloat16* packed);

}  // namespace espalier
