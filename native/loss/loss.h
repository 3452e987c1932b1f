/* SPDX-License-Identifier: Apache-2.0 */
// Losses. outcome has two rows: the loss of each position, and whether its largest output (the first of equals) is the
// label. gradient.data null: only the outcome is wanted; otherwise a loss that is not finite sets workspace.halted().
#pragma once

#include "base/types.h"
#include "device/workspace.h"

namespace espalier {

/** Softmax cross-entropy with label smoothing; gradient = scale * (softmax - target), may be the logits. */
void cross_entropy(Workspace& workspace, ConstRows logits, const int32_t* labels, float smoothing, float gradient_scale,
                   Rows gradient, Rows outcome);

/** Mean squared error against one-hot targets; gradient = scale * 2 / C * (output - target), may be the outputs. */
void squared_error(Workspace& workspace, ConstRows outputs, const int32_t* labels, float gradient_scale, Rows gradient,
                   Rows outcome);

}  // namespace espalier
