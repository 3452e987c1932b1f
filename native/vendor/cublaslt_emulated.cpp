/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"
#include "espalier.h"
#include "vendor/cublaslt.h"

namespace espalier::vendor {

std::string cublaslt_missing() { return "The emulator has no cuBLASLt."; }

void multiply(Workspace&, const DenseProduct&, Precision) { throw Error(ESP_MISSING_LIBRARY, cublaslt_missing()); }

}  // namespace espalier::vendor
