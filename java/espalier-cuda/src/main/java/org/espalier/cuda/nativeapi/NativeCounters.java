/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.cuda.nativeapi;

/**
 * What a context has done since it was opened.
 *
 * @param submissions times that work was enqueued
 * @param commands commands in them
 * @param graphsRecorded submissions recorded to be run again
 * @param graphLaunches submissions run from a recording
 * @param liveAllocations allocations of device memory that are not released
 * @param liveBytes their bytes
 */
public record NativeCounters(
    long submissions,
    long commands,
    long graphsRecorded,
    long graphLaunches,
    long liveAllocations,
    long liveBytes) {}
