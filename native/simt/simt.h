/* SPDX-License-Identifier: Apache-2.0 */
// What kernels are written in: CUDA C++ and the few macros below, so that one source serves two compilers. nvcc makes
// code for a GPU of it, g++ code for the emulator in this folder.
//
//   SIMT_LAUNCH(kernel, grid, block, shared_bytes, stream, arguments...)   instead of <<<>>>; (k<A, B>) for templates
//   SIMT_SHARED(type, name, count)                                         an array in shared memory
//   SIMT_DYNAMIC_SHARED(type, name)                                        the shared memory asked for at the launch
//   simt::copy_async16, copy_async_commit, copy_async_wait<N>              copies into shared memory in the background
//
// Host code of the CUDA library that g++ compiles says so by defining ESPALIER_CUDA.
#pragma once

#if defined(__CUDACC__) || defined(ESPALIER_CUDA)
#include "simt/simt_cuda.h"
#else
#include "simt/simt_emulated.h"
#endif
