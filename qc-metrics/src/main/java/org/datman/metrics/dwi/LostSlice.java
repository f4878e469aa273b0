package org.datman.metrics.dwi;

import org.datman.contracts.study.Severity;

/**
 * A slice of one volume that has less signal than its neighbours and its shell predict.
 *
 * @param volume 0-based volume
 * @param slice 0-based slice
 * @param severity FLAG: damaged; WARN: needs inspection
 * @param lossPercent missing part of the expected signal
 * @param z robust z of the loss within its shell (negative)
 * @param region {@code whole} or the half that showed it most
 * @param test {@code neighbours}, {@code peel} (found after a flagged neighbour was excluded) or {@code end-slice}
 */
record LostSlice(int volume, int slice, Severity severity, double lossPercent, double z, String region, String test) {}
