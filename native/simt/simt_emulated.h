/* SPDX-License-Identifier: Apache-2.0 */
// CUDA C++ for g++: the qualifiers, and everything else from the headers beside this one. Only what kernels
// use is here.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __launch_bounds__(...)
#define __align__(bytes) __attribute__((aligned(bytes)))

#include "simt/vectors_emulated.h"

#include "simt/threads_emulated.h"

#include "simt/launch_emulated.h"

#include "simt/warp_emulated.h"

#include "simt/atomics_emulated.h"

#include "simt/intrinsics_emulated.h"
